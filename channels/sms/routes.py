"""Which bind carries a message: by the number's prefix, then by weight and room; the rest in order for
fail-over."""

from __future__ import annotations

from collections.abc import Sequence

from channels.sms.supervisor import Supervisor
from channels.sms.wire import Line


def prefix_length(prefixes: Sequence[str], number: str) -> int:
    """Digits of the longest prefix that fits; 0 for a bind that serves all; -1 where it does not serve the
    number."""
    if not prefixes:
        return 0
    digits = number.removeprefix("+")
    plain = [prefix.removeprefix("+") for prefix in prefixes]
    return max((len(prefix) for prefix in plain if digits.startswith(prefix)), default=-1)


def order(binds: Sequence[Supervisor], number: str) -> list[Line]:
    """The lines that may carry a message to `number` now, best first.

    A bind with a longer prefix of the number goes first, then the one with the most free room for its
    weight. Binds of weight 0, and as a last resort binds of other prefixes, come after: another operator's
    route costs more, a message that does not go costs most.
    """
    up = [bind.line for bind in binds if bind.line is not None and bind.line.sends]
    if len(up) < 2:
        return up

    def rank(line: Line) -> tuple[bool, int, float]:
        fit = prefix_length(line.bind.prefixes, number)
        load = line.window.taken / (line.window.size * (line.bind.weight or 1))
        return (line.bind.weight == 0 and fit <= 0, -fit, load)

    return sorted(up, key=rank)

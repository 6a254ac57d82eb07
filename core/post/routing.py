"""Which channel carries this attempt, and which the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.channel import Traits
from core.messages import Address

# Of several channels that reach one address, the one that disturbs least comes first; a call is the last way.
ORDER = ("chat", "sms", "mail", "web", "ivr")


@dataclass(frozen=True, slots=True)
class Way:
    """One channel to one address."""

    channel: str
    address: Address

    def plain(self) -> list[str]:
        return [self.channel, str(self.address)]


def ways(addresses: Iterable[Address], traits: Mapping[str, Traits], medium: str = "") -> tuple[Way, ...]:
    """Every way to these addresses, in the order of the addresses, then of `ORDER`; only those that may carry a
    message which answers nothing. `medium` narrows to one family."""
    found = []
    for address in addresses:
        carriers = [
            (ORDER.index(t.medium), name)
            for name, t in traits.items()
            if address.kind in t.kinds and t.notices and (not medium or t.medium == medium)
        ]
        found += [Way(name, address) for _, name in sorted(carriers)]
    return tuple(dict.fromkeys(found))

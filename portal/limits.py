"""How often one network may do what costs us something; counted in this process. Guessing is counted in the
store."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

HOUR = 3600.0
REMEMBERED = 10_000

# What may be done how often within an hour: by one visitor, by one network.
RULES = {"paper": (60, 600), "code": (10, 100), "file": (20, 400)}


class Limits:
    """Counts acts by visitor and network."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._acts: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, act: str, visitor: str, network: str) -> bool:
        """Is one more allowed? Counts it if so."""
        most, most_of_network = RULES[act]
        subjects = [(f"{act}|v|{visitor}", most), (f"{act}|n|{network}", most_of_network)]
        if any(len(self._recent(name)) >= limit for name, limit in subjects):
            return False
        for name, _ in subjects:
            self._recent(name).append(self._clock())
        return True

    def _recent(self, name: str) -> deque[float]:
        acts = self._acts.setdefault(name, deque())
        self._acts.move_to_end(name)
        while acts and acts[0] <= self._clock() - HOUR:
            acts.popleft()
        while len(self._acts) > REMEMBERED:
            self._acts.popitem(last=False)
        return acts

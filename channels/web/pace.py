"""How much one visitor may do in a while; counted in this process, for ordinary carelessness and simple
floods."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable

REMEMBERED = 10_000  # visitors; the one longest silent is forgotten first


class Pace:
    """At most `most` acts of one subject within `seconds`."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._acts: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, subject: str) -> bool:
        """Is one more allowed? Counts it if so."""
        now = self._clock()
        acts = self._acts.setdefault(subject, deque())
        self._acts.move_to_end(subject)
        while acts and acts[0] <= now - self._seconds:
            acts.popleft()
        if len(acts) >= self._most:
            return False
        acts.append(now)
        while len(self._acts) > REMEMBERED:
            self._acts.popitem(last=False)
        return True

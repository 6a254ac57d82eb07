"""How fast one bind may send: an even rate in segments, and pauses when the SMSC asks for them."""

from __future__ import annotations

import random
from collections.abc import Callable

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_AHEAD = 0.5
"""Seconds' worth of segments that may stand in line here: what waits here cannot be overtaken by a reply."""
_NO_LIMIT = 1 << 30
_GRAIN = 0.005
"""Seconds that a segment may leave early: below it a sleep costs more than it orders."""


class Pace:
    """Even spacing: a segment every 1/rate seconds, no bursts after silence. Throttling answers double the
    pause, a success afterwards forgets it. Times are those of the event loop."""

    def __init__(self, rate: float = 0, *, chance: Callable[[], float] = random.random) -> None:
        self.most = max(1, int(rate * _AHEAD)) if rate else _NO_LIMIT
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0
        self._pause = 0.0
        self._paused_until = 0.0
        self._chance = chance

    def reserve(self, now: float) -> float:
        """Take the next segment's place; how long to wait for it."""
        place = max(now, self._next, self._paused_until)
        self._next = place + self._interval
        wait = place - now
        return wait if wait > _GRAIN else 0.0

    def paused(self, now: float) -> float:
        """Seconds that the SMSC's request for a pause still lasts."""
        return max(0.0, self._paused_until - now)

    def throttled(self, now: float) -> float:
        """The SMSC said "too fast": pause, twice as long as last time, and say how long.

        Answers to what was sent before the pause began do not lengthen it.
        """
        if now >= self._paused_until:
            self._pause = min(_LONGEST_PAUSE, self._pause * 2 or _FIRST_PAUSE)
            self._paused_until = now + self._pause * (0.75 + self._chance() / 2)
        return self._paused_until - now

    def taken(self, now: float) -> None:
        """The SMSC took a segment."""
        if self._pause and now >= self._paused_until:
            self._pause = 0.0

"""An even pace: so many messages a second over all chats, one a second in each, short bursts allowed.

A bucket for all chats would let a whole second's worth through at once and then its refill: the platform
counts 57 in that second and refuses half. So the overall pace has no burst.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from core.channel import Throttled

PATIENCE = 5.0  # seconds a send may wait for its turn; longer and it goes back to the queue
_CROWD = 10_000  # chats remembered before the rested ones are forgotten


class Pace:
    """Gives every send its moment. `rate` messages a second in all; `burst` at once in one chat, then one
    a second."""

    def __init__(
        self,
        rate: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._gap = 1 / rate
        self._burst = burst
        self._clock = clock
        self._sleep = sleep
        self._next = 0.0  # when the next message may leave
        self._chats: dict[int, float] = {}  # when each chat will have rested
        self._closed: dict[int, float] = {}  # chats that were refused, and until when
        self._all_closed = 0.0

    async def turn(self, chat: int) -> None:
        """Wait for the moment to send to `chat`. Raises `Throttled` where that is more than `PATIENCE`
        away."""
        now = self._clock()
        pause = self.paused(chat)
        if pause > 0:
            raise Throttled("paused by the platform", code="429", after=timedelta(seconds=pause))
        rested = max(self._chats.get(chat, 0.0), now)
        wait = max(0.0, rested - (self._burst - 1) - now)
        expected = max(wait, self._next - now)
        if expected > PATIENCE:
            raise Throttled("the line is full", code="pace", after=timedelta(seconds=expected))
        self._chats[chat] = rested + 1.0
        self._forget(now)
        if wait > 0:
            await self._sleep(wait)
        await self._slot()

    async def _slot(self) -> None:
        """The next free moment of the line."""
        now = self._clock()
        at = max(self._next, now)
        self._next = at + self._gap
        if at > now:
            await self._sleep(at - now)

    def refused(self, chat: int, after: timedelta) -> None:
        """The platform said "too many": pause this chat; a second chat at the same time means it is all of
        them."""
        now = self._clock()
        until = now + after.total_seconds()
        if any(other != chat and end > now for other, end in self._closed.items()):
            self._all_closed = max(self._all_closed, until)
        self._closed[chat] = until

    def paused(self, chat: int | None = None) -> float:
        """Seconds until the pause of a chat, or of everything, is over."""
        until = self._all_closed if chat is None else max(self._all_closed, self._closed.get(chat, 0.0))
        return max(0.0, until - self._clock())

    def _forget(self, now: float) -> None:
        if len(self._chats) > _CROWD:
            self._chats = {chat: rested for chat, rested in self._chats.items() if rested > now}
        self._closed = {chat: until for chat, until in self._closed.items() if until > now}

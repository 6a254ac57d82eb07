"""Wake-ups and shared rates: what may be lost and must be shared. In process, or through Redis.

When Redis is away a process wakes only itself and looks once a second: slower, never wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Protocol

import redis.asyncio as redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

MEMORY = 10_000  # rings nobody has heard yet: visitors who never come back must not fill the memory
BACK = timedelta(seconds=2)  # pause before Redis is asked again


class Signals(Protocol):
    """What the loops and pages ask of the bell."""

    async def ring(self, name: str) -> None: ...

    async def wait(self, name: str, limit: timedelta) -> bool:
        """Until somebody rings (True) or the limit passes (False). A ring before the wait counts once."""


class InProcess:
    """The bell of a house with one process. A name has one or many listeners; each hears a ring once."""

    def __init__(self) -> None:
        self._events: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._rung: dict[str, None] = {}  # in the order of ringing

    async def ring(self, name: str) -> None:
        self.ring_here(name)

    def ring_here(self, name: str) -> None:
        """Wake the listeners of this process; remember the ring where nobody listens just now."""
        listeners = self._events.get(name)
        if not listeners:
            self._rung[name] = None
            if len(self._rung) > MEMORY:
                del self._rung[next(iter(self._rung))]
            return
        for event in listeners:
            event.set()

    async def wait(self, name: str, limit: timedelta) -> bool:
        if name in self._rung:
            del self._rung[name]
            return True
        event = asyncio.Event()
        self._events[name].add(event)
        try:
            # `asyncio.wait_for` would lose a cancellation that meets a ring.
            async with asyncio.timeout(limit.total_seconds()):
                await event.wait()
            return True
        except TimeoutError:
            return False
        finally:
            self._events[name].discard(event)
            if not self._events[name]:
                del self._events[name]


class ThroughRedis(InProcess):
    """The bell of a house with several processes: a ring is published, every process rings its own listeners."""

    def __init__(self, url: str, prefix: str = "motcua") -> None:
        super().__init__()
        self._redis = redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._channel = f"{prefix}/ring"
        self._away_until = 0.0

    async def ring(self, name: str) -> None:
        self.ring_here(name)
        loop = asyncio.get_running_loop()
        if loop.time() < self._away_until:
            return
        try:
            await self._redis.publish(self._channel, name)
        except (RedisError, OSError):
            self._away_until = loop.time() + BACK.total_seconds()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen while the context lasts."""
        listener = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener
            await self._redis.aclose()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(self._channel)
                    while True:
                        heard = await pubsub.get_message(ignore_subscribe_messages=True, timeout=4.0)
                        if heard is not None:
                            self.ring_here(heard["data"].decode())
            except (RedisError, OSError) as error:
                log.warning("redis is away: %s", type(error).__name__)
                await asyncio.sleep(BACK.total_seconds())

"""What went over a wire: the latest events, and queues for whoever watches live. Slow watchers lose the oldest."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Tap(Generic[T]):
    """Keeps the last `size` events and passes each on to every listener."""

    def __init__(self, size: int) -> None:
        self.history: deque[T] = deque(maxlen=size)
        self._size = size
        self._listeners: set[asyncio.Queue[T]] = set()

    def tell(self, event: T) -> None:
        """Keep an event and pass it on."""
        self.history.append(event)
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[T]]:
        """A queue of the events from now on, for as long as the block runs."""
        queue: asyncio.Queue[T] = asyncio.Queue(self._size)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

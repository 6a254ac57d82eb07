"""What went over the wire and what happens on the lines, for a live page: a bounded history and listeners."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HISTORY = 1_000
Event = dict[str, Any]


class Wire:
    """Events are plain JSON with `at` (seconds since 1970) and `kind`.

    `webhook`: direction out, url, fields, status, body, error. `rest`: direction in, method, path, fields,
    status, body. `line`: what (ringing, in-progress, said, listens, key, spoke, bridged, completed …), call, and
    what belongs to it. A listener that does not keep up misses the oldest events.
    """

    def __init__(self) -> None:
        self.history: deque[Event] = deque(maxlen=HISTORY)
        self._listeners: set[asyncio.Queue[Event]] = set()

    def note(self, kind: str, **fields: Any) -> None:
        event = {"at": round(time.time(), 3), "kind": kind, **fields}
        self.history.append(event)
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event]]:
        """A queue of the events from now on, for as long as the block runs."""
        queue: asyncio.Queue[Event] = asyncio.Queue(HISTORY)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

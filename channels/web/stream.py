"""A talk as Server-Sent Events (HTML Living Standard, 9.2): from any number on, in order, until it ends."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from aiohttp import web

from channels.web.settings import WebSettings
from channels.web.talk import Entry, Talk
from core.channel import Notebook

HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy must not gather events
}

Shown = Callable[[Sequence[Entry]], Awaitable[None]]


class Streams:
    """The open streams of this process. `close` ends them all, each after what it was writing."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._ears: set[asyncio.Task[bool]] = set()
        self._open: dict[str, int] = {}
        self._closing = False

    def room(self, identity: str) -> bool:
        """May this visitor open one more?"""
        return not self._closing and self._open.get(identity, 0) < self._settings.streams

    async def serve(
        self, request: web.Request, identity: str, talk: Talk, notebook: Notebook, after: int, shown: Shown
    ) -> web.StreamResponse:
        """Write what is behind `after`, then what comes, until the time is over, the page goes or the house
        closes."""
        self._open[identity] = self._open.get(identity, 0) + 1
        try:
            response = web.StreamResponse(headers=HEADERS)
            await response.prepare(request)
            await response.write(f"retry: {self._settings.retry_ms}\n\n".encode())
            await self._go_on(response, talk, notebook, after, shown)
        except ConnectionError:
            pass  # the page was closed; it will ask again from where it was
        finally:
            self._open[identity] -= 1
            if not self._open[identity]:
                del self._open[identity]
        return response

    async def _go_on(
        self, response: web.StreamResponse, talk: Talk, notebook: Notebook, after: int, shown: Shown
    ) -> None:
        until = time.monotonic() + self._settings.stream_seconds
        while not self._closing and time.monotonic() < until:
            ear = self._listen(notebook, talk.bell)  # before reading: a ring in between is heard
            try:
                entries = await talk.read(after)
                for entry in entries:
                    await response.write(event(entry))
                    after = entry.number
                await shown(entries)
                await asyncio.wait({ear})
            finally:
                ear.cancel()
                self._ears.discard(ear)
            if ear.cancelled() or not ear.result():
                await response.write(b": still here\n\n")

    def _listen(self, notebook: Notebook, bell: str) -> asyncio.Task[bool]:
        limit = timedelta(seconds=self._settings.ping_seconds)
        ear = asyncio.ensure_future(notebook.listen(bell, limit=limit))
        self._ears.add(ear)
        return ear

    def close(self) -> None:
        self._closing = True
        for ear in self._ears:
            ear.cancel()

    def open(self) -> None:
        self._closing = False


def event(entry: Entry) -> bytes:
    """One line of the talk as an event; its id is its number, so that a cut line goes on where it was."""
    return f"id: {entry.number}\ndata: {json.dumps(entry.plain(), ensure_ascii=False)}\n\n".encode()

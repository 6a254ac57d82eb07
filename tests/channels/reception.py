"""A house in memory, for the tests of adapters: it keeps what it is told and can be told to fail.

`accepted`, `conversed` and `reported` are what came, in order; a repeated external id is kept once, as the
real house does. `notebook` (`book`, typed as what it is) is a dictionary with revisions and expiry by
`clock`. Set `away` and everything raises NotNow; set `delay` and every commit takes that long; set `answer`
and `converse` returns what it gives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.channel import Note, Notebook, NotNow, Page
from core.messages import InboundMessage, OutboundMessage, Receipt


@dataclass
class Clock:
    """A wall clock that stands until it is moved: `clock()` is now, `clock.pass_(seconds)` moves it."""

    at: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def real_clock() -> datetime:
    """The machine's own."""
    return datetime.now(UTC)


class MemoryNotebook:
    """`core.channel.Notebook` in a dictionary. Two adapters over one notebook are two processes of one
    channel."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.pages: dict[str, Page] = {}
        self.reads = 0
        self._clock = clock
        self._rung: dict[str, asyncio.Event] = {}

    def _live(self, key: str) -> Page | None:
        page = self.pages.get(key)
        if page and page.expires_at and page.expires_at <= self._clock():
            del self.pages[key]
            return None
        return page

    def write(self, key: str, value: Any, keep: timedelta | None) -> None:
        """Write a page; None tears it out."""
        old = self._live(key)
        if value is None:
            self.pages.pop(key, None)
            return
        expires = self._clock() + keep if keep else None
        self.pages[key] = Page(key, value, (old.revision if old else 0) + 1, expires)

    async def get(self, key: str) -> Page | None:
        self.reads += 1
        return self._live(key)

    async def put(self, key: str, value: Any, *, keep: timedelta | None = None) -> None:
        self.write(key, value, keep)

    async def swap(self, key: str, value: Any, *, revision: int, keep: timedelta | None = None) -> bool:
        page = self._live(key)
        if (page.revision if page else 0) != revision:
            return False
        self.write(key, value, keep)
        return True

    async def drop(self, *keys: str) -> None:
        for key in keys:
            self.pages.pop(key, None)

    async def find(self, prefix: str, *, after: str = "", limit: int = 1000) -> Sequence[Page]:
        keys = sorted(key for key in list(self.pages) if key.startswith(prefix) and key > after)
        return [page for page in map(self._live, keys) if page][:limit]

    async def lock(self, name: str, *, hold: timedelta) -> bool:
        return True

    async def ring(self, key: str) -> None:
        self._rung.setdefault(key, asyncio.Event()).set()

    async def listen(self, key: str, *, limit: timedelta) -> bool:
        bell = self._rung.setdefault(key, asyncio.Event())
        try:
            async with asyncio.timeout(limit.total_seconds()):
                await bell.wait()
        except TimeoutError:
            return False
        bell.clear()
        return True


class MemoryReception:
    """`core.channel.Reception` in memory."""

    def __init__(
        self, clock: Callable[[], datetime] = real_clock, notebook: MemoryNotebook | None = None
    ) -> None:
        self.book = notebook or MemoryNotebook(clock)
        self.notebook: Notebook = self.book
        self.accepted: list[InboundMessage] = []
        self.conversed: list[InboundMessage] = []
        self.reported: list[Receipt] = []
        self.repeats = 0
        self.away = False
        self.delay = 0.0
        self.answer: Callable[[InboundMessage], Sequence[OutboundMessage]] = lambda message: ()
        self._known: set[str] = set()
        self._answers: dict[str, Sequence[OutboundMessage]] = {}
        self._changed = asyncio.Event()

    async def _commit(self) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.away:
            raise NotNow("the store is away")

    async def accept(self, message: InboundMessage, *, notes: Sequence[Note] = ()) -> bool:
        await self._commit()
        for note in notes:
            self.book.write(note.key, note.value, note.keep)
        if message.external_id in self._known:
            self.repeats += 1
            return False
        self._known.add(message.external_id)
        self.accepted.append(message)
        self._changed.set()
        return True

    async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
        await self._commit()
        if message.external_id not in self._answers:
            self.conversed.append(message)
            self._answers[message.external_id] = self.answer(message)
        return self._answers[message.external_id]

    async def report(self, receipt: Receipt) -> None:
        await self._commit()
        self.reported.append(receipt)
        self._changed.set()

    async def until(self, ready: Callable[[], bool], limit: float = 5.0) -> None:
        """Wait until something that came makes `ready` true. Raises TimeoutError."""
        async with asyncio.timeout(limit):
            while not ready():
                self._changed.clear()
                await self._changed.wait()

    @property
    def texts(self) -> list[str]:
        """What was accepted, words only."""
        return [message.text for message in self.accepted]

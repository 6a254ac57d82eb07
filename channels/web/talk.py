"""One visitor's talk as pages of the notebook: both sides, numbered without gaps.

A number is taken by writing its page, and only the first free number can be written. So whoever has read up
to a number has missed nothing before it, whichever process wrote it: a stream can go on from any number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.channel import Notebook, Page

BATCH = 500  # pages read at once
LOOK_BACK = 100  # entries among which a repeat is looked for
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a talk. `mine`: the visitor said it. `value` is plain JSON, ready for a page."""

    number: int
    value: Mapping[str, Any]

    @property
    def mine(self) -> bool:
        return bool(self.value["mine"])

    def plain(self) -> dict[str, Any]:
        return {"number": self.number, **self.value}


class Talk:
    """A visitor's talk."""

    def __init__(self, notebook: Notebook, identity: str, keep: timedelta) -> None:
        self._notebook = notebook
        self._prefix = f"talk/{identity}/"
        self._seen = f"seen/{identity}"
        self._keep = keep
        self.bell = f"talk/{identity}"

    async def read(self, after: int = 0) -> list[Entry]:
        """Everything behind a number, in order."""
        found: list[Entry] = []
        key = self._key(after)
        while True:
            pages = await self._notebook.find(self._prefix, after=key, limit=BATCH)
            found += [self._entry(page) for page in pages]
            if len(pages) < BATCH:
                return found
            key = pages[-1].key

    async def add(self, value: Mapping[str, Any]) -> tuple[int, bool]:
        """Write a line under the next number and ring. A line whose `id` is among the latest is not written
        again. Returns its number, and whether it is new."""
        latest = 0
        while True:
            recent = await self.read(max(0, latest - LOOK_BACK))
            again = next((entry for entry in recent if entry.value["id"] == value["id"]), None)
            if again is not None:
                return again.number, False
            latest = recent[-1].number if recent else latest
            number = latest + 1
            if await self._notebook.swap(self._key(number), dict(value), revision=0, keep=self._keep):
                await self._notebook.ring(self.bell)
                return number, True

    async def newly_seen(self, entries: Sequence[Entry]) -> list[Entry]:
        """Of what is being shown, the office's lines that were not shown before; from now on they were."""
        if not entries:
            return []
        page = await self._notebook.get(self._seen)
        seen = int(page.value) if page is not None else 0
        fresh = [entry for entry in entries if entry.number > seen and not entry.mine]
        if entries[-1].number > seen:
            await self._notebook.put(self._seen, entries[-1].number, keep=self._keep)
        return fresh

    async def tear_out(self) -> None:
        """Nothing of it is left."""
        keys = [self._key(entry.number) for entry in await self.read()]
        await self._notebook.drop(*keys, self._seen)
        await self._notebook.ring(self.bell)

    def _key(self, number: int) -> str:
        return f"{self._prefix}{number:0{DIGITS}d}"

    def _entry(self, page: Page) -> Entry:
        return Entry(int(page.key.removeprefix(self._prefix)), page.value)

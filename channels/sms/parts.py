"""Long messages put together: parts of one message, in any order, on any bind, in any process, over any
crash.

The parts lie on a page of the notebook, one page a message, keyed by who wrote to whom, the way of
numbering, the reference and the number of parts; the reference alone would join two citizens' words (defect
6). Pages change by compare-and-set. A whole or overdue set is first closed and then handed over in one
commit with the tearing out of its page, so that two processes cannot hand over two versions of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from channels.sms.alphabet import Alphabet, alphabet_of, decode
from channels.sms.pdu import Concat, Delivered
from channels.sms.recall import Recall
from core.channel import Note, Notebook, NotNow

_KEEP = timedelta(days=3)
_REMEMBER = timedelta(minutes=30)
_TRIES = 30


@dataclass(frozen=True, slots=True)
class Joined:
    """A message of several parts. `notes` belong to the commit that keeps it."""

    external_id: str
    source: str
    source_ton: int
    destination: str
    text: str
    at: float
    missing: int
    notes: tuple[Note, ...]


Deliver = Callable[[Joined], Awaitable[None]]


class Parts:
    """The parts that wait for others. `deliver` keeps a message durably before it returns."""

    def __init__(
        self, notebook: Notebook, recall: Recall, deliver: Deliver, *, wait: float, default: Alphabet
    ) -> None:
        self._notebook = notebook
        self._recall = recall
        self._deliver = deliver
        self._wait = wait
        self._default = default

    async def add(self, delivered: Delivered, concat: Concat, line: str, at: float) -> None:
        """Keep a part durably; hand the message over if it is whole now. Raises NotNow."""
        key = _key(delivered, concat)
        part = [delivered.data_coding, delivered.octets.hex(), line, at]
        for _ in range(_TRIES):
            page = await self._notebook.get(f"part/{key}")
            if page is None and await self._is_copy(key, concat, part):
                return
            held = page.value if page else _begin(delivered, concat, at, self._wait)
            there = held["parts"].get(str(concat.part))
            if there and there[:2] != part[:2]:  # the reference is used anew: the old message lost a part
                await self._close(key, held, page.revision if page else 0)
                continue
            if there is None:
                if held["closing"]:
                    raise NotNow("the message is being handed over without this part")
                held = {**held, "parts": {**held["parts"], str(concat.part): part}}
                revision = page.revision if page else 0
                if not await self._notebook.swap(f"part/{key}", held, revision=revision, keep=_KEEP):
                    continue
            if len(held["parts"]) == concat.total:
                await self._deliver(self._joined(key, held))
            return
        raise NotNow("too many writers of one message")

    async def _is_copy(self, key: str, concat: Concat, part: list[Any]) -> bool:
        """Whether the part is a copy of one that was handed over already, its answer lost."""
        done = await self._notebook.get(f"done/{key}")
        if done is None:
            return False
        taken = done.value.get(str(concat.part))
        return bool(taken) and taken[0] == _print(part) and not self._recall.is_settled(taken[1], taken[2])

    async def sweep(self, now: float) -> int:
        """Hand over what waited too long, marked incomplete; returns how many."""
        count, after = 0, ""
        while pages := await self._notebook.find("part/", after=after):
            after = pages[-1].key
            for page in pages:
                if page.value["due"] <= now:
                    await self._close(page.key.removeprefix("part/"), page.value, page.revision)
                    count += 1
        return count

    async def _close(self, key: str, held: dict[str, Any], revision: int) -> None:
        """Close a set and hand it over; whoever closes first does it."""
        closed = {**held, "closing": True}
        if await self._notebook.swap(f"part/{key}", closed, revision=revision, keep=_KEEP):
            await self._deliver(self._joined(key, closed))

    def _joined(self, key: str, held: dict[str, Any]) -> Joined:
        parts = sorted((int(number), part) for number, part in held["parts"].items())
        taken = {str(number): [_print(part), part[2], part[3]] for number, part in parts}
        prints = hashlib.blake2b("".join(value[0] for value in taken.values()).encode(), digest_size=6)
        notes = (Note(f"part/{key}"), Note(f"done/{key}", taken, keep=_REMEMBER))
        return Joined(
            external_id=f"{key}.{int(held['at'])}.{prints.hexdigest()}",
            source=held["from"],
            source_ton=held["ton"],
            destination=held["to"],
            text=self._text(parts),
            at=held["at"],
            missing=held["total"] - len(parts),
            notes=notes,
        )

    def _text(self, parts: Sequence[tuple[int, list[Any]]]) -> str:
        """Neighbours of one coding are joined before decoding: a character may be cut between them."""
        pieces = []
        for _, run in groupby(enumerate(parts), key=lambda item: (item[1][0] - item[0], item[1][1][0])):
            members = [part for _, (_, part) in run]
            octets = bytes.fromhex("".join(part[1] for part in members))
            pieces.append((members[0], decode(octets, alphabet_of(members[0][0], self._default))))
        numbers = [number for number, _ in parts]
        gaps = numbers[-1] - numbers[0] + 1 > len(numbers)
        return ("\n" if gaps else "").join(text for _, text in pieces)


def _begin(delivered: Delivered, concat: Concat, at: float, wait: float) -> dict[str, Any]:
    return {
        "from": delivered.source,
        "ton": delivered.source_ton,
        "to": delivered.destination,
        "total": concat.total,
        "at": at,
        "due": at + wait,
        "closing": False,
        "parts": {},
    }


def _key(delivered: Delivered, concat: Concat) -> str:
    parts = (delivered.source, delivered.destination, concat.kind, concat.reference, concat.total)
    return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=12).hexdigest()


def _print(part: list[Any]) -> str:
    return hashlib.blake2b(f"{part[0]}:{part[1]}".encode(), digest_size=6).hexdigest()

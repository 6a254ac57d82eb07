"""Is this deliver_sm a message that we have, or the citizen saying the same thing again?

An SMSC sends again what it thinks unanswered: after a cut, after its own time-out, on whichever bind is up,
to whichever process. SMPP gives it no number to know it by. The words alone will not do either: in a talk
by SMS the same "1" comes twice within a minute and means two things. What tells them apart is the *answer*:
a copy can only come while the first one's answer may not have reached the SMSC. So a message stays **open**
from its arrival until its answer was written and the line lived on for `_GRACE`; an equal one within
`_MEMORY` of an open one is the same message, and of a settled one a new one.

The external id is `digest.bucket.count`: two processes that get copies at the same moment come to the same
id, and the inbox's unique key does the rest. What other processes and earlier lives took stands in the
notebook, written in the same commit as the message; how far each line is settled stands on a page a line,
written once a second while there is traffic. A lone process reads the notebook only when it starts.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from channels.sms.pdu import Delivered
from core.channel import Note, Notebook

_MEMORY = 600.0
"""Seconds in which a copy may still come."""
_BUCKET = 60.0
"""Seconds within which two processes come to the same id; the count tells apart what is settled within
them."""
_KEEP = timedelta(seconds=_MEMORY + 2 * _BUCKET)
"""Longer than a bucket, so that the count of a bucket is never forgotten within it."""
_GRACE = 2.0
"""Seconds that a line must live after an answer for us to believe that the answer arrived."""
_MOST = 100_000
_LOADED = 5_000
_PAGEFUL = 1_000
_PEER_KEEP = timedelta(seconds=60)


def digest_of(delivered: Delivered) -> str:
    """What two copies of one deliver_sm have in common."""
    concat = delivered.concat
    head = f"{delivered.source}\0{delivered.destination}\0{delivered.data_coding}\0{concat}\0"
    return hashlib.blake2b(head.encode() + delivered.octets, digest_size=12).hexdigest()


@dataclass(slots=True, eq=False)
class Ledger:
    """What one line took and answered. Times are of the wall clock, in seconds."""

    name: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    ended: float | None = None
    settled: float = 0.0  # everything taken until then is settled
    _candidate: float = 0.0
    written: float = 0.0
    unanswered: dict[int, float] = field(default_factory=dict)

    def tick(self, now: float) -> bool:
        """Once a second: believe the answers of the last tick. True where the page wants writing."""
        if self.ended is None:
            self.settled = self._candidate
            self._candidate = next(iter(self.unanswered.values()), now) - 0.001
        return self.settled > self.written


@dataclass(slots=True, eq=False)
class Seen:
    """A message that was taken. `ledger` is None for what another process, or an earlier life, took."""

    digest: str
    external_id: str
    count: int
    bucket: int
    at: float
    line: str
    ledger: Ledger | None = None
    answered: float | None = None

    def note(self) -> Note:
        """The page that tells others."""
        value = {"id": self.external_id, "n": self.count, "b": self.bucket, "at": self.at, "line": self.line}
        return Note(f"mo/{self.digest}", value, keep=_KEEP)


class Recall:
    """What was taken lately, here and elsewhere."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._seen: dict[str, Seen] = {}
        self._marks: dict[str, float] = {}
        self._me = uuid.uuid4().hex[:12]
        self._gaps_until = 0.0  # until then memory may lack something that the notebook knows
        self._peers = False

    async def open(self, now: float) -> None:
        """Read what earlier lives and other processes took, and tell them that we are here."""
        after = ""
        while len(self._seen) < _LOADED:
            pages = await self._notebook.find("mo/", after=after, limit=_PAGEFUL)
            for page in pages:
                digest = page.key.removeprefix("mo/")
                self._seen[digest] = _from_page(digest, page.value)
            if len(pages) < _PAGEFUL:
                break
            after = pages[-1].key
        if len(self._seen) >= _LOADED:
            self._gaps_until = now + _KEEP.total_seconds()
        self._seen = dict(sorted(self._seen.items(), key=lambda item: item[1].at))
        for page in await self._notebook.find("line/"):
            self._marks[page.key.removeprefix("line/")] = float(page.value)
        await self.meet()
        await self._notebook.ring("process")

    async def meet(self) -> None:
        """Stay known to the other processes and learn whether there are any."""
        await self._notebook.put(f"process/{self._me}", True, keep=_PEER_KEEP)
        self._peers = len(await self._notebook.find("process/")) > 1

    async def news(self, limit: timedelta) -> None:
        """Wait until a process comes up, or the limit passes."""
        await self._notebook.listen("process", limit=limit)

    async def close(self) -> None:
        await self._notebook.drop(f"process/{self._me}")

    async def recognise(self, delivered: Delivered, ledger: Ledger, at: float, copy: bool = False) -> Seen:
        """The message that this is: an open one that we know, or a new one.

        `copy`: it came while an equal one was open, though that may be settled by now.
        """
        digest = digest_of(delivered)
        known = self._seen.get(digest)
        if self._peers or (known is None and at < self._gaps_until):
            known = await self._look(digest, known)
        if known and at - known.at < _MEMORY and (copy or not self.settled(known)):
            known.ledger, known.line, known.at, known.answered = ledger, ledger.name, at, None
            return self._remember(known)
        bucket = int(at // _BUCKET)
        count = known.count + 1 if known and known.bucket == bucket else 0
        external_id = f"{digest}.{bucket}.{count}"
        return self._remember(Seen(digest, external_id, count, bucket, at, ledger.name, ledger))

    def _remember(self, seen: Seen) -> Seen:
        """Keep the memory in the order of time."""
        self._seen.pop(seen.digest, None)
        self._seen[seen.digest] = seen
        return seen

    async def _look(self, digest: str, known: Seen | None) -> Seen | None:
        """What the notebook says, where it is newer than what we know."""
        page = await self._notebook.get(f"mo/{digest}")
        if page is None or (known and known.at >= page.value["at"]):
            return known
        seen = _from_page(digest, page.value)
        mark = await self._notebook.get(f"line/{seen.line}")
        if mark is not None:
            self._marks[seen.line] = float(mark.value)
        return seen

    def settled(self, seen: Seen) -> bool:
        """Whether the answer has reached the SMSC, so that an equal message is a new one."""
        ledger = seen.ledger
        if ledger is None or ledger.name != seen.line:
            return self.is_settled(seen.line, seen.at)
        if seen.answered is None:
            return False
        return ledger.ended is None or ledger.ended - seen.answered > _GRACE

    def is_settled(self, line: str, at: float) -> bool:
        """The same for what was taken at `at` on a line, ours or not."""
        return self._marks.get(line, 0.0) >= at

    async def tick(self, ledgers: Iterator[Ledger], now: float) -> None:
        """Once a second: write how far the lines are settled, forget what is old."""
        for ledger in ledgers:
            if ledger.tick(now):
                ledger.written = ledger.settled
                self._marks[ledger.name] = ledger.settled
                await self._notebook.put(f"line/{ledger.name}", ledger.settled, keep=_KEEP)
        oldest = now - _KEEP.total_seconds()
        while self._seen:
            digest, seen = next(iter(self._seen.items()))
            if seen.at > oldest and len(self._seen) <= _MOST:
                break
            if seen.at > oldest:
                self._gaps_until = now + _KEEP.total_seconds()
            del self._seen[digest]


def _from_page(digest: str, value: dict[str, object]) -> Seen:
    count, bucket = int(str(value["n"])), int(str(value["b"]))
    return Seen(digest, str(value["id"]), count, bucket, float(str(value["at"])), str(value["line"]))

"""What a channel may ask of the house: accept, converse, report, and its notebook."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core import plain
from core.channel import Note, NotNow, Page, Traits
from core.gather import Gather
from core.messages import InboundMessage, OutboundMessage, Receipt
from core.store.database import Database
from core.store.inbox import Arrival, Waiting
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.store.talks import TalkMoved
from core.turns import Stage, queue, stored
from core.world import World

log = logging.getLogger(__name__)

LINE_BUSY = timedelta(seconds=3)  # how long a caller waits for a turn of another channel on the same lane
CALL_LEASE = timedelta(seconds=20)


class Gateway:
    """The house's front door, one for all channels. `reception(name)` is the door as one channel sees it."""

    def __init__(
        self, database: Database, signals: Signals, stage: Stage, traits: Mapping[str, Traits], world: World
    ) -> None:
        self.database = database
        self.signals = signals
        self.world = world
        self._stage = stage
        self._traits = traits
        self._arrivals: Gather[tuple[Arrival, Sequence[Note]], bool] = Gather(self._keep, NotNow)
        self._receipts: Gather[Receipt, None] = Gather(self._take, NotNow)

    def reception(self, channel: str) -> ChannelReception:
        return ChannelReception(self, channel)

    async def accept(self, message: InboundMessage, notes: Sequence[Note] = ()) -> bool:
        arrival = Arrival(message, self._traits[message.channel].medium)
        return await self._arrivals.add((arrival, notes))

    async def report(self, receipt: Receipt) -> None:
        await self._receipts.add(receipt)

    async def _keep(self, batch: Sequence[tuple[Arrival, Sequence[Note]]]) -> Sequence[bool]:
        now = self.world.now()

        def keep(shelves: Shelves) -> list[bool]:
            kept = shelves.inbox.keep([arrival for arrival, _ in batch], now)
            for channel in {arrival.message.channel for arrival, notes in batch if notes}:
                written = [n for arrival, notes in batch if arrival.message.channel == channel for n in notes]
                for run in _distinct(written):
                    shelves.pages.write(channel, run, now)
            return kept

        kept = await self.database.write(keep)
        await self.signals.ring("inbox")
        return kept

    async def _take(self, batch: Sequence[Receipt]) -> Sequence[None]:
        failed = await self.database.write(lambda shelves: shelves.receipts.take(batch))
        if failed:
            await self.signals.ring("failed")
        return [None] * len(batch)

    async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
        """Run the turn now; a repeat gets the stored answer. Raises `NotNow` where another turn holds the lane."""
        waited = timedelta()
        pause = timedelta(milliseconds=25)
        while True:
            answer = await self._breath(message)
            if answer is not None:
                await self.signals.ring("outbox")
                return answer
            if waited >= LINE_BUSY:
                raise NotNow("the lane is busy")
            await asyncio.sleep(pause.total_seconds())
            waited += pause

    async def _breath(self, message: InboundMessage) -> list[OutboundMessage] | None:
        """One attempt; None where it must be made again. What was guessed wrong counts also where a turn fails."""
        guesses: list[str] = []
        try:
            return await self.database.write(
                lambda shelves: self._in_one_breath(shelves, message, guesses), urgent=True
            )
        except TalkMoved:
            return None  # an official took the talk over, or gave it back, in this very moment
        except NotNow:
            raise
        except Exception:
            await self._count(guesses)
            raise

    async def _count(self, guesses: Sequence[str]) -> None:
        now = self.world.now()

        def count(shelves: Shelves) -> None:
            for subject in guesses:
                shelves.people.guessed_wrong(subject, now)

        if guesses:
            await self.database.write(count)

    def _in_one_breath(
        self, shelves: Shelves, message: InboundMessage, guesses: list[str]
    ) -> list[OutboundMessage] | None:
        """The whole turn of a call in one transaction; None where another turn holds the lane."""
        guesses.clear()
        before = _answered(shelves, message)
        if before is not None:
            return before
        now = self.world.now()
        address, medium = str(message.sender), self._traits[message.channel].medium
        if not shelves.inbox.claim_one(address, self.world.holder, now, CALL_LEASE):
            return None
        before = _answered(shelves, message)  # by another process, which held the lane until just now
        if before is not None:
            shelves.inbox.release([address], self.world.holder)
            return before
        self._stage.refresh(shelves)
        talk = shelves.talks.get(message.sender, medium)
        shelves.inbox.keep([Arrival(message, medium)], now)
        waiting = Waiting(0, address, medium, 0, message)
        played = self._stage.play(shelves, talk, waiting, writing=True, guesses=guesses)
        for subject in played.guesses:
            shelves.people.guessed_wrong(subject, now)
        shelves.talks.put([played.talk])
        shelves.outbox.put(queue(replace(played, more=()), now, state="said"), now)
        shelves.outbox.put(list(played.more), now)
        shelves.inbox.settle_key(message.channel, message.external_id, now)
        shelves.pages.keep_answer(message.channel, message.external_id, stored(played.messages), now)
        shelves.inbox.release([address], self.world.holder)
        return list(played.messages)


def _answered(shelves: Shelves, message: InboundMessage) -> list[OutboundMessage] | None:
    """What was said to this request before."""
    before = shelves.pages.answer(message.channel, message.external_id)
    if before is None:
        return None
    return [plain.load(OutboundMessage, json.dumps(item)) for item in json.loads(before)]


class ChannelReception:
    """The door as one channel sees it; its notebook cannot reach another channel's pages."""

    def __init__(self, gateway: Gateway, channel: str) -> None:
        self._gateway = gateway
        self.notebook = ChannelNotebook(gateway, channel)

    async def accept(self, message: InboundMessage, *, notes: Sequence[Note] = ()) -> bool:
        return await self._gateway.accept(message, notes)

    async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
        return await self._gateway.converse(message)

    async def report(self, receipt: Receipt) -> None:
        await self._gateway.report(receipt)


class ChannelNotebook:
    """One channel's pages. See `core.channel.Notebook`."""

    def __init__(self, gateway: Gateway, channel: str) -> None:
        self._gateway = gateway
        self._channel = channel
        self._writes: Gather[Note, None] = Gather(self._write, NotNow)

    async def _write(self, notes: Sequence[Note]) -> Sequence[None]:
        now = self._gateway.world.now()

        def write(shelves: Shelves) -> None:
            # A page written twice in one batch is written in the order asked: one statement a run of distinct keys.
            for run in _distinct(notes):
                shelves.pages.write(self._channel, run, now)

        await self._gateway.database.write(write)
        return [None] * len(notes)

    async def get(self, key: str) -> Page | None:
        now = self._gateway.world.now()
        return await self._gateway.database.read(lambda shelves: shelves.pages.get(self._channel, key, now))

    async def put(self, key: str, value: Any, *, keep: timedelta | None = None) -> None:
        await self._writes.add(Note(key, value, keep))

    async def swap(self, key: str, value: Any, *, revision: int, keep: timedelta | None = None) -> bool:
        now = self._gateway.world.now()
        note = Note(key, value, keep)
        return await self._gateway.database.write(
            lambda shelves: shelves.pages.swap(self._channel, note, revision, now)
        )

    async def drop(self, *keys: str) -> None:
        for key in keys:
            await self._writes.add(Note(key))

    async def find(self, prefix: str, *, after: str = "", limit: int = 1000) -> Sequence[Page]:
        now = self._gateway.world.now()
        return await self._gateway.database.read(
            lambda shelves: shelves.pages.find(self._channel, prefix, after, limit, now)
        )

    async def lock(self, name: str, *, hold: timedelta) -> bool:
        world = self._gateway.world
        now = world.now()
        return await self._gateway.database.write(
            lambda shelves: shelves.pages.lock(f"{self._channel}/{name}", world.holder, now, hold)
        )

    async def ring(self, key: str) -> None:
        await self._gateway.signals.ring(f"{self._channel}/{key}")

    async def listen(self, key: str, *, limit: timedelta) -> bool:
        return await self._gateway.signals.wait(f"{self._channel}/{key}", limit)


def _distinct(notes: Sequence[Note]) -> list[list[Note]]:
    """Runs of notes in which no key comes twice."""
    runs: list[list[Note]] = [[]]
    seen: set[str] = set()
    for note in notes:
        if note.key in seen:
            runs.append([])
            seen = set()
        seen.add(note.key)
        runs[-1].append(note)
    return runs

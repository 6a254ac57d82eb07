"""The loop from inbox to turn: lanes are leased, turns played, results written, lanes given back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from core.channel import NotNow
from core.gather import LINGER
from core.loops import forever
from core.messages import Address
from core.store.database import Database
from core.store.inbox import Waiting
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.store.talks import TalkMoved
from core.talk.conversation import Conversation
from core.turns import Played, Stage, WantsToWrite, write
from core.world import World

log = logging.getLogger(__name__)

LANES = 48  # lanes worked off in one batch: few enough that a commit stays short
LEASE = timedelta(seconds=30)  # after this a lane whose process died is free again
LOOK = timedelta(seconds=1)  # how often we look when nobody rings
TRIES = 3  # turns that may fail before a message is set aside for an operator
REST = timedelta(seconds=2)  # pause before a failed message is tried again

Talks = dict[tuple[str, str], Conversation]


@dataclass(slots=True)
class _Batch:
    """What became of a batch of lanes on the snapshot."""

    played: list[Played] = field(default_factory=list)
    writers: dict[str, list[Waiting]] = field(default_factory=dict)  # lanes to be played inside a transaction
    failed: list[tuple[Waiting, str]] = field(default_factory=list)


class Intake:
    """Works off the inbox until it is cancelled."""

    def __init__(self, database: Database, signals: Signals, stage: Stage, world: World) -> None:
        self._database = database
        self._signals = signals
        self._stage = stage
        self._world = world

    async def run(self) -> None:
        """Forever: work, or wait for a ring."""
        await forever("intake", self._round)

    async def _round(self) -> None:
        if not await self.once():
            await self._signals.wait("inbox", LOOK)
        await asyncio.sleep(LINGER)

    async def once(self) -> int:
        """Work off one batch of lanes; returns how many lanes it had."""
        world = self._world
        now = world.now()
        lanes = await self._database.write(lambda s: s.inbox.claim(world.holder, now, LANES, LEASE))
        if not lanes:
            return 0
        batch = await self._database.read(lambda s: self._play(s, lanes))
        await self._count_guesses(batch.played)
        written = await self._write(batch, lanes)
        busy = [self._write_lane(lane, waiting) for lane, waiting in batch.writers.items()]
        if busy:
            await asyncio.gather(*busy)
        if written or busy:
            await self._signals.ring("outbox")
        return len(lanes)

    # -- on the snapshot ------------------------------------------------------------------------------------------

    def _play(self, shelves: Shelves, lanes: Sequence[str]) -> _Batch:
        batch = _Batch()
        waiting = shelves.inbox.waiting(lanes)
        keys = {(item.address, item.medium) for items in waiting.values() for item in items}
        talks: Talks = shelves.talks.many(sorted(keys)) if keys else {}
        for lane, items in waiting.items():
            self._play_lane(shelves, lane, items, talks, batch)
        return batch

    def _play_lane(
        self, shelves: Shelves, lane: str, items: list[Waiting], talks: Talks, batch: _Batch
    ) -> None:
        """Turns of one lane in order, until one must write or fails; the rest of the lane waits behind it."""
        for index, item in enumerate(items):
            try:
                played = self._stage.play(shelves, talks[item.address, item.medium], item, writing=False)
            except WantsToWrite:
                batch.writers[lane] = items[index:]
                return
            except Exception as error:
                log.exception("turn of message %d failed", item.id)
                batch.failed.append((item, repr(error)))
                return
            talks[item.address, item.medium] = played.talk
            batch.played.append(played)

    # -- in the transaction ---------------------------------------------------------------------------------------

    async def _write(self, batch: _Batch, lanes: Sequence[str]) -> int:
        """Write the turns that only read, many in one commit; one by one where that fails."""
        now = self._world.now()
        own = set(batch.writers)
        quiet = [lane for lane in lanes if lane not in own]

        def all_of_them(shelves: Shelves) -> None:
            write(shelves, batch.played, now)
            for item, error in batch.failed:
                shelves.inbox.stumble(item.id, error, aside=item.tries + 1 >= TRIES)
            later = now + REST if batch.failed else None
            failed = {item.address for item, _ in batch.failed}
            shelves.inbox.release([lane for lane in quiet if lane not in failed], self._world.holder)
            shelves.inbox.release([lane for lane in quiet if lane in failed], self._world.holder, later)

        try:
            await self._database.write(all_of_them)
        except TalkMoved:
            # A lease ran out while we worked and another process took a lane: what it wrote stands.
            await self._database.write(lambda s: s.inbox.release(quiet, self._world.holder))
            return 0
        return len(batch.played)

    async def _write_lane(self, lane: str, items: Sequence[Waiting]) -> None:
        """Turns of one lane, each in a transaction of its own; then the lane is given back."""
        later = None
        for item in items:
            try:
                await self._write_one(item)
            except NotNow:
                raise
            except Exception as error:
                log.exception("turn of message %d failed", item.id)
                told, aside = repr(error), item.tries + 1 >= TRIES
                await self._database.write(
                    lambda s, i=item, t=told, a=aside: s.inbox.stumble(i.id, t, aside=a)
                )  # type: ignore[misc]
                later = self._world.now() + REST
                break
        await self._database.write(lambda s: s.inbox.release([lane], self._world.holder, later))

    async def _write_one(self, item: Waiting) -> None:
        """The guesses are counted even where the turn then fails, so they are written before it."""
        guesses: list[str] = []

        def turn(shelves: Shelves) -> None:
            guesses.clear()
            talk = shelves.talks.get(Address.parse(item.address), item.medium)
            played = self._stage.play(shelves, talk, item, writing=True)
            guesses.extend(played.guesses)
            write(shelves, [played], self._world.now())

        try:
            await self._database.write(turn)
        finally:
            await self._count(guesses)

    async def _count_guesses(self, played: Sequence[Played]) -> None:
        await self._count([subject for item in played for subject in item.guesses])

    async def _count(self, guesses: Sequence[str]) -> None:
        if guesses:
            now = self._world.now()
            await self._database.write(
                lambda s: [s.people.guessed_wrong(subject, now) for subject in guesses]
            )

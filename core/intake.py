"""The loop from inbox to turn: lanes are leased, turns played, results written, lanes given back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.channel import NotNow
from core.gather import LINGER
from core.loops import forever
from core.messages import Address
from core.store.database import Database
from core.store.inbox import Waiting
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.store.talks import TalkMoved
from core.store.tasks import Task
from core.talk.conversation import Conversation
from core.turns import Played, Stage, WantsToWrite, write
from core.world import World

log = logging.getLogger(__name__)

LANES = 48  # lanes worked off in one batch: few enough that a commit stays short
LEASE = timedelta(seconds=30)  # after this a lane whose process died is free again
LOOK = timedelta(seconds=1)  # how often we look when nobody rings
TRIES = 3  # turns that may fail before a message is set aside for an operator
REST = timedelta(seconds=2)  # pause before a failed message is tried again
MOVES = 3  # how often a turn is played again at once because its talk moved under it

Talks = dict[tuple[str, str], Conversation]


@dataclass(frozen=True, slots=True)
class _Failed:
    """A turn that failed: why, and what was guessed wrong in it, which counts all the same."""

    waiting: Waiting
    error: str
    guesses: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    """What became of a batch of lanes on the snapshot."""

    played: list[Played] = field(default_factory=list)
    writers: set[str] = field(default_factory=set)  # lanes to be played inside a transaction
    failed: list[_Failed] = field(default_factory=list)


class Intake:
    """Works off the inbox until it is cancelled."""

    def __init__(self, database: Database, signals: Signals, stage: Stage, world: World) -> None:
        self._database = database
        self._signals = signals
        self._stage = stage
        self._world = world
        self._next: Sequence[str] = ()  # leased in the commit that wrote the batch before
        self._idle = False

    async def run(self) -> None:
        """Forever: work, or wait for a ring."""
        await forever("intake", self._round)

    async def _round(self) -> None:
        if not await self.once() or self._idle:
            await self._signals.wait("inbox", LOOK)
            await asyncio.sleep(LINGER)

    async def once(self) -> int:
        """Work off one batch of lanes; returns how many lanes it had."""
        lanes, self._next = self._next or await self._database.write(self._claim), ()
        if not lanes:
            return 0
        own = await self._together(lanes)
        if own:
            await asyncio.gather(*(self._write_lane(lane) for lane in own))
        self._idle = not own and not self._next
        await self._signals.ring("outbox")
        return len(lanes)

    def _claim(self, shelves: Shelves) -> Sequence[str]:
        return shelves.inbox.claim(self._world.holder, self._world.now(), LANES, LEASE)

    async def _together(self, lanes: Sequence[str]) -> Sequence[str]:
        """Play on one snapshot, write in one commit. Returns the lanes that want a transaction of their own:
        those that change something, or all, where something is wrong with one of them."""
        try:
            batch = await self._database.read(lambda s: self._play(s, lanes))
            await self._write(batch, [lane for lane in lanes if lane not in batch.writers])
        except NotNow:
            raise
        except TalkMoved:
            log.info("a talk moved while it was played; its turn is played again")
            return lanes
        except Exception:
            log.exception("a batch of %d lanes failed; each on its own", len(lanes))
            return lanes
        return sorted(batch.writers)

    # -- on the snapshot ------------------------------------------------------------------------------------------

    def _play(self, shelves: Shelves, lanes: Sequence[str]) -> _Batch:
        batch = _Batch()
        self._stage.refresh(shelves)
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
        for item in items:
            guesses: list[str] = []
            talk = talks[item.address, item.medium]
            try:
                played = self._stage.play(shelves, talk, item, writing=False, guesses=guesses)
            except WantsToWrite:
                batch.writers.add(lane)
                return
            except Exception as error:
                log.exception("turn of message %d failed", item.id)
                batch.failed.append(_Failed(item, repr(error), tuple(guesses)))
                return
            talks[item.address, item.medium] = played.talk
            batch.played.append(played)

    # -- in the transaction ---------------------------------------------------------------------------------------

    async def _write(self, batch: _Batch, quiet: Sequence[str]) -> None:
        """Write the turns that only read, many in one commit, give their lanes back and lease the next."""
        now = self._world.now()
        failed = {each.waiting.address for each in batch.failed}
        aside: list[Waiting] = []

        def all_of_them(shelves: Shelves) -> Sequence[str]:
            write(shelves, batch.played, now)
            _count(shelves, [subject for played in batch.played for subject in played.guesses], now)
            aside[:] = [each.waiting for each in batch.failed if self._stumbled(shelves, each)]
            shelves.inbox.release([lane for lane in quiet if lane not in failed], self._world.holder)
            shelves.inbox.release([lane for lane in quiet if lane in failed], self._world.holder, now + REST)
            return self._claim(shelves)

        self._next = await self._database.write(all_of_them)
        for item in aside:
            await self._apologise(item)

    async def _write_lane(self, lane: str) -> None:
        """Turns of one lane, each in a transaction of its own; then the lane is given back."""
        later = None
        try:
            found = await self._database.read(lambda s: s.inbox.waiting([lane]))
            for item in found.get(lane, []):
                if not await self._write_one(item):
                    later = self._world.now() + REST
                    break
        except NotNow:
            raise
        except Exception:
            log.exception("a lane cannot be worked off")
            later = self._world.now() + REST
        await self._database.write(lambda s: s.inbox.release([lane], self._world.holder, later))

    async def _write_one(self, item: Waiting) -> bool:
        """One turn in one transaction. False: it failed, and the lane waits."""
        guesses: list[str] = []

        def turn(shelves: Shelves) -> None:
            guesses.clear()
            now = self._world.now()
            talk = shelves.talks.get(Address.parse(item.address), item.medium)
            played = self._stage.play(shelves, talk, item, writing=True, guesses=guesses)
            write(shelves, [played], now)
            _count(shelves, played.guesses, now)

        for attempt in range(MOVES):
            try:
                await self._database.write(turn)
                return True
            except NotNow:
                raise
            except TalkMoved:
                log.info("message %d: the talk moved (%d)", item.id, attempt + 1)
            except Exception as error:
                log.exception("turn of message %d failed", item.id)
                await self._fail(_Failed(item, repr(error), tuple(guesses)))
                return False
        return False

    async def _fail(self, failed: _Failed) -> None:
        """What went wrong is written first; that the person cannot be told must not undo it."""
        if await self._database.write(lambda s: self._stumbled(s, failed)):
            await self._apologise(failed.waiting)

    async def _apologise(self, item: Waiting) -> None:
        now = self._world.now()
        try:
            await self._database.write(lambda s: s.outbox.put(self._stage.sorry(s, item, now), now))
        except NotNow:
            raise
        except Exception:
            log.exception("who sent message %d could not be told that it was set aside", item.id)

    def _stumbled(self, shelves: Shelves, failed: _Failed) -> bool:
        """Count the failure and what was guessed; at the third the message is set aside (True), and an operator
        told."""
        now, item = self._world.now(), failed.waiting
        _count(shelves, failed.guesses, now)
        aside = item.tries + 1 >= TRIES
        shelves.inbox.stumble(item.id, failed.error, aside=aside)
        if aside:
            values = {"message": item.id, "channel": item.message.channel}
            task = Task(self._world.new_id(), "aside", values, now, item.address, item.medium)
            shelves.tasks.put(task)
        return aside


def _count(shelves: Shelves, guesses: Sequence[str], now: datetime) -> None:
    """Wrong guesses count in the commit of their turn; where the turn fails, in that of its failure."""
    for subject in guesses:
        shelves.people.guessed_wrong(subject, now)

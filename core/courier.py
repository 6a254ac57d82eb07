"""The loop from outbox to channel: claim, attempt, settle. The only place that decides what a failure means."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.channel import (
    ChannelAdapter,
    Doubtful,
    HasRoom,
    Misconfigured,
    NotNow,
    OptedOut,
    Refused,
    SendError,
    Throttled,
    Unreachable,
)
from core.gather import LINGER, Gather
from core.loops import forever
from core.store.database import Database
from core.store.outbox import Claimed, Settled
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.undelivered import Undelivered
from core.world import World

log = logging.getLogger(__name__)

ROOM = 32  # sends at once on a channel that does not say how many it takes
LEASE = timedelta(seconds=120)  # longer than any channel may take for one send
SPAN = timedelta(
    seconds=60
)  # after this no further send of a lane is begun: its lease might end before the send
LOOK = timedelta(seconds=1)
# Pauses before an attempt is repeated; the last one repeats until the message is stale or out of tries.
PAUSES = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60, 300, 900))
TRIES: Mapping[type[SendError], int] = {
    Unreachable: 12,
    Throttled: 60,
    Doubtful: 2,  # it may have arrived: say it once more, not for ever
    Misconfigured: 200,  # a person must act first; until then it waits
    Refused: 1,
    OptedOut: 1,
    SendError: 1,
}


class Courier:
    """Sends what is due on the given channels until it is cancelled."""

    def __init__(
        self,
        database: Database,
        signals: Signals,
        adapters: Sequence[ChannelAdapter],
        undelivered: Undelivered,
        world: World,
    ) -> None:
        self._database = database
        self._signals = signals
        self._adapters = adapters
        self._undelivered = undelivered
        self._world = world
        self._under_way: dict[str, set[asyncio.Task[None]]] = {adapter.name: set() for adapter in adapters}
        self._bells = {adapter.name: asyncio.Event() for adapter in adapters}
        self._more: set[str] = set()  # channels for which more was due than they had room for
        self._settling: Gather[Settled, None] = Gather(self._settle, NotNow)

    async def run(self) -> None:
        """Forever, one loop a channel: a slow provider holds up nobody else's messages."""
        async with asyncio.TaskGroup() as group:
            for adapter in self._adapters:
                group.create_task(self._run(adapter))

    async def _run(self, adapter: ChannelAdapter) -> None:
        async def work() -> None:
            room = self._room(adapter)
            if await self.once(adapter) < max(1, room):  # there was no more, or no room for it
                await self._woken(adapter.name)

        await forever(f"courier of {adapter.name}", work)

    async def _woken(self, channel: str) -> None:
        """Until there may be something to send on this channel, or room to send it."""
        with contextlib.suppress(TimeoutError):
            # `asyncio.wait_for` would lose a cancellation that meets a ring.
            async with asyncio.timeout(LOOK.total_seconds()):
                await self._bells[channel].wait()
        await asyncio.sleep(LINGER)
        self._bells[channel].clear()

    async def bell(self) -> None:
        """Pass the ring for "something to send" on to each channel's own loop."""
        while True:
            if await self._signals.wait("outbox", LOOK):
                for bell in self._bells.values():
                    bell.set()

    def _room(self, adapter: ChannelAdapter) -> int:
        """How many sends the channel takes now."""
        room = adapter.room() if isinstance(adapter, HasRoom) else ROOM - len(self._under_way[adapter.name])
        return max(0, room)

    async def once(self, adapter: ChannelAdapter) -> int:
        """Claim what is due, as much as there is room for, and begin to send it. Returns how much."""
        room = self._room(adapter)
        if not room:
            return 0
        self._more.discard(adapter.name)
        world, now = self._world, self._world.now()
        claimed = await self._database.write(
            lambda s: s.outbox.claim(adapter.name, world.holder, now, room, LEASE)
        )
        if len(claimed) == room:
            self._more.add(adapter.name)
        for lane in _by_address(claimed):
            task = asyncio.create_task(self._deliver(adapter, lane, now + SPAN))
            self._under_way[adapter.name].add(task)
            task.add_done_callback(self._under_way[adapter.name].discard)
        return len(claimed)

    async def _deliver(self, adapter: ChannelAdapter, lane: Sequence[Claimed], until: datetime) -> None:
        """What one address is to get, in order; after a message that must wait, the rest of its turn waits too."""
        waiting: set[str] = set()
        for item in lane:
            if item.turn in waiting:
                continue  # settled together with the one it waits for
            late = self._world.now() >= until
            settled = self._put_back(adapter, item) if late else await self._attempt(adapter, item)
            # The next are claimed while this is settled, in one commit with it.
            if adapter.name in self._more:
                self._bells[adapter.name].set()
            if settled.state == "queued":
                waiting.add(item.turn)
            try:
                await self._settling.add(settled)
            except NotNow:
                log.warning("what became of delivery %d is not written; its lease will tell", item.id)
                return
            except Exception:
                log.exception("what became of delivery %d cannot be written; its lease will tell", item.id)
                return
        self._bells[adapter.name].set()

    def _put_back(self, adapter: ChannelAdapter, item: Claimed) -> Settled:
        """Not begun: a slow provider used up the time for which this lane was leased."""
        now = self._world.now()
        return Settled(item.id, "queued", adapter.name, due_at=now, turn=item.turn, seq=item.seq, tried=False)

    async def _attempt(self, adapter: ChannelAdapter, item: Claimed) -> Settled:
        message = replace(item.message, id=str(item.id))
        now = self._world.now()
        plain = Settled(item.id, "sent", adapter.name, turn=item.turn, seq=item.seq)
        if message.good_until is not None and now >= message.good_until:
            return replace(plain, state="expired", error="stale")
        try:
            references = await adapter.send(message)
        except SendError as error:
            return self._judge(plain, item, error)
        except Exception as error:
            log.exception("sending delivery %d failed", item.id)
            return self._judge(plain, item, Unreachable(type(error).__name__))
        return replace(plain, references=tuple(references))

    def _judge(self, plain: Settled, item: Claimed, error: SendError) -> Settled:
        """Again later, or never."""
        told = f"{type(error).__name__}: {error.shown or error.code}"[:200]
        if item.attempts >= next(tries for kind, tries in TRIES.items() if isinstance(error, kind)):
            state = "doubtful" if isinstance(error, Doubtful) else "failed"
            return replace(plain, state=state, error=told)
        pause = error.after if isinstance(error, Throttled) else PAUSES[min(item.attempts, len(PAUSES)) - 1]
        return replace(plain, state="queued", error=told, due_at=self._world.now() + pause)

    async def _settle(self, batch: Sequence[Settled]) -> Sequence[None]:
        now = self._world.now()

        def settle(shelves: Shelves) -> list[int]:
            shelves.outbox.settle(batch, now)
            failed = shelves.receipts.early(shelves.outbox.early(batch))
            return failed + [item.id for item in batch if item.state in ("failed", "expired")]

        failed = await self._database.write(settle)
        try:
            if failed:
                await self._undelivered.handle(failed)
        except Exception:  # what became of them is written; the caretaker finds what has no next way yet
            log.exception("the next way of %d deliveries waits for the caretaker", len(failed))
        return [None] * len(batch)

    async def finish(self) -> None:
        """Wait for what is under way, so that its outcome is written."""
        tasks = [task for tasks in self._under_way.values() for task in tasks]
        if tasks:
            await asyncio.wait(tasks, timeout=10)


def _by_address(claimed: Iterable[Claimed]) -> list[list[Claimed]]:
    lanes: dict[str, list[Claimed]] = {}
    for item in claimed:
        lanes.setdefault(str(item.message.address), []).append(item)
    return list(lanes.values())

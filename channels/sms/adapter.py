"""SMS over SMPP: the channel. It holds the binds up, and joins what comes in and what goes out to them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from channels.sms import routes, segments
from channels.sms.inbound import Inbound
from channels.sms.outbound import Outbound
from channels.sms.pdu import Frame
from channels.sms.recall import Ledger
from channels.sms.settings import SmppSettings
from channels.sms.supervisor import Alarm, BindState, Standing, Supervisor
from channels.sms.wire import Line
from core.channel import Misconfigured, NotNow, Reception, Refused, Route, Traits, Unreachable
from core.messages import OutboundMessage

log = logging.getLogger(__name__)

_PRESENCE = 20
"""Seconds between two signs of life in the notebook, and between two sweeps of unfinished long messages."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _log_alarm(standing: Standing) -> None:
    log.error("bind %s needs a person: %s", standing.bind, standing.why)


class SmppChannel:
    """A channel adapter with room (`ChannelAdapter`, `HasRoom`). `alarm` is called once when a bind is
    refused for a reason that time does not heal."""

    def __init__(
        self,
        name: str,
        settings: SmppSettings,
        *,
        alarm: Alarm = _log_alarm,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.name = name
        self.settings = settings
        self.traits = Traits(
            medium="sms",
            kinds=("tel",),
            max_text=1600,
            marks=settings.marks,
            parts=partial(segments.count, reference_bits=16 if settings.long_messages == "udh16" else 8),
            receipts=settings.receipts,
            notices=True,
        )
        self._alarm = alarm
        self._now = now
        self._binds: list[Supervisor] = []
        self._inbound: Inbound | None = None
        self._outbound = Outbound(settings, now, itertools.count(random.randrange(65536)))
        self._sending = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = False

    def routes(self) -> Sequence[Route]:
        """None: SMPP is spoken outwards."""
        return ()

    def open(self, reception: Reception) -> AbstractAsyncContextManager[None]:
        """Bind, and on leaving stop feeding, finish what is under way, and unbind."""
        return self._opened(reception)

    @asynccontextmanager
    async def _opened(self, reception: Reception) -> AsyncIterator[None]:
        inbound = Inbound(self.name, self.settings, reception, self._now)
        await inbound.recall.open(self._now().timestamp())
        self._inbound = inbound
        self._binds = [
            self._supervise(bind_number, inbound) for bind_number in range(len(self.settings.binds))
        ]
        tasks = [asyncio.create_task(bind.run(), name=f"bind {bind.bind.name}") for bind in self._binds]
        tasks += [asyncio.create_task(self._every_second()), asyncio.create_task(self._every_while())]
        self._open = True
        try:
            yield
        finally:
            self._open = False
            await self._close(tasks)

    def _supervise(self, number: int, inbound: Inbound) -> Supervisor:
        def take(line: Line, ledger: Ledger, frame: Frame) -> None:
            inbound.take(line, ledger, frame)

        return Supervisor(self.settings.binds[number], self.settings, take, now=self._now, alarm=self._alarm)

    async def _close(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Bounded by `closing_time` for sends and answers under way, and a second for the unbind."""
        assert self._inbound is not None
        self._inbound.closing = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.settings.closing_time):
                await self._idle.wait()
        await self._inbound.finish(self.settings.closing_time)
        await asyncio.gather(*(bind.leave() for bind in self._binds))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(NotNow):
            await self._inbound.recall.tick(self._ledgers(), self._now().timestamp())
            await self._inbound.recall.close()
        self._binds = []

    def _ledgers(self) -> Iterator[Ledger]:
        return (ledger for bind in self._binds for ledger in bind.ledgers)

    async def _every_second(self) -> None:
        assert self._inbound is not None
        while True:
            await asyncio.sleep(1)
            await self._quietly(self._inbound.recall.tick(self._ledgers(), self._now().timestamp()))

    async def _every_while(self) -> None:
        assert self._inbound is not None
        pause = timedelta(seconds=min(_PRESENCE, self.settings.parts_wait / 4))
        while True:
            try:
                await self._inbound.recall.news(pause)
            except Exception:
                await asyncio.sleep(pause.total_seconds())
            await self._quietly(self._inbound.parts.sweep(self._now().timestamp()))
            await self._quietly(self._inbound.recall.meet())

    async def _quietly(self, work: object) -> None:
        """Housekeeping may fail and be tried again; the channel goes on."""
        try:
            await work  # type: ignore[misc]
        except Exception as error:
            log.warning("housekeeping of %s failed: %s", self.name, type(error).__name__)

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Hand a message to the SMSC; its ids, one a part that was given one. Raises a SendError."""
        if message.address.kind != "tel":
            raise Refused("not a telephone number", code="smpp:address")
        lines = routes.order(self._binds, message.address.identity) if self._open else []
        if not lines:
            raise self._why_not()
        self._sending += 1
        self._idle.clear()
        try:
            return await self._outbound.send(lines, message)
        finally:
            self._sending -= 1
            if not self._sending:
                self._idle.set()

    def _why_not(self) -> Misconfigured | Unreachable:
        standings = self.standings()
        if standings and all(standing.state is BindState.MISCONFIGURED for standing in standings):
            return Misconfigured(standings[0].why, code="smpp:bind")
        return Unreachable("no bind is up", code="smpp:down")

    def room(self) -> int:
        """How many more sends the binds that are up can take now."""
        if not self._open:
            return 0
        now = asyncio.get_running_loop().time()
        return sum(bind.line.room(now) for bind in self._binds if bind.line is not None)

    def standings(self) -> list[Standing]:
        """How each bind stands, for the operator."""
        return [bind.standing for bind in self._binds]

    async def bound(self) -> None:
        """Wait until every bind is up; for tests and benchmarks."""
        for bind in self._binds:
            await bind.bound()

"""Keeps one bind up: a new session after every end, with growing pauses, and longer ones where the SMSC
said no."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from channels.sms import codes
from channels.sms.pdu import Frame
from channels.sms.recall import Ledger
from channels.sms.settings import BindSettings, SmppSettings
from channels.sms.wire import BindRefused, Line, LineBroken

log = logging.getLogger(__name__)

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_REFUSED_PAUSE = 15.0
_LONGEST_REFUSED_PAUSE = 300.0
_HELD = 30.0
"""Seconds that a session must last to count as sound: a peer that accepts and drops is not bound every
second."""
_OURS = (codes.RINVPASWD, codes.RINVSYSID, codes.RBINDFAIL, 0x53)
"""Refusals that time does not heal: password, system id, rights, system type."""


class BindState(StrEnum):
    """How a bind stands."""

    CONNECTING = "connecting"
    BOUND = "bound"
    DOWN = "down"
    MISCONFIGURED = "misconfigured"  # a person must act: the SMSC refuses our password or rights


@dataclass(frozen=True, slots=True)
class Standing:
    """What an operator sees of a bind. `why` holds no address, number or text."""

    bind: str
    state: BindState
    since: datetime
    why: str = ""


Alarm = Callable[[Standing], None]


class Supervisor:
    """One bind, for as long as the channel is open."""

    def __init__(
        self,
        bind: BindSettings,
        common: SmppSettings,
        take: Callable[[Line, Ledger, Frame], None],
        *,
        now: Callable[[], datetime],
        alarm: Alarm,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.bind = bind
        self.line: Line | None = None
        self.ledgers: list[Ledger] = []
        self._common = common
        self._take = take
        self._now = now
        self._alarm = alarm
        self._chance = chance
        self._pause = 0.0
        self.standing = Standing(bind.name, BindState.CONNECTING, now())
        self.changed = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            pause = await self._session()
            await asyncio.sleep(pause)

    async def _session(self) -> float:
        """One session; how long to pause after it."""
        loop = asyncio.get_running_loop()
        ledger = Ledger()
        line = Line(self.bind, self._common, lambda line, frame: self._take(line, ledger, frame))
        began = loop.time()
        try:
            await line.run(lambda: self._up(line, ledger))
        except BindRefused as refused:
            return self._refused(refused.status)
        except LineBroken as broken:
            self._stand(BindState.DOWN, str(broken))
        except Exception as error:  # whatever happens in a session, the next one begins
            self._stand(BindState.DOWN, type(error).__name__)
        finally:
            ledger.ended = self._now().timestamp()
            self.line = None
        if loop.time() - began > _HELD:
            self._pause = 0.0
        return self._grow(_FIRST_PAUSE, _LONGEST_PAUSE)

    def _up(self, line: Line, ledger: Ledger) -> None:
        self.line = line
        self.ledgers = [known for known in self.ledgers if known.ended is None] + [ledger]
        self._stand(BindState.BOUND)

    def _refused(self, status: int) -> float:
        meaning = codes.meaning_of(status)
        if status in _OURS:
            first = self.standing.state is not BindState.MISCONFIGURED
            self._stand(BindState.MISCONFIGURED, meaning.why)
            if first:
                self._alarm(self.standing)
        else:
            self._stand(BindState.DOWN, meaning.why)
        return self._grow(_REFUSED_PAUSE, _LONGEST_REFUSED_PAUSE)

    def _grow(self, first: float, longest: float) -> float:
        """The next pause: double the last, within bounds, ± a quarter so that many do not come back at
        once."""
        self._pause = min(longest, max(first, self._pause * 2))
        return self._pause * (0.75 + self._chance() / 2)

    def _stand(self, state: BindState, why: str = "") -> None:
        if (state, why) != (self.standing.state, self.standing.why):
            log.info("bind %s is %s%s", self.bind.name, state.value, f": {why}" if why else "")
            self.standing = replace(self.standing, state=state, since=self._now(), why=why)
        self.changed.set()
        self.changed.clear()

    async def bound(self) -> None:
        """Wait until the bind is up."""
        while self.line is None:
            await self.changed.wait()

    async def leave(self) -> None:
        """Unbind what is bound."""
        if self.line is not None:
            with contextlib.suppress(OSError):
                await self.line.leave()

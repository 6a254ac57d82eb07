"""The exchange: lines, telephones, calls and the REST interface brought together."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from aiohttp import web

from sandbox.voice.acts import Bridge, Listening, Wait
from sandbox.voice.asking import Ask
from sandbox.voice.call import Call
from sandbox.voice.faults import Fault
from sandbox.voice.hooks import WHOLE, Hooks
from sandbox.voice.lines import Answering, Line, subscriber
from sandbox.voice.performance import Performance
from sandbox.voice.recordings import Recording
from sandbox.voice.reports import API, fields, progress, resource
from sandbox.voice.rest import Rest, Trouble
from sandbox.voice.wire import Wire

MOST_CALLS = 2_000
"""Remembered, those in progress beside them."""


class Exchange:
    """A telephone exchange on loopback: `async with Exchange(...) as exchange: exchange.base_url`.

    `line(...)` sets up the product's number; `dial` is a citizen who calls it, `rings` one who is called.
    `type_ahead`: keys that nobody waits for are carried into the next question, or lost. `telephones` answer
    by a script where nobody holds them; a number without a script rings.
    """

    def __init__(
        self,
        account: str = "AC" + "0" * 32,
        token: str = "sandbox",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        type_ahead: bool = True,
        hook_limit: float = WHOLE,
        patience: float = 20.0,
        ids: Callable[[], str] = lambda: secrets.token_hex(16),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account, self.host, self.port = account, host, port
        self.type_ahead = type_ahead
        self.wire = Wire()
        self.hooks = Hooks(token, self.wire, limit=hook_limit)
        self.lines: dict[str, Line] = {}
        self.telephones: dict[str, Answering] = {}
        self.calls: dict[str, Call] = {}
        self.recordings: dict[str, Recording] = {}
        self.recordings_late = 0
        """How many times a new recording is answered 404 before it is there."""
        self._ids, self._now, self._patience = ids, now, patience
        self._rest = Rest(self)
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._performances: dict[str, Performance] = {}
        self._rang = asyncio.Event()
        self._taken: set[str] = set()

    # -- life

    async def __aenter__(self) -> Exchange:
        await self.hooks.open()
        self._runner = web.AppRunner(self._rest.application(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.hooks.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """Where the REST interface is."""
        return f"http://{self.host}:{self.port}"

    def line(self, number: str, voice_url: str, *, status_url: str = "", fallback_url: str = "") -> Line:
        """Set up one of the product's numbers, as its owner does at the provider."""
        line = self.lines[number] = Line(number, voice_url, status_url, fallback_url)
        return line

    def reach(self, public: str, near: str) -> None:
        """Addresses that begin with `public` are reached at `near`; `public` stays what is signed."""
        self.hooks.near[public.rstrip("/")] = near.rstrip("/")

    def trouble(self, **how: Any) -> None:
        """The next requests to the REST interface go wrong (see `rest.Trouble`)."""
        self._rest.troubles.append(Trouble(**how))

    # -- people

    async def dial(self, caller: str, called: str = "") -> Call:
        """A citizen dials one of the product's numbers, or the first. LookupError where nobody has it."""
        line = self._line_of(called)
        call = self._new(caller, line.number, "inbound")
        await call.become("ringing")
        performance = Performance(self, call, line)
        self._start(call, performance, self._inbound(call, performance, line))
        return call

    async def rings(self, number: str, timeout: float = 5.0) -> Call:
        """The next call that rings at a telephone and that nobody was given yet. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while True:
                for call in self.calls.values():
                    if call.sid not in self._taken and self._rings_at(call, number):
                        self._taken.add(call.sid)
                        return call
                self._rang.clear()
                await self._rang.wait()

    def _rings_at(self, call: Call, number: str) -> bool:
        ringing = call.waits is not None and call.waits.wait is Wait.RINGING
        return ringing and not call.inbound and subscriber(call.called) == subscriber(number)

    def _line_of(self, number: str) -> Line:
        if not number and self.lines:
            return next(iter(self.lines.values()))
        for line in self.lines.values():
            if subscriber(line.number) == subscriber(number):
                return line
        raise LookupError(f"nobody has the number {number}")

    # -- calls

    def _new(self, caller: str, called: str, direction: str) -> Call:
        call = Call(
            "CA" + self._ids(),
            caller,
            called,
            direction,
            patience=self._patience,
            tell=self.note,
        )
        self.calls[call.sid] = call
        return call

    def note(self, what: str, **more: Any) -> None:
        self.wire.note("line", what=what, **more)
        self._rang.set()

    def _start(self, call: Call, performance: Performance, running: Any) -> None:
        self._performances[call.sid] = performance
        task: asyncio.Task[None] = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _inbound(self, call: Call, performance: Performance, line: Line) -> None:
        await performance.run(Ask(line.voice_url))
        await self._over(call, line.status_url, ("completed",))

    def place(self, fields: dict[str, str], events: tuple[str, ...]) -> Call:
        """Ring somebody for the product; the fields are those of the REST interface, already checked."""
        call = self._new(fields["From"], fields["To"], "outbound-api")
        line = Line(
            fields["From"],
            fields.get("Url", ""),
            fields.get("StatusCallback", ""),
            fields.get("FallbackUrl", ""),
        )
        first = Ask(line.voice_url, fields.get("Method", "POST"), text=fields.get("Twiml", "").encode())
        performance = Performance(self, call, line)
        ring = int(fields.get("Timeout", "60"))
        self._start(call, performance, self._outbound(call, performance, first, line, events, ring))
        return call

    async def _outbound(
        self,
        call: Call,
        performance: Performance,
        first: Ask,
        line: Line,
        events: tuple[str, ...],
        ring: int,
    ) -> None:
        await self._report(call, line.status_url, "initiated", events)
        await call.become("ringing")
        await self._report(call, line.status_url, "ringing", events)
        outcome = await self._rung(call, ring)
        if outcome == "in-progress":
            await call.become("in-progress")
            await self._report(call, line.status_url, "answered", events)
            await performance.run(first)
        else:
            await call.become(outcome)
        await self._over(call, line.status_url, events)

    async def _rung(self, call: Call, seconds: int) -> str:
        """How the ringing ended: by the telephone's script, by its owner, or by the time."""
        how = self.telephone(call.called)
        if how.how != "rings":
            return {"answers": "in-progress"}.get(how.how, how.how)
        listening = Listening(Wait.RINGING, float(seconds))
        try:
            act = await asyncio.wait_for(call.take(listening), seconds)
        except TimeoutError:
            return "no-answer"
        if act is None:
            return "canceled"
        if isinstance(act, Bridge):
            return "in-progress" if act.there else "busy"
        return "no-answer"

    async def _over(self, call: Call, status_url: str, events: tuple[str, ...]) -> None:
        if not call.ended:
            await call.become("completed", seconds=round(call.seconds))
        else:
            self.note("ended", call=call.sid, status=call.status)
        await self._report(call, status_url, "completed", events)
        self._performances.pop(call.sid, None)
        self._forget()
        call.finished.set()

    def _forget(self) -> None:
        """Old calls go, the oldest first."""
        over = [sid for sid, call in self.calls.items() if call.finished.is_set()]
        for sid in over[: max(0, len(self.calls) - MOST_CALLS)]:
            del self.calls[sid]
            self._taken.discard(sid)

    async def _report(self, call: Call, url: str, event: str, events: tuple[str, ...]) -> None:
        """A status callback, if it was asked for."""
        if not url or event not in events:
            return
        sequence = events.index(event)
        told = progress(self.account, call, event, sequence, self._now(), self.telephone(call.called).sip)
        try:
            await self.hooks.call(url, "POST", told)
        except Fault as fault:
            call.errors.append(int(fault.code))

    async def change(self, call: Call, fields: dict[str, str]) -> None:
        """End a call, or send it elsewhere, for the REST interface."""
        if fields.get("Status") in ("completed", "canceled"):
            await call.hang_up()
        elif call.sid in self._performances:
            text = fields.get("Twiml", "").encode()
            ask = Ask(fields.get("Url", ""), fields.get("Method", "POST"), text=text)
            self._performances[call.sid].redirect(ask)

    # -- what performances and the REST interface ask

    def fields(self, call: Call) -> dict[str, str]:
        return fields(self.account, call)

    def as_json(self, call: Call) -> dict[str, Any]:
        return resource(self.account, call)

    def telephone(self, number: str) -> Answering:
        wanted = subscriber(number)
        found = [how for of, how in self.telephones.items() if subscriber(of) == wanted]
        return found[0] if found else Answering()

    def may_show(self, call: Call, number: str) -> bool:
        """A number of ours, or that of the person who calls."""
        ours = {subscriber(of) for of in (*self.lines, call.caller)}
        return subscriber(number) in ours

    def keep(self, call: Call, audio: bytes, seconds: int) -> Recording:
        recording = Recording("RE" + self._ids(), call.sid, audio, seconds, self.recordings_late)
        self.recordings[recording.sid] = recording
        return recording

    def recording_url(self, recording: Recording) -> str:
        return f"{self.base_url}/{API}/Accounts/{self.account}/Recordings/{recording.sid}"

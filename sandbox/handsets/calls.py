"""The desk telephone: dial, press, speak, hang up; and calls that ring."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sandbox.handsets.tape import Tape, of_voice
from sandbox.voice import Call, CallEnded, Exchange
from sandbox.voice.acts import Wait
from sandbox.voice.lines import subscriber
from sandbox.voice.wire import Event

Act = Callable[[Call, Mapping[str, Any]], Awaitable[None]]

ABANDONED = 60.0  # seconds that a call goes on with nobody looking at any page


class Calls:
    """A person's calls at the exchange."""

    def __init__(self, exchange: Exchange, tape: Tape) -> None:
        self._exchange, self._tape = exchange, tape
        self._acts: dict[str, Act] = {
            "press": self._press,
            "say": self._say,
            "silence": lambda call, given: call.silence(),
            "record": self._record,
            "hang-up": lambda call, given: call.hang_up(),
            "answer": lambda call, given: call.answer(),
            "decline": lambda call, given: call.decline(),
            "officer-comes": lambda call, given: call.officer_comes(),
            "officer-leaves": lambda call, given: call.officer_leaves(),
        }

    async def dial(self, phone: str, number: str) -> dict[str, Any]:
        """Dial. Raises LookupError where nobody has the number."""
        call = await self._exchange.dial(phone, number)
        return {"call": call.sid}

    async def act(self, sid: str, act: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Do something on the line; whether it was still there. Raises LookupError for what does not exist."""
        call = self._exchange.calls.get(sid)
        if call is None or act not in self._acts:
            raise LookupError(f"no {act} on {sid}")
        try:
            await self._acts[act](call, given)
        except (CallEnded, TimeoutError):
            return {"ok": False, "status": call.status}
        return {"ok": True, "status": call.status}

    async def _press(self, call: Call, given: Mapping[str, Any]) -> None:
        await call.press(str(given.get("keys", "")))

    async def _say(self, call: Call, given: Mapping[str, Any]) -> None:
        await call.say(str(given.get("text", "")), float(given.get("confidence", 0.9)))

    async def _record(self, call: Call, given: Mapping[str, Any]) -> None:
        await call.record(seconds=min(int(given.get("seconds", 3)), 120), end=str(given.get("end", "#")))

    def now(self, phone: str) -> dict[str, Any] | None:
        """The call that a telephone is in, or that rings at it, with what was said so far."""
        for call in reversed(self._exchange.calls.values()):
            if not call.ended and subscriber(phone) == subscriber(self.telephone(call)):
                return self._drawn(call)
        return None

    @staticmethod
    def telephone(call: Call) -> str:
        """The citizen's end."""
        return call.caller if call.inbound else call.called

    @staticmethod
    def _other(call: Call) -> str:
        """The product's end."""
        return call.called if call.inbound else call.caller

    def _drawn(self, call: Call) -> dict[str, Any]:
        return {
            "call": call.sid,
            "phone": self.telephone(call),
            "other": self._other(call),
            "status": call.status,
            "rings": call.waits is not None and call.waits.wait is Wait.RINGING,
            "waits": call.waits.as_json() if call.waits is not None else None,
            "heard": [spoken.as_json() for spoken in call.heard],
        }

    async def follow(self) -> None:
        """Put what happens at the exchange on the tape, until cancelled."""
        with self._exchange.wire.listen() as events:
            while True:
                self._note(await events.get())

    def _note(self, event: Event) -> None:
        if event["kind"] in ("webhook", "rest"):
            self._tape.write(of_voice(event))
            return
        call = self._exchange.calls.get(event.get("call", ""))
        if call is not None:
            ends = {"phone": self.telephone(call), "other": self._other(call)}
            news = {name: value for name, value in event.items() if name != "kind"}
            self._tape.tell("line", inbound=call.inbound, **news, **ends)

    async def tidy(self) -> None:
        """Hang up what goes on while nobody looks, until cancelled."""
        alone = 0.0
        while True:
            await asyncio.sleep(ABANDONED / 12)
            alone = 0.0 if self._tape.watched else alone + ABANDONED / 12
            if alone >= ABANDONED:
                for call in [
                    call for call in self._exchange.calls.values() if not call.ended and call.inbound
                ]:
                    await call.hang_up()

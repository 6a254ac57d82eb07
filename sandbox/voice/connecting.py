"""The verbs in which somebody or something else is at the other end: Record, Dial and Enqueue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.voice.acts import Bridge, Key, Listening, Silence, VoiceNote, Wait
from sandbox.voice.asking import Ask, HungUp
from sandbox.voice.faults import Code, Fault
from sandbox.voice.lines import Answering
from sandbox.voice.reading import read
from sandbox.voice.speech import Spoken
from sandbox.voice.verbs import Dial, Enqueue, Leave, Pause, Play, Record, Say

if TYPE_CHECKING:
    from sandbox.voice.performance import Performance

BEEP = Spoken(media="beep", length=0.5)
_STATUS = {"answers": "completed", "busy": "busy", "no-answer": "no-answer", "failed": "failed"}


class Connecting:
    """Performs them for one call."""

    def __init__(self, performance: Performance) -> None:
        self._on = performance
        self._call = performance.call

    async def voice_note(self, verb: Record) -> VoiceNote | None:
        """What was said after the tone; None: nothing, so the next verb runs. Raises `HungUp`."""
        if verb.beep:
            self._call.hear(BEEP)
        listening = Listening(Wait.RECORDING, verb.timeout, None, verb.finish)
        while True:
            act = await self._on.wait(listening)
            if isinstance(act, VoiceNote):
                self._call.seconds += act.seconds
                return act
            if isinstance(act, Silence) or (isinstance(act, Key) and act.key in verb.finish):
                self._call.seconds += verb.timeout if isinstance(act, Silence) else 0
                return None

    async def dial(self, verb: Dial) -> Ask | None:
        """Ring the first number and bridge. Raises `HungUp`, or `Fault` where the number shown is not ours."""
        house, call = self._on.house, self._call
        if verb.caller_id and not house.may_show(call, verb.caller_id):
            raise Fault(Code.CALLER_ID, f"callerId {verb.caller_id}")
        number = verb.numbers[0]
        how = house.telephone(number)
        house.note("dialling", call=call.sid, number=number)
        seconds, how = await self._ring(verb, number, how)
        if verb.action is None:
            return None
        result = {"DialCallStatus": _STATUS[how.how], "DialCallSid": f"{call.sid[:-2]}d1"}
        if how.how == "answers":
            bridged = "true" if how.bridged else "false"
            result |= {"DialCallDuration": str(seconds), "DialBridged": bridged}
        return Ask(self._on.absolute(verb.action), verb.method, result)

    async def _ring(self, verb: Dial, number: str, how: Answering) -> tuple[int, Answering]:
        """How long they talked, and how it went."""
        call, note = self._call, self._on.house.note
        if how.how == "rings":
            act = await self._on.wait(Listening(Wait.OFFICER, verb.timeout))
            while isinstance(act, Key):
                act = await self._on.wait(Listening(Wait.OFFICER, verb.timeout))
            taken = isinstance(act, Bridge) and act.there
            how = Answering("answers" if taken else "no-answer", seconds=0)
        if how.how != "answers":
            call.seconds += verb.timeout if how.how == "no-answer" else 2
            note("unanswered", call=call.sid, number=number, how=how.how)
            return 0, how
        note("bridged", call=call.sid, number=number)
        seconds = how.seconds or await self._talk()
        call.seconds += seconds
        note("unbridged", call=call.sid, number=number)
        return seconds, how

    async def _talk(self) -> int:
        """Until the officer puts the receiver down; a minute, as far as virtual time goes."""
        while True:
            act = await self._on.wait(Listening(Wait.OFFICER))
            if isinstance(act, Bridge) and not act.there:
                return 60

    async def enqueue(self, verb: Enqueue) -> Ask | None:
        """Wait for somebody, with the wait document's sound. Raises `HungUp`."""
        result = {"QueueSid": f"QU{'0' * 32}", "QueueTime": "0"}
        ask = Ask(self._on.absolute(verb.action), verb.method, result) if verb.action is not None else None
        try:
            outcome = await self._queued(verb)
        except HungUp:
            if ask is not None:
                await self._call.become("completed")
                await self._on.tell(Ask(ask.url, ask.method, {**result, "QueueResult": "hangup"}))
            raise
        return Ask(ask.url, ask.method, {**result, "QueueResult": outcome}) if ask is not None else None

    async def _queued(self, verb: Enqueue) -> str:
        house, call = self._on.house, self._call
        if verb.wait_url:
            place = {"QueuePosition": "1", "QueueTime": "0", "AvgQueueTime": "0", "CurrentQueueSize": "1"}
            form = {**house.fields(call), **place}
            url = self._on.absolute(verb.wait_url)
            for prompt in read(await house.hooks.document(url, verb.wait_method, form)):
                if isinstance(prompt, Leave):
                    return "leave"
                if isinstance(prompt, Say | Play | Pause):
                    self._on.prompt(prompt)
        house.note("queued", call=call.sid, queue=verb.name)
        act = await self._on.wait(Listening(Wait.QUEUE))
        while not (isinstance(act, Bridge) and act.there):
            act = await self._on.wait(Listening(Wait.QUEUE))
        house.note("bridged", call=call.sid, number=verb.name)
        call.seconds += await self._talk()
        house.note("unbridged", call=call.sid, number=verb.name)
        return "bridged"

"""Plays TwiML to a call: fetches a document, performs its verbs, asks for the next one."""

from __future__ import annotations

import asyncio
from typing import Protocol
from urllib.parse import urljoin

from sandbox.voice.acts import Act, Listening
from sandbox.voice.asking import Ask, HungUp
from sandbox.voice.call import Call
from sandbox.voice.connecting import Connecting
from sandbox.voice.entry import collect, listening_to
from sandbox.voice.faults import Code, Fault
from sandbox.voice.hooks import Hooks
from sandbox.voice.lines import Answering, Line
from sandbox.voice.reading import read
from sandbox.voice.recordings import Recording
from sandbox.voice.speech import Spoken
from sandbox.voice.verbs import (
    Dial,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

MOST_DOCUMENTS = 1_000
"""Of one call; a real exchange ends a call after four hours."""
APOLOGY = Spoken(("We are sorry, an application error has occurred. Goodbye.",), "en-US")


class House(Protocol):
    """What a performance asks of the exchange."""

    hooks: Hooks
    type_ahead: bool

    def fields(self, call: Call) -> dict[str, str]: ...

    def keep(self, call: Call, audio: bytes, seconds: int) -> Recording: ...

    def recording_url(self, recording: Recording) -> str: ...

    def telephone(self, number: str) -> Answering: ...

    def may_show(self, call: Call, number: str) -> bool: ...

    def note(self, what: str, **more: object) -> None: ...


class Performance:
    """One call, from its first document to its end."""

    def __init__(self, house: House, call: Call, line: Line) -> None:
        self.house, self.call = house, call
        self._line = line
        self._here = ""  # the address of the document that is being played
        self._fell_back = False
        self._redirected: Ask | None = None
        self._connecting = Connecting(self)

    async def run(self, first: Ask) -> None:
        """Play until the end. Never raises for what the product does."""
        ask = first
        for _ in range(MOST_DOCUMENTS):
            try:
                following = await self.document(ask)
            except HungUp:
                return
            except Fault as fault:
                following = self._failed(fault)
            if following is None:
                return
            ask = following
        self._failed(Fault(Code.TOO_MANY, f"more than {MOST_DOCUMENTS} documents"))

    def redirect(self, ask: Ask) -> None:
        """Somebody at the REST interface wants the call to go on elsewhere, after what is waited for."""
        self._redirected = ask

    async def document(self, ask: Ask) -> Ask | None:
        """Fetch and play one document: the next one, or None at its end. Raises `HungUp`, `Fault`."""
        self._here = ask.url or self._here
        verbs = read(ask.text or await self._fetch(ask))
        for verb in verbs:
            if not isinstance(verb, Reject) and self.call.status == "ringing":
                await self.call.become("in-progress")
            following = await self._perform(verb)
            if self._redirected is not None:
                following, self._redirected = self._redirected, None
            if following is not None:
                return following
        return None

    async def _fetch(self, ask: Ask) -> bytes:
        """The document, unless the receiver is put down meanwhile: then nobody waits for the answer."""
        form = {**self.house.fields(self.call), **ask.fields}
        request = asyncio.ensure_future(self.house.hooks.document(ask.url, ask.method, form))
        gone = asyncio.ensure_future(self.call.hung_up.wait())
        await asyncio.wait((request, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not self.call.hung_up.is_set():
            return request.result()
        request.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise HungUp

    async def _perform(self, verb: Verb) -> Ask | None:
        match verb:
            case Say() | Play() | Pause():
                self.prompt(verb)
            case Gather():
                return await self._gather(verb)
            case Record():
                return await self._record(verb)
            case Redirect():
                return Ask(self.absolute(verb.url), verb.method)
            case Dial():
                return await self._connecting.dial(verb)
            case Enqueue():
                return await self._connecting.enqueue(verb)
            case Reject():
                await self.call.become("busy" if verb.reason == "busy" else "failed")
                raise HungUp
            case Hangup() | Leave():
                raise HungUp
        return None

    def prompt(self, verb: Say | Play | Pause) -> None:
        """Speak. The time passes at once."""
        if self.call.hung_up.is_set():
            raise HungUp
        match verb:
            case Pause():
                self.call.hear(Spoken((float(verb.seconds),)))
            case Play():
                for _ in range(verb.times):
                    self.call.hear(Spoken(media=self.absolute(verb.url)))
            case Say():
                for _ in range(verb.times):
                    self.call.hear(verb.spoken)

    async def wait(self, listening: Listening) -> Act:
        """What the person does. Raises `HungUp`."""
        act = await self.call.take(listening)
        if act is None:
            raise HungUp
        return act

    def absolute(self, url: str | None) -> str:
        """An address of a document, against the document's own; none is the document itself."""
        return urljoin(self._here, url or "")

    async def _gather(self, verb: Gather) -> Ask | None:
        if not self.house.type_ahead:
            self.call.forget_keys()
        if not (self.call.next_is_key() and verb.barge_in and verb.dtmf):
            for prompt in verb.prompts:
                self.prompt(prompt)
        entry = await collect(verb, lambda typed: self.wait(listening_to(verb, typed)))
        self.call.seconds += entry.seconds
        fields = entry.fields(verb)
        return Ask(self.absolute(verb.action), verb.method, fields) if fields is not None else None

    async def _record(self, verb: Record) -> Ask | None:
        note = await self._connecting.voice_note(verb)
        if note is None:
            return None
        recording = self.house.keep(self.call, note.audio, min(note.seconds, int(verb.longest)))
        url = self.house.recording_url(recording)
        about = {"RecordingUrl": url, "RecordingSid": recording.sid}
        about["RecordingDuration"] = str(recording.seconds)
        if note.end == "hangup":
            await self.call.become("completed")
        ask = Ask(
            self.absolute(verb.action), verb.method, {**about, "Digits": note.end} if note.end else about
        )
        if note.end != "hangup":
            return ask
        await self.tell(ask)
        raise HungUp

    async def tell(self, ask: Ask) -> None:
        """Ask for a document that nobody will hear."""
        try:
            await self.house.hooks.call(ask.url, ask.method, {**self.house.fields(self.call), **ask.fields})
        except Fault as fault:
            self.call.errors.append(int(fault.code))

    def _failed(self, fault: Fault) -> Ask | None:
        """The fallback address once, else an apology in English and the end, as the real ones do it."""
        self.call.errors.append(int(fault.code))
        self.house.note("error", call=self.call.sid, code=int(fault.code), why=fault.why, url=fault.url)
        if self._line.fallback_url and not self._fell_back and fault.code is not Code.TOO_MANY:
            self._fell_back = True
            told = {"ErrorCode": str(int(fault.code)), "ErrorUrl": fault.url or self._here}
            return Ask(self._line.fallback_url, "POST", told)
        self.call.hear(APOLOGY)
        return None

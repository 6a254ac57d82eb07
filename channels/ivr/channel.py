"""The hotline: an exchange's webhooks to turns, and turns to TwiML."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web

from channels.ivr.hearing import Call, Heard, answer_of, call_of, officer_of, voice_note_of
from channels.ivr.notices import Notices
from channels.ivr.question import Question
from channels.ivr.settings import TwimlSettings
from channels.ivr.turns import Turns
from channels.ivr.twiml import Document
from channels.webhooks import Form, guarded
from channels.webhooks.account import TwilioAccount
from core.channel import NotNow, Reception, Route, Traits, Unreachable
from core.messages import Attachment, InboundMessage, Moment, OutboundMessage

MAX_BODY = 32 * 1024  # bytes of a request; a call's have a few KB
LONGEST_TEXT = 4000  # characters: five minutes of speech

Spoken = Callable[[web.Request, Form, Call], Awaitable[str]]


def _now() -> datetime:
    return datetime.now(UTC)


def _token() -> str:
    return secrets.token_urlsafe(24)


class TwimlChannel:
    """A telephone hotline over TwiML webhooks.

    `<path>` receives the calls, `<path>/status` their end, `<path>/fallback` what the exchange could not do
    with our answer; these three are set at the provider. The others stand in our own answers.
    """

    def __init__(
        self,
        name: str,
        settings: TwimlSettings,
        *,
        now: Callable[[], datetime] = _now,
        token: Callable[[], str] = _token,
    ) -> None:
        self.name = name
        self.traits = Traits(
            medium="ivr", kinds=("tel",), max_text=LONGEST_TEXT, live=True, receipts=True, notices=True
        )
        self._settings = settings
        self._path = settings.path or f"/hooks/voice/{name}"
        self._document = Document(settings, self._path)
        self._account = TwilioAccount(settings)
        self._now = now
        self._token = token
        self._reception: Reception | None = None
        self._turns: Turns | None = None
        self._notices: Notices | None = None

    def routes(self) -> Sequence[Route]:
        """The webhooks."""
        spoken: dict[str, Spoken] = {
            "": self._incoming,
            "/turn": self._turn,
            "/wait": self._wait,
            "/recorded": self._recorded,
            "/dialled": self._dialled,
            "/fallback": self._fallback,
            "/notice": self._notice,
            "/notice/key": self._notice_key,
        }
        handlers = {place: self._speaking(handler) for place, handler in spoken.items()}
        handlers |= {"/status": self._status, "/notice/ended": self._notice_ended}
        return [
            Route("POST", self._path + place, guarded(handler), MAX_BODY)
            for place, handler in handlers.items()
        ]

    @asynccontextmanager
    async def open(self, reception: Reception) -> AsyncIterator[None]:
        """Answer calls and be able to place them, until left."""
        turns = Turns(reception, self._settings.patience)
        async with self._account.opened(), turns.opened():
            self._reception, self._turns = reception, turns
            self._notices = Notices(
                self.name,
                self._settings,
                self._document,
                self._account,
                reception,
                token=self._token,
                now=self._now,
            )
            try:
                yield
            finally:
                self._reception = self._turns = self._notices = None

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Place a call for a notice and return its SID.

        The text is introduction, form feed, content: the content is spoken only after key 1, and only then is
        the notice delivered. Raises `Refused` where one of the two is missing.
        """
        if self._notices is None:
            raise Unreachable("the channel is not open")
        return [await self._notices.send(message)]

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Bring a voice note from the provider."""
        return self._account.download(attachment.pointer)

    def _speaking(self, handler: Spoken) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A webhook that is answered with a document."""

        async def answer(request: web.Request) -> web.StreamResponse:
            form = await self._account.signed(request, limit=MAX_BODY)
            text = await handler(request, form, call_of(form, country=self._settings.country))
            return web.Response(body=text.encode("utf-8"), content_type="text/xml", charset="utf-8")

        return answer

    async def _incoming(self, request: web.Request, form: Form, call: Call) -> str:
        return await self._say(self._inbound(call, 0, Heard(), Moment.HELLO), Question(0))

    async def _turn(self, request: web.Request, form: Form, call: Call) -> str:
        question = _question(request)
        heard = answer_of(form, question)
        if heard.nothing:  # ask the same again: the answer to the step before is still there
            moment = Moment.HELLO if question.step <= 1 else Moment.WORDS
            again = dataclasses.replace(question, step=max(question.step - 1, 0))
            return await self._say(self._inbound(call, again.step, Heard(), moment), again)
        return await self._heard(call, question, heard)

    async def _recorded(self, request: web.Request, form: Form, call: Call) -> str:
        return await self._heard(call, _question(request), voice_note_of(form))

    async def _dialled(self, request: web.Request, form: Form, call: Call) -> str:
        return await self._heard(call, _question(request), officer_of(form))

    async def _wait(self, request: web.Request, form: Form, call: Call) -> str:
        question = _question(request)
        moment = Moment.WORDS if question.step else Moment.HELLO
        return await self._say(self._inbound(call, question.step, Heard(), moment), question)

    async def _fallback(self, request: web.Request, form: Form, call: Call) -> str:
        return self._document.farewell("not_now")

    async def _notice(self, request: web.Request, form: Form, call: Call) -> str:
        return await self._placed().answered(request.query.get("token", ""))

    async def _notice_key(self, request: web.Request, form: Form, call: Call) -> str:
        token, times = request.query.get("token", ""), request.query.get("times", "")
        count = int(times) if times.isascii() and times.isdigit() and len(times) < 4 else 0
        return await self._placed().pressed(token, form, call.sid, count)

    async def _notice_ended(self, request: web.Request) -> web.StreamResponse:
        form = await self._account.signed(request, limit=MAX_BODY)
        call = call_of(form, country=self._settings.country)
        await self._placed().ended(request.query.get("token", ""), form, call.sid)
        return web.Response(status=204)

    async def _status(self, request: web.Request) -> web.StreamResponse:
        """A call ended: said once, whatever the number and order of the reports."""
        form = await self._account.signed(request, limit=MAX_BODY)
        call = call_of(form, country=self._settings.country)
        if call.over and not form.text("Direction").startswith("outbound"):
            if self._reception is None or self._turns is None:
                raise NotNow
            self._turns.forget(call.sid)
            message = self._inbound(call, 0, Heard(), Moment.BYE)
            await self._reception.converse(dataclasses.replace(message, external_id=f"{call.sid}:bye"))
        return web.Response(status=204)

    async def _heard(self, call: Call, question: Question, heard: Heard) -> str:
        return await self._say(self._inbound(call, question.step, heard, Moment.WORDS), question)

    async def _say(self, message: InboundMessage, question: Question) -> str:
        """Run the turn of a step and speak its answer; keep the line while it takes long."""
        if self._turns is None:
            return self._document.farewell("not_now", question.language)
        if question.step > self._settings.max_turns:
            return self._document.farewell("too_long", question.language)
        answer = await self._turns.run(message)
        if answer is not None:
            return self._document.turn(answer, question.step + 1)
        if question.tries >= self._settings.fillers:
            self._turns.forget(message.session)
            return self._document.farewell("not_now", question.language)
        return self._document.filler(dataclasses.replace(question, tries=question.tries + 1))

    def _inbound(self, call: Call, step: int, heard: Heard, moment: Moment) -> InboundMessage:
        return InboundMessage(
            channel=self.name,
            sender=call.caller,
            external_id=f"{call.sid}:{step}",
            received_at=self._now(),
            moment=moment,
            text=heard.text,
            payload=heard.payload,
            attachments=heard.attachments,
            session=call.sid,
            addressed_to=call.called,
            spoken=heard.spoken,
            confidence=heard.confidence,
            raw=call.raw,
        )

    def _placed(self) -> Notices:
        if self._notices is None:
            raise NotNow
        return self._notices


def _question(request: web.Request) -> Question:
    return Question.parse(request.query, request.query.getall("k", []))

"""Short messages over HTTP: signed webhooks in, Twilio's REST interface out, status callbacks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from pydantic import Field
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]

from channels.sms import segments
from channels.webhooks import BadInput, Form, e164, guarded
from channels.webhooks.account import TwilioAccount, TwilioSettings
from channels.webhooks.errors import Reasons
from core.channel import Marks, Misconfigured, NotNow, OptedOut, Reception, Refused, Route, Throttled, Traits
from core.messages import Address, InboundMessage, OutboundMessage, Receipt, ReceiptState

MAX_BODY = 32 * 1024  # bytes of a request
LONGEST_TEXT = 1600  # characters that the provider takes as one message
LONGEST_VALIDITY = 14_400  # seconds

# https://www.twilio.com/docs/api/errors: of sending a message
REASONS: Reasons = {
    14107: (Throttled, "too many messages to this number"),
    21408: (Misconfigured, "messages to this country are not enabled"),
    21602: (Refused, "the message is empty"),
    21603: (Misconfigured, "our number is missing"),
    21604: (Refused, "the number is missing"),
    21605: (Refused, "the message is too long"),
    21606: (Misconfigured, "our number cannot send messages"),
    21610: (OptedOut, "the person stopped messages from us"),
    21611: (Throttled, "our number's queue is full"),
    21612: (Refused, "there is no route to this number"),
    21614: (Refused, "not a mobile number"),
    21617: (Refused, "the message is too long"),
    21659: (Misconfigured, "our number is not one of the account"),
    21660: (Misconfigured, "our number is not one of the account"),
    21703: (Misconfigured, "the messaging service has no number"),
    30001: (Throttled, "the provider's queue is full"),
    63038: (Misconfigured, "the account's messages of today are used up"),
}

# What the provider says became of a message, in our words. A route without receipts ends with "sent".
STATES: Mapping[str, ReceiptState] = {
    "accepted": ReceiptState.ACCEPTED,
    "scheduled": ReceiptState.ACCEPTED,
    "queued": ReceiptState.ACCEPTED,
    "sending": ReceiptState.ACCEPTED,
    "sent": ReceiptState.ACCEPTED,
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.READ,
    "undelivered": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
}

# Why a message that was taken did not arrive.
FAILURES: Mapping[str, str] = {
    "30002": "the account is suspended",
    "30003": "the telephone is off or out of reach",
    "30004": "the carrier or the person blocks it",
    "30005": "no such number",
    "30006": "a landline, or a carrier that cannot be reached",
    "30007": "filtered by a carrier",
    "30008": "the carrier gave no reason",
    "30036": "it did not arrive in time",
}

LOGGED = (
    "MessageSid",
    "MessagingServiceSid",
    "NumSegments",
    "NumMedia",
    "MessageStatus",
    "ErrorCode",
    "RawDlrDoneDate",
)


class TwilioSmsSettings(TwilioSettings):
    """Short messages at Twilio or a compatible service."""

    path: str = Field(default="", pattern=r"^(/[A-Za-z0-9._~-]+)*$")
    """Where the webhooks are mounted; "" is /hooks/sms/<name of the channel>."""

    service_sid: str = ""
    """A messaging service that chooses the number to send from; "" sends from `number`."""

    marks: Marks = Marks.SAVE
    """What the route does with Vietnamese marks: keep, save or strip."""

    receipts: bool = True
    """Whether the route reports that messages arrived."""


def _now() -> datetime:
    return datetime.now(UTC)


class TwilioSmsChannel:
    """SMS over HTTP. `<path>` receives messages (set it at the provider), `<path>/status` what became of
    ours."""

    def __init__(self, name: str, settings: TwilioSmsSettings, *, now: Callable[[], datetime] = _now) -> None:
        self.name = name
        self.traits = Traits(
            medium="sms",
            kinds=("tel",),
            max_text=LONGEST_TEXT,
            marks=settings.marks,
            parts=segments.count,
            receipts=settings.receipts,
        )
        self._settings = settings
        self._path = settings.path or f"/hooks/sms/{name}"
        self._account = TwilioAccount(settings)
        self._now = now
        self._reception: Reception | None = None

    def routes(self) -> Sequence[Route]:
        """The webhooks."""
        return [
            Route("POST", self._path, guarded(self._incoming), MAX_BODY),
            Route("POST", f"{self._path}/status", guarded(self._status), MAX_BODY),
        ]

    @asynccontextmanager
    async def open(self, reception: Reception) -> AsyncIterator[None]:
        """Take and send messages, until left."""
        async with self._account.opened():
            self._reception = reception
            try:
                yield
            finally:
                self._reception = None

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Hand a message over and return its SID. Raises a `SendError`."""
        number = e164(message.address.identity) if message.address.kind == "tel" else ""
        if not number:
            raise Refused("not a telephone number", code="address")
        if not 0 < len(message.text) <= LONGEST_TEXT:
            raise Refused("the message is empty or too long", code="length")
        return [await self._account.create(self._call(number, message), REASONS)]

    async def _incoming(self, request: web.Request) -> web.StreamResponse:
        form = await self._account.signed(request, limit=MAX_BODY)
        await self._house().accept(self._message(form))
        return web.Response(text=str(MessagingResponse()), content_type="text/xml")

    async def _status(self, request: web.Request) -> web.StreamResponse:
        form = await self._account.signed(request, limit=MAX_BODY)
        status = form.text("MessageStatus", most=50) or form.text("SmsStatus", most=50)
        if status not in STATES and status in ("receiving", "received"):
            return web.Response(status=204)
        await self._house().report(self._receipt(form, STATES.get(status, ReceiptState.UNKNOWN)))
        return web.Response(status=204)

    def _message(self, form: Form) -> InboundMessage:
        sender = form.text("From", most=100).strip()
        if not sender:
            raise BadInput("no sender")
        return InboundMessage(
            channel=self.name,
            sender=Address("tel", e164(sender, country=self._settings.country) or sender),
            external_id=_sid(form),
            received_at=self._now(),
            text=form.text("Body", most=10_000),
            addressed_to=form.text("To", most=100),
            raw=_logged(form),
        )

    def _receipt(self, form: Form, state: ReceiptState) -> Receipt:
        code = form.text("ErrorCode", most=20)
        error = f"{code} {FAILURES.get(code, '')}".strip() if state is ReceiptState.FAILED else ""
        return Receipt(self.name, _sid(form), state, self._now(), error, _logged(form))

    def _call(self, number: str, message: OutboundMessage) -> Callable[[Client], Awaitable[Any]]:
        settings = self._settings
        options: dict[str, Any] = {"status_callback": f"{settings.public_url}{self._path}/status"}
        if message.good_until is not None:
            left = int((message.good_until - self._now()).total_seconds())
            options["validity_period"] = min(max(left, 1), LONGEST_VALIDITY)
        if settings.service_sid:
            options["messaging_service_sid"] = settings.service_sid
        else:
            options["from_"] = message.addressed_from or settings.number
        return lambda client: client.messages.create_async(to=number, body=message.text, **options)

    def _house(self) -> Reception:
        if self._reception is None:
            raise NotNow("the channel is not open")
        return self._reception


def _sid(form: Form) -> str:
    sid = form.text("MessageSid", most=64) or form.text("SmsSid", most=64)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", sid):
        raise BadInput("no MessageSid")
    return sid


def _logged(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in LOGGED if name in form}

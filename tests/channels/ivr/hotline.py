"""What the tests of the hotline share: a house that answers from a list, and an exchange that signs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from channels.ivr import TwimlChannel, TwimlSettings
from core.messages import (
    Address,
    Choice,
    Expect,
    ExpectKind,
    InboundMessage,
    OutboundMessage,
    Say,
)
from tests.channels.reception import MemoryReception

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PUBLIC = "https://motcua.test"
TOKEN = "the-account-token"
ACCOUNT = "AC00000000000000000000000000000000"
HOTLINE = "+842471000000"
CALLER = "+84912345678"
PATH = "/hooks/voice/hotline"
PHRASES = {
    "vi": {"one_moment": "Xin chờ một chút.", "not_now": "Xin gọi lại sau.", "too_long": "Xin gọi lại."},
    "en": {"one_moment": "One moment.", "not_now": "Please call later.", "too_long": "Please call again."},
}


class House(MemoryReception):
    """A house in memory with a standing clock."""

    def __init__(self, answer: Callable[[InboundMessage], Sequence[OutboundMessage]] | None = None) -> None:
        super().__init__(lambda: NOON)
        self.answer = answer or (lambda message: [say("Xin chào")])

    @property
    def untouched(self) -> bool:
        """Nothing has been said to it and nothing written."""
        return not (self.accepted or self.conversed or self.reported or self.book.pages)


def say(
    text: str,
    expect: Expect | None = None,
    *,
    ends: bool = False,
    language: str = "vi",
    **values: Any,
) -> OutboundMessage:
    """One message of a turn."""
    meant = Say("test.said", values, expect, ends)
    return OutboundMessage(
        "d1", "hotline", Address("tel", CALLER), text, meant, language=language, expect=expect, ends=ends
    )


MENU = Expect(
    ExpectKind.CHOICE,
    (Choice("status", "Tra cứu hồ sơ", "", "q1.1", "1"), Choice("find", "Tìm thủ tục", "", "q1.2", "2")),
)


def settings(**more: Any) -> TwimlSettings:
    """A hotline's settings."""
    given: dict[str, Any] = {"account_sid": ACCOUNT, "auth_tokens": (SecretStr(TOKEN),), "number": HOTLINE}
    return TwimlSettings(**{**given, "public_url": PUBLIC, "phrases": PHRASES, **more})


def fields(**more: str) -> dict[str, str]:
    """The fields of every request of a call, as documented for a call from a Vietnamese mobile number."""
    places = {
        f"{who}{what}": "" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip")
    }
    call = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": "CA1",
        "CallStatus": "in-progress",
        "Direction": "inbound",
        "From": CALLER,
        "Caller": CALLER,
        "FromCountry": "VN",
        "To": HOTLINE,
        "Called": HOTLINE,
        "StirVerstat": "TN-Validation-Passed-C",
    }
    return {**places, **call, **more}


class Exchange:
    """Calls the webhooks as the provider does."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self._client = client

    async def post(
        self, place: str, form: dict[str, str] | None = None, *, token: str = TOKEN, **headers: str
    ) -> tuple[int, str]:
        """Post a signed form to a place, an absolute address of an answer of ours among them."""
        path = place.removeprefix(PUBLIC) if place.startswith("http") else PATH + place
        form = fields() if form is None else form
        signature = RequestValidator(token).compute_signature(PUBLIC + path, form)
        kind = "application/x-www-form-urlencoded; charset=UTF-8"
        headers = {"Content-Type": kind, "X-Twilio-Signature": signature, **headers}
        async with self._client.post(path, data=urlencode(form), headers=headers) as answer:
            return answer.status, await answer.text()

    async def head_of(self, place: str, form: dict[str, str]) -> dict[str, str]:
        """The headers of the answer to a signed form."""
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + PATH + place, form)
        async with self._client.post(
            PATH + place, data=form, headers={"X-Twilio-Signature": signature}
        ) as answer:
            return dict(answer.headers)

    async def post_raw(self, place: str, body: bytes, kind: str, signature: str) -> int:
        """Post anything."""
        headers = {"Content-Type": kind, "X-Twilio-Signature": signature}
        async with self._client.post(PATH + place, data=body, headers=headers) as answer:
            return answer.status


def mounted(channel: Any) -> web.Application:
    """A server with the routes of a channel."""
    app = web.Application()
    for route in channel.routes():
        app.router.add_route(route.method, route.path, route.handler)
    return app


@asynccontextmanager
async def hotline(house: House, **more: Any) -> AsyncIterator[tuple[Exchange, TwimlChannel]]:
    """A hotline that is open, and an exchange beside it."""
    channel = TwimlChannel("hotline", settings(**more), now=lambda: NOON, token=lambda: "secret-token")
    async with channel.open(house), TestClient(TestServer(mounted(channel))) as client:
        yield Exchange(client), channel

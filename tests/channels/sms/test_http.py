"""Short messages over HTTP: requests in, requests out, and what the provider's numbers mean."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr, ValidationError
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from channels.sms.http import TwilioSmsChannel, TwilioSmsSettings
from core.channel import (
    ChannelAdapter,
    Marks,
    Misconfigured,
    OptedOut,
    Refused,
    SendError,
    Throttled,
)
from core.messages import Address, OutboundMessage, ReceiptState, Say
from tests.channels.reception import MemoryReception
from tests.channels.rest import provider

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PUBLIC, PATH, ACCOUNT, TOKEN = "https://motcua.test", "/hooks/sms/international", "AC1", "token"
OURS, CITIZEN = "+842471000000", "+84912345678"

# The fields of an incoming message and of a status callback, as the provider documents them.
MESSAGE = {
    "MessageSid": "SM1",
    "SmsSid": "SM1",
    "SmsMessageSid": "SM1",
    "AccountSid": ACCOUNT,
    "From": CITIZEN,
    "To": OURS,
    "Body": "tra cuu 1234567890",
    "NumMedia": "0",
    "NumSegments": "1",
    "SmsStatus": "received",
    "ApiVersion": "2010-04-01",
    "FromCity": "",
    "FromCountry": "VN",
}
STATUS = {
    "MessageSid": "SM9",
    "SmsSid": "SM9",
    "AccountSid": ACCOUNT,
    "From": OURS,
    "To": CITIZEN,
    "MessageStatus": "delivered",
    "SmsStatus": "delivered",
    "ApiVersion": "2010-04-01",
}


def settings(**more: Any) -> TwilioSmsSettings:
    given: dict[str, Any] = {"account_sid": ACCOUNT, "auth_tokens": (SecretStr(TOKEN),), "number": OURS}
    return TwilioSmsSettings(**{**given, "public_url": PUBLIC, **more})


class Carrier:
    """Posts as the provider does."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self._client = client

    async def post(self, place: str, form: dict[str, str], *, token: str = TOKEN) -> tuple[int, str]:
        signature = RequestValidator(token).compute_signature(PUBLIC + PATH + place, form)
        headers = {"X-Twilio-Signature": signature}
        async with self._client.post(PATH + place, data=form, headers=headers) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def opened(house: MemoryReception, **more: Any) -> AsyncIterator[tuple[Carrier, TwilioSmsChannel]]:
    channel = TwilioSmsChannel("international", settings(**more), now=lambda: NOON)
    app = web.Application()
    for route in channel.routes():
        app.router.add_route(route.method, route.path, route.handler)
    async with channel.open(house), TestClient(TestServer(app)) as client:
        yield Carrier(client), channel


def text(words: str = "Xin chào", **more: Any) -> OutboundMessage:
    given: dict[str, Any] = {"address": Address("tel", CITIZEN), "say": Say("test")}
    return OutboundMessage(**{"id": "d1", "channel": "international", "text": words, **given, **more})


INCOMING: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("a text", {}, {"text": "tra cuu 1234567890", "sender": Address("tel", CITIZEN), "external_id": "SM1"}),
    ("marks, emoji, lines", {"Body": "Khai sinh 👶\nđ"}, {"text": "Khai sinh 👶\nđ"}),
    ("nothing written", {"Body": ""}, {"text": ""}),
    ("a home number", {"From": "0912345678"}, {"sender": Address("tel", CITIZEN)}),
    ("a short number", {"From": "8088"}, {"sender": Address("tel", "8088")}),
    ("a name", {"From": "Viettel"}, {"sender": Address("tel", "Viettel")}),
    ("an identifier of another service", {"MessageSid": "0b1c-2d"}, {"external_id": "0b1c-2d"}),
    ("an unknown field", {"New": "x"}, {"text": "tra cuu 1234567890"}),
]


@pytest.mark.parametrize(("name", "more", "meant"), INCOMING, ids=[row[0] for row in INCOMING])
async def test_incoming(name: str, more: dict[str, str], meant: dict[str, Any]) -> None:
    house = MemoryReception()
    async with opened(house) as (carrier, _):
        status, answer = await carrier.post("", {**MESSAGE, **more})
    assert (status, answer) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response />')
    (message,) = house.accepted
    wanted = {"channel": "international", "addressed_to": OURS, "received_at": NOON, "session": "", **meant}
    assert {key: getattr(message, key) for key in wanted} == wanted


async def test_a_repeated_message_is_one_message() -> None:
    house = MemoryReception()
    async with opened(house) as (carrier, _):
        first = await carrier.post("", MESSAGE)
        assert await carrier.post("", MESSAGE) == first
    assert len(house.accepted) == 1


@pytest.mark.parametrize(("place", "form"), [("", MESSAGE), ("/status", STATUS)])
async def test_what_cannot_be_kept_is_not_taken(place: str, form: dict[str, str]) -> None:
    house = MemoryReception()
    house.away = True
    async with opened(house) as (carrier, _):
        assert (await carrier.post(place, form))[0] == 503
        house.away = False
        assert (await carrier.post(place, form))[0] in (200, 204)
    assert len(house.accepted) + len(house.reported) == 1


STATES: list[tuple[dict[str, str], ReceiptState, str]] = [
    ({"MessageStatus": "queued"}, ReceiptState.ACCEPTED, ""),
    ({"MessageStatus": "sent"}, ReceiptState.ACCEPTED, ""),
    ({"MessageStatus": "delivered", "RawDlrDoneDate": "2611231900"}, ReceiptState.DELIVERED, ""),
    ({"MessageStatus": "read"}, ReceiptState.READ, ""),
    (
        {"MessageStatus": "undelivered", "ErrorCode": "30003"},
        ReceiptState.FAILED,
        "30003 the telephone is off or out of reach",
    ),
    ({"MessageStatus": "failed", "ErrorCode": "39999"}, ReceiptState.FAILED, "39999"),
    ({"MessageStatus": "failed"}, ReceiptState.FAILED, ""),
    ({"MessageStatus": "canceled"}, ReceiptState.FAILED, ""),
    ({"MessageStatus": "", "SmsStatus": "delivered"}, ReceiptState.DELIVERED, ""),
    ({"MessageStatus": "a new one"}, ReceiptState.UNKNOWN, ""),
]


@pytest.mark.parametrize(("more", "state", "error"), STATES)
async def test_receipts(more: dict[str, str], state: ReceiptState, error: str) -> None:
    house = MemoryReception()
    async with opened(house) as (carrier, _):
        assert await carrier.post("/status", {**STATUS, **more}) == (204, "")
    (receipt,) = house.reported
    assert (receipt.reference, receipt.state, receipt.error, receipt.at) == ("SM9", state, error, NOON)


async def test_a_state_of_an_incoming_message_is_no_receipt() -> None:
    house = MemoryReception()
    async with opened(house) as (carrier, _):
        assert await carrier.post("/status", {**STATUS, "MessageStatus": "received"}) == (204, "")
    assert house.reported == []


BAD = [
    ("not signed", "", MESSAGE, "another", 403),
    ("a status not signed", "/status", STATUS, "another", 403),
    ("another account", "", {**MESSAGE, "AccountSid": "AC2"}, TOKEN, 403),
    ("no identifier", "", {**MESSAGE, "MessageSid": "", "SmsSid": ""}, TOKEN, 400),
    ("a strange identifier", "", {**MESSAGE, "MessageSid": "SM/1"}, TOKEN, 400),
    ("no sender", "", {**MESSAGE, "From": " "}, TOKEN, 400),
    ("a sender without end", "", {**MESSAGE, "From": "8" * 200}, TOKEN, 400),
    ("a NUL", "", {**MESSAGE, "Body": "a\0b"}, TOKEN, 400),
    ("too much", "", {**MESSAGE, "Body": "a" * 40_000}, TOKEN, 413),
]


@pytest.mark.parametrize(("name", "place", "form", "token", "status"), BAD, ids=[row[0] for row in BAD])
async def test_bad_input(name: str, place: str, form: dict[str, str], token: str, status: int) -> None:
    house = MemoryReception()
    async with opened(house) as (carrier, _):
        assert (await carrier.post(place, form, token=token))[0] == status
    assert not (house.accepted or house.reported or house.book.pages)


COMMON = {"To": [CITIZEN], "Body": ["Xin chào"], "StatusCallback": [f"{PUBLIC}{PATH}/status"]}
OUTGOING: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, list[str]]]] = [
    ("plain", {}, {}, {**COMMON, "From": [OURS]}),
    ("from the number that was written to", {"addressed_from": "8088"}, {}, {**COMMON, "From": ["8088"]}),
    ("by a service", {}, {"service_sid": "MG1"}, {**COMMON, "MessagingServiceSid": ["MG1"]}),
    (
        "no longer than it is worth sending",
        {"good_until": NOON + timedelta(hours=1)},
        {},
        {**COMMON, "From": [OURS], "ValidityPeriod": ["3600"]},
    ),
    (
        "at most what the provider keeps",
        {"good_until": NOON + timedelta(days=9)},
        {},
        {**COMMON, "From": [OURS], "ValidityPeriod": ["14400"]},
    ),
]


@pytest.mark.parametrize(("name", "message", "how", "wanted"), OUTGOING, ids=[row[0] for row in OUTGOING])
async def test_outgoing(
    name: str, message: dict[str, Any], how: dict[str, Any], wanted: dict[str, list[str]]
) -> None:
    async with (
        provider(body={"sid": "SM9"}) as told,
        opened(MemoryReception(), base_url=told.url, **how) as (_, channel),
    ):
        assert await channel.send(text(**message)) == ["SM9"]
    assert [request[:2] for request in told.requests] == [("/2010-04-01/Accounts/AC1/Messages.json", wanted)]


ERRORS: list[tuple[int, type[SendError]]] = [
    (21610, OptedOut),
    (21611, Throttled),
    (21614, Refused),
    (21408, Misconfigured),
    (21606, Misconfigured),
    (63038, Misconfigured),
    (30001, Throttled),
    (21211, Refused),
]


@pytest.mark.parametrize(("code", "error"), ERRORS)
async def test_errors_of_sending(code: int, error: type[SendError]) -> None:
    answer = {"status": 400, "body": {"code": code, "message": CITIZEN, "status": 400}}
    async with provider(**answer) as told, opened(MemoryReception(), base_url=told.url) as (_, channel):
        with pytest.raises(error) as raised:
            await channel.send(text())
    assert raised.value.code == str(code)
    assert raised.value.shown
    assert CITIZEN not in raised.value.shown


@pytest.mark.parametrize(
    "message",
    [
        text(address=Address("telegram:bot", "12345678")),
        text(address=Address("tel", "8088")),
        text(""),
        text("a" * 1601),
    ],
)
async def test_refused_without_asking(message: OutboundMessage) -> None:
    async with provider() as told, opened(MemoryReception(), base_url=told.url) as (_, channel):
        with pytest.raises(Refused):
            await channel.send(message)
    assert told.requests == []


async def test_what_it_can_carry() -> None:
    async with opened(MemoryReception(), marks="strip") as (_, channel):
        assert isinstance(channel, ChannelAdapter)
        assert (channel.traits.medium, channel.traits.marks) == ("sms", Marks.STRIP)
        assert [channel.traits.parts(words) for words in ("a" * 160, "a" * 161, "ộ" * 70, "ộ" * 71)] == [
            1,
            2,
            1,
            2,
        ]


@pytest.mark.parametrize("wrong", [{"marks": "some"}, {"path": "hooks"}, {"paths": "/x"}, {"path": "/a b"}])
def test_settings_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)

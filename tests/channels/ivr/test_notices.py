"""Calls that we place: nothing personal before a key, and a receipt that says what was really heard."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from core.channel import Doubtful, Misconfigured, Refused, SendError, Throttled, Unreachable
from core.messages import Address, OutboundMessage, Receipt, ReceiptState
from tests.channels.ivr.hotline import (
    CALLER,
    HOTLINE,
    NOON,
    PATH,
    PUBLIC,
    House,
    fields,
    hotline,
    say,
)
from tests.channels.ivr.test_hotline import action
from tests.channels.rest import provider

INTRODUCTION = "Đây là bộ phận một cửa. Nhấn phím 1 để nghe."
CONTENT = "Hồ sơ của ông bà đã có kết quả."
TOKEN = "secret-token"
NOTICE = f"/notice?token={TOKEN}"
ENDED = f"/notice/ended?token={TOKEN}"
KEY = f"/notice/key?token={TOKEN}&times=1"


def notice(text: str = f"{INTRODUCTION}\f{CONTENT}", address: Address | None = None) -> OutboundMessage:
    message = say(text)
    return message if address is None else OutboundMessage("d1", "hotline", address, text, message.say)


def call(**more: str) -> dict[str, str]:
    """The fields of a call that we placed: we are From."""
    return fields(**{"CallSid": "CA7", "Direction": "outbound-api", "From": HOTLINE, "To": CALLER, **more})


async def placed(house: House) -> None:
    """Put the page of a notice into the notebook, as `send` does."""
    page = {"introduction": INTRODUCTION, "content": CONTENT, "language": "vi", "slow": False}
    await house.notebook.put(f"notice:{TOKEN}", page)


async def test_a_call_is_placed_without_its_content() -> None:
    house = House()
    async with provider() as told, hotline(house, base_url=told.url) as (_, channel):
        assert await channel.send(notice()) == ["CA7"]
    path, sent, _ = told.requests[0]
    assert path.endswith("/Calls.json")
    assert sent == {
        "To": [CALLER],
        "From": [HOTLINE],
        "Url": [f"{PUBLIC}{PATH}{NOTICE}"],
        "Method": ["POST"],
        "StatusCallback": [f"{PUBLIC}{PATH}{ENDED}"],
        "StatusCallbackMethod": ["POST"],
        "StatusCallbackEvent": ["completed"],
        "Timeout": ["30"],
        "TimeLimit": ["300"],
    }
    page = house.book.pages[f"notice:{TOKEN}"]
    assert page.value["content"] == CONTENT
    assert page.expires_at == NOON + timedelta(hours=24)


async def test_a_notice_that_is_heard() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        _, greeting = await exchange.post(NOTICE, call())
        assert house.reported == []
        _, told = await exchange.post(action(greeting), call(Digits="1"))
        _, again = await exchange.post(action(told), call(Digits="*"))
        _, bye = await exchange.post(action(again), call(Digits="5"))
        await exchange.post(ENDED, call(CallStatus="completed"))
    assert INTRODUCTION in greeting
    assert CONTENT not in greeting
    assert CONTENT in told
    assert CONTENT in again
    assert "<Hangup />" in bye
    assert house.reported == [Receipt("hotline", "CA7", ReceiptState.DELIVERED, NOON)]


UNHEARD: list[tuple[str, dict[str, str], str]] = [
    ("nobody pressed a key", {"CallStatus": "completed"}, "no-key"),
    ("nobody picked up", {"CallStatus": "no-answer"}, "no-answer"),
    ("busy", {"CallStatus": "busy"}, "busy"),
    ("not connected", {"CallStatus": "failed", "SipResponseCode": "404"}, "failed:404"),
    ("not connected, no reason", {"CallStatus": "failed"}, "failed"),
    ("called off", {"CallStatus": "canceled"}, "canceled"),
    ("a voice box", {"CallStatus": "completed", "AnsweredBy": "machine_start"}, "machine"),
]


@pytest.mark.parametrize(("name", "more", "error"), UNHEARD, ids=[row[0] for row in UNHEARD])
async def test_a_notice_that_is_not_heard_has_not_arrived(
    name: str, more: dict[str, str], error: str
) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        await exchange.post(NOTICE, call())
        assert await exchange.post(ENDED, call(**more)) == (204, "")
    assert house.reported == [Receipt("hotline", "CA7", ReceiptState.FAILED, NOON, error)]


async def test_a_call_that_still_rings_is_nothing_to_report() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        await exchange.post(ENDED, call(CallStatus="ringing"))
    assert house.reported == []


@pytest.mark.parametrize("digits", ["2", "9", "#", "*", ""])
async def test_other_keys_hear_the_introduction_thrice_and_never_the_content(digits: str) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        _, answer = await exchange.post(NOTICE, call())
        for _try in range(2):
            _, answer = await exchange.post(action(answer), call(Digits=digits))
            assert INTRODUCTION in answer
        _, last = await exchange.post(action(answer), call(Digits=digits))
    assert "<Hangup />" in last
    assert "<Say" not in last
    assert house.reported == []


async def test_silence_hangs_up() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        _, greeting = await exchange.post(NOTICE, call())
    assert greeting.endswith("</Gather><Hangup /></Response>")
    assert "actionOnEmptyResult" not in greeting


@pytest.mark.parametrize("place", ["/notice?token=guessed", "/notice/key?token=guessed&times=1"])
async def test_an_unknown_token_says_nothing(place: str) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        status, answer = await exchange.post(place, call(Digits="1"))
    assert status == 200
    assert "<Response><Hangup /></Response>" in answer
    assert house.reported == []


async def test_what_cannot_be_reported_is_not_told_and_tried_again() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await placed(house)
        house.away = True
        status, _ = await exchange.post(KEY, call(Digits="1"))
        assert status == 503
        house.away = False
        _, told = await exchange.post(KEY, call(Digits="1"))
    assert CONTENT in told
    assert [receipt.state for receipt in house.reported] == [ReceiptState.DELIVERED]


REFUSED = [
    ("no introduction", notice(CONTENT)),
    ("an empty introduction", notice(f" \n\f{CONTENT}")),
    ("no content", notice(f"{INTRODUCTION}\f")),
    ("a chat", notice(address=Address("telegram:bot", "12345678"))),
    ("a short number", notice(address=Address("tel", "8088"))),
    ("a caller who withheld the number", notice(address=Address("call", "CA1"))),
]


@pytest.mark.parametrize(("name", "message"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_refused_before_it_rings(name: str, message: OutboundMessage) -> None:
    house = House()
    async with provider() as told, hotline(house, base_url=told.url) as (_, channel):
        with pytest.raises(Refused):
            await channel.send(message)
    assert told.requests == []
    assert house.untouched


ERRORS: list[tuple[int, int, type[SendError]]] = [
    (13224, 400, Refused),
    (13227, 400, Misconfigured),
    (21215, 400, Misconfigured),
    (21216, 400, Refused),
    (21212, 400, Misconfigured),
    (10004, 400, Throttled),
    (0, 503, Unreachable),
    (0, 500, Doubtful),
]


@pytest.mark.parametrize(("code", "status", "error"), ERRORS)
async def test_a_call_that_is_not_placed(code: int, status: int, error: type[SendError]) -> None:
    house = House()
    answer = {"status": status, "body": {"code": code, "message": "x", "status": status}}
    async with provider(**answer) as told, hotline(house, base_url=told.url) as (_, channel):
        with pytest.raises(error):
            await channel.send(notice())
    assert house.untouched is (error is not Doubtful), "a call that may ring keeps its content"


async def test_before_and_after_it_is_open_nothing_is_sent() -> None:
    async with hotline(House()) as (_, channel):
        pass
    with pytest.raises(Unreachable):
        await channel.send(notice())


async def test_a_voice_note_is_fetched_from_the_provider() -> None:
    from core.messages import Attachment

    async with (
        provider(status=200, body=b"RIFF") as told,
        hotline(House(), base_url=told.url) as (_, channel),
    ):
        pieces = channel.fetch(Attachment(told.url + "/Recordings/RE1"))
        assert b"".join([piece async for piece in pieces]) == b"RIFF"
    account, _, token = base64.b64decode(told.requests[0][2].removeprefix("Basic ")).decode().partition(":")
    assert account.startswith("AC")
    assert token == "the-account-token"

"""The exchange against the real hotline: both sides of the wire, written apart, agree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp.test_utils import TestServer

from channels.ivr import TwimlChannel
from core.messages import (
    Address,
    Expect,
    ExpectKind,
    InboundMessage,
    Moment,
    OutboundMessage,
    ReceiptState,
    Say,
)
from sandbox.voice import Answering, Exchange
from tests.channels.ivr.hotline import (
    ACCOUNT,
    CALLER,
    HOTLINE,
    MENU,
    NOON,
    PATH,
    PUBLIC,
    TOKEN,
    House,
    mounted,
    say,
)
from tests.channels.ivr.hotline import settings as hotline_settings

CODE = Expect(ExpectKind.CODE)
RECORDING = Expect(ExpectKind.RECORDING)
OFFICER = Expect(ExpectKind.OFFICER)


def office(message: InboundMessage) -> Sequence[OutboundMessage]:
    """1: key a code; 2: leave a message; 0 or anything said: an officer."""
    if message.moment is not Moment.WORDS:
        return [say("Xin chào", MENU)]
    if message.attachments:
        return [say("Đã ghi", ends=True)]
    if message.payload == "q1.1":
        return [say("Nhập mã", CODE)]
    if message.payload == "q1.2":
        return [say("Xin nói sau tiếng bíp", RECORDING)]
    if message.payload in ("!spoken", "!nobody"):
        return [say("Hết " + message.payload, ends=True)]
    if message.spoken or message.text == "0":
        return [say("Đang nối máy", OFFICER)]
    return [say(f"Mã {message.text}", ends=True)] if message.text else [say("Chưa nghe rõ", MENU)]


@asynccontextmanager
async def hotline(house: House, **more: Any) -> AsyncIterator[tuple[Exchange, TwimlChannel]]:
    """The real channel behind the exchange."""
    async with Exchange(ACCOUNT, TOKEN) as exchange:
        given = hotline_settings(base_url=exchange.base_url, officer_number="+842499990000", **more)
        channel = TwimlChannel("hotline", given, now=lambda: NOON, token=lambda: "secret-token")
        async with channel.open(house), TestServer(mounted(channel)) as server:
            exchange.reach(PUBLIC, str(server.make_url("")))
            base = PUBLIC + PATH
            exchange.line(HOTLINE, base, status_url=f"{base}/status", fallback_url=f"{base}/fallback")
            yield exchange, channel


async def heard(call: Any) -> list[str]:
    return [spoken.text for spoken in await call.said()]


async def test_a_code_is_keyed() -> None:
    house = House(office)
    async with hotline(house) as (exchange, _):
        call = await exchange.dial(CALLER, HOTLINE)
        assert await heard(call) == ["Xin chào"]
        await call.press("1")
        assert await heard(call) == ["Nhập mã"]
        await call.press("26*18*260101*0001#")
        assert await heard(call) == ["Mã 26*18*260101*0001"]
        await call.over()
    assert house.conversed[-1].moment is Moment.BYE
    assert call.errors == []
    assert all(spoken.language == "vi-VN" for spoken in call.heard)


async def test_silence_and_a_key_left_over_are_asked_again() -> None:
    house = House(office)
    async with hotline(house) as (exchange, _):
        call = await exchange.dial(CALLER)
        await heard(call)
        await call.silence()
        assert await heard(call) == ["Chưa nghe rõ"]
        await call.press("#")
        assert await heard(call) == ["Chưa nghe rõ"]
        await call.hang_up()
    assert call.errors == []


async def test_an_officer_is_asked_for_by_voice() -> None:
    house = House(office)
    async with hotline(house) as (exchange, _):
        exchange.telephones["+842499990000"] = Answering("no-answer")
        call = await exchange.dial(CALLER)
        await call.say("cho tôi gặp cán bộ", confidence=0.7)
        assert await heard(call) == ["Xin chào", "Đang nối máy", "Hết !nobody"]
        await call.over()
    assert (house.conversed[1].spoken, house.conversed[1].confidence) == (True, 0.7)


async def test_a_voice_note_is_brought_from_the_exchange() -> None:
    house = House(office)
    async with hotline(house) as (exchange, channel):
        call = await exchange.dial(CALLER)
        await call.press("2")
        assert "Xin nói sau tiếng bíp" in await heard(call)
        await call.silence()  # the prompt's Gather, which a key would cut
        await call.settled()
        await call.record(b"RIFF a voice", seconds=4)
        assert "Đã ghi" in await heard(call)
        (note,) = house.conversed[-2 if house.conversed[-1].moment is Moment.BYE else -1].attachments
        assert b"".join([chunk async for chunk in channel.fetch(note)]) == b"RIFF a voice"


async def test_a_house_that_is_away_costs_no_call_its_manners() -> None:
    house = House(office)
    async with hotline(house, fillers=1) as (exchange, _):
        house.away = True
        call = await exchange.dial(CALLER)
        assert await heard(call) == ["Xin chờ một chút.", "Xin gọi lại sau."]
    assert call.errors == []


NOTICE = OutboundMessage(
    "d9",
    "hotline",
    Address("tel", CALLER),
    "Trung tâm gọi, nhấn phím 1\fHồ sơ đã xong",
    Say("notice.done"),
    language="vi",
)


async def test_a_notice_is_heard_after_a_key() -> None:
    house = House(office)
    async with hotline(house) as (exchange, channel):
        (sid,) = await channel.send(NOTICE)
        call = await exchange.rings(CALLER)
        await call.answer()
        assert await heard(call) == ["Trung tâm gọi, nhấn phím 1"]
        assert house.reported == []
        await call.press("1")
        assert await heard(call) == ["Hồ sơ đã xong"]
        await call.hang_up()
    assert [(told.reference, told.state) for told in house.reported] == [(sid, ReceiptState.DELIVERED)]


async def test_a_notice_that_nobody_takes() -> None:
    house = House(office)
    async with hotline(house) as (exchange, channel):
        await channel.send(NOTICE)
        call = await exchange.rings(CALLER)
        await call.decline()
        await call.over()
    assert [(told.state, told.error) for told in house.reported] == [(ReceiptState.FAILED, "busy")]

"""What the exchange posts becomes what was meant: stories and tables of requests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from pydantic import SecretStr

from core.channel import ChannelAdapter
from core.messages import Address, Attachment, InboundMessage, Moment, OutboundMessage
from tests.channels.ivr.hotline import (
    CALLER,
    HOTLINE,
    MENU,
    NOON,
    PUBLIC,
    TOKEN,
    House,
    fields,
    hotline,
    say,
)

MENU_TURN = "/turn?step=4&as=choice&in=vi&k=1.q1.1&k=2.q1.2&k=0.help"
CODE_TURN = "/turn?step=4&as=code&in=vi"
RECORDING = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"
NOTE = (Attachment(RECORDING, "RE1.wav", "audio/wav"),)

# address, what the exchange adds to the fields of every request, what was meant
REQUESTS: list[tuple[str, str, dict[str, str], dict[str, Any]]] = [
    ("a call", "", {"CallStatus": "ringing"}, {"moment": Moment.HELLO, "external_id": "CA1:0"}),
    (
        "a call with all that may come along",
        "",
        {
            "CallToken": '{"parentCallInfoToken":"x"}',
            "StirPassportToken": "eyJ.x.y",
            "ForwardedFrom": "19009999",
            "CalledVia": "19009999",
            "CallerName": "NGUYEN VAN A",
            "AddOns": '{"status":"successful","results":{}}',
            "ApplicationSid": "AP1",
        },
        {"moment": Moment.HELLO, "external_id": "CA1:0"},
    ),
    ("a key of a choice is its payload", MENU_TURN, {"Digits": "2"}, {"payload": "q1.2"}),
    ("0 that stands for a choice", MENU_TURN, {"Digits": "0"}, {"payload": "help"}),
    ("a key of no choice is text", MENU_TURN, {"Digits": "7"}, {"text": "7"}),
    ("0 without such a choice is text", CODE_TURN, {"Digits": "0"}, {"text": "0"}),
    ("* is text: the core repeats", MENU_TURN, {"Digits": "*"}, {"text": "*"}),
    ("silence is an empty text", MENU_TURN, {"Digits": ""}, {}),
    ("no fields at all are silence", MENU_TURN, {}, {}),
    (
        "* in a code is a separator",
        CODE_TURN,
        {"Digits": "26*18*260101*0001", "FinishedOnKey": "#"},
        {"text": "26*18*260101*0001"},
    ),
    ("# at the end is not part of it", CODE_TURN, {"Digits": "1234567890#"}, {"text": "1234567890"}),
    (
        "speech",
        MENU_TURN,
        {"SpeechResult": "Khai sinh.", "Confidence": "0.83"},
        {"text": "Khai sinh.", "spoken": True, "confidence": 0.83},
    ),
    (
        "confidence 0.0 means not given",
        MENU_TURN,
        {"SpeechResult": "đúng", "Confidence": "0.0"},
        {"text": "đúng", "spoken": True},
    ),
    (
        "keys win over speech",
        MENU_TURN,
        {"Digits": "1", "SpeechResult": "một", "Confidence": "0.9"},
        {"payload": "q1.1"},
    ),
    (
        "a voice note",
        "/recorded?step=4&as=recording",
        {"RecordingUrl": RECORDING, "RecordingSid": "RE1", "RecordingDuration": "12", "Digits": "#"},
        {"attachments": NOTE},
    ),
    (
        "a voice note that ended by hanging up is kept",
        "/recorded?step=4&as=recording",
        {
            "RecordingUrl": RECORDING,
            "RecordingSid": "RE1",
            "RecordingDuration": "12",
            "Digits": "hangup",
            "CallStatus": "completed",
        },
        {"attachments": NOTE},
    ),
    ("no voice note", "/recorded?step=4&as=recording", {}, {}),
    (
        "the officer spoke",
        "/dialled?step=4&as=officer",
        {"DialCallStatus": "completed", "DialBridged": "true"},
        {"payload": "!spoken"},
    ),
    (
        "a service that does not say whether it was bridged",
        "/dialled?step=4&as=officer",
        {"DialCallStatus": "completed"},
        {"payload": "!spoken"},
    ),
    (
        "a voice box is no officer",
        "/dialled?step=4&as=officer",
        {"DialCallStatus": "completed", "DialBridged": "false"},
        {"payload": "!nobody"},
    ),
    (
        "nobody picked up",
        "/dialled?step=4&as=officer",
        {"DialCallStatus": "no-answer"},
        {"payload": "!nobody"},
    ),
    ("no officer is configured", "/dialled?step=4&as=officer", {}, {"payload": "!nobody"}),
    (
        "the caller hung up",
        "/status",
        {"CallStatus": "completed", "CallDuration": "31", "SequenceNumber": "0"},
        {"moment": Moment.BYE, "external_id": "CA1:bye"},
    ),
]


@pytest.mark.parametrize(("name", "place", "more", "meant"), REQUESTS, ids=[row[0] for row in REQUESTS])
async def test_requests(name: str, place: str, more: dict[str, str], meant: dict[str, Any]) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        status, _ = await exchange.post(place, fields(**more))
    assert status in (200, 204)
    wanted: dict[str, Any] = {"external_id": "CA1:4", "moment": Moment.WORDS, "confidence": None}
    wanted |= {"text": "", "payload": "", "spoken": False, "attachments": ()} | meant
    (heard,) = house.conversed
    assert {key: getattr(heard, key) for key in wanted} == wanted
    assert (heard.channel, heard.session, heard.addressed_to) == ("hotline", "CA1", HOTLINE)
    assert (heard.sender, heard.received_at) == (Address("tel", CALLER), NOON)


async def test_what_was_keyed_is_not_in_the_log() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await exchange.post(CODE_TURN, fields(Digits="654321"))
        await exchange.post("/turn?step=5", fields(SpeechResult="sáu năm bốn", Confidence="0.5"))
    logged = str([dict(message.raw) for message in house.conversed])
    assert "654321" not in logged
    assert "sáu" not in logged


CALLERS = [
    ("+84912345678", Address("tel", "+84912345678")),
    ("0912345678", Address("tel", "+84912345678")),
    ("84912345678", Address("tel", "+84912345678")),
    ("0084912345678", Address("tel", "+84912345678")),
    ("+266696687", Address("call", "CA1")),  # "anonymous" on a keypad
    ("anonymous", Address("call", "CA1")),
    ("", Address("call", "CA1")),
    ("sip:alice@example.vn", Address("call", "CA1")),
    ("1022", Address("call", "CA1")),
    ("+8491234567890123", Address("call", "CA1")),
]


@pytest.mark.parametrize(("given", "address"), CALLERS)
async def test_who_calls(given: str, address: Address) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await exchange.post("", fields(From=given))
    assert house.conversed[0].sender == address


async def test_a_whole_call_by_the_addresses_that_we_give() -> None:
    """The exchange knows only the address in the answer before: the steps count themselves."""

    def answer(message: InboundMessage) -> Sequence[OutboundMessage]:
        if message.moment is Moment.HELLO:
            return [say("Nhấn phím 1", MENU)]
        return [say("Tạm biệt", ends=True)] if message.payload == "q1.1" else [say("Chưa rõ", MENU)]

    house = House(answer)
    async with hotline(house) as (exchange, _):
        _, first = await exchange.post("", fields(CallStatus="ringing"))
        _, second = await exchange.post(action(first), fields(Digits="5"))
        _, third = await exchange.post(action(second), fields(Digits="1"))
    assert "Nhấn phím 1" in first
    assert "Chưa rõ" in second
    assert "Tạm biệt" in third
    assert "<Hangup />" in third
    assert [message.external_id for message in house.conversed] == ["CA1:0", "CA1:1", "CA1:2"]


def action(twiml: str, verb: str = "Gather") -> str:
    """Where the exchange posts what a caller did."""
    found = re.search(rf'<{verb} [^>]*action="([^"]+)"', twiml) or re.search(
        r"<Redirect[^>]*>([^<]+)<", twiml
    )
    assert found, twiml
    return unescape(found[1])


@pytest.mark.parametrize(
    "place", ["", MENU_TURN, "/recorded?step=4&as=recording", "/dialled?step=2&as=officer"]
)
async def test_a_repeated_request_gets_the_same_answer_and_acts_once(place: str) -> None:
    counted: list[str] = []

    def answer(message: InboundMessage) -> Sequence[OutboundMessage]:
        counted.append(message.external_id)
        return [say(f"Lần {len(counted)}")]

    house = House(answer)
    async with hotline(house) as (exchange, _):
        first = await exchange.post(place, fields(Digits="1"))
        again = await exchange.post(place, fields(Digits="1"))
    assert first == again
    assert len(counted) == 1


@pytest.mark.parametrize("more", [{"Digits": "#"}, {"Digits": "", "FinishedOnKey": "#"}, {"Digits": "##"}])
async def test_a_lone_hash_is_nothing_and_the_question_is_put_again(more: dict[str, str]) -> None:
    house = House(lambda message: [say(f"Câu {message.external_id}", MENU)])
    async with hotline(house) as (exchange, _):
        _, asked = await exchange.post("", fields())
        _, same = await exchange.post(action(asked), fields(**more))
        _, after = await exchange.post(action(same), fields(Digits="1"))
    assert same == asked
    assert [message.external_id for message in house.conversed] == ["CA1:0", "CA1:1"]
    assert house.conversed[1].payload == "q1.1"
    assert "Câu CA1:1" in after


async def test_a_slow_turn_is_bridged_with_a_filler_and_runs_once() -> None:
    gate = asyncio.Event()

    class Slow(House):
        async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
            await gate.wait()
            return await super().converse(message)

    house = Slow(lambda message: [say(f"Có {message.payload}")])
    async with hotline(house, patience=0.02) as (exchange, _):
        _, filler = await exchange.post(MENU_TURN, fields(Digits="1"))
        _, more = await exchange.post(action(filler), fields())
        gate.set()
        _, answer = await exchange.post(action(more), fields())
    assert "Xin chờ một chút." in filler
    assert "try=1" in filler
    assert "Xin chờ một chút." in more
    assert "Có q1.1" in answer
    assert len(house.conversed) == 1


async def test_a_house_that_cannot_keep_anything_makes_the_caller_wait_and_loses_no_key() -> None:
    house = House(lambda message: [say(f"Có {message.payload}")])
    async with hotline(house) as (exchange, _):
        house.away = True
        status, filler = await exchange.post(MENU_TURN, fields(Digits="2"))
        house.away = False
        _, answer = await exchange.post(action(filler), fields())
    assert status == 200
    assert "Xin chờ một chút." in filler
    assert "Có q1.2" in answer


async def test_a_house_that_stays_away_ends_the_call_with_an_apology_never_a_bare_hang_up() -> None:
    house = House()
    house.away = True
    async with hotline(house, fillers=2) as (exchange, _):
        _, answer = await exchange.post("", fields())
        for _try in range(2):
            _, answer = await exchange.post(action(answer), fields())
    assert "Xin gọi lại sau." in answer
    assert "<Hangup />" in answer
    assert house.untouched


async def test_a_turn_that_fails_is_not_a_server_error() -> None:
    def broken(message: InboundMessage) -> Sequence[OutboundMessage]:
        raise RuntimeError("a bug")

    async with hotline(House(broken)) as (exchange, _):
        status, answer = await exchange.post("", fields())
    assert status == 200
    assert "Xin chờ một chút." in answer


async def test_a_line_left_open_does_not_go_on_for_ever() -> None:
    house = House()
    async with hotline(house, max_turns=10) as (exchange, _):
        _, answer = await exchange.post("/turn?step=11", fields())
    assert "Xin gọi lại." in answer
    assert house.untouched


async def test_the_end_is_told_once_and_not_before_it_is_there() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        await exchange.post("/status", fields(CallStatus="in-progress"))
        assert house.untouched
        assert await exchange.post("/status", fields(CallStatus="completed")) == (204, "")
        await exchange.post("/status", fields(CallStatus="completed", SequenceNumber="1"))
        await exchange.post(
            "/status", fields(CallSid="CA2", CallStatus="completed", Direction="outbound-api")
        )
    assert [message.external_id for message in house.conversed] == ["CA1:bye"]


async def test_the_end_waits_for_a_house_that_cannot_keep_it() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        house.away = True
        status, _ = await exchange.post("/status", fields(CallStatus="completed"))
    assert status == 503
    assert house.untouched


async def test_what_the_exchange_could_not_do_ends_in_an_apology() -> None:
    async with hotline(House()) as (exchange, _):
        _, answer = await exchange.post("/fallback", fields(ErrorCode="12100", ErrorUrl=PUBLIC))
    assert "Xin gọi lại sau." in answer


BAD = [
    ("another account", "", fields(AccountSid="AC-other"), 403),
    ("no account", "", {key: value for key, value in fields().items() if key != "AccountSid"}, 403),
    ("no call", "", fields(CallSid=""), 400),
    ("a strange call", "", fields(CallSid="CA1:0"), 400),
    ("a step that is no number", "/turn?step=x", fields(), 400),
    ("a step without end", "/turn?step=" + "9" * 30, fields(), 400),
    ("an unknown kind", "/turn?step=1&as=other", fields(), 400),
    ("a strange language", "/turn?step=1&in=%22", fields(), 400),
    ("keys that no telephone has", "/turn?step=1", fields(Digits="x"), 400),
    ("keys without end", "/turn?step=1", fields(Digits="1" * 500), 400),
    ("a strange recording", "/recorded?step=1", fields(RecordingUrl="x", RecordingSid="../x"), 400),
    ("a notice without a token", "/notice", fields(), 400),
    ("too much", "/turn?step=1", fields(SpeechResult="a" * 40_000), 413),
]


@pytest.mark.parametrize(("name", "place", "form", "status"), BAD, ids=[row[0] for row in BAD])
async def test_bad_input_is_refused_and_changes_nothing(
    name: str, place: str, form: dict[str, str], status: int
) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        assert (await exchange.post(place, form))[0] == status
    assert house.untouched


@pytest.mark.parametrize(
    "place", ["", "/turn?step=1", "/status", "/recorded", "/notice?token=a", "/notice/ended"]
)
async def test_what_is_not_signed_is_refused(place: str) -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        status, text = await exchange.post(place, fields(CallStatus="completed"), token="another")
    assert (status, text) == (403, "")
    assert house.untouched


async def test_the_address_is_signed_so_nobody_else_writes_a_choice_into_it() -> None:
    house = House()
    async with hotline(house) as (exchange, _):
        signed_elsewhere = sign_for("/turn?step=1&k=1.a", fields(Digits="1"))
        status, _ = await exchange.post(
            "/turn?step=1&k=1.b", fields(Digits="1"), **{"X-Twilio-Signature": signed_elsewhere}
        )
    assert status == 403
    assert house.untouched


def sign_for(place: str, form: dict[str, str]) -> str:
    from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

    return str(RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/hooks/voice/hotline{place}", form))


async def test_the_previous_token_still_opens_while_it_is_being_changed() -> None:
    async with hotline(House(), auth_tokens=(SecretStr(TOKEN), SecretStr("old"))) as (exchange, _):
        assert (await exchange.post("", token="old"))[0] == 200
        assert (await exchange.post("", token=TOKEN))[0] == 200
        assert (await exchange.post("", token=""))[0] == 403


async def test_leaving_lets_the_turns_in_flight_end() -> None:
    gate, ended = asyncio.Event(), []

    class Slow(House):
        async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
            await gate.wait()
            ended.append(message.external_id)
            return []

    async with hotline(Slow(), patience=0.02) as (exchange, _):
        _, filler = await exchange.post("", fields())
        assert "Xin chờ một chút." in filler
        asyncio.get_running_loop().call_later(0.05, gate.set)
    assert ended == ["CA1:0"]


async def test_the_length_is_told_because_a_chunked_answer_may_be_cut() -> None:
    async with hotline(House()) as (exchange, _):
        headers = await exchange.head_of("", fields())
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
    assert int(headers["Content-Length"]) > 100
    assert "Transfer-Encoding" not in headers


async def test_it_is_a_channel() -> None:
    async with hotline(House()) as (_, channel):
        assert isinstance(channel, ChannelAdapter)
        assert {route.method for route in channel.routes()} == {"POST"}
        assert (channel.traits.medium, channel.traits.live, channel.traits.receipts) == ("ivr", True, True)

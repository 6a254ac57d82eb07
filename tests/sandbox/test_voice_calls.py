"""Whole calls: a caller, the exchange, and a product that answers from a table."""

from __future__ import annotations

import pytest

from sandbox.voice import Answering, Call, CallEnded
from sandbox.voice.acts import Wait
from sandbox.voice.faults import Code
from tests.sandbox.voice_product import (
    ACCOUNT,
    CITIZEN,
    HOTLINE,
    PUBLIC,
    Product,
    exchange_with,
    response,
    vi,
)

BYE = response(vi("Tạm biệt") + "<Hangup/>")
MENU = '<Gather action="/turn" numDigits="1" finishOnKey="">' + vi("Nhấn phím một") + "</Gather>"


async def texts(call: Call) -> list[str]:
    return [spoken.text for spoken in await call.said()]


async def test_a_call_from_hello_to_bye() -> None:
    product = Product({"/voice": response(vi("Xin chào") + MENU), "/turn": BYE, "/status": (204, "")})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN, HOTLINE)
        (hello, menu) = await call.said()
        assert (hello.text, hello.language, hello.pace) == ("Xin chào", "vi-VN", "")
        assert menu.text == "Nhấn phím một"
        await call.press("1")
        assert await texts(call) == ["Tạm biệt"]
        await call.over()
    assert call.ended and call.errors == []
    (first,) = product.asked("/voice")
    wanted = {"AccountSid": ACCOUNT, "From": CITIZEN, "To": HOTLINE, "Direction": "inbound", "FromCity": ""}
    assert wanted.items() <= first.items()
    assert first["CallStatus"] == "ringing"
    (turn,) = product.asked("/turn")
    assert (turn["Digits"], turn["CallStatus"], turn["CallSid"]) == ("1", "in-progress", call.sid)
    (status,) = product.asked("/status")
    assert (status["CallStatus"], status["CallDuration"], status["Duration"]) == (
        "completed",
        str(call.duration),
        "1",
    )


# attributes of the Gather, what the caller does, what is posted ({}: nothing, the next verb runs)
ENTRIES: list[tuple[str, str, str, dict[str, str]]] = [
    ("one key is enough", 'numDigits="1"', "1", {"Digits": "1", "FinishedOnKey": ""}),
    ("# ends", "", "123#", {"Digits": "123", "FinishedOnKey": "#"}),
    ("a pause ends", "", "123", {"Digits": "123", "FinishedOnKey": ""}),
    ("the last key ends", 'numDigits="4"', "1234", {"Digits": "1234"}),
    ("* is a key", "", "26*18#", {"Digits": "26*18"}),
    ("another finish key", 'finishOnKey="*"', "12*", {"Digits": "12", "FinishedOnKey": "*"}),
    ("without a finish key # is one of the keys", 'numDigits="2" finishOnKey=""', "1#", {"Digits": "1#"}),
    ("nothing", "", "", {}),
    ("# alone", "", "#", {}),
    ("nothing, but it is wanted", 'actionOnEmptyResult="true"', "", {"Digits": "", "FinishedOnKey": ""}),
    ("# alone, but it is wanted", 'actionOnEmptyResult="true"', "#", {"Digits": "", "FinishedOnKey": "#"}),
]


@pytest.mark.parametrize(("name", "how", "keys", "posted"), ENTRIES, ids=[row[0] for row in ENTRIES])
async def test_entries(name: str, how: str, keys: str, posted: dict[str, str]) -> None:
    gather = f'<Gather action="/turn" {how}>{vi("Nhập mã")}</Gather>'
    product = Product({"/voice": response(gather + vi("Không nghe thấy gì")), "/turn": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        assert await texts(call) == ["Nhập mã"]
        await (call.press(keys) if keys else call.silence())
        assert await texts(call) == (["Tạm biệt"] if posted else ["Không nghe thấy gì"])
    got = product.asked("/turn")
    assert [posted.items() <= fields.items() for fields in got] == ([True] if posted else [])


async def test_words() -> None:
    gather = '<Gather input="dtmf speech" language="vi-VN" action="/turn"/>'
    product = Product({"/voice": response(gather), "/turn": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.say("khai sinh", confidence=0.82)
        await call.over()
    (turn,) = product.asked("/turn")
    assert (turn["SpeechResult"], turn["Confidence"]) == ("khai sinh", "0.82")
    assert "Digits" not in turn


async def test_words_to_a_line_that_listens_to_keys_are_lost() -> None:
    product = Product({"/voice": response(MENU), "/turn": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.say("khai sinh")
        await call.press("2")
        await call.over()
    assert [turn["Digits"] for turn in product.asked("/turn")] == ["2"]


@pytest.mark.parametrize(("carried", "second"), [(True, ["2", "#"]), (False, ["2"])])
async def test_keys_pressed_ahead(carried: bool, second: list[str]) -> None:
    """A # that is no longer needed leaks into the next question, or is lost, as the line has it."""
    product = Product({"/voice": response(MENU), "/turn": response(MENU)})
    async with exchange_with(product, type_ahead=carried) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.press("2#")
        heard = await texts(call)
        await call.hang_up()
    assert [turn["Digits"] for turn in product.asked("/turn")] == second
    assert heard == ["Nhấn phím một", "Nhấn phím một"]  # what is typed over is not heard


async def test_a_gather_without_an_action_asks_its_own_document() -> None:
    product = Product({"/voice": [response('<Gather numDigits="1"/>'), BYE]})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.press("7")
        assert await texts(call) == ["Tạm biệt"]
    assert [fields.get("Digits") for fields in product.asked("/voice")] == [None, "7"]


async def test_addresses_are_relative_to_their_document() -> None:
    product = Product(
        {
            "/voice": response("<Redirect>a/b?x=1</Redirect>"),
            "/a/b": response("<Redirect>c</Redirect>"),
            "/a/c": BYE,
        }
    )
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
    assert [path for path, _ in product.requests] == ["/voice", "/a/b?x=1", "/a/c"]


RECORD = '<Record action="/recorded" maxLength="60" finishOnKey="#"/>' + vi("Không có lời nhắn")


async def test_a_voice_note() -> None:
    product = Product({"/voice": response(RECORD), "/recorded": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        (beep,) = await call.said()
        assert beep.media == "beep"
        await call.record(b"RIFF sound", seconds=12)
        assert await texts(call) == ["Tạm biệt"]
        (told,) = product.asked("/recorded")
        assert (told["RecordingDuration"], told["Digits"]) == ("12", "#")
        assert exchange.recordings[told["RecordingSid"]].audio == b"RIFF sound"
        assert told["RecordingUrl"].startswith(
            f"{exchange.base_url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE"
        )


async def test_a_voice_note_that_ends_by_hanging_up_is_kept() -> None:
    product = Product({"/voice": response(RECORD), "/recorded": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.record(seconds=5, end="hangup")
        await call.over()
    (told,) = product.asked("/recorded")
    assert (told["Digits"], told["CallStatus"]) == ("hangup", "completed")
    assert [spoken.text for spoken in call.heard] == [""]


async def test_no_voice_note_goes_on_with_the_next_verb() -> None:
    product = Product({"/voice": response(RECORD)})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.silence()
        assert "Không có lời nhắn" in await texts(call)
    assert product.asked("/recorded") == []


OFFICER = "+842499990000"
DIAL = f'<Dial action="/dialled" callerId="{HOTLINE}">{OFFICER}</Dial>'
OFFICERS: list[tuple[Answering, dict[str, str]]] = [
    (
        Answering("answers", seconds=95),
        {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "95"},
    ),
    (Answering("answers", bridged=False), {"DialCallStatus": "completed", "DialBridged": "false"}),
    (Answering("busy"), {"DialCallStatus": "busy"}),
    (Answering("no-answer"), {"DialCallStatus": "no-answer"}),
    (Answering("failed"), {"DialCallStatus": "failed"}),
]


@pytest.mark.parametrize(("how", "told"), OFFICERS, ids=[how.how for how, _ in OFFICERS])
async def test_an_officer_by_a_script(how: Answering, told: dict[str, str]) -> None:
    product = Product({"/voice": response(DIAL), "/dialled": BYE})
    async with exchange_with(product) as exchange:
        exchange.telephones[OFFICER] = how
        call = await exchange.dial(CITIZEN)
        assert await texts(call) == ["Tạm biệt"]
    (fields,) = product.asked("/dialled")
    assert told.items() <= fields.items()


@pytest.mark.parametrize(("takes", "status"), [(True, "completed"), (False, "no-answer")])
async def test_an_officer_who_is_played(takes: bool, status: str) -> None:
    product = Product({"/voice": response(DIAL), "/dialled": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.settled()
        assert call.waits is not None and call.waits.wait is Wait.OFFICER
        if takes:
            await call.officer_comes()
        await call.officer_leaves()
        assert await texts(call) == ["Tạm biệt"]
    assert [fields["DialCallStatus"] for fields in product.asked("/dialled")] == [status]


async def test_a_number_that_is_not_ours_may_not_be_shown() -> None:
    product = Product({"/voice": response('<Dial callerId="+84999999999">+842499990000</Dial>')})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
    assert call.errors == [Code.CALLER_ID]


async def test_a_queue() -> None:
    queue = '<Enqueue waitUrl="/wait" action="/out">officers</Enqueue>'
    product = Product({"/voice": response(queue), "/wait": response(vi("Xin chờ")), "/out": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        assert await texts(call) == ["Xin chờ"]
        await call.officer_comes()
        await call.officer_leaves()
        assert await texts(call) == ["Tạm biệt"]
    assert product.asked("/wait")[0]["QueuePosition"] == "1"
    assert product.asked("/out")[0]["QueueResult"] == "bridged"


async def test_who_leaves_the_queue_is_told_to_the_product() -> None:
    product = Product({"/voice": response('<Enqueue action="/out">officers</Enqueue>'), "/out": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.settled()
        await call.hang_up()
    (told,) = product.asked("/out")
    assert (told["QueueResult"], told["CallStatus"]) == ("hangup", "completed")


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "failed")])
async def test_a_call_that_is_not_taken(reason: str, status: str) -> None:
    product = Product({"/voice": response(f'<Reject reason="{reason}"/>'), "/status": (204, "")})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
    assert (call.status, call.duration) == (status, 0)
    assert product.asked("/status")[0]["CallStatus"] == status


BROKEN: list[tuple[str, str | tuple[int, str], Code]] = [
    ("not well formed", "<Response>", Code.NOT_WELL_FORMED),
    ("unknown verb", response("<Shout/>"), Code.NOT_TWIML),
    ("not there", (404, ""), Code.UNREACHABLE),
    ("server error", (503, ""), Code.UNREACHABLE),
]


@pytest.mark.parametrize(("name", "document", "code"), BROKEN, ids=[row[0] for row in BROKEN])
async def test_without_a_fallback_the_caller_hears_an_apology(
    name: str, document: str | tuple[int, str], code: Code
) -> None:
    product = Product({"/voice": response(MENU), "/turn": document})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.press("1")
        heard = await texts(call)
        await call.over()
    assert "application error" in heard[-1]
    assert call.errors == [code]


@pytest.mark.parametrize(("name", "document", "code"), BROKEN, ids=[row[0] for row in BROKEN])
async def test_the_fallback_is_asked_once(name: str, document: str | tuple[int, str], code: Code) -> None:
    again = response(vi("Xin gọi lại sau") + "<Redirect>/voice</Redirect>")
    product = Product({"/voice": document, "/fallback": again})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        heard = await texts(call)
        await call.over()
    assert heard[0] == "Xin gọi lại sau"
    assert "application error" in heard[-1]
    (told,) = product.asked("/fallback")
    assert (told["ErrorCode"], told["ErrorUrl"]) == (str(int(code)), f"{PUBLIC}/voice")


async def test_plain_text_is_no_twiml() -> None:
    product = Product({"/voice": BYE}, content_type="text/plain")
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
    assert call.errors == [Code.CONTENT_TYPE]


async def test_a_slow_webhook_is_given_up() -> None:
    product = Product({"/voice": BYE}, slow={"/voice": 5})
    async with exchange_with(product, hook_limit=0.1) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
    assert call.errors == [Code.UNREACHABLE]
    assert len(product.requests) == 1


async def test_a_cut_connection_is_tried_once_more_with_the_same_token() -> None:
    product = Product({"/voice": BYE}, cuts=1)
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        assert await texts(call) == ["Tạm biệt"]
    assert len(product.tokens) == 2
    assert len(set(product.tokens)) == 1


async def test_documents_in_a_circle_end() -> None:
    product = Product({"/voice": response("<Redirect>/voice</Redirect>")})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
    assert call.errors == [Code.TOO_MANY]


async def test_who_hangs_up_while_the_product_thinks_is_gone_at_once() -> None:
    product = Product({"/voice": BYE, "/status": (204, "")}, slow={"/voice": 3})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.hang_up()
        assert [path for path, _ in product.requests][-1] == "/status"
    assert call.heard == []


async def test_a_dead_line_takes_no_keys() -> None:
    product = Product({"/voice": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.over()
        with pytest.raises(CallEnded):
            await call.press("1")
        with pytest.raises(LookupError):
            await exchange.dial(CITIZEN, "115")


async def test_what_went_over_the_wire() -> None:
    product = Product({"/voice": response(MENU), "/turn": BYE})
    async with exchange_with(product) as exchange:
        call = await exchange.dial(CITIZEN)
        await call.settled()
        with exchange.wire.listen() as events:
            await call.press("1")
            await call.over()
            heard = [events.get_nowait() for _ in range(events.qsize())]
    assert [event.get("what", event["kind"]) for event in heard] == ["key", "webhook", "said", "completed"]
    assert heard[1]["url"] == f"{PUBLIC}/turn"
    assert "Tạm biệt" in heard[1]["body"]

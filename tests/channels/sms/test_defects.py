"""Every defect of aiosmpplib 0.7.4 that was found, by its number, over the wire: none of them reaches the
house.

PDUs are raw hex. `tail` begins with esm_class: esm_class, protocol_id, priority, schedule, validity,
registered_delivery, replace, data_coding, default message, sm_length, text, parameters.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

import pytest

from channels.sms.supervisor import BindState
from core.channel import Doubtful, Misconfigured, SendError, Throttled, Unreachable
from core.messages import ReceiptState
from sandbox.smpp.behaviour import Receipts, Script
from sandbox.smpp.server import Smsc, Timings
from tests.channels.sms.carrier import CITIZEN, deliver, message, pdu, street

PLAIN = "00 0000 0000 0000 {coding:02x} 00 "


def plain(text: str, coding: int = 0) -> str:
    octets = bytes.fromhex(text)
    return f"00 00 00 00 00 00 00 {coding:02x} 00 {len(octets):02x} {octets.hex()}"


def receipt(text: str, esm_class: int = 4) -> str:
    octets = text.encode()
    return f"{esm_class:02x} 00 00 00 00 00 00 00 00 {len(octets):02x} {octets.hex()}"


UNDERSTOOD = [
    # defect, what, tail, text
    ("1", "a TLV that is cut", plain("4f4b") + "0424 00ff 41", "OK"),
    ("1", "an integer TLV of three octets", plain("4f4b") + "0204 0003 000001", "OK"),
    ("1", "a body that is cut", "00 00 00 00 00 00 00 00 00 09 4f4b", "OK"),
    ("1", "UDHI with message_payload", "40" + "00" * 9 + "0424 0009 0605 04 1583 0000 4f4b", "OK"),
    ("7", "a header with ports", "40 00 00 00 00 00 00 00 00 09 0605041583 0000 4f4b", "OK"),
    ("7", "a header with a national table", "40 00 00 00 00 00 00 00 00 06 03250101 4f4b", "OK"),
    ("8", "an empty text", plain(""), ""),
    ("8", "data_coding 0xF0", plain("4f4b", 0xF0), "OK"),
    ("8", "data_coding 0x18", plain("004f004b", 0x18), "OK"),
    ("8", "data_coding 4", plain("4f4b", 4), "OK"),
    ("8", "one octet above 0x7F under GSM", plain("4f4bff"), "OK\ufffd"),
    ("8", "UTF-8 under data_coding 0", plain("48e1bb93"), "Hồ"),
    ("8", "a vendor TLV above 0x7F", plain("4f4b") + "1400 0002 ff80", "OK"),
    ("8", "network_error_code above 0x7F", plain("4f4b") + "0423 0003 03ff80", "OK"),
]


@pytest.mark.parametrize(("defect", "what", "tail", "text"), UNDERSTOOD)
async def test_what_was_refused_or_fatal_is_a_message(defect: str, what: str, tail: str, text: str) -> None:
    async with street() as s:
        await s.raw(deliver(tail))
        await s.house.until(lambda: bool(s.house.accepted))
        assert s.house.texts == [text], (defect, what)
        assert await s.say("still here") == (0,)
        assert len(s.smsc.sessions) == 1  # the same line


async def test_defect_1_a_body_that_ends_in_the_addresses_ends_nothing() -> None:
    async with street() as s:
        await s.raw(pdu(5, 901, "000101383439"), pdu(5, 902))
        assert await s.say("OK") == (0,)
        assert s.house.texts[-1] == "OK"


async def test_defect_2_whatever_goes_wrong_in_the_house_the_line_lives() -> None:
    async with street(Smsc(timings=Timings(redeliver=0.05))) as s:
        keep, calls = s.house.accept, []

        async def stumble(*given: object, **named: object) -> bool:
            calls.append(given)
            if len(calls) == 1:
                raise RuntimeError("a bug")
            return await keep(*given, **named)  # type: ignore[arg-type]

        s.house.accept = stumble  # type: ignore[method-assign]
        assert await s.say("OK") == (0,)  # refused first with "not now", then sent again
        assert s.house.texts == ["OK"]
        assert len(calls) == 2


@pytest.mark.parametrize("form", ["udh8", "udh16", "payload"])
async def test_defect_3_long_texts_of_every_kind_go_out(form: str) -> None:
    texts = ["€[]{}~\\^|" * 40, "Hồ sơ 😊 " * 30, "a" * 300]
    async with street(long_messages=form) as s:
        for number, text in enumerate(texts, 1):
            await s.channel.send(message(text))
            received = await s.smsc.received(CITIZEN, number)
            assert received[-1].text == text


async def test_defect_4_closing_while_messages_flow_ends_and_every_send_has_an_outcome() -> None:
    outcomes: list[object] = []
    async with Smsc(script=Script(answer_delay=0.1)) as smsc:
        began = time.monotonic()
        async with street(smsc, bind={"window": 10}) as s:
            sends = [asyncio.create_task(s.channel.send(message(f"{number}"))) for number in range(100)]
            await asyncio.sleep(0.15)
            began = time.monotonic()
        assert time.monotonic() - began < 8
        outcomes = await asyncio.gather(*sends, return_exceptions=True)
    assert all(isinstance(outcome, (list, SendError)) for outcome in outcomes)
    assert sum(isinstance(outcome, list) for outcome in outcomes) > 50


async def test_defect_5_parts_with_a_16_bit_reference_join() -> None:
    async with street() as s:
        await s.raw(deliver("40 00 00 00 00 00 00 00 00 09 060804 1234 0201 4f4b", 1))
        await s.raw(deliver("40 00 00 00 00 00 00 00 00 09 060804 1234 0202 2121", 2))
        await s.house.until(lambda: bool(s.house.accepted))
        assert s.house.texts == ["OK!!"]


@pytest.mark.parametrize("long", ["udh8", "udh16", "sar", "payload"])
async def test_defect_6_two_citizens_with_one_reference(long: str) -> None:
    one, other = "A" * 1500, "B" * 1500
    async with street() as s:
        s.smsc.texts.next_reference = lambda: 7  # type: ignore[method-assign]
        ids = [
            await s.smsc.text("84911111111", "8088", one, long=long),
            await s.smsc.text("84922222222", "8088", other, long=long),
        ]
        for identity in ids:
            await s.smsc.acknowledged(identity)
        assert sorted(s.house.texts) == [one, other]


async def test_defect_6_a_lost_part_is_waited_for_and_then_what_came_is_kept() -> None:
    async with street(parts_wait=0.4) as s:
        await s.say("a" * 153 + "b" * 153 + "c" * 20, drop_part=2)
        await s.house.until(lambda: bool(s.house.accepted))
        assert s.house.texts == ["a" * 153 + "\n" + "c" * 20]
        assert s.house.accepted[0].incomplete


async def test_defect_9_a_receipt_that_cannot_be_read_is_no_reason_to_redeliver_for_ever() -> None:
    text = "id:{} sub:001 dlvrd:001 submit date:261123080000 done date:261123080100 stat:DELIVRD err:{} text:"
    async with street() as s:
        await s.raw(deliver(receipt(text.format(77, "00A")), 1), deliver(receipt("rubbish"), 2))
        await s.house.until(lambda: bool(s.house.reported))
        assert s.house.reported[0].error == "00A"
        assert await s.say("OK") == (0,)
        assert len(s.smsc.sessions) == 1


async def test_defect_10_a_vendors_status_is_an_outcome_not_the_end_of_the_line() -> None:
    async with street(Smsc(script=Script(throttle_every=2, throttle_status=0x400))) as s:
        assert await s.channel.send(message("one"))
        with pytest.raises(Unreachable) as caught:
            await s.channel.send(message("two"))
        assert caught.value.code == "smpp:0x400"
        assert await s.channel.send(message("three"))
        assert len(s.smsc.sessions) == 1


async def test_defect_10_an_unknown_command_gets_generic_nack() -> None:
    async with street() as s:
        with s.smsc.wire.listen() as events:
            await s.raw(pdu(0x00010203, 55))
            while (event := await asyncio.wait_for(events.get(), 3)).direction != "in":
                pass
        assert event.frame.hex() == pdu(0x80000000, 55, status=3)
        assert await s.say("OK") == (0,)


async def test_defect_11_what_waits_for_the_throttle_when_the_line_drops_has_an_outcome() -> None:
    async with street(throttle_patience=10) as s:
        s.smsc.misbehave(throttle_for=5)
        sends = [asyncio.create_task(s.channel.send(message("x" * 400))) for _ in range(5)]
        await asyncio.sleep(0.3)
        s.smsc.drop()
        outcomes = await asyncio.wait_for(asyncio.gather(*sends, return_exceptions=True), 5)
        assert all(isinstance(outcome, SendError) for outcome in outcomes)


async def test_defect_12_hundreds_of_long_messages_get_their_own_ids() -> None:
    async with street(Smsc(receipts=Receipts(states=()))) as s:
        ids: list[str] = []
        for number in range(300):
            ids += await s.channel.send(message(f"{number:03d}" + "x" * 200, to=f"+84900000{number:03d}"))
        assert len(set(ids)) == 600
        for number in (0, 255, 256, 299):
            (received,) = s.smsc.inbox(f"84900000{number:03d}")
            assert received.text.startswith(f"{number:03d}")
            assert list(received.message_ids) == ids[2 * number : 2 * number + 2]


async def test_defect_13_septets_are_counted() -> None:
    async with street() as s:
        assert len(await s.channel.send(message("[€]" * 33))) == 2
        (received,) = await s.smsc.received(CITIZEN)
        assert (received.segments, received.text) == (2, "[€]" * 33)


STATES = [
    ("14", Receipts(before_response=True), ["delivered"]),
    ("14", Receipts(states=("ACCEPTD", "DELIVRD")), ["accepted", "delivered"]),
    ("14", Receipts(copies=2), ["delivered", "delivered"]),
    ("14", Receipts(carried="payload"), ["delivered"]),
    ("8", Receipts(carried="tlv"), ["delivered"]),
    ("14", Receipts(carried="both", states=("UNDELIV",), err="1A"), ["failed"]),
    ("9", Receipts(date_digits=12), ["delivered"]),
]


@pytest.mark.parametrize(("defect", "receipts", "states"), STATES)
async def test_receipts_early_late_double_and_odd(defect: str, receipts: Receipts, states: list[str]) -> None:
    async with street(Smsc(receipts=receipts)) as s:
        (own,) = await s.channel.send(message("OK"))
        await s.house.until(lambda: len(s.house.reported) >= len(states))
        assert [told.state.value for told in s.house.reported] == states
        assert {told.reference for told in s.house.reported} == {own}


async def test_defect_14_a_receipt_for_a_message_that_nobody_knows_is_still_reported() -> None:
    async with street(Smsc(receipts=Receipts(unknown_id=True))) as s:
        (own,) = await s.channel.send(message("OK"))
        await s.house.until(lambda: bool(s.house.reported))
        assert s.house.reported[0].reference != own


async def test_defect_14_hex_in_the_answer_and_decimal_in_the_receipt() -> None:
    smsc = Smsc(receipts=Receipts(id_form="mixed"))
    async with street(smsc, ids_in_answers="hex", ids_in_receipts="decimal") as s:
        (own,) = await s.channel.send(message("OK"))
        await s.house.until(lambda: bool(s.house.reported))
        assert s.house.reported[0].reference == own


async def test_defect_14_generic_nack_and_parameters_after_the_message_id() -> None:
    async with street(Smsc(script=Script(never_answer=("submit_sm",)))) as s:
        refused = asyncio.create_task(s.channel.send(message("one")))
        taken = asyncio.create_task(s.channel.send(message("two")))
        numbers: list[int] = []
        with s.smsc.wire.listen() as events:
            while len(numbers) < 2:
                event = await asyncio.wait_for(events.get(), 3)
                if event.name == "submit_sm":
                    numbers.append(int.from_bytes(event.frame[12:16], "big"))
        await s.raw(pdu(0x80000000, numbers[0], status=0x58))
        await s.raw(pdu(0x80000004, numbers[1], "3737 00 0420 0001 41"))
        assert await taken == ["77"]
        again = asyncio.create_task(_answer_next(s.smsc, pdu))
        assert await refused == ["78"]  # throttled by a nack, sent again within the patience
        await again


async def _answer_next(smsc: Smsc, make: object) -> None:
    with smsc.wire.listen() as events:
        while (event := await asyncio.wait_for(events.get(), 3)).name != "submit_sm":
            pass
    sequence = int.from_bytes(event.frame[12:16], "big")
    smsc.raw(bytes.fromhex(pdu(0x80000004, sequence, "3738 00")))


async def test_defect_14_an_intermediate_notification_is_no_message() -> None:
    async with street() as s:
        await s.raw(deliver(receipt("id:77 stat:ENROUTE err:000", 0x20)))
        await s.house.until(lambda: bool(s.house.reported))
        assert s.house.reported[0].state is ReceiptState.ACCEPTED
        assert s.house.accepted == []


async def test_defect_15_a_receipt_after_a_restart_names_the_same_message() -> None:
    async with Smsc(receipts=Receipts(delay=0.3)) as smsc:
        async with street(smsc) as s:
            (own,) = await s.channel.send(message("OK"))
        async with street(smsc) as s:
            await s.house.until(lambda: bool(s.house.reported))
            assert s.house.reported[0].reference == own


async def test_defect_16_an_answer_in_the_same_breath_is_never_too_early() -> None:
    async with street(Smsc(receipts=Receipts(before_response=True))) as s:
        ids = await asyncio.gather(*(s.channel.send(message(f"{number}")) for number in range(200)))
        assert len({own for (own,) in ids}) == 200


async def test_defect_17_nothing_is_kept_for_receipts_that_never_come() -> None:
    async with street(Smsc(receipts=Receipts(states=()))) as s:
        (line,) = [bind.line for bind in s.channel._binds]
        assert line is not None
        for _ in range(20):
            await asyncio.gather(*(s.channel.send(message("x")) for _ in range(50)))
        assert (line.window.under_way, line.window.free) == (0, 50)


async def test_defect_18_one_throttled_in_fifty_costs_a_moment() -> None:
    async with street(Smsc(script=Script(throttle_every=50))) as s:
        began = time.monotonic()
        await asyncio.gather(*(s.channel.send(message(f"{number}")) for number in range(150)))
        assert time.monotonic() - began < 3


async def test_a_carrier_that_throttles_on_is_given_back_to_the_house() -> None:
    async with street(throttle_patience=0.5) as s:
        s.smsc.misbehave(throttle_for=30)
        with pytest.raises(Throttled) as caught:
            await s.channel.send(message("x"))
        assert timedelta() < caught.value.after < timedelta(seconds=15)
        assert s.channel.room() == 0


async def test_defect_19_no_answer_is_noticed_without_other_traffic() -> None:
    smsc = Smsc(script=Script(never_answer=("submit_sm",)))
    async with street(smsc, answer_time=0.3, silence_limit=1) as s:
        with pytest.raises(Doubtful, match="in time"):
            await asyncio.wait_for(s.channel.send(message("x")), 2)
        assert s.channel.room() == 50


async def test_defect_20_a_slow_house_does_not_hold_up_enquire_link() -> None:
    async with street() as s:
        s.house.delay = 0.5
        for number in range(3):
            await s.raw(deliver(plain("4f4b"), 100 + number))
        with s.smsc.wire.listen() as events:
            await s.raw(pdu(0x15, 777))
            began = time.monotonic()
            while (event := await asyncio.wait_for(events.get(), 3)).name != "enquire_link_resp":
                pass
        assert time.monotonic() - began < 0.3
        assert event.frame.hex() == pdu(0x80000015, 777)


@pytest.mark.parametrize("length", [0x7FFFFFFF, 70_001, 15, 0])
async def test_defect_21_a_length_that_cannot_be_ends_the_session_and_a_new_one_begins(length: int) -> None:
    async with street() as s:
        (session,) = await s.smsc.bound()
        await s.raw(pdu(5, 1, length=length))
        await _gone(s.smsc, session.label)
        await s.channel.bound()
        assert await s.say("OK") == (0,)


async def test_defect_21_a_pdu_that_never_ends_is_not_waited_for() -> None:
    async with street(silence_limit=0.3) as s:
        (session,) = await s.smsc.bound()
        await s.raw(pdu(5, 1, "00", length=60_000))
        await _gone(s.smsc, session.label)


async def _gone(smsc: Smsc, label: str) -> None:
    """Wait until the session is over."""
    with smsc.wire.listen() as events:
        async with asyncio.timeout(5):
            while label in smsc.sessions:
                await events.get()


@pytest.mark.parametrize("bodiless", [True, False])
async def test_defect_22_a_wrong_password_is_told_apart_from_a_fault(bodiless: bool) -> None:
    smsc = Smsc(script=Script(refuse_bind=0x0E, refuse_without_body=bodiless))
    async with street(smsc, wait=False) as s:
        await asyncio.wait_for(s.alarmed.wait(), 5)
        (standing,) = s.channel.standings()
        assert (standing.state, standing.why) == (BindState.MISCONFIGURED, "wrong password")
        assert len(s.alarms) == 1
        with pytest.raises(Misconfigured, match="wrong password"):
            await s.channel.send(message("x"))


async def test_defect_23_no_number_and_no_text_in_any_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with street() as s:
        await s.say("Nguyen Van An")
        await s.channel.send(message("Nguyen Van An"))
        await s.raw(deliver(receipt("Nguyen Van An")))  # a receipt without an id is logged
        s.house.accept = _break  # type: ignore[method-assign]
        await s.raw(deliver(plain("4f4b"), 5))
        await s.raw(pdu(5, 6, "ff" * 40), pdu(5, 1, length=12))
        await asyncio.sleep(0.2)
    assert caplog.records
    ours = [record for record in caplog.records if "sandbox" not in record.name]
    shown = "\n".join(record.getMessage() for record in ours)
    assert "receipt without an id" in shown
    for secret in ("Nguyen", "912345678", "motcua", b"Nguyen".hex()):
        assert secret not in shown


async def _break(*given: object, **named: object) -> bool:
    raise ValueError("Nguyen Van An 84912345678")


async def test_defect_24_the_rate_is_in_segments_and_even() -> None:
    async with street(bind={"segments_per_second": 50}) as s:
        began = time.monotonic()
        await asyncio.gather(*(s.channel.send(message("x" * 300)) for _ in range(5)))  # ten segments
        assert 0.15 < time.monotonic() - began < 1.0

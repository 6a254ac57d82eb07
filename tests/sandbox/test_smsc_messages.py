"""What the SMSC carries: texts from handsets, texts on handsets, receipts, and its misbehaviour on demand."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime

import pytest

from sandbox.smpp.alphabets import Alphabet, alphabet_of, decode, units
from sandbox.smpp.behaviour import Receipts, Script
from sandbox.smpp.codes import Command, Status, Tag
from sandbox.smpp.mobile import measure
from sandbox.smpp.pdu import Message, Pdu
from sandbox.smpp.server import VIETNAM, Smsc
from sandbox.smpp.udh import Long, open_part, split
from tests.sandbox.smsc_peer import CITIZEN, OFFICE, Peer, bound, connected, identity

LONG = "Kính gửi ông/bà, hồ sơ đã tiếp nhận. " * 6


def noon() -> datetime:
    return datetime(2026, 11, 24, 12, 0, 30, tzinfo=VIETNAM)


# -- from the handset

TEXTS = [
    ("HS 123", {}, [0x00], [0x00]),
    ("Hồ sơ", {}, [0x08], [0x00]),
    ("déjà vu", {"coding": "latin1"}, [0x03], [0x00]),
    (LONG, {}, [0x08] * 4, [0x40] * 4),
    (LONG, {"long": "udh16"}, [0x08] * 4, [0x40] * 4),
    (LONG, {"long": "sar"}, [0x08] * 4, [0x00] * 4),
    (LONG, {"long": "payload"}, [0x08], [0x00]),
    (LONG, {"order": [3, 1, 4, 2]}, [0x08] * 4, [0x40] * 4),
    ("x" * 200, {"data_coding": 0xF0}, [0xF0] * 2, [0x40] * 2),
]


@pytest.mark.parametrize(("text", "how", "codings", "classes"), TEXTS)
async def test_a_handset_texts(
    text: str, how: Mapping[str, object], codings: list[int], classes: list[int]
) -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        sent = await smsc.text("+" + CITIZEN, OFFICE, text, **how)  # type: ignore[arg-type]
        assert await smsc.acknowledged(sent) == (0,) * len(codings)
        messages = peer.delivered
    assert [message.data_coding for message in messages] == codings
    assert [message.esm_class for message in messages] == classes
    assert {(message.source, message.source_ton, message.destination) for message in messages} == {
        (CITIZEN, 1, OFFICE)
    }
    if "order" in how:
        assert [open_part(message)[0].part for message in messages] == how["order"]  # type: ignore[union-attr]
        messages = [messages[1], messages[3], messages[0], messages[2]]
    alphabet = alphabet_of(codings[0])
    assert "".join(decode(open_part(message)[1], alphabet) for message in messages) == text


async def test_every_text_has_its_own_reference() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        for _ in range(2):
            await smsc.acknowledged(await smsc.text(CITIZEN, OFFICE, LONG))
        places = [open_part(message)[0] for message in peer.delivered]
        assert len({place.reference for place in places if place is not None}) == 2


async def test_a_part_is_lost() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        await smsc.acknowledged(await smsc.text(CITIZEN, OFFICE, LONG, drop_part=2))
        assert [open_part(message)[0].part for message in peer.delivered] == [1, 3, 4]  # type: ignore[union-attr]


async def test_a_careless_network_cuts_through_letters() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        await smsc.acknowledged(await smsc.text(CITIZEN, OFFICE, "x" * 152 + "€" * 10, careless=True))
        assert peer.delivered[0].short_message.endswith(b"\x1b")


async def test_what_the_coding_cannot_hold_is_not_sent() -> None:
    async with Smsc() as smsc:
        with pytest.raises(UnicodeEncodeError):
            await smsc.text(CITIZEN, OFFICE, "Hồ sơ", coding="gsm")


@pytest.mark.parametrize(
    ("text", "printed"), [("a" * 161, ("gsm", 2)), ("đ", ("ucs2", 1)), (LONG, ("ucs2", 4))]
)
def test_the_small_print_of_a_text(text: str, printed: tuple[str, int]) -> None:
    assert measure(text) == printed


# -- on the handset


async def submit_parts(peer: Peer, text: str, how: Long, order: list[int]) -> None:
    parts = split(units(text, Alphabet.UCS2), Alphabet.UCS2, how, 7)
    for number in order:
        part = parts[number - 1]
        response = await peer.submit(data_coding=8, **part._asdict())
        assert response.status == 0


HOWS = [(Long.UDH8, [4, 2, 1, 3]), (Long.UDH16, [1, 2, 3, 4]), (Long.SAR, [2, 1, 4, 3]), (Long.PAYLOAD, [1])]


@pytest.mark.parametrize(("how", "order"), HOWS)
async def test_a_handset_joins_the_parts(how: Long, order: list[int]) -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        await submit_parts(peer, LONG, how, order)
        [text] = smsc.inbox(CITIZEN)
        assert (text.text, text.segments, text.encoding) == (LONG, 4, "ucs2")
        assert len(text.raw) == len(text.message_ids) == len(order)


async def test_an_incomplete_text_is_not_shown() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        await submit_parts(peer, LONG, Long.UDH8, [1, 2, 4])
        assert smsc.inbox(CITIZEN) == []
        assert smsc.handsets.incomplete(CITIZEN) == 1


@pytest.mark.parametrize("spelling", ["84901234567", "+84901234567", "0901234567"])
async def test_one_telephone_has_one_inbox(spelling: str) -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        await peer.submit(destination=CITIZEN)
        assert [text.text for text in await smsc.received(spelling)] == ["OK"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"short_message": b"a" * 160}, 0),
        ({"short_message": b"a" * 161}, Status.RINVMSGLEN),
        ({"short_message": b"a" * 141, "data_coding": 8}, Status.RINVMSGLEN),
        ({"short_message": b"\x05\x00\x03\x01\x01\x01" + b"a" * 153, "esm_class": 0x40}, 0),
        ({"short_message": b"\x05\x00\x03\x01\x01\x01" + b"a" * 154, "esm_class": 0x40}, Status.RINVMSGLEN),
        ({"short_message": b"\x05\x00\x03\x01\x01\x02", "esm_class": 0x40}, Status.RINVMSGLEN),
        ({"destination": ""}, Status.RINVDSTADR),
    ],
)
async def test_a_strict_smsc_refuses_what_the_air_does_not_carry(
    fields: dict[str, object], status: int
) -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        assert (await peer.submit(**fields)).status == status


async def test_data_sm_is_taken_as_well() -> None:
    body = (
        b"\0\1\1"
        + OFFICE.encode()
        + b"\0\1\1"
        + CITIZEN.encode()
        + b"\0\0\0\0"
        + bytes.fromhex("04240002")
        + b"Hi"
    )
    async with Smsc() as smsc, bound(smsc) as peer:
        response = await peer.ask(Command.DATA_SM, body)
        assert (response.name, response.status, identity(response)) == ("data_sm_resp", 0, "1000000001")
        assert [text.text for text in smsc.inbox(CITIZEN)] == ["Hi"]


# -- receipts

DECIMAL = (
    "id:1000000001 sub:001 dlvrd:001 submit date:2611241200 done date:2611241200 stat:DELIVRD err:000 text:OK"
)
STATE = ((Tag.RECEIPTED_MESSAGE_ID, b"1000000001\0"), (Tag.MESSAGE_STATE, b"\x02"))
RECEIPTS = [
    (Receipts(), "1000000001", DECIMAL, ()),
    (Receipts(id_form="hex"), "3b9aca01", DECIMAL.replace("1000000001", "3b9aca01"), ()),
    (Receipts(id_form="mixed"), "3b9aca01", DECIMAL, ()),
    (Receipts(unknown_id=True), "1000000001", DECIMAL.replace("1000000001", "10000000001"), ()),
    (Receipts(date_digits=12), "1000000001", re.sub(r"(date:\d+)", r"\g<1>30", DECIMAL), ()),
    (Receipts(err="0A7"), "1000000001", DECIMAL.replace("000 text", "0A7 text"), ()),
    (Receipts(carried="tlv"), "1000000001", "", STATE),
    (Receipts(carried="both"), "1000000001", DECIMAL, STATE),
    (Receipts(carried="payload"), "1000000001", "", ((Tag.MESSAGE_PAYLOAD, DECIMAL.encode()),)),
]


@pytest.mark.parametrize(("how", "told", "text", "tlvs"), RECEIPTS)
async def test_receipts_in_every_dialect(
    how: Receipts, told: str, text: str, tlvs: tuple[tuple[int, bytes], ...]
) -> None:
    async with Smsc(receipts=how, clock=noon) as smsc, bound(smsc) as peer:
        assert identity(await peer.submit(registered_delivery=1)) == told
        [receipt] = await peer.deliveries(1)
    assert receipt == Message(
        *("", 0, 0, CITIZEN, 0, 0, OFFICE), esm_class=0x04, short_message=text.encode(), tlvs=tlvs
    )


ORDERS = [
    (Receipts(), 1, ["submit_sm_resp", "deliver_sm"]),
    (Receipts(before_response=True), 1, ["deliver_sm", "submit_sm_resp"]),
    (Receipts(copies=2), 1, ["submit_sm_resp", "deliver_sm", "deliver_sm"]),
    (Receipts(states=("ACCEPTD", "DELIVRD"), delay=0.02), 1, ["submit_sm_resp", "deliver_sm", "deliver_sm"]),
    (Receipts(), 0, ["submit_sm_resp"]),
    (Receipts(), 2, ["submit_sm_resp"]),
    (Receipts(states=("UNDELIV",)), 2, ["submit_sm_resp", "deliver_sm"]),
    (Receipts(states=()), 1, ["submit_sm_resp"]),
]


@pytest.mark.parametrize(("how", "asked", "order"), ORDERS)
async def test_when_receipts_come(how: Receipts, asked: int, order: list[str]) -> None:
    async with Smsc(receipts=how) as smsc, bound(smsc) as peer:
        await peer.submit(registered_delivery=asked)
        await peer.deliveries(len(order) - 1)
        await peer.ask(Command.ENQUIRE_LINK)
        assert peer.order[1:-1] == order


async def test_a_handset_that_is_off_receives_nothing_and_says_so() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        smsc.handsets.switch(CITIZEN, on=False)
        await peer.submit(registered_delivery=1)
        [receipt] = await peer.deliveries(1)
        assert b"stat:UNDELIV" in receipt.short_message
        assert smsc.inbox(CITIZEN) == []
        smsc.handsets.switch(CITIZEN, on=True)
        await peer.submit()
        assert len(smsc.inbox(CITIZEN)) == 1


async def test_a_bad_header_is_refused_even_by_a_lax_smsc_for_a_handset_that_is_off() -> None:
    async with Smsc(strict=False) as smsc, bound(smsc) as peer:
        smsc.handsets.switch(CITIZEN, on=False)
        fields = {"esm_class": 0x40, "short_message": b"\x09", "registered_delivery": 1}
        assert (await peer.submit(**fields)).status == Status.RINVMSGLEN
        assert (await peer.submit(short_message=b"x" * 254)).status == 0


async def test_receipts_wait_for_a_receiving_bind() -> None:
    async with Smsc() as smsc:
        async with bound(smsc, command=Command.BIND_TRANSMITTER) as peer:
            await peer.submit(registered_delivery=1)
            assert peer.delivered == []
        async with bound(smsc, command=Command.BIND_RECEIVER) as peer:
            assert (await peer.deliveries(1))[0].esm_class == 0x04


# -- misbehaviour


async def test_every_third_submit_is_throttled() -> None:
    for status in (Status.RTHROTTLED, Status.RMSGQFUL, Status.VENDOR):
        async with Smsc(script=Script(throttle_every=3, throttle_status=status)) as smsc, bound(smsc) as peer:
            answers = [(await peer.submit()).status for _ in range(6)]
            assert answers == [0, 0, status, 0, 0, status]
            assert len(smsc.inbox(CITIZEN)) == 4


async def test_throttled_for_a_while() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        smsc.misbehave(throttle_for=0.05)
        assert (await peer.submit()).status == Status.RTHROTTLED
        async with asyncio.timeout(5):
            while (await peer.submit()).status:
                pass
        smsc.misbehave(throttle_for=60.0)
        smsc.behave()
        assert (await peer.submit()).status == 0


async def test_answers_come_late() -> None:
    async with Smsc(script=Script(answer_delay=0.05)) as smsc, bound(smsc) as peer:
        before = asyncio.get_running_loop().time()
        await peer.submit()
        assert asyncio.get_running_loop().time() - before >= 0.05


async def test_answers_do_not_come_though_the_text_was_taken() -> None:
    async with Smsc(script=Script(never_answer=("submit_sm", "unbind"))) as smsc, bound(smsc) as peer:
        peer.send(Pdu(Command.UNBIND, 0, 90, b""))
        submitting = asyncio.create_task(peer.submit())
        assert len(await smsc.received(CITIZEN)) == 1
        peer.send(Pdu(Command.ENQUIRE_LINK, 0, 91, b""))
        assert (await submitting).name == "enquire_link_resp"


async def test_connections_drop_after_so_many_pdus_so_often() -> None:
    async with Smsc(script=Script(drop_after=3, drop_times=2)) as smsc:
        for _ in range(2):
            async with bound(smsc) as peer:
                await peer.submit()
                peer.send(Pdu(Command.ENQUIRE_LINK, 0, 9, b""))
                await asyncio.wait_for(peer.gone.wait(), 5)
        async with bound(smsc) as peer:
            assert [(await peer.submit()).status for _ in range(4)] == [0] * 4


@pytest.mark.parametrize(("bare", "length"), [(True, 0), (False, 8)])
async def test_binds_are_refused_with_and_without_a_body(bare: bool, length: int) -> None:
    script = Script(refuse_bind=Status.RBINDFAIL, refuse_without_body=bare)
    async with Smsc(script=script) as smsc, connected(smsc) as peer:
        response = await peer.bind()
        assert (response.status, len(response.body)) == (Status.RBINDFAIL, length)
        smsc.behave()
        assert (await peer.bind()).status == 0


async def test_any_octets_can_be_sent() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        assert smsc.raw(bytes.fromhex("00000010000007770000000000000009"), "motcua") == 1
        assert (await peer.next()).name == "0x00000777"
        assert smsc.raw(b"", "nobody") == 0


async def test_it_stops_reading_and_reads_on() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        smsc.misbehave(stop_reading=True)
        submitting = asyncio.create_task(peer.submit())
        with pytest.raises(TimeoutError):
            await smsc.received(CITIZEN, timeout=0.05)
        smsc.behave()
        assert (await submitting).status == 0


async def test_the_same_text_is_delivered_twice() -> None:
    async with Smsc(script=Script(deliver_twice=True)) as smsc, bound(smsc) as peer:
        text = await smsc.text(CITIZEN, OFFICE, "HS 1")
        first, second = await peer.deliveries(2)
        assert first == second
        assert await smsc.acknowledged(text) == (0,)


async def test_connections_are_cut() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        smsc.drop("motcua")
        await asyncio.wait_for(peer.gone.wait(), 5)


def test_an_unknown_word_in_the_script_is_refused() -> None:
    async def misspelt() -> None:
        async with Smsc() as smsc:
            smsc.misbehave(throtle_every=3)

    with pytest.raises(TypeError, match="throtle_every"):
        asyncio.run(misspelt())

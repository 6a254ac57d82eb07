"""Receipts in the dialects of the field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.pdu import Delivered, Tag
from channels.sms.receipts import done_at, is_receipt, parse, reference_of
from core.messages import ReceiptState

DELIVERED, FAILED, EXPIRED = ReceiptState.DELIVERED, ReceiptState.FAILED, ReceiptState.EXPIRED
ACCEPTED, UNKNOWN = ReceiptState.ACCEPTED, ReceiptState.UNKNOWN


def receipt(text: str, tlvs: dict[int, bytes] | None = None, esm_class: int = 4) -> Delivered:
    return Delivered(
        "84912345678", 1, "8088", esm_class, 0, text.encode("utf-8", "replace"), tlvs or {}, None, False
    )


FULL = "id:{} sub:001 dlvrd:001 submit date:{} done date:{} stat:{} err:{} text:Ho so"

BOTH = {Tag.RECEIPTED_MESSAGE_ID: b"77\0", Tag.MESSAGE_STATE: b"\2"}
NETWORK = {Tag.NETWORK_ERROR_CODE: b"\x03\xff\x80"}
LONG = "20261123080130"

TOLD = [
    # defect, receipt, reference, state, error
    ("", receipt(FULL.format("77", "2611230800", "2611230801", "DELIVRD", "000")), "77", DELIVERED, ""),
    ("9", receipt(FULL.format("77", "261123080000", "261123080130", "DELIVRD", "0")), "77", DELIVERED, ""),
    ("9", receipt(FULL.format("77", "x", LONG, "UNDELIV", "E1a")), "77", FAILED, "E1a"),
    ("9", receipt("ID:77 STAT:EXPIRED ERR:00B"), "77", EXPIRED, "00B"),
    ("9", receipt("id:77 stat:DELIVERED"), "77", DELIVERED, ""),
    ("9", receipt("id:77 stat:"), "77", UNKNOWN, ""),
    ("9", receipt("id: 77 sub:1 stat: REJECTD err: 069"), "77", FAILED, "069"),
    ("8", receipt("", BOTH), "77", DELIVERED, ""),
    ("14", receipt("id:1 stat:UNDELIV", BOTH), "77", DELIVERED, ""),
    ("14", receipt("id:77 stat:ACCEPTD err:000"), "77", ACCEPTED, ""),
    ("14", receipt("id:77 stat:ENROUTE err:000", esm_class=0x20), "77", ACCEPTED, ""),
    ("14", receipt("id:77 stat:UNDELIV err:001", esm_class=0x20), "77", ACCEPTED, "001"),
    ("8", receipt("id:77 stat:UNDELIV", NETWORK), "77", FAILED, "3/65408"),
    ("", receipt("hello"), "", UNKNOWN, ""),
    ("", receipt("id:77 stat:DELIVRD text:stat:UNDELIV"), "77", DELIVERED, ""),
]


@pytest.mark.parametrize(("defect", "given", "reference", "state", "error"), TOLD)
def test_what_a_receipt_says(
    defect: str, given: Delivered, reference: str, state: ReceiptState, error: str
) -> None:
    told = parse(given)
    assert (told.reference, told.state, told.error) == (reference, state, error), defect


NAMED = {Tag.RECEIPTED_MESSAGE_ID: b"1\0"}

WHICH = [
    (receipt("id:1 stat:DELIVRD"), True, "the receipt bits"),
    (receipt("id:1", esm_class=0x20), True, "an intermediate notification"),
    (receipt("id:1", esm_class=0x44), True, "with a user data header too"),
    (receipt("id:1 stat:DELIVRD", esm_class=0), False, "a citizen can write this"),
    (receipt("ok", NAMED, esm_class=0), False, "some SMSCs number what citizens send"),
    (receipt("", NAMED | {Tag.MESSAGE_STATE: b"\2"}, esm_class=0), True, "the bits forgotten"),
    (receipt("", NAMED, esm_class=0x08), True, "the handset's acknowledgement"),
]


@pytest.mark.parametrize(("given", "expected", "why"), WHICH)
def test_who_speaks(given: Delivered, expected: bool, why: str) -> None:
    assert is_receipt(given) is expected, why


NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
VIETNAM, BRAZIL = timedelta(hours=7), timedelta(hours=-3)

DATES = [
    # defect, done date, offset, when
    ("", "2611231455", VIETNAM, datetime(2026, 11, 23, 7, 55, tzinfo=UTC)),
    ("9", "261123145530", VIETNAM, datetime(2026, 11, 23, 7, 55, 30, tzinfo=UTC)),
    ("9", "20261123145530", VIETNAM, datetime(2026, 11, 23, 7, 55, 30, tzinfo=UTC)),
    ("24", "2611230455", BRAZIL, datetime(2026, 11, 23, 7, 55, tzinfo=UTC)),
    ("9", "2613991455", VIETNAM, NOW),
    ("", "2611231600", VIETNAM, NOW),  # an hour ahead of us: their clock is wrong
    ("", "2611011600", VIETNAM, NOW),  # weeks ago
    ("", "", VIETNAM, NOW),
    ("9", "26-11-23T14", VIETNAM, NOW),
    ("", "२६१११२३१४५", VIETNAM, NOW),
]


@pytest.mark.parametrize(("defect", "done", "zone", "when"), DATES)
def test_when_it_happened(defect: str, done: str, zone: timedelta, when: datetime) -> None:
    assert done_at(done, zone, NOW) == when, defect


@pytest.mark.parametrize(
    ("told", "style", "compared"),
    [
        ("00ab", "text", "00ab"),
        ("1A", "hex", "26"),
        ("0000000026", "decimal", "26"),
        ("26", "decimal", "26"),
        ("xyz", "hex", "xyz"),
        ("", "decimal", ""),
    ],
)
def test_ids_in_one_form(told: str, style: str, compared: str) -> None:
    assert reference_of(told, style) == compared


@given(st.text(max_size=200), st.binary(max_size=5), st.binary(max_size=5), st.sampled_from([4, 0x20]))
def test_no_receipt_breaks_the_reader(text: str, state: bytes, error: bytes, esm_class: int) -> None:
    told = parse(
        receipt(text, {Tag.MESSAGE_STATE: state, Tag.NETWORK_ERROR_CODE: error}, esm_class=esm_class)
    )
    done_at(told.done, VIETNAM, NOW)
    reference_of(told.reference, "hex")

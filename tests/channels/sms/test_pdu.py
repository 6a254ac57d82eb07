"""Odd deliver_sm and user data headers, as raw hex."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.pdu import (
    Command,
    Concat,
    Delivered,
    Frame,
    message_id,
    pack_tlv,
    parse_delivered,
    parse_header,
    parse_tlvs,
)
from channels.sms.receipts import is_receipt, parse

# service_type, ton, npi, "84912345678", ton, npi, "8088"; then follow esm_class, protocol_id, priority,
# schedule, validity, registered_delivery, replace, data_coding, default message, sm_length, text
HEAD = "00 01 01 3834393132333435363738 00 03 00 38303838 00"


def delivered(body: str, command: int = Command.DELIVER_SM) -> Delivered:
    return parse_delivered(Frame(command, 0, 1, bytes.fromhex(body)))


PLAIN = HEAD + "00 00 00 00 00 00 00 00 00 "  # esm_class 0, data_coding 0; sm_length follows
GONE = "a body that ends in the addresses"

ODD = [
    # defect, what, body in hex, octets in hex, damaged
    ("1", "a TLV that is cut", PLAIN + "02 4f4b 0424 00ff 41", "4f4b", True),
    ("1", "a TLV without a length", PLAIN + "02 4f4b 0424 00", "4f4b", True),
    ("1", "an integer TLV of three octets", PLAIN + "02 4f4b 020c 0003 000001", "4f4b", False),
    ("1", "a body that is cut within the text", PLAIN + "09 4f4b", "4f4b", True),
    ("1", GONE, "00 01 01 38343931", "", True),
    ("1", "no body at all", "", "", True),
    ("1", "a header in the payload", HEAD + "40" + "00" * 9 + "0424 0008 050003aa0201 4f4b", "4f4b", False),
    ("8", "an empty text", PLAIN + "00", "", False),
    ("8", "type of number 7", "00 07 01 383439 00 07 00 3830 00" + "00" * 9 + "02 4f4b", "4f4b", False),
    ("8", "a vendor TLV above 0x7F", PLAIN + "02 4f4b 1400 0002 ff80", "4f4b", False),
    ("8", "network_error_code above 0x7F", PLAIN + "02 4f4b 0423 0003 03ff80", "4f4b", False),
    ("1", "the text in message_payload", PLAIN + "00 0424 0002 4f4b", "4f4b", False),
]


@pytest.mark.parametrize(("defect", "what", "body", "octets", "damaged"), ODD)
def test_an_odd_pdu_is_read_as_far_as_it_goes(
    defect: str, what: str, body: str, octets: str, damaged: bool
) -> None:
    read = delivered(body)
    assert (read.octets.hex(), read.damaged) == (octets, damaged), (defect, what)


def test_the_fields() -> None:
    read = delivered(HEAD + "04 00 00 00 00 00 00 08 00 04 00481ed3 001e 0003 313200")
    assert (read.source, read.source_ton, read.destination) == ("84912345678", 1, "8088")
    assert (read.esm_class, read.data_coding, read.octets.hex()) == (4, 8, "00481ed3")
    assert read.tlvs == {0x1E: b"12\0"}


def test_data_sm_has_its_text_in_message_payload() -> None:
    read = delivered(HEAD + "00 00 08 0424 0004 00481ed3", Command.DATA_SM)
    assert (read.destination, read.data_coding, read.octets.hex()) == ("8088", 8, "00481ed3")
    assert not read.damaged


HEADERS = [
    # defect, octets, concatenation, the rest
    ("", "050003c80201 4142", Concat("8", 0xC8, 2, 1), "4142"),
    ("5", "060804 1234 0201 4142", Concat("16", 0x1234, 2, 1), "4142"),
    ("7", "06 05 04 1583 0000 4142", None, "4142"),  # ports
    ("7", "03 24 01 01 4142", None, "4142"),  # national single shift
    ("7", "0b 05 04 1583 0000 00 03 c8 0202 4142", Concat("8", 0xC8, 2, 2), "4142"),  # ports, then parts
    ("", "050003c80203 41", None, "41"),  # part 3 of 2: not a part
    ("", "050003c80200 41", None, "41"),  # part 0
    ("", "050003c80101 41", None, "41"),  # one of one
    ("1", "7f0003c80201", None, "7f0003c80201"),  # longer than the data: no header
    ("1", "05000ac80201 41", None, "41"),  # an element longer than its header
    ("1", "0100 41", None, "41"),
    ("1", "00 41", None, "41"),
    ("1", "", None, ""),
]


@pytest.mark.parametrize(("defect", "octets", "concat", "rest"), HEADERS)
def test_user_data_headers_by_element(defect: str, octets: str, concat: Concat | None, rest: str) -> None:
    found, left = parse_header(bytes.fromhex(octets))
    assert (found, left.hex()) == (concat, rest), defect


def test_sar_parameters_number_the_parts() -> None:
    body = HEAD + "00 00 00 00 00 00 00 00 00 02 4f4b 020c 0002 012c 020e 0001 02 020f 0001 01"
    assert delivered(body).concat == Concat("sar", 300, 2, 1)


@pytest.mark.parametrize(
    ("body", "identity"),
    [("3132333400", "1234"), ("31323334", "1234"), ("313200 0210 0001 34", "12"), ("", ""), ("ff00", "ÿ")],
)
def test_defect_14_the_message_id_ends_at_its_nul(body: str, identity: str) -> None:
    assert message_id(bytes.fromhex(body)) == identity


@given(st.binary(max_size=400), st.sampled_from([Command.DELIVER_SM, Command.DATA_SM]))
def test_no_octets_break_the_reader(body: bytes, command: int) -> None:
    read = parse_delivered(Frame(command, 0, 1, body))
    is_receipt(read)
    parse(read)


@given(st.binary(max_size=160))
def test_no_octets_break_the_header_reader(octets: bytes) -> None:
    concat, rest = parse_header(octets)
    assert octets.endswith(rest)
    assert concat is None or 1 <= concat.part <= concat.total


@given(st.dictionaries(st.integers(0, 0xFFFF), st.binary(max_size=50), max_size=8), st.binary(max_size=3))
def test_parameters_there_and_back(tlvs: dict[int, bytes], rest: bytes) -> None:
    body = b"".join(pack_tlv(tag, value) for tag, value in tlvs.items())
    assert parse_tlvs(body, 0) == (tlvs, True)
    assert parse_tlvs(body + rest, 0) == (tlvs, not rest)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_one_wrong_octet_anywhere_loses_nothing_but_itself(at: int, wrong: bytes) -> None:
    """A sound PDU with some octets overwritten is still read, and never by an exception."""
    body = bytearray(bytes.fromhex(HEAD + "40 00 00 00 00 00 00 00 00 08 050003c80201 4142 001e 0003 313200"))
    at %= len(body)
    body[at : at + len(wrong)] = wrong
    parse_delivered(Frame(Command.DELIVER_SM, 0, 1, bytes(body)))

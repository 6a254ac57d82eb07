"""SMPP 3.4 as octets: what is written down in hex is what the specification says, field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.smpp.alphabets import Alphabet, alphabet_of, decode, fits_gsm, units
from sandbox.smpp.codes import Status, Tag
from sandbox.smpp.pdu import (
    Bind,
    Message,
    Pdu,
    ProtocolError,
    Response,
    pack_bind,
    pack_message,
    pack_response,
    parse,
    parse_bind,
    parse_body,
    parse_message,
    parse_response,
    readable,
)
from sandbox.smpp.udh import Long, open_part, split
from sandbox.smpp.wire import WireEvent

# The example of SMPP 3.4 §4.1.1: bind_transmitter, system_id SMPP3TEST, password secret08, type SUBMIT1.
BIND = (
    "0000002f 00000002 00000000 00000001 534d5050335445535400 7365637265743038 00 5355424d4954310034 01 01 00"
)
SUBMIT = (
    "00000039 00000004 00000000 00000005 00 00 00 3830383800 01 01 383439303132333435363700"
    "00 00 00 00 00 01 00 00 00 09 48656c6c6f20c3a4 21"
)


def test_the_example_of_the_specification_is_read_and_written() -> None:
    frame = bytes.fromhex(BIND)
    pdu = parse(frame)
    assert (pdu.name, pdu.status, pdu.sequence) == ("bind_transmitter", 0, 1)
    bind = parse_bind(pdu.body)
    assert bind == Bind("SMPP3TEST", "secret08", "SUBMIT1", 0x34, 1, 1, "")
    assert Pdu(pdu.command, 0, 1, pack_bind(bind)).pack() == frame


def test_a_submit_is_read_and_written() -> None:
    frame = bytes.fromhex(SUBMIT)
    message = parse_message(parse(frame).body)
    assert message == Message(
        source="8088",
        destination_ton=1,
        destination_npi=1,
        destination="84901234567",
        registered_delivery=1,
        short_message=b"Hello \xc3\xa4!",
    )
    assert pack_message(message) == frame[16:]


HEADERS = [
    ("00000010 80000000 00000003 00000007", "generic_nack", 3, 7),
    ("00000010 00000015 00000000 7fffffff", "enquire_link", 0, 0x7FFFFFFF),
    ("00000010 80000015 00000000 00000001", "enquire_link_resp", 0, 1),
    ("00000010 00000006 00000000 00000002", "unbind", 0, 2),
    ("00000011 80000005 00000064 00000009 00", "deliver_sm_resp", 0x64, 9),
    ("00000010 80000009 0000000e 00000001", "bind_transceiver_resp", 0x0E, 1),
    ("00000010 00000777 00000000 00000001", "0x00000777", 0, 1),
]


@pytest.mark.parametrize(("octets", "name", "status", "sequence"), HEADERS)
def test_headers(octets: str, name: str, status: int, sequence: int) -> None:
    pdu = parse(bytes.fromhex(octets))
    assert (pdu.name, pdu.status, pdu.sequence) == (name, status, sequence)
    assert pdu.pack() == bytes.fromhex(octets)


RESPONSES = [
    ("", Response()),
    ("3130303000", Response("1000")),
    ("534d534300 0210 0001 34", Response("SMSC", ((Tag.SC_INTERFACE_VERSION, b"\x34"),))),
]


@pytest.mark.parametrize(("octets", "response"), RESPONSES)
def test_responses(octets: str, response: Response) -> None:
    assert parse_response(bytes.fromhex(octets)) == response
    if octets:
        assert pack_response(response) == bytes.fromhex(octets)


NO_TEXT = "00 0000 00 0000 3100 000000 00 00 00 00 00 00"
BROKEN = [
    ("command_length lies", "00000011 00000015 00000000 00000001", Status.RINVCMDLEN),
    ("shorter than a header", "00000010", Status.RINVCMDLEN),
    ("unknown command", "00000010 00000777 00000000 00000001", Status.RINVCMDID),
    ("bind without a body", "00000010 00000009 00000000 00000001", Status.RINVSYSID),
    ("password of nine", "0000001c 00000009 00000000 00000001 6100 31323334353637383900", Status.RINVPASWD),
    ("submit without a body", "00000010 00000004 00000000 00000001", Status.RINVSERTYP),
    ("source is not ASCII", "00000015 00000004 00000000 00000001 00 0000 ff00", Status.RINVSRCADR),
    ("sm_length beyond the end", f"00000022 00000004 00000000 00000001 {NO_TEXT} 05", Status.RINVMSGLEN),
    ("TLV cut", f"00000027 00000004 00000000 00000001 {NO_TEXT} 00 0424 0005 41", Status.RINVOPTPARSTREAM),
    ("TLV header cut", f"00000024 00000004 00000000 00000001 {NO_TEXT} 00 0424", Status.RINVCMDLEN),
]


@pytest.mark.parametrize(("why", "octets", "status"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_broken_is_refused_with_its_status(why: str, octets: str, status: int) -> None:
    with pytest.raises(ProtocolError) as refused:
        parse_body(parse(bytes.fromhex(octets)))
    assert refused.value.status == status


def test_the_readable_form_keeps_the_password_to_itself() -> None:
    shown = readable(parse(bytes.fromhex(BIND)))
    assert shown["system_id"] == "SMPP3TEST"
    assert "secret08" not in str(shown)


# 3GPP TS 23.038 §6.2.1: the corners of the table, the national letters, the extension.
GSM = [
    ("@£$", "000102"),
    ("ÇØøÅå", "090b0c0e0f"),
    ("ΔΦΓΛΩΠΨΣΘΞ", "10121314151617 18191a"),
    ("ÄÖÑÜ§¿äöñüà", "5b5c5d5e5f607b7c7d7e7f"),
    ("¡¤_", "402411"),
    ("€[]{}~\\^|", "1b651b3c1b3e1b281b291b3d1b2f1b141b40"),
    ("XIN 1 GIAY", "58494e2031204749415 9"),
]


@pytest.mark.parametrize(("text", "octets"), GSM)
def test_gsm_letters(text: str, octets: str) -> None:
    assert b"".join(units(text, Alphabet.GSM)) == bytes.fromhex(octets.replace(" ", ""))
    assert decode(bytes.fromhex(octets.replace(" ", "")), Alphabet.GSM) == text


@pytest.mark.parametrize("text", ["ế", "đ", "ç", "`", "😀", "\x1b"])
def test_what_is_not_gsm(text: str) -> None:
    assert not fits_gsm(text)


CODINGS = [(0x00, "gsm"), (0x01, "ascii"), (0x03, "latin1"), (0x04, "binary"), (0x08, "ucs2"), (0x18, "ucs2")]
CODINGS += [(0x10, "gsm"), (0x14, "binary"), (0xF0, "gsm"), (0xF5, "binary"), (0xC0, "binary")]


@pytest.mark.parametrize(("data_coding", "alphabet"), CODINGS)
def test_data_codings(data_coding: int, alphabet: str) -> None:
    assert alphabet_of(data_coding).value == alphabet


HEADERS_OF_PARTS = [
    ("8-bit reference", "05 00 03 2a 03 02 41", (Long.UDH8, 0x2A, 3, 2), b"A"),
    ("16-bit reference", "06 08 04 12 34 02 01 41", (Long.UDH16, 0x1234, 2, 1), b"A"),
    ("ports only", "06 05 04 0b84 23f0 41", None, b"A"),
    ("ports and reference", "0b 05 04 0b8423f0 00 03 07 02 02 41", (Long.UDH8, 7, 2, 2), b"A"),
    ("national table", "03 24 01 01 41", None, b"A"),
    ("empty header", "00 41", None, b"A"),
]


@pytest.mark.parametrize(
    ("name", "octets", "place", "text"), HEADERS_OF_PARTS, ids=lambda value: str(value)[:12]
)
def test_user_data_headers(
    name: str, octets: str, place: tuple[Long, int, int, int] | None, text: bytes
) -> None:
    message = Message(esm_class=0x40, short_message=bytes.fromhex(octets))
    assert open_part(message)[:2] == (place, text)


@pytest.mark.parametrize(
    "octets", ["", "05", "05000300", "05 00 03 01 02 00", "05 00 03 01 02 03", "02 00 03"]
)
def test_bad_user_data_headers(octets: str) -> None:
    with pytest.raises(ProtocolError):
        open_part(Message(esm_class=0x40, short_message=bytes.fromhex(octets)))


# Octets of each short_message: GSM 160/153/152, UCS-2 140/134/132; an escape is never cut from its letter.
SPLITS = [
    ("a" * 160, Alphabet.GSM, Long.UDH8, [160]),
    ("a" * 161, Alphabet.GSM, Long.UDH8, [6 + 153, 6 + 8]),
    ("a" * 161, Alphabet.GSM, Long.UDH16, [7 + 152, 7 + 9]),
    ("a" * 152 + "€" * 5, Alphabet.GSM, Long.UDH8, [6 + 152, 6 + 10]),
    ("đ" * 70, Alphabet.UCS2, Long.UDH8, [140]),
    ("đ" * 71, Alphabet.UCS2, Long.UDH8, [6 + 134, 6 + 8]),
    ("đ" * 71, Alphabet.UCS2, Long.UDH16, [7 + 132, 7 + 10]),
    ("đ" * 66 + "😀" * 3, Alphabet.UCS2, Long.UDH8, [6 + 132, 6 + 12]),
    ("đ" * 71, Alphabet.UCS2, Long.SAR, [134, 8]),
    ("đ" * 300, Alphabet.UCS2, Long.PAYLOAD, [0]),
]


@pytest.mark.parametrize(("text", "alphabet", "how", "lengths"), SPLITS)
def test_long_texts_are_cut_where_the_air_cuts_them(
    text: str, alphabet: Alphabet, how: Long, lengths: list[int]
) -> None:
    parts = split(units(text, alphabet), alphabet, how, 0x1234)
    assert [len(part.short_message) for part in parts] == lengths


MARKS = [
    (Long.UDH8, 0x40, "050003340202", ()),
    (Long.UDH16, 0x40, "06080412340202", ()),
    (Long.SAR, 0, "", ((0x020C, b"\x12\x34"), (0x020E, b"\x02"), (0x020F, b"\x02"))),
]


@pytest.mark.parametrize(("how", "esm_class", "header", "tlvs"), MARKS)
def test_how_a_part_is_marked(
    how: Long, esm_class: int, header: str, tlvs: tuple[tuple[int, bytes], ...]
) -> None:
    last = split([b"a"] * 161, Alphabet.GSM, how, 0x1234)[1]
    assert (last.esm_class, last.short_message.rstrip(b"a").hex(), last.tlvs) == (esm_class, header, tlvs)


def test_even_a_careless_cut_leaves_ucs2_even() -> None:
    parts = split([b"\xd8\x3d\xde\x00"] * 40, Alphabet.UCS2, Long.UDH16, 1, careless=True)
    assert [len(part.short_message) for part in parts] == [7 + 132, 7 + 28]


@given(st.binary(max_size=400))
def test_octets_are_a_pdu_or_a_protocol_error(octets: bytes) -> None:
    for frame in (octets, (16 + len(octets)).to_bytes(4, "big") + octets[:12].ljust(12, b"\0") + octets[12:]):
        try:
            readable(parse(frame))
        except ProtocolError:
            pass
        assert isinstance(WireEvent(0, "in", "", frame).as_json()["pdu"], str)


FIELDS: dict[str, st.SearchStrategy[object]] = {
    "source": st.text("0123456789", max_size=20),
    "destination": st.text("0123456789ABCxyz", max_size=20),
    "esm_class": st.integers(0, 255),
    "registered_delivery": st.integers(0, 255),
    "data_coding": st.integers(0, 255),
    "short_message": st.binary(max_size=254),
    "tlvs": st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=30)), max_size=4).map(tuple),
}
MESSAGES = st.fixed_dictionaries(FIELDS).map(lambda fields: Message(**fields))  # type: ignore[arg-type]


@given(MESSAGES)
def test_messages_come_back_as_they_went(message: Message) -> None:
    assert parse_message(pack_message(message)) == message


@given(st.text(max_size=300), st.sampled_from(["udh8", "udh16", "sar", "payload"]))
def test_texts_come_back_from_their_parts(text: str, how: str) -> None:
    text = text.encode("utf-16", "ignore").decode("utf-16")
    parts = split(units(text, Alphabet.UCS2), Alphabet.UCS2, Long(how), 9)
    joined = "".join(
        decode(
            open_part(Message(esm_class=part.esm_class, short_message=part.short_message, tlvs=part.tlvs))[1],
            Alphabet.UCS2,
        )
        for part in parts
    )
    assert joined == text

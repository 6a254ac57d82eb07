"""Long messages, apart and together: by user data header, by SAR TLVs, by message_payload.

The header is 3GPP TS 23.040 §9.2.3.24; the TLVs are SMPP 3.4 §5.3.2.22 to §5.3.2.24 and §5.3.2.32.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from sandbox.smpp.alphabets import Alphabet
from sandbox.smpp.codes import Status, Tag
from sandbox.smpp.pdu import Message, ProtocolError, Tlvs

UDHI = 0x40
"""The bit of esm_class that says: short_message begins with a user data header (SMPP 3.4 §5.2.12)."""

SINGLE = 140
"""Octets of user data that one message carries over the air; 160 septets."""


class Long(Enum):
    """How a text that is too long for one message travels."""

    UDH8 = "udh8"
    UDH16 = "udh16"
    SAR = "sar"
    PAYLOAD = "payload"


class Part(NamedTuple):
    """One message of a text: what goes into short_message, and how it is marked."""

    esm_class: int
    short_message: bytes
    tlvs: Tlvs = ()


class Place(NamedTuple):
    """Where a part belongs: the kind of mark, its reference, and number `part` of `total`."""

    kind: Long
    reference: int
    total: int
    part: int


_HEADER_OCTETS = {Long.UDH8: 6, Long.UDH16: 7, Long.SAR: 6}


def room(alphabet: Alphabet, header: int) -> int:
    """Octets of text, as SMPP carries it, that fit beside a header of so many octets.

    GSM septets travel one an octet, so 140 octets over the air are 160 in SMPP.
    """
    if alphabet is Alphabet.GSM:
        return (SINGLE - header) * 8 // 7
    free = SINGLE - header
    return free - free % 2 if alphabet is Alphabet.UCS2 else free


def split(
    pieces: Sequence[bytes], alphabet: Alphabet, how: Long, reference: int, careless: bool = False
) -> list[Part]:
    """The pieces (see `alphabets.units`) as the messages that carry them, in order.

    `careless` cuts through escapes and surrogate pairs, as some networks do.
    """
    whole = b"".join(pieces)
    if len(whole) <= room(alphabet, 0):
        return [Part(0, whole)]
    if how is Long.PAYLOAD:
        return [Part(0, b"", ((Tag.MESSAGE_PAYLOAD, whole),))]
    size = room(alphabet, _HEADER_OCTETS[how])
    cut = [whole[at : at + size] for at in range(0, len(whole), size)] if careless else _pack(pieces, size)
    if len(cut) > 255:
        raise ValueError(f"{len(cut)} parts; a text has 255 at most")
    return [_mark(octets, Place(how, reference, len(cut), number)) for number, octets in enumerate(cut, 1)]


def _pack(pieces: Sequence[bytes], size: int) -> list[bytes]:
    packed = [bytearray()]
    for piece in pieces:
        if len(packed[-1]) + len(piece) > size:
            packed.append(bytearray())
        packed[-1] += piece
    return [bytes(octets) for octets in packed]


def _mark(octets: bytes, place: Place) -> Part:
    kind, reference, total, part = place
    if kind is Long.UDH8:
        return Part(UDHI, bytes((5, 0x00, 3, reference & 0xFF, total, part)) + octets)
    if kind is Long.UDH16:
        return Part(UDHI, bytes((6, 0x08, 4, reference >> 8 & 0xFF, reference & 0xFF, total, part)) + octets)
    marks = (
        (Tag.SAR_MSG_REF_NUM, (reference & 0xFFFF).to_bytes(2, "big")),
        (Tag.SAR_TOTAL_SEGMENTS, bytes((total,))),
        (Tag.SAR_SEGMENT_SEQNUM, bytes((part,))),
    )
    return Part(0, octets, marks)


def open_part(message: Message) -> tuple[Place | None, bytes, int]:
    """Where a received part belongs (None: alone), its text in octets, and the octets of its header.

    Raises ProtocolError where the header is longer than the message or a part's number is out of range.
    """
    octets = message.octets
    if not message.esm_class & UDHI:
        return _sar(message), octets, 0
    header = octets[0] + 1 if octets else 1
    if header > len(octets):
        raise ProtocolError(Status.RINVMSGLEN, "the user data header is longer than the message")
    return _concatenation(octets[1:header]), octets[header:], header


def _concatenation(elements: bytes) -> Place | None:
    at, place = 0, None
    while at < len(elements):
        name, length = elements[at], elements[at + 1] if at + 1 < len(elements) else 256
        value = elements[at + 2 : at + 2 + length]
        if len(value) < length:
            raise ProtocolError(Status.RINVMSGLEN, "an element of the user data header is cut")
        if name == 0x00 and length == 3:
            place = Place(Long.UDH8, *value)
        elif name == 0x08 and length == 4:
            place = Place(Long.UDH16, value[0] << 8 | value[1], value[2], value[3])
        at += 2 + length
    return _checked(place)


def _sar(message: Message) -> Place | None:
    if not message.tlvs:
        return None
    tags = (Tag.SAR_MSG_REF_NUM, Tag.SAR_TOTAL_SEGMENTS, Tag.SAR_SEGMENT_SEQNUM)
    values = [message.tlv(tag) for tag in tags]
    reference, total, part = (int.from_bytes(value or b"", "big") for value in values)
    if None in values:
        return None
    return _checked(Place(Long.SAR, reference, total, part))


def _checked(place: Place | None) -> Place | None:
    if place is not None and not 1 <= place.part <= place.total:
        raise ProtocolError(Status.RINVMSGLEN, f"part {place.part} of {place.total}")
    return place

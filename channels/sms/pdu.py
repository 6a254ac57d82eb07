"""What comes over SMPP 3.4, read tolerantly: a PDU that is odd is understood as far as it goes. Nothing
here raises.

Sections are those of the SMPP Protocol Specification v3.4, issue 1.2; user data headers are 3GPP TS 23.040
§9.2.3.24.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER = struct.Struct(">IIII")
SHORTEST = 16
LONGEST = 70_000
"""Octets: 65,535 of message_payload and room for the rest. A longer frame is garbage, and so is the stream
after it."""


class Command:
    """command_id (§5.1.2.1); a response is its request with the highest bit set."""

    RESPONSE = 0x80000000
    GENERIC_NACK = 0x80000000
    SUBMIT_SM = 0x00000004
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM = 0x00000005
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015
    DATA_SM = 0x00000103


class Tag:
    """Optional parameters (§5.3.2) that we read or write."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


class Frame(NamedTuple):
    """One PDU: its header (§3.2) and its body in octets."""

    command: int
    status: int
    sequence: int
    body: bytes


class Concat(NamedTuple):
    """Part `part` of `total`; `kind` tells the three ways of saying so apart: their references are
    unrelated."""

    kind: str
    reference: int
    total: int
    part: int


class Delivered(NamedTuple):
    """A deliver_sm or data_sm. `octets` is the user data without its header, wherever it stood."""

    source: str
    source_ton: int
    destination: str
    esm_class: int
    data_coding: int
    octets: bytes
    tlvs: dict[int, bytes]
    concat: Concat | None
    damaged: bool


def pack(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return HEADER.pack(16 + len(body), command, status, sequence) + body


def parse_delivered(frame: Frame) -> Delivered:
    """The body of a deliver_sm (§4.6.1) or data_sm (§4.7.1)."""
    body, length = frame.body, len(frame.body)
    at = _after(body, 0)  # service_type
    source_ton = body[at] if at < length else 0
    source, at = _text(body, at + 2)
    destination, at = _text(body, at + 2)
    esm_class = body[at] if at < length else 0
    if frame.command == Command.DATA_SM:
        data_coding = body[at + 2] if at + 2 < length else 0
        octets, at = b"", at + 3
        missing = at > length
    else:
        at = _after(body, _after(body, at + 3))  # protocol_id, priority_flag, schedule, validity
        data_coding = body[at + 2] if at + 2 < length else 0
        told = body[at + 4] if at + 4 < length else 0
        octets = body[at + 5 : at + 5 + told]
        missing = len(octets) < told or at + 5 > length
        at += 5 + told
    tlvs, whole = parse_tlvs(body, at) if at < length else ({}, True)
    octets = octets or tlvs.get(Tag.MESSAGE_PAYLOAD, b"")
    concat = None
    if esm_class & 0x40:
        concat, octets = parse_header(octets)
    if concat is None and Tag.SAR_MSG_REF_NUM in tlvs:
        concat = _sar(tlvs)
    damaged = missing or not whole
    return Delivered(source, source_ton, destination, esm_class, data_coding, octets, tlvs, concat, damaged)


def _after(body: bytes, at: int) -> int:
    """Where the field after the C-octet string at `at` begins."""
    end = body.find(0, at)
    return len(body) if end < 0 else end + 1


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A C-octet string and where the next field begins. Without its NUL it is all that is left."""
    end = body.find(0, at)
    if end < 0:
        end = len(body)
    return body[at:end].decode("latin-1").strip(), end + 1


def parse_tlvs(body: bytes, at: int) -> tuple[dict[int, bytes], bool]:
    """Optional parameters (§5.3.1) by tag, the first of each; False where the last was cut."""
    tlvs: dict[int, bytes] = {}
    length = len(body)
    while at + 4 <= length:
        tag, size = int.from_bytes(body[at : at + 2], "big"), int.from_bytes(body[at + 2 : at + 4], "big")
        tlvs.setdefault(tag, body[at + 4 : at + 4 + size])
        at += 4 + size
    return tlvs, at == length


def pack_tlv(tag: int, value: bytes) -> bytes:
    return tag.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value


def number(value: bytes) -> int:
    """An integer parameter of whatever size it came in."""
    return int.from_bytes(value, "big")


def _sar(tlvs: dict[int, bytes]) -> Concat | None:
    total = number(tlvs.get(Tag.SAR_TOTAL_SEGMENTS, b""))
    part = number(tlvs.get(Tag.SAR_SEGMENT_SEQNUM, b""))
    return _sound(Concat("sar", number(tlvs[Tag.SAR_MSG_REF_NUM]), total, part))


def _sound(concat: Concat) -> Concat | None:
    """None for a numbering that cannot be (3GPP TS 23.040 §9.2.3.24.1: such an element is ignored), or one
    part of one."""
    return concat if 0 < concat.part <= concat.total and concat.total > 1 else None


def parse_header(octets: bytes) -> tuple[Concat | None, bytes]:
    """The user data header's concatenation element, if any, and the user data behind the header.

    Other elements (ports, national tables) are stepped over. A header longer than the data is no header: the
    octets are left whole.
    """
    if not octets or octets[0] + 1 > len(octets):
        return None, octets
    end = octets[0] + 1
    at, concat = 1, None
    while at + 2 <= end:
        element, size = octets[at], octets[at + 1]
        value = octets[at + 2 : min(at + 2 + size, end)]
        if element == 0x00 and size == len(value) == 3:
            concat = Concat("8", value[0], value[1], value[2])
        elif element == 0x08 and size == len(value) == 4:
            concat = Concat("16", number(value[:2]), value[2], value[3])
        at += 2 + size
    return (_sound(concat) if concat else None), octets[end:]


def message_id(body: bytes) -> str:
    """The message_id of a submit_sm_resp (§4.4.2); whatever follows its NUL is none of it."""
    return body.partition(b"\0")[0].decode("latin-1").strip()

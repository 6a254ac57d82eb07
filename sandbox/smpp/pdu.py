"""SMPP 3.4 on the wire: header, bodies and optional parameters (TLVs), there and back.

Section numbers are those of the SMPP Protocol Specification v3.4, issue 1.2.
"""

import struct
from collections.abc import Iterable
from typing import NamedTuple

from sandbox.smpp.codes import COMMANDS, Command, Status, Tag, status_name

HEADER = struct.Struct(">IIII")
_TLV = struct.Struct(">HH")
LONGEST = 70_000
"""Octets: 65,535 of message_payload and room for the rest. Longer frames are taken for garbage."""

Tlvs = tuple[tuple[int, bytes], ...]


class ProtocolError(Exception):
    """A PDU that cannot be read; `status` is the command_status that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Pdu(NamedTuple):
    """One PDU with its body still in octets."""

    command: int
    status: int
    sequence: int
    body: bytes

    @property
    def name(self) -> str:
        """The specification's name, or the number in hex where it has none."""
        return COMMANDS.get(self.command, f"0x{self.command:08x}")

    def pack(self) -> bytes:
        return HEADER.pack(16 + len(self.body), self.command, self.status, self.sequence) + self.body


class Bind(NamedTuple):
    """The body of bind_transmitter, bind_receiver and bind_transceiver (§4.1)."""

    system_id: str
    password: str
    system_type: str
    interface_version: int
    ton: int
    npi: int
    address_range: str


class Message(NamedTuple):
    """The body of submit_sm, deliver_sm (§4.4, §4.6) and data_sm (§4.7, which lacks the middle fields)."""

    service_type: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source: str = ""
    destination_ton: int = 0
    destination_npi: int = 0
    destination: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority: int = 0
    schedule: str = ""
    validity: str = ""
    registered_delivery: int = 0
    replace: int = 0
    data_coding: int = 0
    default_message: int = 0
    short_message: bytes = b""
    tlvs: Tlvs = ()

    def tlv(self, tag: int) -> bytes | None:
        return next((value for known, value in self.tlvs if known == tag), None)

    @property
    def octets(self) -> bytes:
        """The user data, wherever it stands: short_message or message_payload."""
        return self.short_message or self.tlv(Tag.MESSAGE_PAYLOAD) or b""


class Response(NamedTuple):
    """The body of bind_…_resp (system_id) and of submit_sm_resp, deliver_sm_resp (message_id)."""

    identity: str = ""
    tlvs: Tlvs = ()


def parse(frame: bytes) -> Pdu:
    """One whole frame as a PDU. Raises ProtocolError where command_length lies."""
    if len(frame) < 16:
        raise ProtocolError(Status.RINVCMDLEN, "shorter than a header")
    length, command, status, sequence = HEADER.unpack_from(frame)
    if length != len(frame):
        raise ProtocolError(Status.RINVCMDLEN, "command_length is not the length")
    return Pdu(command, status, sequence, frame[16:])


def _text(body: bytes, at: int, longest: int, status: int) -> tuple[str, int]:
    """A C-octet string of at most `longest` octets with its NUL, and where the next field begins."""
    end = body.find(0, at)
    if end < 0 or end - at >= longest:
        raise ProtocolError(status, f"no NUL within {longest} octets at {at}")
    try:
        return body[at:end].decode("ascii"), end + 1
    except UnicodeDecodeError as error:
        raise ProtocolError(status, f"not ASCII at {at}") from error


def _octets(body: bytes, at: int, count: int) -> bytes:
    taken = body[at : at + count]
    if len(taken) < count:
        raise ProtocolError(Status.RINVCMDLEN, f"{count} octets wanted at {at}")
    return taken


def parse_tlvs(body: bytes, at: int) -> Tlvs:
    """The optional parameters from `at` to the end (§5.3). Raises ProtocolError where one is cut."""
    found: list[tuple[int, bytes]] = []
    while at < len(body):
        tag, length = _TLV.unpack(_octets(body, at, 4))
        if len(body) - at - 4 < length:
            raise ProtocolError(Status.RINVOPTPARSTREAM, f"TLV 0x{tag:04x} is cut")
        found.append((tag, body[at + 4 : at + 4 + length]))
        at += 4 + length
    return tuple(found)


def pack_tlvs(tlvs: Iterable[tuple[int, bytes]]) -> bytes:
    return b"".join(_TLV.pack(tag, len(value)) + value for tag, value in tlvs)


def parse_bind(body: bytes) -> Bind:
    """Raises ProtocolError."""
    system_id, at = _text(body, 0, 16, Status.RINVSYSID)
    password, at = _text(body, at, 9, Status.RINVPASWD)
    system_type, at = _text(body, at, 13, Status.RINVSYSTYP)
    version, ton, npi = _octets(body, at, 3)
    address_range, _ = _text(body, at + 3, 41, Status.RINVPARLEN)
    return Bind(system_id, password, system_type, version, ton, npi, address_range)


def pack_bind(bind: Bind) -> bytes:
    texts = "\0".join((bind.system_id, bind.password, bind.system_type, ""))
    return texts.encode("ascii") + bytes(bind[3:6]) + bind.address_range.encode("ascii") + b"\0"


def _addresses(body: bytes) -> tuple[str, int, int, str, int, int, str, int]:
    """The fields that submit_sm, deliver_sm and data_sm begin with, and where they end."""
    service, at = _text(body, 0, 6, Status.RINVSERTYP)
    source_ton, source_npi = _octets(body, at, 2)
    source, at = _text(body, at + 2, 21, Status.RINVSRCADR)
    ton, npi = _octets(body, at, 2)
    destination, at = _text(body, at + 2, 21, Status.RINVDSTADR)
    return service, source_ton, source_npi, source, ton, npi, destination, at


def parse_message(body: bytes) -> Message:
    """A submit_sm or deliver_sm body. Raises ProtocolError."""
    service, source_ton, source_npi, source, ton, npi, destination, at = _addresses(body)
    esm_class, protocol_id, priority = _octets(body, at, 3)
    schedule, at = _text(body, at + 3, 17, Status.RINVSCHED)
    validity, at = _text(body, at, 17, Status.RINVEXPIRY)
    registered, replace, coding, default, length = _octets(body, at, 5)
    if length > 254 or len(body) - at - 5 < length:
        raise ProtocolError(Status.RINVMSGLEN, f"sm_length is {length}")
    short = body[at + 5 : at + 5 + length]
    tlvs = parse_tlvs(body, at + 5 + length) if len(body) > at + 5 + length else ()
    addresses = (service, source_ton, source_npi, source, ton, npi, destination)
    timing = (esm_class, protocol_id, priority, schedule, validity)
    return Message(*addresses, *timing, registered, replace, coding, default, short, tlvs)


def pack_message(message: Message) -> bytes:
    """A submit_sm or deliver_sm body; what does not fit its field raises ValueError."""
    m = message
    return b"".join(
        (
            m.service_type.encode("ascii"),
            bytes((0, m.source_ton, m.source_npi)),
            m.source.encode("ascii"),
            bytes((0, m.destination_ton, m.destination_npi)),
            m.destination.encode("ascii"),
            bytes((0, m.esm_class, m.protocol_id, m.priority)),
            f"{m.schedule}\0{m.validity}\0".encode("ascii"),
            bytes((m.registered_delivery, m.replace, m.data_coding, m.default_message, len(m.short_message))),
            m.short_message,
            pack_tlvs(m.tlvs),
        )
    )


def parse_data(body: bytes) -> Message:
    """A data_sm body (§4.7). Raises ProtocolError."""
    service, source_ton, source_npi, source, ton, npi, destination, at = _addresses(body)
    esm_class, registered, coding = _octets(body, at, 3)
    return Message(
        *(service, source_ton, source_npi, source, ton, npi, destination),
        esm_class=esm_class,
        registered_delivery=registered,
        data_coding=coding,
        tlvs=parse_tlvs(body, at + 3),
    )


def parse_response(body: bytes) -> Response:
    """The body of a response that names something; empty is allowed (§4.4.2). Raises ProtocolError."""
    if not body:
        return Response()
    identity, at = _text(body, 0, 65, Status.RINVPARLEN)
    return Response(identity, parse_tlvs(body, at))


def pack_response(response: Response) -> bytes:
    return response.identity.encode("ascii") + b"\0" + pack_tlvs(response.tlvs)


_BINDS = (Command.BIND_RECEIVER, Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER)
_MESSAGES = (Command.SUBMIT_SM, Command.DELIVER_SM)
_BARE = (Command.GENERIC_NACK, Command.UNBIND, Command.ENQUIRE_LINK)


def parse_body(pdu: Pdu) -> Bind | Message | Response | None:
    """The body by its command; None for those without. Raises ProtocolError, RINVCMDID for the unknown."""
    if pdu.command in _BINDS:
        return parse_bind(pdu.body)
    if pdu.command in _MESSAGES:
        return parse_message(pdu.body)
    if pdu.command == Command.DATA_SM:
        return parse_data(pdu.body)
    if pdu.command & ~Command.RESPONSE in _BARE:
        return None
    if pdu.command not in COMMANDS:
        raise ProtocolError(Status.RINVCMDID, f"unknown command {pdu.name}")
    return parse_response(pdu.body)


def readable(pdu: Pdu) -> dict[str, object]:
    """The fields as a person reads them, octets in hex; empty fields are left out. Never raises."""
    shown: dict[str, object] = {"sequence": pdu.sequence, "status": status_name(pdu.status)}
    try:
        body = parse_body(pdu)
    except ProtocolError as error:
        return shown | {"unreadable": str(error)}
    for name, value in body._asdict().items() if body is not None else ():
        if value not in ("", b"", 0, ()):
            shown[name] = _shown(value)
    if "password" in shown:
        shown["password"] = "•••"
    return shown


def _shown(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return {Tag.name_of(tag): octets.hex() for tag, octets in value}
    return value

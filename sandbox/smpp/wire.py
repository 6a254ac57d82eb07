"""What went over the wire, for a live page: a bounded history and any number of listeners."""

import time
from typing import NamedTuple

from sandbox.listening import Tap
from sandbox.smpp.pdu import HEADER, Pdu, ProtocolError, parse, readable

HISTORY = 1_000


class WireEvent(NamedTuple):
    """One frame; `direction` is in (from the ESME) or out, `at` seconds since 1970, `bind` its label."""

    at: float
    direction: str
    bind: str
    frame: bytes

    @property
    def name(self) -> str:
        """The PDU's name in the specification, or raw."""
        if len(self.frame) < HEADER.size:
            return "raw"
        _, command, status, sequence = HEADER.unpack_from(self.frame)
        return Pdu(command, status, sequence, b"").name

    @property
    def fields(self) -> dict[str, object]:
        """The PDU's fields as a person reads them."""
        try:
            return readable(parse(self.frame))
        except ProtocolError as error:
            return {"unreadable": str(error)}

    def as_json(self) -> dict[str, object]:
        """Plain JSON: at, direction, bind, pdu, fields, hex."""
        return {
            "at": round(self.at, 6),
            "direction": self.direction,
            "bind": self.bind,
            "pdu": self.name,
            "fields": self.fields,
            "hex": self.frame.hex(),
        }


class Wire(Tap[WireEvent]):
    """Notes every frame. A listener that does not keep up misses the oldest events, never holds up a bind."""

    def __init__(self) -> None:
        super().__init__(HISTORY)

    def note(self, direction: str, bind: str, frame: bytes) -> None:
        self.tell(WireEvent(time.time(), direction, bind, frame))

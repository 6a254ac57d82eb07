"""What went over the wire, for a live page: a bounded history and any number of listeners."""

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

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


class Wire:
    """Notes every frame. A listener that does not keep up misses the oldest events, never holds up a bind."""

    def __init__(self) -> None:
        self.history: deque[WireEvent] = deque(maxlen=HISTORY)
        self._listeners: set[asyncio.Queue[WireEvent]] = set()

    def note(self, direction: str, bind: str, frame: bytes) -> None:
        event = WireEvent(time.time(), direction, bind, frame)
        self.history.append(event)
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[WireEvent]]:
        """A queue of the events from now on, for as long as the block runs."""
        queue: asyncio.Queue[WireEvent] = asyncio.Queue(HISTORY)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

"""One connection of an ESME: frames, the state of the bind, enquire_link, deliver_sm and its answers."""

import asyncio
from typing import Protocol, cast

from sandbox.smpp.behaviour import Script
from sandbox.smpp.codes import Command, Status, Tag
from sandbox.smpp.esme import Delivery, Esme
from sandbox.smpp.pdu import LONGEST, Bind, Pdu, ProtocolError, Response, pack_response, parse, parse_bind
from sandbox.smpp.wire import Wire

BINDS = (Command.BIND_RECEIVER, Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER)
_VERSION = ((Tag.SC_INTERFACE_VERSION, b"\x34"),)


class Host(Protocol):
    """What a session asks of the SMSC that it belongs to."""

    script: Script
    wire: Wire
    name: str

    def connected(self, session: "Session") -> str: ...

    def admit(self, session: "Session", bind: Bind) -> Esme | int: ...

    def submitted(self, session: "Session", pdu: Pdu) -> None: ...

    def sent(self, session: "Session", delivery: Delivery) -> None: ...

    def settled(self, session: "Session", delivery: Delivery, status: int) -> None: ...

    def drops(self, pdus: int) -> bool: ...

    def closed(self, session: "Session", unsettled: list[Delivery]) -> None: ...


class Session(asyncio.Protocol):
    """The SMSC's end of one TCP connection."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.label = ""
        self.mode = 0
        """The command it was bound with; 0 before."""
        self.esme: Esme | None = None
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._out: list[bytes] = []
        self._blocked = False
        self._pdus = 0
        self._sequence = 0
        self._outstanding: dict[int, tuple[Delivery, float]] = {}
        self._opened = self._heard = self._loop.time()
        self._enquired = 0.0

    # -- the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.label = self.host.connected(self)
        self.read_or_not()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        unsettled = [delivery for delivery, _ in self._outstanding.values()]
        self._outstanding.clear()
        if self.esme is not None:
            self.esme.leave(self)
        self.host.closed(self, unsettled)

    def pause_writing(self) -> None:
        """The ESME does not read: send it nothing, and take nothing that would have to be answered."""
        self._blocked = True
        self.read_or_not()

    def resume_writing(self) -> None:
        self._blocked = False
        self.read_or_not()
        if self.esme is not None:
            self.esme.pump()

    def read_or_not(self) -> None:
        """Read on, or leave everything unread in the socket, as the script and the ESME allow."""
        on = not self._blocked and not self.host.script.stop_reading
        if self._transport is not None and on != self._transport.is_reading():
            (self._transport.resume_reading if on else self._transport.pause_reading)()

    def close(self) -> None:
        """Write what is due, then end the connection."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Cut the connection as a failing network does."""
        if self._transport is not None:
            self._transport.abort()

    # -- what comes in

    def data_received(self, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        at, end = 0, len(data)
        self._heard = self._loop.time()
        while end - at >= 16 and self.is_open():
            length = int.from_bytes(data[at : at + 4], "big")
            if not 16 <= length <= LONGEST:
                self._refuse_frame(data[at : at + 16])
                return
            if end - at < length:
                break
            self._frame(data[at : at + length])
            at += length
        self._rest = data[at:]

    def _refuse_frame(self, header: bytes) -> None:
        self.host.wire.note("in", self.label, header)
        self.respond(Command.GENERIC_NACK, Status.RINVCMDLEN, int.from_bytes(header[12:], "big"))
        self.close()

    def _frame(self, frame: bytes) -> None:
        self._pdus += 1
        if self.host.drops(self._pdus):
            self.abort()
            return
        self.host.wire.note("in", self.label, frame)
        pdu = parse(frame)
        if pdu.command in (Command.SUBMIT_SM, Command.DATA_SM):
            self._submit(pdu)
        elif pdu.command & Command.RESPONSE:
            self._answered(pdu)
        elif pdu.name not in self.host.script.never_answer:
            self._control(pdu)

    def _control(self, pdu: Pdu) -> None:
        if pdu.command in BINDS:
            self._bind(pdu)
        elif pdu.command == Command.ENQUIRE_LINK:
            self.respond(pdu.command | Command.RESPONSE, Status.ROK, pdu.sequence)
        elif pdu.command == Command.UNBIND:
            self.respond(pdu.command | Command.RESPONSE, Status.ROK, pdu.sequence)
            self.close()
        else:
            self.respond(Command.GENERIC_NACK, Status.RINVCMDID, pdu.sequence)

    def _submit(self, pdu: Pdu) -> None:
        if self.mode in (Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER):
            self.host.submitted(self, pdu)
        else:
            self.respond(pdu.command | Command.RESPONSE, Status.RINVBNDSTS, pdu.sequence)

    def _answered(self, pdu: Pdu) -> None:
        if pdu.command in (Command.DELIVER_SM | Command.RESPONSE, Command.GENERIC_NACK):
            outstanding = self._outstanding.pop(pdu.sequence, None)
            if outstanding is not None and self.esme is not None:
                status = pdu.status or (Status.RUNKNOWNERR if pdu.command == Command.GENERIC_NACK else 0)
                self.host.settled(self, outstanding[0], status)
                self.esme.pump()
        elif pdu.command == Command.ENQUIRE_LINK | Command.RESPONSE:
            self._enquired = 0.0
        elif pdu.command == Command.UNBIND | Command.RESPONSE:
            self.close()

    def _bind(self, pdu: Pdu) -> None:
        response = pdu.command | Command.RESPONSE
        if self.mode:
            self.respond(response, Status.RALYBND, pdu.sequence)
            return
        try:
            admitted = self.host.admit(self, parse_bind(pdu.body))
        except ProtocolError as error:
            admitted = error.status
        if isinstance(admitted, int):
            refusal = b"" if self.host.script.refuse_without_body else pack_response(Response(self.host.name))
            self.respond(response, admitted, pdu.sequence, refusal)
            return
        self.mode, self.esme = pdu.command, admitted
        accepted = pack_response(Response(self.host.name, _VERSION))
        self.respond(response, Status.ROK, pdu.sequence, accepted)
        if self.mode != Command.BIND_TRANSMITTER:
            admitted.join(self)
            admitted.pump()

    # -- what goes out

    def respond(self, command: int, status: int, sequence: int, body: bytes = b"") -> None:
        self.send(Pdu(command, status, sequence, body).pack())

    def send(self, frame: bytes) -> None:
        """Any octets; frames made in one turn of the loop leave in one write."""
        if self._transport is None:
            return
        self.host.wire.note("out", self.label, frame)
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(frame)

    def _flush(self) -> None:
        if self._out and self._transport is not None:
            self._transport.write(b"".join(self._out))
        self._out.clear()

    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def has_room(self) -> bool:
        """Whether another deliver_sm may leave now."""
        if self.esme is None or self._blocked or not self.is_open():
            return False
        return len(self._outstanding) < self.esme.account.window

    def deliver(self, delivery: Delivery) -> None:
        """Send one deliver_sm and wait for its answer; twice where the script says so."""
        delivery.attempts += 1
        for _ in range(2 if self.host.script.deliver_twice else 1):
            sequence = self._next_sequence()
            self._outstanding[sequence] = (delivery, self._loop.time())
            self.send(Pdu(Command.DELIVER_SM, 0, sequence, delivery.body).pack())
            self.host.sent(self, delivery)

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    # -- time

    def tick(self, now: float, enquire_after: float, patience: float) -> None:
        """Enquire a silent link, cut one that does not answer or bind, take back what was not answered."""
        if self.host.script.stop_reading:
            return
        if (not self.mode or self._enquired) and now - max(self._opened, self._enquired) > patience:
            self.abort()
        elif self.mode and not self._enquired and now - self._heard > enquire_after:
            self._enquired = now
            self.send(Pdu(Command.ENQUIRE_LINK, 0, self._next_sequence(), b"").pack())
        self._take_back(now - patience)

    def _take_back(self, before: float) -> None:
        late = [sequence for sequence, (_, sent) in self._outstanding.items() if sent < before]
        if late and self.esme is not None:
            self.esme.owe_again([self._outstanding.pop(sequence)[0] for sequence in late])

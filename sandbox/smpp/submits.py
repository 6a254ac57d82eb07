"""What an ESME submits: checked, put on the handset, answered, and its receipts written."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.smpp.alphabets import alphabet_of, decode
from sandbox.smpp.behaviour import Receipts
from sandbox.smpp.codes import Command, Status
from sandbox.smpp.esme import Delivery
from sandbox.smpp.pdu import (
    Message,
    Pdu,
    ProtocolError,
    Response,
    pack_message,
    pack_response,
    parse_data,
    parse_message,
)
from sandbox.smpp.receipts import receipt, receipt_id, response_id, wanted
from sandbox.smpp.session import Session
from sandbox.smpp.udh import open_part, room

if TYPE_CHECKING:
    from sandbox.smpp.server import Smsc

FIRST_ID = 1_000_000_000
_UNDELIVERED = {"UNDELIV", "EXPIRED", "DELETED", "REJECTD"}


def check(message: Message) -> None:
    """What a strict SMSC refuses: no destination, or more in one short_message than the air carries.

    Raises ProtocolError with the status for the answer.
    """
    if not message.destination:
        raise ProtocolError(Status.RINVDSTADR, "no destination")
    _, octets, header = open_part(message)
    if message.short_message and len(octets) > room(alphabet_of(message.data_coding), header):
        raise ProtocolError(Status.RINVMSGLEN, f"{len(octets)} octets beside a header of {header}")


class Submits:
    """Takes submit_sm and data_sm for the SMSC that it belongs to."""

    def __init__(self, smsc: "Smsc") -> None:
        self._smsc = smsc
        self._count = 0
        self._id = FIRST_ID

    def renumber(self, first: int) -> None:
        """Count messages from here on: a restarted SMSC must not give an id twice."""
        self._id = first

    def take(self, session: Session, pdu: Pdu) -> None:
        """Answer one submit, now or as late as the script says; the handset has it before the answer."""
        script = self._smsc.script
        self._count += 1
        identity, status = "", 0
        try:
            message = parse_message(pdu.body) if pdu.command == Command.SUBMIT_SM else parse_data(pdu.body)
            self._throttle()
            if self._smsc.strict:
                check(message)
            identity = self._accept(session, message)
        except ProtocolError as error:
            status = error.status
            self._smsc.note("refused", bind=session.label, sequence=pdu.sequence, status=status)
        if pdu.name in script.never_answer:
            return
        if script.answer_delay:
            loop = asyncio.get_running_loop()
            loop.call_later(script.answer_delay, self._answer, session, pdu, status, identity)
        else:
            self._answer(session, pdu, status, identity)

    def _answer(self, session: Session, pdu: Pdu, status: int, identity: str) -> None:
        body = pack_response(Response(identity)) if identity else b""
        session.respond(pdu.command | Command.RESPONSE, status, pdu.sequence, body)
        if identity and session.is_open():
            self._smsc.note("submit_resp", id=identity, bind=session.label, sequence=pdu.sequence)

    def _throttle(self) -> None:
        script = self._smsc.script
        turn = script.throttle_every and self._count % script.throttle_every == 0
        if turn or asyncio.get_running_loop().time() < self._smsc.throttled_until:
            raise ProtocolError(script.throttle_status, "throttled")

    def _accept(self, session: Session, message: Message) -> str:
        """The id under which the message was taken. Raises ProtocolError on a bad user data header."""
        smsc, how = self._smsc, self._smsc.receipts
        open_part(message)
        self._id += 1
        number, came = self._id, smsc.clock()
        identity = response_id(number, how.id_form)
        self._note(session, message, identity)
        if not smsc.handsets.is_on(message.destination):
            how = replace(how, states=("UNDELIV",))
        if not _UNDELIVERED & set(how.states):
            self._deliver(message, identity, came)
        self._write_receipts(session, message, number, came, how)
        return identity

    def _deliver(self, message: Message, identity: str, came: datetime) -> None:
        received = self._smsc.handsets.deliver(message, identity, came.timestamp())
        if received is not None and self._smsc.journal is not None:
            self._smsc.note(
                "received",
                **{"number": received.number, "from": received.sender, "text": received.text},
                segments=received.segments,
                ids=received.message_ids,
            )

    def _note(self, session: Session, message: Message, identity: str) -> None:
        if self._smsc.journal is None:
            return
        place, octets, _ = open_part(message)
        self._smsc.note(
            "submit",
            **{"id": identity, "from": message.source, "to": message.destination},
            bind=session.label,
            text=decode(octets, alphabet_of(message.data_coding)),
            place=None if place is None else [place.kind.value, *place[1:]],
            hex=message.octets.hex(),
        )

    def _write_receipts(
        self, session: Session, message: Message, number: int, came: datetime, how: Receipts
    ) -> None:
        if not message.registered_delivery & 0x03:
            return
        loop = asyncio.get_running_loop()
        for turn, state in enumerate(state for state in how.states if wanted(message, state)):
            if how.before_response and turn == 0:
                self._write(session, message, number, state, came, how)
            elif how.delay:
                wait = how.delay * (turn + 1)
                loop.call_later(wait, self._write, session, message, number, state, came, how)
            else:
                loop.call_soon(self._write, session, message, number, state, came, how)

    def _write(
        self, session: Session, message: Message, number: int, state: str, came: datetime, how: Receipts
    ) -> None:
        """Owe the receipt to the ESME that submitted, on whichever of its binds receives."""
        if session.esme is None:
            return
        written = receipt(message, number, state, how, (came, self._smsc.clock()))
        told = receipt_id(number, how)
        self._smsc.note("receipt", id=response_id(number, how.id_form), state=state, told_id=told)
        body = pack_message(written)
        for copy in range(how.copies):
            session.esme.owe(Delivery(told, copy + 1, "receipt", body, written))

"""From the house onto the wire: a message's parts, one after the other on one bind, and what the SMSC said
of each."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from channels.sms import codes, numbers
from channels.sms.alphabet import Alphabet
from channels.sms.numbers import Party
from channels.sms.pdu import Command, Frame, Tag, message_id, pack_tlv
from channels.sms.receipts import reference_of
from channels.sms.segments import split
from channels.sms.settings import SmppSettings
from channels.sms.submit import submit_sm
from channels.sms.wire import Line
from core.channel import Doubtful, Refused, SendError, Throttled, Unreachable
from core.messages import OutboundMessage

_LONGEST_VALIDITY = timedelta(days=7)


class Outbound:
    """Sends over lines that the caller chose."""

    def __init__(
        self, settings: SmppSettings, now: Callable[[], datetime], references: itertools.count[int]
    ) -> None:
        self._settings = settings
        self._now = now
        self._references = references
        self._bits = 16 if settings.long_messages == "udh16" else 8

    async def send(self, lines: Sequence[Line], message: OutboundMessage) -> list[str]:
        """The SMSC's ids, one a part, from the first line that takes the message. Raises a SendError.

        Only a line that took nothing is failed over from: what was written may have been taken.
        """
        pdus = self._compose(message)
        for line in lines:
            try:
                return await self._carry(line, pdus)
            except Unreachable as error:
                if line is lines[-1]:
                    raise error
        raise Unreachable("no bind is up", code="smpp:down")

    def _compose(self, message: OutboundMessage) -> list[bytes]:
        """The submit_sm of each part, not yet numbered. Raises Refused."""
        settings = self._settings
        try:
            source = numbers.source(message.addressed_from or settings.sender)
            target = numbers.destination(
                message.address.identity, national=settings.national_numbers, country=settings.country
            )
        except ValueError as error:
            raise Refused(str(error), code="smpp:address") from error
        if settings.source_ton is not None:
            source = source._replace(ton=settings.source_ton)
        if settings.source_npi is not None:
            source = source._replace(npi=settings.source_npi)
        alphabet, parts = split(message.text, self._bits)
        service_type, tlvs = self._charge(message.charge)
        if len(parts) > 1 and settings.long_messages == "payload":
            parts, tlvs = (b"",), tlvs + pack_tlv(Tag.MESSAGE_PAYLOAD, b"".join(parts))
        headers = self._headers(len(parts))
        return [
            self._part(source, target, header + octets, alphabet, bool(header), message, service_type, tlvs)
            for header, octets in zip(headers, parts, strict=True)
        ]

    def _part(
        self,
        source: Party,
        target: Party,
        octets: bytes,
        alphabet: Alphabet,
        header: bool,
        message: OutboundMessage,
        service_type: str,
        tlvs: bytes,
    ) -> bytes:
        validity = timedelta(seconds=self._settings.validity)
        if message.good_until is not None:
            validity = max(timedelta(minutes=1), min(_LONGEST_VALIDITY, message.good_until - self._now()))
        return submit_sm(
            source,
            target,
            octets,
            alphabet,
            header=header,
            receipt=self._settings.receipts,
            service_type=service_type,
            validity=validity,
            tlvs=tlvs,
        )

    def _headers(self, total: int) -> list[bytes]:
        """The user data headers that join parts (3GPP TS 23.040 §9.2.3.24.1 and .8); none for a single
        part."""
        if total == 1:
            return [b""]
        if total > 255:
            raise Refused("more than 255 parts", code="smpp:length")
        reference = next(self._references)
        if self._bits == 16:
            head = b"\x06\x08\x04" + (reference % 65536).to_bytes(2, "big")
        else:
            head = bytes((5, 0, 3, reference % 256))
        return [head + bytes((total, part)) for part in range(1, total + 1)]

    def _charge(self, charge: str) -> tuple[str, bytes]:
        """A premium number's word to the aggregator: charge (71) or refund (72), as service_type or a
        vendor TLV."""
        settings = self._settings
        if not charge or settings.charge_by == "nothing":
            return "", b""
        code = settings.refund_code if charge == "refund" else settings.charge_code
        if settings.charge_by == "service_type":
            return code, b""
        return "", pack_tlv(settings.charge_tlv, code.encode("ascii") + b"\0")

    async def _carry(self, line: Line, pdus: list[bytes]) -> list[str]:
        """All parts over one line. Parts that the SMSC throttles are repeated within the patience."""
        loop = asyncio.get_running_loop()
        patience = loop.time() + self._settings.throttle_patience
        ids: dict[int, str] = {}
        while True:
            waiting = [number for number in range(len(pdus)) if number not in ids]
            frames = await self._write(line, [pdus[number] for number in waiting])
            worst: SendError | None = None
            for number, frame in zip(waiting, frames, strict=True):
                if isinstance(frame, Frame) and self._is_taken(frame):
                    ids[number] = self._reference(line, frame)
                    line.pace.taken(loop.time())
                else:
                    worst = _worse(worst, self._error(line, frame))
            if worst is None:
                return [ids[number] for number in range(len(pdus)) if ids[number]]
            if not isinstance(worst, Throttled) or loop.time() + worst.after.total_seconds() > patience:
                raise _with_some_taken(worst) if ids else worst
            await asyncio.sleep(worst.after.total_seconds())

    async def _write(self, line: Line, pdus: list[bytes]) -> list[Frame | SendError]:
        """Write parts, nobody else's between them, and wait for the answer to each."""
        answers: list[asyncio.Future[Frame]] = []
        loop = asyncio.get_running_loop()
        line.waiting += 1
        try:
            async with line.turn:
                for pdu in pdus:
                    await line.window.enter()
                    wait = line.pace.reserve(loop.time())
                    if wait:
                        await _sleep_in(line, wait)
                    answers.append(line.submit(pdu))
        except Unreachable:
            if not answers:
                raise
            raise Doubtful("the line was cut within a long message", code="smpp:cut") from None
        finally:
            line.waiting -= 1
        return [await _answer(answer) for answer in answers]

    def _is_taken(self, frame: Frame) -> bool:
        return frame.status == codes.ROK and frame.command == Command.SUBMIT_SM_RESP

    def _reference(self, line: Line, frame: Frame) -> str:
        own = reference_of(message_id(frame.body), self._settings.ids_in_answers)
        return f"{line.bind.carrier}:{own}" if own and line.bind.carrier else own

    def _error(self, line: Line, frame: Frame | SendError) -> SendError:
        if isinstance(frame, SendError):
            return frame
        loop = asyncio.get_running_loop()
        vendor = self._settings.vendor_statuses
        meaning = codes.meaning_of(frame.status, vendor)
        pause = line.pace.throttled(loop.time()) if meaning.error is Throttled else 0.0
        return codes.error_of(frame.status, vendor, timedelta(seconds=pause))


async def _sleep_in(line: Line, seconds: float) -> None:
    """Wait with a slot of the window in hand; it is given back if the wait is broken off."""
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        line.window.leave()
        raise


async def _answer(answer: asyncio.Future[Frame]) -> Frame | SendError:
    try:
        return await answer
    except SendError as error:
        return error


def _worse(one: SendError | None, other: SendError) -> SendError:
    """Which error tells the end of the whole message: doubt before refusal, refusal before throttling."""
    if one is None or isinstance(other, Doubtful):
        return other
    if isinstance(one, Throttled):
        return other
    return one


def _with_some_taken(error: SendError) -> SendError:
    """Some parts are with the SMSC: to send all of them again is for policy to decide."""
    if isinstance(error, (Throttled, Unreachable)):
        return Doubtful(f"part of the message was taken; then: {error.shown}", code=error.code)
    return error

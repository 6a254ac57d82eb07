"""From the wire into the house: messages to `accept`, receipts to `report`, and the answer after the commit.

Many are under way at once: every PDU gets its answer, by its sequence number, when its own message is kept.
The messages of one sender, and the receipts of one message, stay in order, one at a time; all else shares the
house's commits.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from channels.sms import codes, numbers, receipts
from channels.sms.alphabet import Alphabet, alphabet_of, decode
from channels.sms.parts import Joined, Parts
from channels.sms.pdu import Delivered, Frame, parse_delivered
from channels.sms.recall import Ledger, Recall
from channels.sms.receipts import Told
from channels.sms.settings import SmppSettings
from channels.sms.wire import Line
from core.channel import NotNow, Reception
from core.messages import InboundMessage, Receipt

log = logging.getLogger(__name__)


class _Item(NamedTuple):
    line: Line
    ledger: Ledger
    frame: Frame
    delivered: Delivered
    told: Told | None  # what a receipt says; None for a citizen's words
    at: datetime
    copy: bool = False  # an equal one was not answered yet when this one came


class Inbound:
    """Takes what the lines read. `busy` counts what is neither kept nor refused yet; `closing` refuses the
    rest."""

    def __init__(
        self, name: str, settings: SmppSettings, reception: Reception, now: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._settings = settings
        self._reception = reception
        self._now = now
        self._default = Alphabet(settings.default_alphabet)
        self.recall = Recall(reception.notebook)
        self.parts = Parts(
            reception.notebook,
            self.recall,
            self._accept_joined,
            wait=settings.parts_wait,
            default=self._default,
        )
        self.busy = 0
        self.closing = False
        self._lanes: dict[str, deque[_Item]] = {}
        self._limit = settings.accept_at_once + settings.accept_waiting
        self._slots = asyncio.Semaphore(settings.accept_at_once)
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, line: Line, ledger: Ledger, frame: Frame) -> None:
        """One deliver_sm or data_sm, straight from the reader: never waits. Too many get "not now"."""
        if self.closing or self.busy >= self._limit:
            line.answer(frame, codes.RX_T_APPN)
            return
        delivered = parse_delivered(frame)
        told = receipts.parse(delivered) if receipts.is_receipt(delivered) else None
        item = _Item(line, ledger, frame, delivered, told, self._now())
        self.busy += 1
        if told is None:
            ledger.unanswered[frame.sequence] = item.at.timestamp()
        lane = f"from {delivered.source}" if told is None else f"about {told.reference}"
        waiting = self._lanes.get(lane)
        if waiting is not None:
            copy = told is None and any(_equal(one.delivered, delivered) for one in waiting)
            waiting.append(item._replace(copy=copy))
            return
        self._lanes[lane] = deque((item,))
        task = asyncio.create_task(self._work(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, lane: str) -> None:
        """One sender's items, in order, until there are none."""
        waiting = self._lanes[lane]
        try:
            while waiting:
                async with self._slots:
                    status = await self._keep(waiting[0])
                item = waiting.popleft()
                self.busy -= 1
                item.ledger.unanswered.pop(item.frame.sequence, None)
                item.line.answer(item.frame, status)
        finally:
            self.busy -= len(waiting)
            del self._lanes[lane]

    async def _keep(self, item: _Item) -> int:
        """The command_status to answer with. Whatever goes wrong, the SMSC keeps the message and tries
        again."""
        try:
            if item.told is not None:
                await self._report(item, item.told)
            elif item.delivered.concat is not None:
                at = item.at.timestamp()
                await self.parts.add(item.delivered, item.delivered.concat, item.ledger.name, at)
            else:
                await self._accept(item)
        except NotNow:
            return codes.RX_T_APPN
        except Exception as error:
            log.error("a deliver_sm on bind %s failed: %s", item.line.bind.name, type(error).__name__)
            return codes.RX_T_APPN
        return codes.ROK

    async def _accept(self, item: _Item) -> None:
        delivered = item.delivered
        text = decode(delivered.octets, alphabet_of(delivered.data_coding, self._default))
        own_id = delivered.tlvs.get(self._settings.message_id_tlv, b"").partition(b"\0")[0]
        if own_id:
            message = self._message(item, f"id.{item.line.bind.carrier}.{own_id.decode('latin-1')}", text)
            await self._reception.accept(message)
            return
        seen = await self.recall.recognise(delivered, item.ledger, item.at.timestamp(), item.copy)
        await self._reception.accept(self._message(item, seen.external_id, text), notes=(seen.note(),))
        if seen.ledger is item.ledger:
            seen.answered = self._now().timestamp()

    def _message(self, item: _Item, external_id: str, text: str) -> InboundMessage:
        delivered = item.delivered
        raw = {
            "bind": item.line.bind.name,
            "data_coding": delivered.data_coding,
            "esm_class": delivered.esm_class,
        }
        if delivered.damaged:
            raw["damaged"] = True
        return InboundMessage(
            channel=self._name,
            sender=numbers.sender(delivered.source, delivered.source_ton, self._settings.country),
            external_id=external_id,
            received_at=item.at,
            text=text,
            addressed_to=delivered.destination,
            incomplete=delivered.damaged,
            raw=raw,
        )

    async def _accept_joined(self, joined: Joined) -> None:
        message = InboundMessage(
            channel=self._name,
            sender=numbers.sender(joined.source, joined.source_ton, self._settings.country),
            external_id=joined.external_id,
            received_at=datetime.fromtimestamp(joined.at, UTC),
            text=joined.text,
            addressed_to=joined.destination,
            incomplete=joined.missing > 0,
            raw={"missing_parts": joined.missing} if joined.missing else {},
        )
        await self._reception.accept(message, notes=joined.notes)

    async def _report(self, item: _Item, told: Told) -> None:
        if not told.reference:
            log.warning("a receipt without an id on bind %s", item.line.bind.name)
            return
        own = receipts.reference_of(told.reference, self._settings.ids_in_receipts)
        zone = timedelta(hours=self._settings.utc_offset_hours)
        carrier = item.line.bind.carrier
        await self._reception.report(
            Receipt(
                channel=self._name,
                reference=f"{carrier}:{own}" if carrier else own,
                state=told.state,
                at=receipts.done_at(told.done, zone, item.at),
                error=told.error,
                raw={"bind": item.line.bind.name, "stat": told.word, "err": told.error},
            )
        )

    async def finish(self, limit: float) -> None:
        """Wait for what is under way, at most `limit` seconds; what is left stays unanswered and comes
        again."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=limit)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _equal(one: Delivered, other: Delivered) -> bool:
    return one.octets == other.octets and one.destination == other.destination and one.concat == other.concat

"""The telephone that texts: threads with short numbers, as the owner sees them."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict, deque
from typing import Any

from sandbox.handsets.tape import Tape
from sandbox.smpp.handsets import Received, subscriber
from sandbox.smpp.mobile import measure
from sandbox.smpp.server import Smsc

KEPT = 100  # texts a telephone
PATIENCE = 30.0  # seconds until a text without an answer from the product is marked so

Text = dict[str, Any]


class Texts:
    """Keeps what was sent beside what the SMSC keeps as received."""

    def __init__(self, smsc: Smsc, tape: Tape) -> None:
        self._smsc, self._tape = smsc, tape
        self._threads: defaultdict[str, deque[Text]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        smsc.handsets.listeners.add(self._received)

    def close(self) -> None:
        self._smsc.handsets.listeners.discard(self._received)
        for task in self._tasks:
            task.cancel()

    def thread(self, phone: str) -> list[Text]:
        return list(self._threads[subscriber(phone)])

    async def send(self, phone: str, to: str, text: str) -> Text:
        """Text a number. Raises LookupError where nobody has it, ValueError for an empty text."""
        if not text.strip():
            raise ValueError("an empty text")
        encoding, segments = measure(text)
        identity = await self._smsc.text(phone, to, text)
        sent = self._keep(phone, True, to, text, encoding, segments, "sent")
        task = asyncio.create_task(self._follow(identity, phone, sent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return sent

    async def _follow(self, identity: str, phone: str, sent: Text) -> None:
        """Mark it when the product has taken it over."""
        try:
            statuses = await self._smsc.acknowledged(identity, PATIENCE)
            sent["state"] = "refused" if any(statuses) else "taken"
        except (TimeoutError, KeyError):
            sent["state"] = "waiting"
        self._tape.tell("text", phone=phone, text=sent)

    def _received(self, received: Received) -> None:
        phone = "+" + subscriber(received.number)
        self._keep(
            phone, False, received.sender, received.text, received.encoding, received.segments, "received"
        )

    def _keep(
        self, phone: str, mine: bool, other: str, text: str, encoding: str, segments: int, state: str
    ) -> Text:
        kept = {
            "id": next(self._numbers),
            "mine": mine,
            "other": other,
            "text": text,
            "encoding": encoding,
            "segments": segments,
            "at": round(time.time(), 3),
            "state": state,
        }
        self._threads[subscriber(phone)].append(kept)
        self._tape.tell("text", phone=phone, text=kept)
        return kept


def count(text: str) -> dict[str, Any]:
    """Encoding and segments of what is being typed, for the small print."""
    encoding, segments = measure(text) if text else ("gsm", 0)
    return {"encoding": encoding, "segments": segments, "characters": len(text)}

"""Texts that handsets send: composed into messages, and remembered until the ESME has acknowledged them."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from sandbox.smpp.alphabets import CODINGS
from sandbox.smpp.codes import Status
from sandbox.smpp.esme import Delivery
from sandbox.smpp.handsets import fitting
from sandbox.smpp.pdu import Message, pack_message
from sandbox.smpp.udh import Long, split

REMEMBERED = 20_000
"""Acknowledged texts that can still be asked about."""


def address_type(address: str) -> tuple[int, int]:
    """Type of number and numbering plan, as carriers set them (SMPP 3.4 §5.2.5, §5.2.6)."""
    digits = address.lstrip("+")
    if not digits.isdigit():
        return 5, 0
    if address.startswith("+") or (digits.startswith("84") and len(digits) >= 11):
        return 1, 1
    return (2, 1) if digits.startswith("0") and len(digits) >= 9 else (0, 1)


def compose(
    source: str, destination: str, text: str, coding: str, long: str, reference: int, careless: bool
) -> list[Message]:
    """The messages that carry a text, in order. Raises UnicodeEncodeError, ValueError (see `udh.split`)."""
    alphabet, pieces = fitting(text, coding)
    source_ton, source_npi = address_type(source)
    ton, npi = address_type(destination)
    whole = Message(
        source_ton=source_ton,
        source_npi=source_npi,
        source=source.lstrip("+"),
        destination_ton=ton,
        destination_npi=npi,
        destination=destination.lstrip("+"),
        data_coding=CODINGS[alphabet],
    )
    return [
        whole._replace(esm_class=part.esm_class, short_message=part.short_message, tlvs=part.tlvs)
        for part in split(pieces, alphabet, Long(long), reference, careless)
    ]


def measure(text: str, coding: str = "auto", long: str = "udh8") -> tuple[str, int]:
    """Encoding and number of messages of a text, for the small print. Raises as `compose` does."""
    alphabet, pieces = fitting(text, coding)
    how = Long.UDH8 if long == Long.PAYLOAD.value else Long(long)
    return alphabet.value, len(split(pieces, alphabet, how, 0))


@dataclass(eq=False)
class _Text:
    open: int
    statuses: list[int] = field(default_factory=list)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


class Texts:
    """What became of each text; all that are open, and the last of those that are not."""

    def __init__(self) -> None:
        self.made = self.acknowledged_count = 0
        self._references = 0
        self._texts: dict[str, _Text] = {}
        self._done: deque[str] = deque()

    def next_reference(self) -> int:
        """1 … 65,535 and again; one for each text, so that 8-bit references repeat after 256 texts."""
        self._references = self._references % 0xFFFF + 1
        return self._references

    def new(self, parts: list[tuple[int, Message]]) -> list[Delivery]:
        """One text of so many parts; raises ValueError where it has none."""
        if not parts:
            raise ValueError("a text without parts")
        self.made += 1
        identity = f"mo{self.made}"
        self._texts[identity] = _Text(len(parts))
        return [Delivery(identity, part, "mo", pack_message(message), message) for part, message in parts]

    def settled(self, delivery: Delivery) -> None:
        """The ESME has answered one part for good."""
        text = self._texts.get(delivery.id)
        if text is None or delivery.status is None:
            return
        text.statuses.append(delivery.status)
        text.open -= 1
        if text.open == 0:
            self._close(delivery.id, text)

    def _close(self, identity: str, text: _Text) -> None:
        self.acknowledged_count += all(status == Status.ROK for status in text.statuses)
        for future in text.waiting:
            if not future.done():
                future.set_result(None)
        self._done.append(identity)
        if len(self._done) > REMEMBERED:
            del self._texts[self._done.popleft()]

    async def acknowledged(self, identity: str, timeout: float) -> tuple[int, ...]:
        """The status of each part as it came. Raises TimeoutError, or KeyError for a text not known."""
        text = self._texts[identity]
        if text.open:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            text.waiting.append(done)
            async with asyncio.timeout(timeout):
                await done
        return tuple(text.statuses)

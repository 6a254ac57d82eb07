"""The telephones that the SMSC delivers to: what each number has received, as its owner would read it."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.smpp.alphabets import Alphabet, alphabet_of, decode, units
from sandbox.smpp.pdu import Message
from sandbox.smpp.udh import Place, open_part, room

MOST_HANDSETS = 10_000
MOST_TEXTS = 200
MOST_INCOMPLETE = 50


@dataclass(frozen=True, slots=True)
class Received:
    """A whole text on a handset; `segments` as billed over the air, `raw` the octets of each PDU in hex."""

    sender: str
    number: str
    text: str
    encoding: str
    segments: int
    raw: tuple[str, ...]
    message_ids: tuple[str, ...]
    at: float


@dataclass
class _Handset:
    texts: deque[Received] = field(default_factory=lambda: deque(maxlen=MOST_TEXTS))
    count: int = 0
    parts: dict[tuple[str, Place], dict[int, tuple[Message, str]]] = field(default_factory=dict)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)


def subscriber(number: str) -> str:
    """One spelling for one telephone: Vietnamese numbers as 84…, short numbers and names as they are."""
    digits = number.lstrip("+")
    if digits.startswith("0") and digits.isdigit() and len(digits) >= 9:
        return "84" + digits[1:]
    return digits


def air_segments(message: Message) -> int:
    """How many messages over the air one PDU becomes; more than one only with message_payload."""
    _, octets, header = open_part(message)
    alphabet = alphabet_of(message.data_coding)
    if len(octets) <= room(alphabet, header):
        return 1
    return -(-len(octets) // room(alphabet, max(header, 6)))


class Handsets:
    """All telephones of the network, made as they are needed; the least used are forgotten."""

    def __init__(self) -> None:
        self._handsets: OrderedDict[str, _Handset] = OrderedDict()
        self.listeners: set[Callable[[Received], None]] = set()
        """Called with every whole text."""
        self._off: set[str] = set()

    def _handset(self, number: str) -> _Handset:
        key = subscriber(number)
        handset = self._handsets.get(key)
        if handset is None:
            handset = self._handsets[key] = _Handset()
            if len(self._handsets) > MOST_HANDSETS:
                self._handsets.popitem(last=False)
        else:
            self._handsets.move_to_end(key)
        return handset

    def numbers(self) -> list[str]:
        """Every number that has received something."""
        return [number for number, handset in self._handsets.items() if handset.count]

    def texts(self, number: str) -> list[Received]:
        """The newest texts of one number, oldest first."""
        handset = self._handsets.get(subscriber(number))
        return list(handset.texts) if handset else []

    def incomplete(self, number: str) -> int:
        """How many texts wait for missing parts."""
        handset = self._handsets.get(subscriber(number))
        return len(handset.parts) if handset else 0

    def clear(self) -> None:
        self._handsets.clear()

    def switch(self, number: str, on: bool) -> None:
        """Switch a handset on or off; what is sent to one that is off is never delivered."""
        (self._off.discard if on else self._off.add)(subscriber(number))

    def is_on(self, number: str) -> bool:
        return subscriber(number) not in self._off

    async def wait(self, number: str, count: int = 1, timeout: float = 5.0) -> list[Received]:
        """The texts of a number once there are `count` of them since the start. Raises TimeoutError."""
        handset = self._handset(number)
        async with asyncio.timeout(timeout):
            while handset.count < count:
                changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                handset.waiting.append(changed)
                await changed
        return list(handset.texts)

    def deliver(self, message: Message, message_id: str, at: float) -> Received | None:
        """Put one PDU on its handset; the text, if it is whole now. Raises ProtocolError on a bad header."""
        place, _, _ = open_part(message)
        handset = self._handset(message.destination)
        if place is None:
            return self._arrived(handset, [(message, message_id)], at)
        key = (message.source, place._replace(part=0))
        parts = handset.parts.setdefault(key, {})
        parts[place.part] = (message, message_id)
        if len(parts) < place.total:
            if len(handset.parts) > MOST_INCOMPLETE:
                del handset.parts[next(iter(handset.parts))]
            return None
        del handset.parts[key]
        return self._arrived(handset, [parts[number] for number in sorted(parts)], at)

    def _arrived(self, handset: _Handset, parts: list[tuple[Message, str]], at: float) -> Received:
        received = _read(parts, at)
        handset.texts.append(received)
        handset.count += 1
        waiting, handset.waiting = handset.waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
        for listener in tuple(self.listeners):
            listener(received)
        return received


def _read(parts: list[tuple[Message, str]], at: float) -> Received:
    """Each part is decoded by itself, as simple telephones do: a character cut in two is lost."""
    first = parts[0][0]
    shown = []
    for message, _ in parts:
        shown.append(decode(open_part(message)[1], alphabet_of(message.data_coding)))
    return Received(
        sender=first.source,
        number=first.destination,
        text="".join(shown),
        encoding=alphabet_of(first.data_coding).value,
        segments=sum(air_segments(message) for message, _ in parts),
        raw=tuple(message.octets.hex() for message, _ in parts),
        message_ids=tuple(message_id for _, message_id in parts),
        at=at,
    )


def fitting(text: str, coding: str) -> tuple[Alphabet, list[bytes]]:
    """The alphabet and indivisible pieces for a text typed on a handset.

    `coding` is gsm, ucs2 or latin1; auto takes gsm where it holds every character. Raises
    UnicodeEncodeError where the alphabet wanted does not.
    """
    if coding != "auto":
        return Alphabet(coding), units(text, Alphabet(coding))
    try:
        return Alphabet.GSM, units(text, Alphabet.GSM)
    except UnicodeEncodeError:
        return Alphabet.UCS2, units(text, Alphabet.UCS2)

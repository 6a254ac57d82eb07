"""A bare ESME for the tests of the SMSC: it binds, notes every PDU, and answers only what it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sandbox.smpp.codes import Command
from sandbox.smpp.pdu import (
    Bind,
    Message,
    Pdu,
    pack_bind,
    pack_message,
    parse,
    parse_message,
    parse_response,
)
from sandbox.smpp.server import Smsc

CITIZEN = "84901234567"
OFFICE = "8088"


class Peer:
    """One connection. `acks`: the status with which each deliver_sm is answered; None leaves it open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.acks: int | None = 0
        self.delivered: list[Message] = []
        self.sequences: list[int] = []
        self.order: list[str] = []
        self.gone = asyncio.Event()
        self._reader, self._writer = reader, writer
        self._pdus: asyncio.Queue[Pdu] = asyncio.Queue()
        self._sequence = 0
        self._changed = asyncio.Condition()
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = await self._reader.readexactly(4)
                rest = await self._reader.readexactly(int.from_bytes(length, "big") - 4)
                await self._take(parse(length + rest))
        self.gone.set()

    async def _take(self, pdu: Pdu) -> None:
        self.order.append(pdu.name)
        if pdu.command != Command.DELIVER_SM:
            self._pdus.put_nowait(pdu)
            return
        if self.acks is not None:
            self.send(Pdu(Command.DELIVER_SM | Command.RESPONSE, self.acks, pdu.sequence, b"\0"))
        async with self._changed:
            self.delivered.append(parse_message(pdu.body))
            self.sequences.append(pdu.sequence)
            self._changed.notify_all()

    def send(self, pdu: Pdu) -> None:
        self._writer.write(pdu.pack())

    def write(self, octets: bytes) -> None:
        self._writer.write(octets)

    async def next(self) -> Pdu:
        """The next PDU that is no deliver_sm."""
        return await asyncio.wait_for(self._pdus.get(), 5)

    async def ask(self, command: int, body: bytes = b"") -> Pdu:
        """Send a request and wait for the next PDU."""
        self._sequence += 1
        self.send(Pdu(command, 0, self._sequence, body))
        return await self.next()

    async def bind(
        self, system_id: str = "motcua", password: str = "motcua", command: int = Command.BIND_TRANSCEIVER
    ) -> Pdu:
        return await self.ask(command, pack_bind(Bind(system_id, password, "", 0x34, 0, 0, "")))

    async def submit(self, **fields: object) -> Pdu:
        """A submit_sm to the citizen; its response."""
        message = Message(source=OFFICE, destination=CITIZEN, short_message=b"OK")
        return await self.ask(Command.SUBMIT_SM, pack_message(message._replace(**fields)))  # type: ignore[arg-type]

    async def deliveries(self, count: int) -> list[Message]:
        """What was delivered once there are so many."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.delivered) >= count)
        return self.delivered

    async def close(self) -> None:
        self._writer.transport.abort()
        await self._task


@asynccontextmanager
async def connected(smsc: Smsc) -> AsyncIterator[Peer]:
    """A connection that is not bound yet."""
    peer = Peer(*await asyncio.open_connection("127.0.0.1", smsc.port))
    try:
        yield peer
    finally:
        await peer.close()


@asynccontextmanager
async def bound(
    smsc: Smsc, system_id: str = "motcua", command: int = Command.BIND_TRANSCEIVER, acks: int | None = 0
) -> AsyncIterator[Peer]:
    """A bind that was accepted."""
    async with connected(smsc) as peer:
        peer.acks = acks
        response = await peer.bind(system_id, command=command)
        assert response.status == 0
        yield peer


def identity(pdu: Pdu) -> str:
    return parse_response(pdu.body).identity

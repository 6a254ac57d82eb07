"""The channel against an SMPP server that we did not write: what two of us agree on proves little."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import smpp34

from channels.sms.adapter import SmppChannel
from core.channel import Throttled
from core.messages import ReceiptState
from tests.channels.reception import MemoryReception
from tests.channels.sms.carrier import message, settings

CITIZEN, SHORT = "84912345678", "8088"


@dataclass
class Foreign:
    """The server, the ESME as it sees us, and what we submitted; `decide` answers a submit_sm."""

    server: Any
    channel: SmppChannel
    house: MemoryReception
    submits: list[Any] = field(default_factory=list)
    decide: Callable[[Any, int], object] = lambda event, number: event.accept(f"id{number}")
    bound: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    esme: Any = None

    async def serve(self) -> None:
        while True:
            event = await self.server.next()
            if isinstance(event, smpp34.Esme):
                self.esme = event
                self.bound.set()
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.submits.append(event)
                self.decide(event, len(self.submits))
            else:
                self.gone.set()

    async def deliver(self, text: bytes, **more: Any) -> int:
        """A deliver_sm; the status of our answer."""
        answer = await self.esme.deliver_sm(SHORT, text, source_addr=CITIZEN, source_addr_ton=1, **more)
        return int(answer.command_status)


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@asynccontextmanager
async def foreign(**more: Any) -> AsyncIterator[Foreign]:
    port = free_port()
    server = smpp34.Server("127.0.0.1", port, system_id="FOREIGN")
    await server.start()
    house = MemoryReception()
    f = Foreign(server, SmppChannel("sms", settings(port, **more)), house)
    serving = asyncio.create_task(f.serve())
    try:
        async with f.channel.open(house):
            await asyncio.wait_for(f.bound.wait(), 5)
            await asyncio.wait_for(f.channel.bound(), 5)
            yield f
        await asyncio.wait_for(f.gone.wait(), 5)  # we unbound
    finally:
        serving.cancel()
        await server.stop()


async def test_texts_come_in() -> None:
    async with foreign() as f:
        assert await f.deliver(b"HCC DN 00673810079") == 0
        assert await f.deliver("Hồ sơ 😊".encode("utf-16-be"), data_coding=8) == 0
        assert f.house.texts == ["HCC DN 00673810079", "Hồ sơ 😊"]
        assert f.house.accepted[0].sender.identity == "+84912345678"


async def test_parts_come_in() -> None:
    async with foreign() as f:
        header = bytes.fromhex("060804123402")
        await f.deliver(header + b"\2" + b"two", esm_class=0x40)
        await f.deliver(header + b"\1" + b"one ", esm_class=0x40)
        assert f.house.texts == ["one two"]


async def test_not_now_reaches_the_server() -> None:
    async with foreign() as f:
        f.house.away = True
        assert await f.deliver(b"x") == 0x64
        f.house.away = False
        assert await f.deliver(b"x") == 0
        assert f.house.texts == ["x"]


async def test_a_text_goes_out_and_its_receipt_comes_back() -> None:
    async with foreign() as f:
        (own,) = await f.channel.send(message("Ho so da co ket qua."))
        (submit,) = f.submits
        assert (own, submit.short_message, submit.destination_addr) == (
            "id1",
            b"Ho so da co ket qua.",
            CITIZEN,
        )
        assert (submit.dest_addr_ton, submit.source_addr, submit.registered_delivery) == (1, SHORT, 1)
        text = b"id:id1 sub:001 dlvrd:001 submit date:2611230800 done date:2611230801 stat:DELIVRD err:000"
        assert await f.deliver(text, esm_class=4) == 0
        (told,) = f.house.reported
        assert (told.reference, told.state) == (own, ReceiptState.DELIVERED)


@pytest.mark.parametrize(("form", "count"), [("udh8", 3), ("udh16", 3), ("payload", 1)])
async def test_long_vietnamese_goes_out(form: str, count: int) -> None:
    text = "Hồ sơ của ông/bà đã được tiếp nhận. " * 4
    async with foreign(long_messages=form) as f:
        assert len(await f.channel.send(message(text))) == count
        if form == "payload":
            octets = b"".join(bytes(tlv.value) for tlv in f.submits[0].tlvs if tlv.tag == 0x0424)
        else:
            length = 6 if form == "udh8" else 7
            parts = sorted(submit.short_message for submit in f.submits)  # the server's order is its own
            octets = b"".join(part[length:] for part in parts)
            assert all(submit.esm_class == 0x40 for submit in f.submits)
        assert octets.decode("utf-16-be") == text
        assert {submit.data_coding for submit in f.submits} == {8}


async def test_many_at_once_get_their_own_ids() -> None:
    async with foreign() as f:
        ids = await asyncio.gather(*(f.channel.send(message(f"{number}")) for number in range(300)))
        texts = [submit.short_message.decode() for submit in f.submits]
        assert [[f"id{texts.index(str(number)) + 1}"] for number in range(300)] == ids


async def test_a_full_queue_is_obeyed() -> None:
    async with foreign(throttle_patience=0.3) as f:
        f.decide = lambda event, number: event.reject(0x14)
        with pytest.raises(Throttled, match="queue full"):
            await f.channel.send(message("x"))
        f.decide = lambda event, number: event.accept("77") if number % 2 else event.reject(0x58)
        assert await f.channel.send(message("x")) == ["77"]

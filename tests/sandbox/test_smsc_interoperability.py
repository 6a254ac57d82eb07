# mypy: disable-error-code="import-untyped,misc"
"""The SMSC against peers that are not ours: the asyncio client of smpp34, and aiosmpplib."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import smpp34
from aiosmpplib import ESME, AbstractHook, BindMode, DeliverSm, PhoneNumber, SubmitSm

from sandbox.smpp.behaviour import Receipts
from sandbox.smpp.server import Smsc

CITIZEN = "84901234567"
OFFICE = "8088"


@asynccontextmanager
async def smpp34_bound(smsc: Smsc, bind_type: str = "TRX") -> AsyncIterator[smpp34.Smsc]:
    client = smpp34.Client("127.0.0.1", smsc.port, "motcua", "motcua", bind_type=bind_type, window_size=20)
    bound = await client.connect()
    try:
        yield bound
    finally:
        await client.stop()


async def test_smpp34_receives_what_a_handset_texts() -> None:
    async with Smsc() as smsc, smpp34_bound(smsc) as office:
        identity = await smsc.text(CITIZEN, OFFICE, "Hồ sơ của tôi đâu? 😀")
        event = await asyncio.wait_for(office.next(), 5)
        assert isinstance(event, smpp34.DeliverSmEvent)
        assert (event.source_addr, event.source_addr_ton, event.source_addr_npi) == (CITIZEN, 1, 1)
        assert (event.destination_addr, event.data_coding) == (OFFICE, 8)
        assert event.short_message.decode("utf-16-be") == "Hồ sơ của tôi đâu? 😀"
        assert await smsc.acknowledged(identity) == (0,)


async def test_smpp34_answers_and_gets_its_receipt() -> None:
    async with Smsc() as smsc, smpp34_bound(smsc) as office:
        response = await office.submit_sm(
            CITIZEN, "Đã nhận".encode("utf-16-be"), source_addr=OFFICE, data_coding=8, registered_delivery=1
        )
        assert response.message_id == "1000000001"
        [text] = await smsc.received("0901234567")
        assert (text.sender, text.text, text.encoding, text.segments) == (OFFICE, "Đã nhận", "ucs2", 1)
        receipt = await asyncio.wait_for(office.next(), 5)
        assert isinstance(receipt, smpp34.DeliverSmEvent)
        assert receipt.esm_class == 0x04
        assert receipt.short_message.startswith(b"id:1000000001 sub:001 dlvrd:001 submit date:")


class Heard(AbstractHook):
    """aiosmpplib's hook: notes what came in."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[object] = asyncio.Queue()

    async def sending(self, smpp_message: object, pdu: bytes, client_id: str) -> None: ...

    async def received(self, smpp_message: object, pdu: bytes, client_id: str) -> None:
        self.messages.put_nowait(smpp_message)

    async def send_error(self, smpp_message: object, error: Exception, client_id: str) -> None: ...


async def test_aiosmpplib_talks_both_ways() -> None:
    heard = Heard()
    async with Smsc(receipts=Receipts(states=("ACCEPTD", "DELIVRD"))) as smsc:
        esme = ESME(
            smsc_host="127.0.0.1",
            smsc_port=smsc.port,
            system_id="motcua",
            password="motcua",
            bind_mode=BindMode.TRANSCEIVER,
            hook=heard,
        )
        running = asyncio.create_task(esme.start())
        await smsc.bound()
        identity = await smsc.text(CITIZEN, OFFICE, "TRA CUU 123")
        while not isinstance(message := await asyncio.wait_for(heard.messages.get(), 5), DeliverSm):
            pass
        assert message.short_message == "TRA CUU 123"
        assert await smsc.acknowledged(identity) == (0,)
        await esme.broker.enqueue(
            SubmitSm(
                short_message="Hồ sơ đã xong",
                source=PhoneNumber(OFFICE),
                destination=PhoneNumber(CITIZEN),
                log_id="a",
            )
        )
        [text] = await smsc.received(CITIZEN)
        assert text.text == "Hồ sơ đã xong"
        await esme.stop()
        await asyncio.gather(running, return_exceptions=True)

"""Binds of the SMSC: who may bind, how the link is kept, to whom texts go, and what is delivered again."""

import asyncio
import ssl
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.smpp.codes import Command, Status
from sandbox.smpp.esme import Account
from sandbox.smpp.pdu import Message, Pdu, parse_response
from sandbox.smpp.server import Smsc, Timings
from tests.sandbox.smsc_peer import CITIZEN, OFFICE, Peer, bound, connected

QUICK = Timings(enquire_link=0.05, patience=0.2, redeliver=0.05)
TX, RX, TRX = Command.BIND_TRANSMITTER, Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER


@pytest.mark.parametrize("command", [TX, RX, TRX])
async def test_each_kind_of_bind_is_answered_with_the_name_and_the_version(command: int) -> None:
    async with Smsc() as smsc, connected(smsc) as peer:
        response = await peer.bind(command=command)
        assert (response.command, response.status) == (command | Command.RESPONSE, 0)
        assert parse_response(response.body) == ("SANDBOX", ((0x0210, b"\x34"),))


REFUSALS = [
    ("nobody", "motcua", Status.RINVSYSID),
    ("motcua", "wrong", Status.RINVPASWD),
]


@pytest.mark.parametrize(("system_id", "password", "status"), REFUSALS)
async def test_strangers_are_refused(system_id: str, password: str, status: int) -> None:
    async with Smsc() as smsc, connected(smsc) as peer:
        assert (await peer.bind(system_id, password)).status == status
        assert (await peer.bind()).status == 0
        assert (await peer.bind()).status == Status.RALYBND


async def test_no_more_binds_than_the_account_has() -> None:
    async with Smsc([Account("motcua", "motcua", most_binds=1)]) as smsc:
        async with bound(smsc), connected(smsc) as second:
            assert (await second.bind()).status == Status.RBINDFAIL
        async with bound(smsc):
            assert len(smsc.sessions) == 1


async def test_only_a_transmitter_submits() -> None:
    async with Smsc() as smsc, connected(smsc) as peer:
        assert (await peer.submit()).status == Status.RINVBNDSTS
        await peer.bind(command=RX)
        assert (await peer.submit()).status == Status.RINVBNDSTS


async def test_links_are_enquired_both_ways_and_unbound() -> None:
    async with Smsc(timings=QUICK) as smsc, bound(smsc) as peer:
        assert (await peer.ask(Command.ENQUIRE_LINK)).name == "enquire_link_resp"
        asked = await peer.next()
        assert asked.name == "enquire_link"
        peer.send(Pdu(Command.ENQUIRE_LINK | Command.RESPONSE, 0, asked.sequence, b""))
        assert (await peer.ask(Command.UNBIND)).name == "unbind_resp"
        await asyncio.wait_for(peer.gone.wait(), 5)


async def test_a_link_that_talks_is_not_enquired() -> None:
    async with Smsc() as smsc:
        begin = asyncio.get_running_loop().time()
        async with bound(smsc) as peer:
            [session] = await smsc.bound()
            await asyncio.sleep(0.05)
            await peer.ask(Command.ENQUIRE_LINK)
            session.tick(begin + 30.03, enquire_after=30, patience=10)
            await peer.ask(Command.ENQUIRE_LINK)
            assert "enquire_link" not in peer.order
            session.tick(begin + 90, enquire_after=30, patience=10)
            assert (await peer.next()).name == "enquire_link"


async def test_a_link_that_does_not_answer_is_cut() -> None:
    async with Smsc(timings=QUICK) as smsc, bound(smsc) as silent, connected(smsc) as unbound:
        await asyncio.wait_for(silent.gone.wait(), 5)
        await asyncio.wait_for(unbound.gone.wait(), 5)
        assert silent.order == ["bind_transceiver_resp", "enquire_link"]


ODD = [
    ("unknown command", "00000010 00000777 00000000 00000003", Status.RINVCMDID, False),
    ("two gigabytes", "80000000 00000004 00000000 00000004", Status.RINVCMDLEN, True),
    ("shorter than itself", "0000000f 00000004 00000000 00000005", Status.RINVCMDLEN, True),
]


@pytest.mark.parametrize(("why", "octets", "status", "ends"), ODD, ids=[row[0] for row in ODD])
async def test_odd_pdus_get_a_generic_nack(why: str, octets: str, status: int, ends: bool) -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        peer.write(bytes.fromhex(octets))
        nack = await peer.next()
        assert (nack.name, nack.status, nack.sequence) == ("generic_nack", status, int(octets[-1]))
        if ends:
            await asyncio.wait_for(peer.gone.wait(), 5)
        else:
            assert (await peer.submit()).status == 0


async def test_texts_are_spread_over_the_receiving_binds_in_turn() -> None:
    async with (
        Smsc() as smsc,
        bound(smsc) as one,
        bound(smsc, command=RX) as two,
        bound(smsc, command=TX) as no,
    ):
        for number in range(6):
            await smsc.text(CITIZEN, OFFICE, f"{number}")
        assert [message.short_message for message in await one.deliveries(3)] == [b"0", b"2", b"4"]
        assert [message.short_message for message in await two.deliveries(3)] == [b"1", b"3", b"5"]
        assert no.delivered == []


async def test_each_office_gets_the_texts_to_its_numbers() -> None:
    hue = Account("hue", "motcua", frozenset({"8001", "8002"}))
    async with (
        Smsc([hue, Account("motcua", "motcua")]) as smsc,
        bound(smsc, "hue") as there,
        bound(smsc) as here,
    ):
        await smsc.text(CITIZEN, "8002", "Hue")
        await smsc.text(CITIZEN, "8003", "con lai")
        assert [message.destination for message in await there.deliveries(1)] == ["8002"]
        assert [message.destination for message in await here.deliveries(1)] == ["8003"]
    async with Smsc([hue]) as smsc:
        with pytest.raises(LookupError):
            await smsc.text(CITIZEN, "8003", "khong ai")


async def test_no_more_is_open_than_the_window() -> None:
    async with Smsc([Account("motcua", "motcua", window=2)]) as smsc, bound(smsc, acks=None) as peer:
        for number in range(5):
            await smsc.text(CITIZEN, OFFICE, f"{number}")
        assert len(await peer.deliveries(2)) == 2
        assert len(smsc.esmes["motcua"].owed) == 3
        peer.acks = 0
        peer.send(Pdu(Command.DELIVER_SM | Command.RESPONSE, 0, peer.sequences[0], b"\0"))
        await peer.deliveries(5)
        assert [message.short_message for message in peer.delivered] == [b"0", b"1", b"2", b"3", b"4"]


async def test_an_esme_that_does_not_read_is_sent_nothing_more() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        [session] = await smsc.bound()
        session.pause_writing()
        text = await smsc.text(CITIZEN, OFFICE, "?")
        assert len(smsc.esmes["motcua"].owed) == 1
        submitting = asyncio.create_task(peer.submit())
        session.resume_writing()
        assert await smsc.acknowledged(text) == (0,)
        assert (await submitting).status == 0


async def test_what_was_not_acknowledged_comes_again_after_a_reconnect_in_order() -> None:
    async with Smsc() as smsc:
        async with bound(smsc, acks=None) as peer:
            texts = [await smsc.text(CITIZEN, OFFICE, f"{number}") for number in range(3)]
            await peer.deliveries(3)
            peer.send(Pdu(Command.DELIVER_SM | Command.RESPONSE, 0, peer.sequences[0], b"\0"))
            assert await smsc.acknowledged(texts[0]) == (0,)
        texts.append(await smsc.text(CITIZEN, OFFICE, "3"))
        async with bound(smsc) as peer:
            assert [message.short_message for message in await peer.deliveries(3)] == [b"1", b"2", b"3"]
            assert [await smsc.acknowledged(text) for text in texts] == [(0,)] * 4


async def test_a_bind_that_dies_hands_over_to_the_other() -> None:
    async with Smsc() as smsc, bound(smsc, acks=None) as dying, bound(smsc) as other:
        texts = [await smsc.text(CITIZEN, OFFICE, f"{number}") for number in range(4)]
        await dying.deliveries(2)
        await dying.close()
        await other.deliveries(4)
        assert [await smsc.acknowledged(text) for text in texts] == [(0,)] * 4


async def test_an_answer_that_does_not_come_means_another_try() -> None:
    async with Smsc(timings=Timings(patience=0.05)) as smsc, bound(smsc, acks=None) as peer:
        await smsc.text(CITIZEN, OFFICE, "?")
        first, second = (await peer.deliveries(2))[:2]
        assert first == second
        assert peer.sequences[0] != peer.sequences[1]


async def test_a_temporary_error_means_another_try_and_a_final_one_does_not() -> None:
    async with Smsc(timings=QUICK) as smsc, bound(smsc, acks=Status.RX_T_APPN) as peer:
        text = await smsc.text(CITIZEN, OFFICE, "?")
        await peer.deliveries(1)
        peer.acks = Status.RX_P_APPN
        assert await smsc.acknowledged(text) == (Status.RX_P_APPN,)
        assert len(peer.delivered) == 2


async def test_a_generic_nack_settles_a_delivery() -> None:
    async with Smsc() as smsc, bound(smsc, acks=None) as peer:
        text = await smsc.text(CITIZEN, OFFICE, "?")
        await peer.deliveries(1)
        peer.send(Pdu(Command.GENERIC_NACK, Status.RINVCMDID, peer.sequences[0], b""))
        assert await smsc.acknowledged(text) == (Status.RINVCMDID,)


async def test_the_smsc_comes_back_on_its_port_with_what_it_owes() -> None:
    async with Smsc() as smsc:
        port = smsc.port
        async with bound(smsc) as peer:
            await smsc.stop()
            await asyncio.wait_for(peer.gone.wait(), 5)
            assert peer.order[-1] == "unbind"
        text = await smsc.text(CITIZEN, OFFICE, "con day")
        await smsc.start()
        assert smsc.port == port
        async with bound(smsc):
            assert await smsc.acknowledged(text) == (0,)


async def test_any_deliver_sm_can_be_owed() -> None:
    odd = Message(source="VIETTEL", source_ton=5, destination=OFFICE, data_coding=0xF5, short_message=b"\xff")
    async with Smsc() as smsc, bound(smsc) as peer:
        assert await smsc.acknowledged(await smsc.deliver(odd)) == (0,)
        assert peer.delivered == [odd]


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context and that of a client who trusts it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    request += ["-subj", "/CN=localhost"]
    subprocess.run([*request, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    return server, ssl.create_default_context(cafile=str(certificate))


async def test_tls(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, trusted = tls
    async with Smsc(tls=server) as smsc:
        streams = await asyncio.open_connection(
            "127.0.0.1", smsc.port, ssl=trusted, server_hostname="localhost"
        )
        peer = Peer(*streams)
        assert (await peer.bind()).status == 0
        assert (await peer.submit()).status == 0
        await peer.close()


COMMANDS = st.sampled_from(
    [TX, RX, TRX, Command.SUBMIT_SM, Command.DATA_SM, Command.DELIVER_SM, 0x80000005, 0x777]
)
GARBLED = st.builds(lambda command, body: Pdu(command, 0, 1, body).pack(), COMMANDS, st.binary(max_size=60))
HEAD = bytes.fromhex("00 0000 00 0000 3800 40 00 00 00 00 01 00")
HALF = st.binary(max_size=30).map(lambda rest: Pdu(Command.SUBMIT_SM, 0, 1, HEAD + rest).pack())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(GARBLED, HALF, st.binary(max_size=60)), max_size=8), st.booleans())
async def test_no_stream_of_octets_breaks_the_smsc(chunks: list[bytes], strict: bool) -> None:
    """Whatever one connection writes, the next can bind and submit."""
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: faults.append(context))
    async with Smsc(strict=strict) as smsc:
        async with bound(smsc):
            [session] = await smsc.bound()
            for chunk in chunks:
                session.data_received(chunk)
        async with bound(smsc) as peer:
            assert (await peer.submit()).status == 0
    assert faults == []

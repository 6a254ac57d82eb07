"""The channel and the sandbox's SMSC: stories of ordinary days and of bad ones."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.sms.adapter import SmppChannel
from channels.sms.settings import SmppSettings
from channels.sms.supervisor import BindState
from core.channel import ChannelAdapter, Doubtful, HasRoom, Refused, Unreachable
from core.messages import Address, OutboundMessage, ReceiptState, Say
from sandbox.smpp.behaviour import Receipts, Script
from sandbox.smpp.esme import Account
from sandbox.smpp.mobile import measure
from sandbox.smpp.pdu import parse, parse_message
from sandbox.smpp.server import Smsc, Timings
from tests.channels.reception import MemoryNotebook, MemoryReception, real_clock
from tests.channels.sms.carrier import CITIZEN, Street, message, settings, street


async def test_a_citizen_asks_and_is_answered() -> None:
    async with street() as s:
        assert await s.say("HCC DN 00673810079") == (0,)
        (asked,) = s.house.accepted
        assert (asked.sender, asked.addressed_to, asked.channel) == (
            Address("tel", "+84912345678"),
            "8088",
            "sms",
        )
        answer = message("Ho so da co ket qua.", addressed_from=asked.addressed_to)
        (own,) = await s.channel.send(answer)
        (received,) = await s.smsc.received(CITIZEN)
        assert (received.sender, received.text, received.encoding) == ("8088", "Ho so da co ket qua.", "gsm")
        await s.house.until(lambda: bool(s.house.reported))
        (told,) = s.house.reported
        assert (told.reference, told.state) == (own, ReceiptState.DELIVERED)


async def test_vietnamese_with_marks_goes_out_as_ucs2_in_parts() -> None:
    text = "Hồ sơ 00673810079 của ông/bà đã có kết quả. Mời đến nhận tại bộ phận một cửa, mang theo giấy hẹn."
    async with street() as s:
        ids = await s.channel.send(message(text))
        (received,) = await s.smsc.received(CITIZEN)
        assert (received.text, received.encoding, received.segments) == (text, "ucs2", 2)
        assert received.message_ids == tuple(ids)
        assert s.channel.traits.parts(text) == 2


@pytest.mark.parametrize("long", ["udh8", "udh16", "sar", "payload"])
@pytest.mark.parametrize("text", ["Xin chào ông bà 😊 " * 20, "TRA CUU {1} [2] €3 " * 20])
async def test_long_texts_come_in_by_every_way_and_in_any_order(long: str, text: str) -> None:
    async with street() as s:
        _, parts = measure(text, long=long)
        order = None if long == "payload" else [3, 1, 2, *range(4, 1 + parts)]
        await s.say(text, long=long, order=order)
        assert s.house.texts == [text]


async def test_the_answer_to_the_carrier_waits_for_the_commit_and_many_wait_together() -> None:
    """200 citizens text at once and a commit takes 0.2 s: all are answered after one commit's time, not 40
    s."""
    async with street(Smsc([Account("motcua", "motcua", window=200)])) as s:
        s.house.delay = 0.2
        began = time.monotonic()
        ids = [await s.smsc.text(str(84_900_000_000 + n), "8088", f"{n}") for n in range(200)]
        await asyncio.gather(*(s.smsc.acknowledged(identity) for identity in ids))
        assert 0.2 <= time.monotonic() - began < 2
        assert len(s.house.accepted) == 200


async def test_one_citizens_messages_stay_in_order() -> None:
    async with street() as s:
        keep = s.house.accept

        async def slower_and_slower(*given: object, **named: object) -> bool:
            await asyncio.sleep(0.05 / (1 + len(s.house.accepted)))  # the first takes longest
            return await keep(*given, **named)  # type: ignore[arg-type]

        s.house.accept = slower_and_slower  # type: ignore[method-assign]
        ids = [await s.smsc.text(CITIZEN, "8088", f"{n}") for n in range(10)]
        await asyncio.gather(*(s.smsc.acknowledged(identity) for identity in ids))
        assert s.house.texts == [f"{n}" for n in range(10)]


async def test_a_house_that_cannot_keep_says_not_now_and_gets_it_later() -> None:
    async with street(Smsc(timings=Timings(redeliver=0.1))) as s:
        s.house.away = True
        identity = await s.smsc.text(CITIZEN, "8088", "TRA CUU")
        with s.smsc.wire.listen() as events:
            while (event := await asyncio.wait_for(events.get(), 3)).name != "deliver_sm_resp":
                pass
        assert parse(event.frame).status == 0x64
        s.house.away = False
        assert await s.smsc.acknowledged(identity) == (0,)
        assert s.house.texts == ["TRA CUU"]


async def test_too_many_at_once_are_told_not_now() -> None:
    smsc = Smsc([Account("motcua", "motcua", window=50)], timings=Timings(redeliver=0.1))
    async with street(smsc, accept_at_once=2, accept_waiting=3) as s:
        s.house.delay = 0.05
        ids = [await s.smsc.text(str(84_900_000_000 + n), "8088", f"{n}") for n in range(20)]
        await asyncio.gather(*(s.smsc.acknowledged(identity, 10) for identity in ids))
        assert sorted(s.house.texts, key=int) == [f"{n}" for n in range(20)]


async def test_the_same_deliver_sm_twice_is_one_message() -> None:
    async with street(Smsc(script=Script(deliver_twice=True))) as s:
        s.house.delay = 0.05
        assert await s.say("TRA CUU") == (0,)
        await asyncio.sleep(0.1)
        assert s.house.texts == ["TRA CUU"]


async def test_the_same_words_twice_are_two_messages() -> None:
    async with street() as s:
        await s.say("1")
        await s.say("1")
        assert s.house.texts == ["1", "1"]


async def test_a_cut_before_the_answer_and_a_redelivery_is_one_message() -> None:
    async with street() as s:
        s.house.delay = 0.2
        identity = await s.smsc.text(CITIZEN, "8088", "TRA CUU")
        await asyncio.sleep(0.05)
        s.smsc.drop()
        assert await s.smsc.acknowledged(identity) == (0,)
        assert (s.house.texts, s.house.repeats) == (["TRA CUU"], 1)


async def test_a_restart_between_commit_and_answer_is_one_message() -> None:
    """Kill -9 after the commit: the SMSC sends again, to a process that knows only the notebook."""
    async with Smsc() as smsc:
        book = MemoryNotebook(real_clock)
        before, after = MemoryReception(notebook=book), MemoryReception(notebook=book)
        kept = asyncio.Event()

        async def keep_and_die(*given: object, **named: object) -> bool:
            await MemoryReception.accept(before, *given, **named)  # type: ignore[arg-type]
            kept.set()
            await asyncio.Event().wait()
            return True

        before.accept = keep_and_die  # type: ignore[method-assign]
        first = SmppChannel("sms", settings(smsc.port, closing_time=0.1))
        async with first.open(before):
            identity = await smsc.text(CITIZEN, "8088", "TRA CUU")
            await asyncio.wait_for(kept.wait(), 5)
        async with SmppChannel("sms", settings(smsc.port)).open(after):
            await smsc.acknowledged(identity)
        assert [one.external_id for one in before.accepted] == [one.external_id for one in after.accepted]


async def test_after_a_cut_the_bind_comes_back_and_the_standing_tells() -> None:
    async with street() as s:
        s.smsc.drop()
        with pytest.raises(Doubtful):
            await s.channel.send(message("x"))  # written before we know
        with pytest.raises(Unreachable):
            await s.channel.send(message("x"))
        assert s.channel.room() == 0
        await s.until(BindState.DOWN)
        await asyncio.wait_for(s.channel.bound(), 5)
        assert s.channel.standings()[0].state is BindState.BOUND
        assert await s.channel.send(message("x"))


async def test_a_silent_line_is_noticed_and_replaced() -> None:
    smsc = Smsc(script=Script(never_answer=("enquire_link",)))
    async with street(smsc, enquire_every=0.2, silence_limit=0.3) as s:
        (session,) = await s.smsc.bound()
        with s.smsc.wire.listen() as events:
            async with asyncio.timeout(5):
                while session.label in s.smsc.sessions:
                    await events.get()
        s.smsc.behave()
        await asyncio.wait_for(s.channel.bound(), 5)


async def test_enquire_link_keeps_a_quiet_line() -> None:
    async with street(enquire_every=0.1, silence_limit=0.4) as s:
        (session,) = await s.smsc.bound()
        await asyncio.sleep(0.8)
        assert session.label in s.smsc.sessions
        names = [event.name for event in s.smsc.wire.history]
        assert names.count("enquire_link") >= 2


async def test_an_smsc_that_unbinds_is_bound_again() -> None:
    async with street() as s:
        await s.raw("00000010000000060000000000000063")
        await asyncio.sleep(0.1)
        await asyncio.wait_for(s.channel.bound(), 5)
        assert await s.say("OK") == (0,)


async def test_closing_unbinds_and_leaves_nothing_running() -> None:
    async with Smsc() as smsc:
        before = asyncio.all_tasks()
        async with street(smsc) as s:
            await s.say("OK")
        names = [event.name for event in smsc.wire.history]
        assert names.index("unbind") < names.index("unbind_resp")
        with pytest.raises(Unreachable):
            await s.channel.send(message("x"))
        assert s.channel.room() == 0
        ours = [task for task in asyncio.all_tasks() - before if "channels/sms" in repr(task)]
        assert ours == []


async def test_what_is_texted_while_closing_waits_for_the_next_life() -> None:
    async with Smsc(timings=Timings(redeliver=0.05)) as smsc:
        async with street(smsc) as s:
            s.house.delay = 0.3
            first = await smsc.text(CITIZEN, "8088", "one")
            await asyncio.sleep(0.05)
            later = asyncio.create_task(_text_in(smsc, 0.1, "84987654321", "two"))
        assert s.house.texts == ["one"]  # begun, so finished and answered
        await smsc.acknowledged(first)
        identity = await later
        async with street(smsc) as again:
            await smsc.acknowledged(identity)
            assert again.house.texts == ["two"]


async def _text_in(smsc: Smsc, seconds: float, number: str, text: str) -> str:
    await asyncio.sleep(seconds)
    return await smsc.text(number, "8088", text)


# -- several binds


def two_binds(one: Smsc, other: Smsc, **more: object) -> SmppSettings:
    account = {"system_id": "motcua", "password": "motcua"}
    binds = [
        {"name": "viettel", "port": one.port, "carrier": "vt", **account, "prefixes": ["+8496", "+8497"]},
        {"name": "other", "port": other.port, "carrier": "vn", **account},
    ]
    return SmppSettings.model_validate({"binds": binds, **more})


async def test_a_number_goes_by_its_prefix_and_over_the_other_bind_when_that_is_down() -> None:
    async with Smsc() as one, Smsc() as other:
        channel, house = SmppChannel("sms", two_binds(one, other)), MemoryReception()
        async with channel.open(house):
            await channel.bound()
            assert channel.room() == 100
            (first,) = await channel.send(message("x", to="+84961111111"))
            (second,) = await channel.send(message("x", to="+84911111111"))
            assert (len(one.inbox("84961111111")), len(other.inbox("84911111111"))) == (1, 1)
            assert (first.partition(":")[0], second.partition(":")[0]) == ("vt", "vn")
            await house.until(lambda: len(house.reported) == 2)
            assert {told.reference for told in house.reported} == {first, second}
            await one.stop()
            await asyncio.sleep(0.05)
            await channel.send(message("y", to="+84961111111"))
            assert [received.text for received in other.inbox("84961111111")] == ["y"]


async def test_a_busy_bind_of_the_right_prefix_is_still_the_right_one() -> None:
    async with Smsc(script=Script(answer_delay=0.1)) as one, Smsc() as other:
        channel = SmppChannel("sms", two_binds(one, other))
        async with channel.open(MemoryReception()):
            await channel.bound()
            await asyncio.gather(*(channel.send(message("x", to="+84961111111")) for _ in range(20)))
            assert (len(one.inbox("84961111111")), len(other.inbox("84961111111"))) == (20, 0)


async def test_equal_binds_share_the_load() -> None:
    async with Smsc(script=Script(answer_delay=0.02)) as one, Smsc(script=Script(answer_delay=0.02)) as other:
        account = {"system_id": "motcua", "password": "motcua"}
        binds = [
            {"name": "one", "port": one.port, **account},
            {"name": "other", "port": other.port, **account},
        ]
        channel = SmppChannel("sms", SmppSettings.model_validate({"binds": binds}))
        async with channel.open(MemoryReception()):
            await channel.bound()
            for _ in range(20):
                await asyncio.gather(channel.send(message("x")), channel.send(message("y")))
            assert len(one.inbox(CITIZEN)) == len(other.inbox(CITIZEN)) == 20


async def test_a_bind_of_weight_nought_is_used_only_alone() -> None:
    async with Smsc() as one, Smsc() as other:
        account = {"system_id": "motcua", "password": "motcua"}
        binds = [
            {"name": "spare", "port": one.port, "weight": 0, **account},
            {"name": "main", "port": other.port, **account},
        ]
        channel = SmppChannel("sms", SmppSettings.model_validate({"binds": binds}))
        async with channel.open(MemoryReception()):
            await channel.bound()
            await asyncio.gather(*(channel.send(message("x")) for _ in range(10)))
            assert (len(one.inbox(CITIZEN)), len(other.inbox(CITIZEN))) == (0, 10)
            await other.stop()
            await asyncio.sleep(0.05)
            await channel.send(message("x"))
            assert len(one.inbox(CITIZEN)) == 1


async def test_transmitter_and_receiver_apart() -> None:
    async with Smsc() as smsc:
        account = {"system_id": "motcua", "password": "motcua", "port": smsc.port}
        binds = [
            {"name": "out", "bind": "transmitter", **account},
            {"name": "in", "bind": "receiver", **account},
        ]
        channel, house = SmppChannel("sms", SmppSettings.model_validate({"binds": binds})), MemoryReception()
        async with channel.open(house):
            await channel.bound()
            assert channel.room() == 50
            assert await smsc.acknowledged(await smsc.text(CITIZEN, "8088", "OK")) == (0,)
            await channel.send(message("x"))
            await house.until(lambda: bool(house.reported))
            assert house.texts == ["OK"]


# -- what is sent


def submitted(s: Street) -> list[dict[str, object]]:
    """The submit_sm that the carrier got, as fields."""
    frames = [event.frame for event in s.smsc.wire.history if event.name == "submit_sm"]
    return [parse_message(parse(frame).body)._asdict() for frame in frames]


CHARGES = [
    ("service_type", "charge", "71", ()),
    ("service_type", "refund", "72", ()),
    ("service_type", "", "", ()),
    ("tlv", "refund", "", ((0x1403, b"72\0"),)),
    ("nothing", "refund", "", ()),
]


@pytest.mark.parametrize(("by", "charge", "service_type", "tlvs"), CHARGES)
async def test_premium_numbers_are_told_to_charge_or_refund(
    by: str, charge: str, service_type: str, tlvs: tuple[tuple[int, bytes], ...]
) -> None:
    async with street(charge_by=by) as s:
        await s.channel.send(message("x", charge=charge))
        (sent,) = submitted(s)
        assert (sent["service_type"], sent["tlvs"]) == (service_type, tlvs)


async def test_sender_and_type_of_number() -> None:
    async with street(sender="MOTCUA", national_numbers=True) as s:
        await s.channel.send(message("x"))
        await s.channel.send(message("x", addressed_from="8188"))
        brand, short = submitted(s)
        assert (brand["source"], brand["source_ton"], brand["destination"]) == ("MOTCUA", 5, "0912345678")
        assert (short["source"], short["source_ton"], short["source_npi"]) == ("8188", 3, 0)


async def test_validity_is_what_is_left_of_the_message() -> None:
    async with street() as s:
        until = datetime.now(UTC) + timedelta(minutes=90, seconds=30)
        await s.channel.send(message("x", good_until=until))
        await s.channel.send(message("x", good_until=until - timedelta(days=1)))
        first, late = submitted(s)
        assert str(first["validity"]).startswith("00000001303") or str(first["validity"]).startswith(
            "00000001302"
        )
        assert late["validity"] == "000000000100000R"


async def test_an_empty_text_goes_out_empty() -> None:
    async with street() as s:
        await s.channel.send(message(""))
        (sent,) = submitted(s)
        assert (sent["short_message"], sent["tlvs"]) == (b"", ())


async def test_parts_of_one_message_are_not_mixed_with_anothers() -> None:
    async with street(Smsc(script=Script(answer_delay=0.02)), bind={"window": 4}) as s:
        texts = [f"{n}" * 400 for n in range(8)]
        await asyncio.gather(*(s.channel.send(message(text)) for text in texts))
        numbers = [bytes(sent["short_message"])[3] for sent in submitted(s)]  # type: ignore[call-overload]
        runs = [number for place, number in enumerate(numbers) if place == 0 or numbers[place - 1] != number]
        assert len(runs) == 8


@pytest.mark.parametrize("address", [Address("tel", "VNPT"), Address("mail", "a@b.vn"), Address("tel", "")])
async def test_what_cannot_be_texted_is_refused(address: Address) -> None:
    async with street() as s:
        with pytest.raises(Refused):
            await s.channel.send(OutboundMessage("d", "sms", address, "x", Say("x")))


async def test_room_is_the_window_that_is_free() -> None:
    async with street(Smsc(script=Script(answer_delay=0.2)), bind={"window": 10}) as s:
        sends = [asyncio.create_task(s.channel.send(message("x"))) for _ in range(7)]
        await asyncio.sleep(0.1)
        assert s.channel.room() == 3
        await asyncio.gather(*sends)
        assert s.channel.room() == 10


def test_it_fulfils_the_contract() -> None:
    channel = SmppChannel("sms", settings(2775))
    assert isinstance(channel, ChannelAdapter)
    assert isinstance(channel, HasRoom)
    assert channel.routes() == ()
    assert channel.room() == 0


# -- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key in the same file."""
    path = tmp_path_factory.mktemp("tls") / "smsc.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command += ["-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-days", "2"]
    subprocess.run([*command, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


async def test_over_tls(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    bind = {"tls": True, "tls_ca": f"{certificate}.crt", "tls_name": "localhost"}
    async with street(Smsc(tls=context), bind=bind) as s:
        assert await s.say("OK") == (0,)
        assert await s.channel.send(message("x"))


async def test_a_certificate_of_nobody_we_trust_is_not_bound(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    async with street(Smsc(tls=context), bind={"tls": True, "tls_name": "localhost"}, wait=False) as s:
        await s.until(BindState.DOWN)
        assert s.channel.standings()[0].why == "SSLCertVerificationError"
        assert not [event for event in s.smsc.wire.history if event.name == "bind_transceiver"]


async def test_receipts_may_be_switched_off() -> None:
    async with street(Smsc(receipts=Receipts()), receipts=False) as s:
        await s.channel.send(message("x"))
        (sent,) = submitted(s)
        assert sent["registered_delivery"] == 0
        assert not s.channel.traits.receipts

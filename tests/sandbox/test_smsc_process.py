"""The SMSC as a process, its journal, its load generator, and the strip "what went over the wire"."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from sandbox.smpp.behaviour import Script
from sandbox.smpp.codes import Command
from sandbox.smpp.control import Control
from sandbox.smpp.esme import Account
from sandbox.smpp.journal import Journal, read_journal
from sandbox.smpp.judge import Verdict, judge
from sandbox.smpp.load import Load
from sandbox.smpp.pdu import parse_message
from sandbox.smpp.server import Smsc
from sandbox.smpp.wire import HISTORY
from tests.sandbox.smsc_peer import CITIZEN, OFFICE, Peer, bound

ROOT = Path(__file__).parents[2]


async def echo(peer: Peer, count: int) -> None:
    """Answer each delivery with OK to whoever texted."""
    for number in range(count):
        message = (await peer.deliveries(number + 1))[number]
        await peer.submit(destination=message.source)


# -- the journal


async def test_the_journal_tells_what_was_owed_taken_and_answered(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "smsc.jsonl")
    async with Smsc(journal=journal) as smsc:
        async with bound(smsc) as peer:
            await smsc.acknowledged(await smsc.text(CITIZEN, OFFICE, "HS 1"))
            await peer.submit(registered_delivery=1)
            await peer.submit(destination="")
            await peer.deliveries(2)
            await peer.ask(Command.UNBIND)
            await asyncio.wait_for(peer.gone.wait(), 5)
        await smsc.text(CITIZEN, OFFICE, "HS 2")
    journal.close()
    lines = read_journal(journal.path)
    assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))
    about = ("what", "id", "text", "kind", "status")
    told = [" ".join(str(line[name]) for name in about if name in line) for line in lines]
    receipt = [line for line in told if "1000000001 receipt" in line]
    assert [line for line in told if line not in receipt] == [
        "bound",
        "mo mo1 HS 1",
        "deliver mo1 mo",
        "deliver_resp mo1 mo 0",
        "submit 1000000001 OK",
        "received OK",
        "submit_resp 1000000001",
        "receipt 1000000001",
        "refused 11",
        "unbound",
        "mo mo2 HS 2",
    ]
    assert judge(lines) == Verdict(2, 1, frozenset(), frozenset(), frozenset(), 0)
    assert receipt == ["deliver 1000000001 receipt", "deliver_resp 1000000001 receipt 0"]


async def test_an_answer_that_was_too_late_to_leave_is_not_in_the_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "smsc.jsonl")
    async with Smsc(journal=journal, script=Script(answer_delay=0.05)) as smsc:
        async with bound(smsc) as peer:
            submitting = asyncio.create_task(peer.submit())
            await smsc.received(CITIZEN)
            smsc.drop()
            await asyncio.sleep(0.1)
        submitting.cancel()
    journal.close()
    assert [line["what"] for line in read_journal(journal.path)] == ["bound", "submit", "received", "unbound"]


async def test_a_journal_is_continued_not_overwritten(tmp_path: Path) -> None:
    for what in ("first", "second"):
        journal = Journal(tmp_path / "smsc.jsonl")
        journal.note(what)
        journal.close()
    assert [line["what"] for line in read_journal(tmp_path / "smsc.jsonl")] == ["first", "second"]


# -- the wire


async def test_a_page_can_watch_the_wire() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        with smsc.wire.listen() as events:
            await smsc.acknowledged(await smsc.text(CITIZEN, OFFICE, "HS 1"))
            shown = [events.get_nowait().as_json() for _ in range(events.qsize())]
        assert [(event["direction"], event["bind"], event["pdu"]) for event in shown] == [
            ("out", "motcua#1", "deliver_sm"),
            ("in", "motcua#1", "deliver_sm_resp"),
        ]
        fields: Any = shown[0]["fields"]
        assert (fields["source"], fields["short_message"]) == (CITIZEN, b"HS 1".hex())
        assert parse_message(bytes.fromhex(str(shown[0]["hex"]))[16:]) == peer.delivered[0]
        json.dumps(shown)


async def test_a_page_that_sleeps_misses_the_oldest() -> None:
    async with Smsc() as smsc:
        with smsc.wire.listen() as events:
            for number in range(HISTORY + 5):
                smsc.wire.note("out", "", number.to_bytes(16, "big"))
        assert (events.qsize(), len(smsc.wire.history)) == (HISTORY, HISTORY)
        assert events.get_nowait().frame == (5).to_bytes(16, "big")


# -- the load


@pytest.mark.parametrize(("rate", "window"), [(0.0, 1), (0.0, 8), (500.0, 1)])
async def test_the_load_generator_counts_answers(rate: float, window: int) -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        answering = asyncio.create_task(echo(peer, 40))
        figures = await Load(smsc, 40, "HS 1", OFFICE, rate=rate, window=window).run(5.0)
        await answering
    assert {name: figures[name] for name in ("sent", "answered", "missing", "extra", "acknowledged")} == {
        "sent": 40,
        "answered": 40,
        "missing": 0,
        "extra": 0,
        "acknowledged": 40,
    }
    assert 0 < float(str(figures["p50_ms"])) <= float(str(figures["p99_ms"])) <= float(str(figures["max_ms"]))


async def test_the_load_generator_tells_what_is_missing_and_what_is_too_much() -> None:
    async with Smsc() as smsc, bound(smsc) as peer:
        answering = asyncio.create_task(echo(peer, 1))
        loading = asyncio.create_task(Load(smsc, 2, "HS 1", OFFICE, window=2).run(0.3))
        await answering
        await peer.submit(destination=peer.delivered[0].source)
        figures = await loading
    assert (figures["answered"], figures["missing"], figures["extra"]) == (1, 1, 1)


# -- commands


async def test_commands() -> None:
    async with Smsc() as smsc, Control(smsc, asyncio.Event()) as control, bound(smsc) as peer:

        async def do(**command: object) -> dict[str, Any]:
            answer: dict[str, Any] = json.loads(await control.answer(json.dumps(command)))
            return answer

        sent = await do(do="text", **{"from": CITIZEN}, to=OFFICE, text="Hồ sơ", long="sar")
        assert await do(do="acknowledged", id=sent["id"]) == {"ok": True, "statuses": [0]}
        await peer.submit()
        assert (await do(do="inbox", number="0901234567"))["texts"][0]["text"] == "OK"
        assert (await do(do="script", throttle_every=1))["script"]["throttle_every"] == 1
        assert (await peer.submit()).status == 0x58
        assert (await do(do="behave"))["ok"]
        assert (await do(do="receipts", states=["EXPIRED"]))["receipts"]["states"] == ["EXPIRED"]
        assert (await do(do="raw", hex="00000010000000150000000000000001"))["sent"] == 1
        assert (await do(do="status"))["acknowledged"] == 1
        assert (await do(do="wire", last=1))["events"][0]["pdu"] == "enquire_link"
        assert (await do(do="dance"))["ok"] is False
        assert "ValueError" in (await do(do="text", **{"from": "1"}, to="2", text="", long="pigeon"))["error"]
        assert (await do(do="drop"))["ok"]
        await asyncio.wait_for(peer.gone.wait(), 5)


# -- the process


@asynccontextmanager
async def process(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, dict[str, int]]]:
    """The process, and the ports that it tells on its first line."""
    command = (sys.executable, "-m", "sandbox.smpp", *arguments)
    pipe = asyncio.subprocess.PIPE
    started = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    assert started.stdout is not None
    try:
        yield started, json.loads(await asyncio.wait_for(started.stdout.readline(), 20))
    finally:
        with suppress(ProcessLookupError):
            started.terminate()
        await started.wait()


async def test_the_process_takes_commands_and_keeps_its_journal_when_killed(tmp_path: Path) -> None:
    path = tmp_path / "smsc.jsonl"
    async with process("--journal", str(path), "--account", "hue:mat") as (smsc, ports):
        reader, writer = await asyncio.open_connection("127.0.0.1", ports["control"])
        peer = Peer(*await asyncio.open_connection("127.0.0.1", ports["port"]))
        assert (await peer.bind("hue", "mat")).status == 0
        writer.write(b'{"do": "text", "from": "84901234567", "to": "8088", "text": "HS 1"}\n')
        assert json.loads(await reader.readline()) == {"ok": True, "id": "mo1"}
        await peer.deliveries(1)
        await peer.submit()
        writer.write(b'{"do": "acknowledged", "id": "mo1"}\n')
        assert json.loads(await reader.readline())["statuses"] == [0]
        smsc.kill()
        await smsc.wait()
        await peer.close()
        writer.close()
    assert [line["what"] for line in read_journal(path)][-3:] == ["submit", "received", "submit_resp"]


async def test_the_process_ends_with_its_standard_input() -> None:
    async with process("--stdin") as (smsc, _):
        assert smsc.stdin is not None
        assert smsc.stdout is not None
        smsc.stdin.write(b'{"do": "status"}\n')
        assert json.loads(await smsc.stdout.readline())["owed"] == {"motcua": 0}
        smsc.stdin.close()
        assert await asyncio.wait_for(smsc.wait(), 5) == 0


async def test_the_process_runs_a_load_and_ends() -> None:
    async with process("--load", "20", "--window", "4", "--text", "HS 1") as (smsc, ports):
        peer = Peer(*await asyncio.open_connection("127.0.0.1", ports["port"]))
        await peer.bind()
        await echo(peer, 20)
        assert smsc.stdout is not None
        assert json.loads(await smsc.stdout.readline())["answered"] == 20
        assert await asyncio.wait_for(smsc.wait(), 5) == 0
        await peer.close()


async def test_a_window_of_one_bind_does_not_hold_up_the_others() -> None:
    accounts = [Account("hue", "motcua", frozenset({"8001"}), window=1), Account("motcua", "motcua")]
    async with Smsc(accounts) as smsc, bound(smsc, "hue", acks=None), bound(smsc) as other:
        for _ in range(3):
            await smsc.text(CITIZEN, "8001", "cho")
        assert await smsc.acknowledged(await smsc.text(CITIZEN, OFFICE, "di")) == (0,)
        assert len(other.delivered) == 1

"""kill -9 under load. The carrier's journal is the judge: what it was told we have is answered, and nothing is
answered twice but a send whose answer could not be kept."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest

from sandbox.smpp.esme import Account
from sandbox.smpp.journal import Journal, read_journal
from sandbox.smpp.judge import judge
from sandbox.smpp.server import Smsc, Timings
from tests.running.product import Product, settings
from tests.running.servers import Postgres, Redis

TEXT = "menu"  # exactly one answer
RACE = 0.5  # seconds: an answer that left the carrier so shortly before a kill may not have been kept


async def _load(smsc: Smsc, stop: asyncio.Event, dice: random.Random) -> int:
    """Handsets that text once each, some thirty a second."""
    sent = 0
    while not stop.is_set():
        await smsc.text(f"09{10_000_000 + sent}", "8099", TEXT)
        sent += 1
        await asyncio.sleep(dice.uniform(0.01, 0.05))
    return sent


async def _killed(
    products: list[Product], smsc: Smsc, kills: int, dice: random.Random
) -> tuple[int, list[float]]:
    """Load while processes die; returns how many texts were sent, and when somebody was killed."""
    stop = asyncio.Event()
    load = asyncio.create_task(_load(smsc, stop, dice))
    moments = []
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.05, 0.6))
        victim = dice.choice(products)
        moments.append(time.time())
        await victim.kill()
        await victim.start()
    stop.set()
    return await load, moments


async def _settled(smsc: Smsc, sent: int, seconds: float = 90) -> None:
    """Until every handset has an answer, and a moment longer for doubles."""
    async with asyncio.timeout(seconds):
        while sum(1 for n in range(sent) if smsc.inbox(f"09{10_000_000 + n}")) < sent:
            await asyncio.sleep(0.2)
    await asyncio.sleep(1)


def _unexcused(journal: Path, moments: list[float]) -> tuple[frozenset[str], int]:
    """Handsets answered twice although the first sending's answer was there long before any kill; and how many
    answers could not have been kept."""
    lines = read_journal(journal)
    verdict = judge(lines)
    answered = {line["id"]: line["at"] for line in lines if line["what"] == "submit_resp"}
    raced = set()
    for line in lines:
        if line["what"] == "submit":
            left = answered.get(line["id"], line["at"])
            if any(left - RACE <= moment + RACE and moment <= left + RACE for moment in moments):
                raced.add(line["to"])
    doubled = verdict.repeated - verdict.excused
    return frozenset(n for n in doubled if not any(n in to or to in n for to in raced)), len(doubled)


async def _trial(
    folder: Path, products: list[Product], smsc: Smsc, journal: Path, kills: int, seed: int
) -> None:
    for product in products:
        await product.start()
    try:
        sent, moments = await _killed(products, smsc, kills, random.Random(seed))
        await _settled(smsc, sent)
    finally:
        for product in products:
            await product.stop()
    verdict = judge(read_journal(journal))
    unexcused, _ = _unexcused(journal, moments)
    assert verdict.taken == verdict.texted == sent
    assert verdict.unanswered == frozenset()
    assert unexcused == frozenset()


def _carrier(journal: Path) -> Smsc:
    accounts = (Account("motcua", "secret"),)
    return Smsc(accounts, journal=Journal(journal), timings=Timings(patience=3, redeliver=0.3))


async def _one_process(tmp_path: Path, kills: int, seed: int) -> None:
    journal = tmp_path / "journal.jsonl"
    async with _carrier(journal) as smsc:
        product = Product(tmp_path, settings(tmp_path, smsc.port))
        await _trial(tmp_path, [product], smsc, journal, kills, seed)


async def _two_processes(tmp_path: Path, url: str, redis_url: str, kills: int, seed: int) -> None:
    journal = tmp_path / "journal.jsonl"
    async with _carrier(journal) as smsc:
        shared = settings(tmp_path, smsc.port, url, redis={"url": redis_url})
        products = [Product(tmp_path, shared, name) for name in ("one", "two")]
        await _trial(tmp_path, products, smsc, journal, kills, seed)


@pytest.mark.parametrize("seed", [1, 2])
async def test_one_process_on_sqlite_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    await _one_process(tmp_path, kills=13, seed=seed)


@pytest.mark.parametrize("seed", [3, 4])
async def test_two_processes_on_postgresql_and_redis_lose_and_double_nothing(
    tmp_path: Path, postgres: Postgres, redis_server: Redis, seed: int
) -> None:
    await _two_processes(tmp_path, postgres.database(), redis_server.url, kills=12, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 104))
async def test_a_hundred_kills_of_one_process(tmp_path: Path, seed: int) -> None:
    await _one_process(tmp_path, kills=25, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200, 204))
async def test_a_hundred_kills_of_two_processes(
    tmp_path: Path, postgres: Postgres, redis_server: Redis, seed: int
) -> None:
    await _two_processes(tmp_path, postgres.database(), redis_server.url, kills=25, seed=seed)

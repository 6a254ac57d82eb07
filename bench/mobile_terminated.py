"""MT: messages from the durable outbox over SMPP, each with a receipt, until all are known to be delivered.

They are put into the outbox in one commit, by another process than the one that sends them: what is measured
is claiming, sending at a window of 50, settling and matching receipts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import func, select

from bench.measuring import Figure, cpu_seconds
from bench.surroundings import bound, pid_of
from core.messages import Address, OutboundMessage, Priority, Say
from core.store.database import Database
from core.store.outbox import Queued
from core.store.shelves import Shelves
from core.store.tables.messages import outbox
from tests.running.product import Product

TEXT = "Ho so 00673810079: da co ket qua. Moi ong/ba den bo phan mot cua nhan, gio hanh chinh."
WARM = 500
LIMIT = 60  # seconds


async def measure(count: int = 12_000) -> list[Figure]:
    """Messages a second from the first commit to the last receipt."""
    async with bound() as (running, smsc), _store(running) as database:
        await _sent(database, 0, WARM)
        pids = {"CPU ms": pid_of(running), "carrier's CPU ms": smsc.process.pid}
        before = {name: cpu_seconds(pid) for name, pid in pids.items()}
        seconds = await _sent(database, WARM, count)
        cost = {name: (cpu_seconds(pid) - before[name]) * 1000 / count for name, pid in pids.items()}
    return [Figure("MT from the outbox, window 50", {"/s": count / seconds, **cost}, "3,000/s")]


@asynccontextmanager
async def _store(running: Product) -> AsyncIterator[Database]:
    """The product's own database, from outside."""
    database = Database(running.settings["store"]["url"])
    database.open()
    try:
        yield database
    finally:
        await database.close()


async def _sent(database: Database, known: int, count: int) -> float:
    """Put `count` messages into the outbox; seconds until all are delivered."""
    now = datetime.now(UTC)
    queued = [_queued(known + number, now) for number in range(count)]
    await database.write(lambda shelves: shelves.outbox.put(queued, now))
    began = time.perf_counter()
    async with asyncio.timeout(LIMIT):
        while await database.read(_delivered) < known + count:  # noqa: ASYNC110 - another process's rows
            await asyncio.sleep(0.05)
    return time.perf_counter() - began


def _delivered(shelves: Shelves) -> int:
    query = select(func.count()).select_from(outbox).where(outbox.c.state == "delivered")
    return int(shelves.connection.execute(query).scalar_one())


def _queued(number: int, now: datetime) -> Queued:
    address = Address("tel", f"+84{912_000_000 + number}")
    message = OutboundMessage(f"bench/{number}", "sms", address, TEXT, Say("bench"), priority=Priority.NOTICE)
    return Queued(message, f"bench/{number}", 0, now)

"""One transaction, all the shelves: what is promised about a write, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text as sql
from sqlalchemy.engine import make_url

from core.channel import NotNow
from core.store import database as engine
from core.store.database import Database
from core.store.shelves import Shelves
from tests.core.making import NINE, arrival, lan
from tests.running.servers import Postgres


class Wrong(Exception):
    """A mistake of the work itself."""


def keep(id: str, spoil: bool = False) -> Callable[[Shelves], str]:
    """Work that keeps a message, and may fail after it."""

    def work(shelves: Shelves) -> str:
        shelves.inbox.keep([arrival(id, lan(len(id)))], NINE)
        if spoil:
            raise Wrong(id)
        return id

    return work


class Stopped:
    """A PostgreSQL database that can be stopped and started: connections are cut and new ones refused."""

    def __init__(self, postgres: Postgres, url: str) -> None:
        self._admin = psycopg.connect(postgres.uri, autocommit=True)
        self._name = make_url(url).database

    def stop(self) -> None:
        self._admin.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (self._name,)
        )

    def start(self) -> None:
        self._admin.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    def close(self) -> None:
        self._admin.close()


def kept(shelves: Shelves) -> set[str]:
    return set(shelves.connection.execute(sql("SELECT external_id FROM inbox")).scalars())


async def test_a_write_is_there_when_it_returns(database: Database) -> None:
    assert await database.write(keep("a")) == "a"
    assert await database.read(kept) == {"a"}


async def test_work_that_fails_is_told_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(Wrong):
        await database.write(keep("a", spoil=True))
    assert await database.read(kept) == set()


async def test_one_that_fails_takes_nobody_with_it(database: Database) -> None:
    """Twenty writes at once share commits; every third is wrong."""
    works = [database.write(keep(f"m{n:02d}", spoil=n % 3 == 0)) for n in range(20)]
    results = await asyncio.gather(*works, return_exceptions=True)
    assert [isinstance(result, Wrong) for result in results] == [n % 3 == 0 for n in range(20)]
    assert await database.read(kept) == {f"m{n:02d}" for n in range(20) if n % 3}


async def test_a_wrong_statement_is_its_own_fault_and_nobody_elses(database: Database) -> None:
    def nonsense(shelves: Shelves) -> None:
        shelves.connection.execute(sql("SELECT * FROM no_such_table"))

    results = await asyncio.gather(
        database.write(keep("a")), database.write(nonsense), database.write(keep("b")), return_exceptions=True
    )
    assert (results[0], results[2]) == ("a", "b")
    assert not isinstance(results[1], NotNow) and isinstance(results[1], Exception)
    assert await database.read(kept) == {"a", "b"}


async def test_errors_name_no_values(database: Database) -> None:
    """What a statement was about would be a telephone number in a log."""

    def twice(shelves: Shelves) -> None:
        for _ in range(2):
            row = {"a": "Nguyễn Thị Lan", "u": 0}
            shelves.connection.execute(
                sql("INSERT INTO locks (name, holder, until) VALUES ('x', :a, :u)"), row
            )

    with pytest.raises(Exception) as caught:
        await database.write(twice)
    assert "Lan" not in str(caught.value)


async def test_who_is_urgent_goes_before_those_who_wait(tmp_path: Path) -> None:
    """A caller holds the line: a batch that waits lets the call pass."""
    store = Database(f"sqlite:///{tmp_path}/s.db")
    store.create()
    order: list[str] = []
    started, go_on = threading.Event(), threading.Event()

    def slow(_shelves: Shelves) -> None:
        started.set()
        go_on.wait(5)

    store.open()
    first = asyncio.ensure_future(store.write(slow))
    await asyncio.to_thread(started.wait, 5)

    def note(name: str) -> Callable[[Shelves], None]:
        return lambda _shelves: order.append(name)

    waiting = [
        asyncio.ensure_future(store.write(note(name), urgent=name == "call"))
        for name in ("batch one", "batch two", "call")
    ]
    await asyncio.sleep(0)  # the three have taken their places
    go_on.set()
    await asyncio.gather(first, *waiting)
    await store.close()
    assert order == ["call", "batch one", "batch two"]


async def test_a_full_disk_says_yes_to_nobody(tmp_path: Path) -> None:
    """Every one of those who shared the commit is told "not now", and nothing of it is there."""
    store = Database(f"sqlite:///{tmp_path}/s.db")
    store.create()
    store.open()

    def limit(pages: int) -> Callable[[Shelves], object]:
        return lambda s: s.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").scalar()

    await store.write(keep("before"))
    await store.write(limit(1))  # SQLite takes the present size: not a page more
    big = "x" * 20_000
    results = await asyncio.gather(
        *(store.write(keep(f"{n}{big}")) for n in range(6)), return_exceptions=True
    )
    assert any(isinstance(result, NotNow) for result in results)
    yes = {result for result in results if isinstance(result, str)}
    assert await store.read(kept) == {"before"} | yes
    await store.write(limit(1_000_000))
    assert await store.write(keep("after")) == "after"  # space was made: the house goes on
    await store.close()


async def test_a_locked_database_is_not_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else holds the lock for too long; nobody waits for ever, nobody is told yes."""
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    store = Database(f"sqlite:///{tmp_path}/s.db")
    store.create()
    store.open()
    await store.write(keep("before"))
    other = sqlite3.connect(tmp_path / "s.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(10):
        results = await asyncio.gather(
            *(store.write(keep(f"m{n}")) for n in range(5)), return_exceptions=True
        )
    assert all(isinstance(result, NotNow) for result in results)
    assert await store.read(kept) == {"before"}  # readers are not in anybody's way
    other.execute("ROLLBACK")
    other.close()
    assert await store.write(keep("after")) == "after"
    await store.close()


async def test_a_database_that_goes_away_in_mid_load_is_not_now_and_comes_back(postgres: Postgres) -> None:
    """As when PostgreSQL stops for a while: who was told yes is kept, nobody else is, and the house goes on."""
    url = postgres.database()
    store, server = Database(url), Stopped(postgres, url)
    store.create()
    store.open()
    told: list[str] = []
    refused = []
    for n in range(60):
        if n == 20:
            server.stop()
        if n == 40:
            server.start()
        try:
            told.append(await store.write(keep(f"m{n}")))
        except NotNow:
            refused.append(n)
    # Each of the four connections finds out for itself that it is dead; all of them while it is away.
    assert refused == list(range(20, 40))
    assert await store.read(kept) == set(told)
    await store.close()
    server.close()


async def test_reading_while_the_database_is_away_is_not_now(postgres: Postgres) -> None:
    url = postgres.database()
    store, server = Database(url), Stopped(postgres, url)
    store.create()
    store.open()
    await store.read(kept)
    server.stop()
    with pytest.raises(NotNow):
        await store.read(kept)
    server.start()
    assert await store.read(kept) == set()
    await store.close()
    server.close()


async def test_closing_finishes_what_waits_and_takes_nothing_more(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path}/s.db")
    store.create()
    store.open()
    writes = [asyncio.ensure_future(store.write(keep(f"m{n}"))) for n in range(10)]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*writes) == [f"m{n}" for n in range(10)]
    with pytest.raises(NotNow):
        await store.write(keep("late"))

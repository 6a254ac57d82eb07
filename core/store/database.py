"""One transaction, all the shelves; SQLite or PostgreSQL.

The statements are plain (synchronous) SQLAlchemy Core, run in threads of this file: measured here, that is two to
three times as many transactions a second as the asynchronous driver, and a shelf reads like what it does. What
callers await is `read` and `write`.

SQLite has one writer. Its thread takes every write that waits, runs each inside a savepoint and commits them
together: the cost of the disk is shared, a write that fails takes nobody with it, and nobody is told "done" before
the commit. Urgent writes (a caller holds the line) enter before batches. A shared commit holds the writer for
20 ms at most before it closes.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from core.channel import NotNow
from core.store.shelves import Shelves
from core.store.tables import metadata

T = TypeVar("T")
Work = Callable[[Shelves], Any]

HOLD = 0.020  # seconds a shared commit takes in further writes
BUSY_MS = 5000  # how long SQLite waits for another process's lock before we say "not now"
READERS = 4
WRITERS = 4  # PostgreSQL only
RETRIES = 3  # of a transaction that PostgreSQL gave up for a deadlock or a lost connection


class _Job:
    """One write that waits for its turn; `done` is told its result or its failure in the caller's loop."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Work, loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Database:
    """The store's engine. `url` is `sqlite:///path` or `postgresql+psycopg://…`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self._writer = _engine(url, self.sqlite, write=True)
        self._reader = _engine(url, self.sqlite, write=False)
        self._readers = ThreadPoolExecutor(READERS, "store-read")
        self._waiting: list[tuple[int, int, _Job]] = []
        self._count = itertools.count()
        self._wake = threading.Condition()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._write_loop, name=f"store-write-{n}", daemon=True)
            for n in range(1 if self.sqlite else WRITERS)
        ]

    def open(self) -> None:
        """Start the writers. The schema must be there (`create` or a migration)."""
        for thread in self._threads:
            thread.start()

    def create(self) -> None:
        """Make every table that is missing: a new installation."""
        with self._writer.begin() as connection:
            metadata.create_all(connection)

    def at_start(self, work: Callable[[Shelves], T]) -> T:
        """Run `work` in a write transaction before the writers are started."""
        with self._writer.begin() as connection:
            return work(Shelves(connection))

    async def close(self) -> None:
        """Finish what waits, then let go of the database."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        for thread in self._threads:
            if thread.is_alive():
                await asyncio.to_thread(thread.join)
        self._readers.shutdown(wait=True)
        self._writer.dispose()
        self._reader.dispose()

    async def read(self, work: Callable[[Shelves], T]) -> T:
        """Run `work` on one snapshot, locking nothing. Raises `NotNow` where the database is away."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def write(self, work: Callable[[Shelves], T], *, urgent: bool = False) -> T:
        """Run `work` in a write transaction; returns after the commit. What `work` raises rolls it back and is
        raised here. Raises `NotNow` where nothing can be written."""
        job = _Job(work, asyncio.get_running_loop())
        with self._wake:
            if self._closing:
                raise NotNow("the store is closing")
            heapq.heappush(self._waiting, (0 if urgent else 1, next(self._count), job))
            self._wake.notify()
        result: T = await job.future
        return result

    def _read(self, work: Callable[[Shelves], T]) -> T:
        try:
            with self._reader.connect() as connection:
                return work(Shelves(connection))
        except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
            if not _away(error):
                raise
            raise NotNow(_reason(error)) from error

    # -- the writer threads ---------------------------------------------------------------------------------------

    def _write_loop(self) -> None:
        connection: Connection | None = None
        while True:
            job = self._next(wait=True)
            if job is None:
                break
            try:
                connection = connection or self._writer.connect()
                jobs = self._shared(connection, job) if self.sqlite else self._single(connection, job)
            except Exception as error:
                _drop(connection)
                connection = None
                jobs = self._failed(job, error)
            _tell(jobs)
        _drop(connection)

    def _next(self, *, wait: bool) -> _Job | None:
        with self._wake:
            while wait and not self._waiting and not self._closing:
                self._wake.wait()
            return heapq.heappop(self._waiting)[2] if self._waiting else None

    def _shared(self, connection: Connection, first: _Job) -> list[_Job]:
        """SQLite: one commit for everything that waits, each piece in its own savepoint."""
        jobs = [first]  # before the first statement: whoever waits is told also where not even that succeeds
        until = time.monotonic() + HOLD
        shelves = Shelves(connection)
        try:
            with connection.begin():
                _in_savepoint(connection, shelves, first)
                while time.monotonic() < until and (job := self._next(wait=False)) is not None:
                    jobs.append(job)
                    _in_savepoint(connection, shelves, job)
        except Exception as error:
            for job in jobs:
                job.error = _told(error)
        return jobs

    def _single(self, connection: Connection, job: _Job) -> list[_Job]:
        """PostgreSQL: one transaction a piece; again where the database gave it up."""
        for attempt in range(RETRIES):
            worked = False
            try:
                with connection.begin():
                    job.result = job.work(Shelves(connection))
                    worked = True
                job.error = None
                break
            except DBAPIError as error:
                job.error = _told(error)
                if not _again(error, committing=worked) or attempt == RETRIES - 1:
                    break
                # This is a writer thread of our own: the two that met need a moment to get out of each other's way.
                time.sleep(0.01 * (attempt + 1))
            except Exception as error:
                job.error = error
                break
        return [job]

    def _failed(self, job: _Job, error: Exception) -> list[_Job]:
        job.error = _told(error)
        return [job]


def _in_savepoint(connection: Connection, shelves: Shelves, job: _Job) -> None:
    driver = _driver(connection)
    driver.execute("SAVEPOINT piece")
    try:
        job.result = job.work(shelves)
    except Exception as error:
        if _away(error):
            raise  # disk full, locked: the whole commit is in doubt
        job.error = error
        driver.execute("ROLLBACK TO piece")
    driver.execute("RELEASE piece")


def _driver(connection: Connection) -> sqlite3.Connection:
    """SQLite itself: words without parameters need none of SQLAlchemy's care."""
    driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    return driver


def _tell(jobs: list[_Job]) -> None:
    """Settle the callers' futures, one wake-up a loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, settled in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


def _told(error: Exception) -> Exception:
    """What the caller is told: `NotNow` where the database could not, the error itself where the work was wrong."""
    return NotNow(_reason(error)) if _away(error) else error


def _away(error: Exception) -> bool:
    """Could the database not, just now? A wrong statement is not that, though SQLite gives it the same class."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(
        cause, sqlite3.Error
    ):  # its InterfaceError is a misuse by us, PostgreSQL's a lost connection
        return isinstance(cause, sqlite3.OperationalError) and not _wrong(cause)
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def _wrong(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_ERROR


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)[:200]


def _again(error: DBAPIError, *, committing: bool) -> bool:
    """Is it safe to run the work once more? Not where the connection was lost on the way to the commit: that may
    have happened, and the caller will ask again."""
    state = getattr(error.orig, "sqlstate", "") or ""
    if state.startswith("40"):
        return True
    return not committing and (error.connection_invalidated or state.startswith(("08", "57")))


def _drop(connection: Connection | None) -> None:
    if connection is not None:
        try:
            connection.close()
        except Exception:
            connection.invalidate()


def _engine(url: str, sqlite: bool, *, write: bool) -> Engine:
    # What a statement was about never goes into an error's text, which may be logged: `hide_parameters`.
    if not sqlite:
        size = WRITERS if write else READERS
        return create_engine(
            url, pool_size=size, max_overflow=0, pool_pre_ping=not write, hide_parameters=True
        )
    engine = create_engine(
        url,
        poolclass=NullPool if write else None,
        connect_args={"check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        _driver(connection).execute("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine

"""A store for the tests of the core: real, on each database, with a second process beside it where one is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.store.database import Database
from tests.running.servers import Postgres


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """An empty store on PostgreSQL, for what only two processes can do to each other."""
    return postgres.database()


@pytest_asyncio.fixture
async def database(store_url: str) -> AsyncIterator[Database]:
    """An open, empty store."""
    made = Database(store_url)
    made.create()
    made.open()
    yield made
    await made.close()


@pytest_asyncio.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes over one PostgreSQL: each with its own connections."""
    first, second = Database(postgres_url), Database(postgres_url)
    first.create()
    for each in (first, second):
        each.open()
    yield first, second
    for each in (first, second):
        await each.close()

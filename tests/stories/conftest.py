"""One town for all stories, on each of the two ways in which the product is run; started once for both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.running.servers import Postgres, Redis
from tests.stories.town import Town, open_town


@pytest_asyncio.fixture(
    scope="session", loop_scope="session", params=["sqlite-one-process", "postgresql-redis-two-processes"]
)
async def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """The product in its town. Every story brings its own people: nobody meets somebody else's past."""
    folder = tmp_path_factory.mktemp("town")
    if request.param == "sqlite-one-process":
        opened = open_town(folder, 1)
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        redis: Redis = request.getfixturevalue("redis_server")
        opened = open_town(folder, 2, postgres.database(), redis.url)
    async with opened as made:
        yield made

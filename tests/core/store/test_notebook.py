"""The channels' notebooks, the locks of pollers, the signs of life of processes."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from core.channel import Note
from core.store.database import Database
from tests.core.house import Core
from tests.core.making import MINUTE, NINE, SECOND, text

HOLD = 10 * SECOND


@pytest.fixture
def core(database: Database) -> Core:
    return Core(database)


async def test_a_page_lives_until_its_time(core: Core) -> None:
    book = core.gateway.reception("sms").notebook
    await book.put("k", {"a": 1}, keep=MINUTE)
    page = await book.get("k")
    assert page is not None and (page.value, page.revision) == ({"a": 1}, 1)
    core.clock.forward(MINUTE + SECOND)
    assert await book.get("k") is None
    assert await book.find("") == []
    assert await core.database.write(lambda s: s.pages.clear(core.clock.at)) == 1


async def test_no_channel_sees_anothers_pages(core: Core) -> None:
    await core.gateway.reception("sms").notebook.put("k", 1)
    assert await core.gateway.reception("telegram").notebook.get("k") is None


async def test_a_page_is_written_torn_out_and_counted(core: Core) -> None:
    book = core.gateway.reception("sms").notebook
    for value in (1, 2, 3):
        await book.put("k", value)
    page = await book.get("k")
    assert page is not None and (page.value, page.revision) == (3, 3)
    await book.drop("k", "never there")
    assert await book.get("k") is None


async def test_many_writes_at_once_are_done_in_their_order(core: Core) -> None:
    """They share a commit; of two to one page the later stands."""
    book = core.gateway.reception("sms").notebook
    await asyncio.gather(*(book.put(f"k{n % 3}", n) for n in range(9)))
    assert [page.value for page in await book.find("k")] == [6, 7, 8]


async def test_a_note_is_written_with_its_message(core: Core) -> None:
    reception = core.gateway.reception("sms")
    await asyncio.gather(*(reception.accept(text(f"m{n}"), notes=[Note("offset", n)]) for n in range(5)))
    page = await reception.notebook.get("offset")
    assert page is not None and page.value == 4


SWAPS = [
    (None, 0, True),  # there is none: make it
    (1, 0, False),
    (1, 1, True),
    (2, 1, False),
    (None, 1, False),
]


@pytest.mark.parametrize("writes, revision, done", SWAPS)
async def test_a_swap_needs_the_revision_that_was_read(
    core: Core, writes: int | None, revision: int, done: bool
) -> None:
    book = core.gateway.reception("sms").notebook
    for _ in range(writes or 0):
        await book.put("k", "old")
    assert await book.swap("k", "new", revision=revision) is done
    page = await book.get("k")
    assert (page is not None and page.value == "new") is done


async def test_a_swap_for_none_takes_the_place_of_an_expired_page(core: Core) -> None:
    book = core.gateway.reception("sms").notebook
    await book.put("k", "old", keep=SECOND)
    core.clock.forward(MINUTE)
    assert await book.swap("k", "new", revision=0)


async def test_of_two_processes_one_swaps(two: tuple[Database, Database]) -> None:
    books = [Core(each, f"p{n}").gateway.reception("sms").notebook for n, each in enumerate(two)]
    for n in range(20):
        won = await asyncio.gather(*(book.swap(f"k{n}", "x", revision=0) for book in books))
        assert sorted(won) == [False, True]


async def test_pages_are_found_by_prefix_in_the_order_of_their_keys(core: Core) -> None:
    book = core.gateway.reception("sms").notebook
    for key in ("b/1", "a/10", "a/9", "a/1", "a", "A/2", "a/~"):
        await book.put(key, key)
    assert [page.key for page in await book.find("a/")] == ["a/1", "a/10", "a/9", "a/~"]
    assert [page.key for page in await book.find("a/", after="a/10")] == ["a/9", "a/~"]
    assert [page.key for page in await book.find("a/", limit=1)] == ["a/1"]
    assert [page.key for page in await book.find("")] == ["A/2", "a", "a/1", "a/10", "a/9", "a/~", "b/1"]


async def lock(database: Database, holder: str, at: Any = NINE) -> bool:
    return await database.write(lambda s: s.pages.lock("poller", holder, at, HOLD))


async def test_a_lock_is_kept_by_its_holder_and_taken_over_when_it_ends(database: Database) -> None:
    assert await lock(database, "p1")
    assert not await lock(database, "p2")
    assert await lock(database, "p1", NINE + 5 * SECOND)  # held on
    assert not await lock(database, "p2", NINE + HOLD + SECOND)
    assert await lock(database, "p2", NINE + HOLD + 6 * SECOND)
    assert not await lock(database, "p1", NINE + HOLD + 6 * SECOND)


async def test_who_stops_gives_back_what_they_hold(database: Database) -> None:
    await lock(database, "p1")
    await database.write(lambda s: s.pages.unlock_all("p1"))
    assert await lock(database, "p2")


async def test_of_two_processes_one_holds(two: tuple[Database, Database]) -> None:
    for n in range(20):
        at = NINE + n * MINUTE  # the last holder's time is over
        held = await asyncio.gather(lock(two[0], "a", at), lock(two[1], "b", at))
        assert sorted(held) == [False, True]


async def test_signs_of_life(database: Database) -> None:
    await database.write(lambda s: s.pages.beat("p1", NINE, HOLD))
    await database.write(lambda s: s.pages.beat("p2", NINE + 8 * SECOND, HOLD))
    await lock(database, "p3")  # a lock is no sign of life

    async def living(at: datetime) -> list[str]:
        return await database.read(lambda s: sorted(s.pages.living(at)))

    assert await living(NINE + 9 * SECOND) == ["p1", "p2"]
    assert await living(NINE + 12 * SECOND) == ["p2"]

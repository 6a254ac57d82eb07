"""What came in: kept once, worked off in order, one lane at a time, also by two processes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from core.store.database import Database
from core.store.inbox import SLICE
from core.store.shelves import Shelves
from tests.core.making import DAY, LEASE, MINUTE, NINE, SECOND, arrival, lan


async def keep(database: Database, *ids: str, at: datetime = NINE) -> list[bool]:
    """Keep messages of one citizen."""
    return await database.write(lambda s: s.inbox.keep([arrival(id, at=at) for id in ids], at))


async def claim(database: Database, holder: str, at: datetime = NINE, lanes: int = 10) -> list[str]:
    return await database.write(lambda s: s.inbox.claim(holder, at, lanes, LEASE))


async def waiting(database: Database, *addresses: str) -> list[str]:
    """The external ids that wait in these lanes, in order."""
    found = await database.read(lambda s: s.inbox.waiting(addresses))
    return [item.message.external_id for items in found.values() for item in items]


async def release(database: Database, holder: str, later: datetime | None = None) -> None:
    await database.write(lambda s: s.inbox.release([str(lan())], holder, later))


async def done(database: Database, *ids: str) -> None:
    def settle(shelves: Shelves) -> None:
        for id in ids:
            shelves.inbox.settle_key("sms", id, NINE)

    await database.write(settle)


# -- once --------------------------------------------------------------------------------------------------------------


async def test_a_message_is_kept_once(database: Database) -> None:
    assert await keep(database, "a") == [True]
    assert await keep(database, "a") == [False]
    assert await waiting(database, str(lan())) == ["a"]


async def test_the_same_id_on_another_channel_is_another_message(database: Database) -> None:
    await keep(database, "a")
    assert await database.write(lambda s: s.inbox.keep([arrival("a", channel="chat")], NINE)) == [True]


async def test_twice_in_one_batch_is_once(database: Database) -> None:
    assert await keep(database, "a", "b", "a") == [True, True, False]
    assert await waiting(database, str(lan())) == ["a", "b"]


async def test_known_and_new_in_one_batch_are_told_apart(database: Database) -> None:
    await keep(database, "a", "c")
    assert await keep(database, "a", "b", "c", "d") == [False, True, False, True]


async def test_a_repeat_does_not_wake_a_lane_that_is_done(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "p1")
    await done(database, "a")
    await release(database, "p1")
    await keep(database, "a")
    assert await claim(database, "p1") == []


async def test_at_the_same_moment_in_two_processes_it_is_kept_once(two: tuple[Database, Database]) -> None:
    """Each of forty messages comes to both processes at once; exactly one of them takes it."""
    for n in range(40):
        answers = await asyncio.gather(*(keep(each, f"m{n}") for each in two))
        assert sorted(answers) == [[False], [True]]
    assert len(await waiting(two[0], str(lan()))) == SLICE


# -- lanes -------------------------------------------------------------------------------------------------------------


async def test_a_lane_is_leased_by_one(database: Database) -> None:
    await keep(database, "a")
    assert await claim(database, "p1") == [str(lan())]
    assert await claim(database, "p2") == []


async def test_many_lanes_go_to_two_processes_without_a_lane_in_both(two: tuple[Database, Database]) -> None:
    arrivals = [arrival(f"m{n}", lan(n)) for n in range(60)]
    await two[0].write(lambda s: s.inbox.keep(arrivals, NINE))
    taken: list[str] = []
    for _ in range(10):
        for found in await asyncio.gather(claim(two[0], "p1", lanes=4), claim(two[1], "p2", lanes=4)):
            taken += found
    assert len(taken) == len(set(taken)) == 60


async def test_those_that_wait_longest_come_first(database: Database) -> None:
    for n in (3, 1, 2):
        at = NINE + n * SECOND
        await database.write(lambda s, n=n, at=at: s.inbox.keep([arrival(f"m{n}", lan(n), at=at)], at))  # type: ignore[misc]
    assert await claim(database, "p", NINE + MINUTE, lanes=2) != []
    rest = await claim(database, "p", NINE + MINUTE)
    assert rest == [str(lan(3))]


async def test_within_a_lane_the_order_is_that_of_arrival(database: Database) -> None:
    ids = [f"m{n:02d}" for n in range(SLICE + 3)]
    await keep(database, *ids)
    assert await waiting(database, str(lan())) == ids[:SLICE]
    await done(database, *ids[:SLICE])
    assert await waiting(database, str(lan())) == ids[SLICE:]


async def test_an_expired_lease_is_free(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "dead")
    assert await claim(database, "p2", NINE + LEASE) == []
    assert await claim(database, "p2", NINE + LEASE + SECOND) == [str(lan())]


async def test_whose_lease_expired_cannot_give_the_lane_back_under_another(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "slow")
    await claim(database, "quick", NINE + LEASE + SECOND)
    await release(database, "slow")
    assert await claim(database, "third", NINE + LEASE + 2 * SECOND) == []


async def test_the_lanes_of_the_dead_are_free_at_once(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "dead")
    assert await database.write(lambda s: s.inbox.reclaim(["p2"])) == 1
    assert await claim(database, "p2") == [str(lan())]


async def test_a_call_takes_a_free_lane_and_no_other(database: Database) -> None:
    def call(holder: str, at: datetime = NINE) -> object:
        return database.write(lambda s: s.inbox.claim_one(str(lan()), holder, at, LEASE))

    assert await call("p1")  # type: ignore[misc]
    assert not await call("p2")  # type: ignore[misc]
    assert await call("p2", NINE + LEASE + SECOND)  # type: ignore[misc]
    assert not await call("p1", NINE + LEASE + SECOND)  # type: ignore[misc]


# -- giving back -------------------------------------------------------------------------------------------------------


async def test_a_lane_given_back_empty_is_not_claimed_until_something_comes(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "p1")
    await done(database, "a")
    await release(database, "p1")
    assert await claim(database, "p1", NINE + MINUTE) == []
    await keep(database, "b", at=NINE + MINUTE)
    assert await claim(database, "p1", NINE + MINUTE) == [str(lan())]


async def test_what_came_meanwhile_makes_the_lane_ready_again(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "p1")
    await keep(database, "b")
    await done(database, "a")
    await release(database, "p1")
    assert await claim(database, "p1") == [str(lan())]
    assert await waiting(database, str(lan())) == ["b"]


async def test_a_lane_that_rests_is_not_claimed_before(database: Database) -> None:
    await keep(database, "a")
    await claim(database, "p1")
    await release(database, "p1", NINE + 2 * SECOND)
    assert await claim(database, "p1", NINE + SECOND) == []
    assert await claim(database, "p1", NINE + 2 * SECOND) == [str(lan())]


async def test_nothing_is_forgotten_between_a_release_and_an_arrival(two: tuple[Database, Database]) -> None:
    """The race that loses messages: one process finds a lane empty while another keeps a message in it."""
    keeper, worker = two
    for n in range(60):
        await keep(keeper, f"first{n}")
        assert await claim(worker, "w") == [str(lan())]
        await done(worker, f"first{n}")
        await asyncio.gather(keep(keeper, f"second{n}"), release(worker, "w"))
        assert await claim(worker, "w") == [str(lan())], (
            f"round {n}: a message lies in a lane that nobody wakes"
        )
        await done(worker, f"second{n}")
        await release(worker, "w")


# -- stumbling, and forgetting -----------------------------------------------------------------------------------------


async def test_what_is_set_aside_waits_no_more(database: Database) -> None:
    await keep(database, "a", "b")

    def stumble(shelves: Shelves, *, aside: bool) -> None:
        (items,) = shelves.inbox.waiting([str(lan())]).values()
        shelves.inbox.stumble(items[0].id, "ValueError", aside=aside)

    await database.write(lambda s: stumble(s, aside=False))
    found = await database.read(lambda s: s.inbox.waiting([str(lan())]))
    assert [item.tries for item in found[str(lan())]] == [1, 0]
    await database.write(lambda s: stumble(s, aside=True))
    assert await waiting(database, str(lan())) == ["b"]


async def forget(database: Database, before: datetime) -> None:
    after: int | None = 0
    while after is not None:
        after = await database.write(lambda s, a=after: s.inbox.forget(before, a, limit=3))  # type: ignore[misc]


async def test_only_what_is_old_and_done_is_forgotten(database: Database) -> None:
    """Ten messages a day apart, the fourth never had its turn; all before the seventh day are forgotten."""
    for n in range(10):
        at = NINE + n * DAY
        await database.write(lambda s, n=n, at=at: s.inbox.keep([arrival(f"m{n}", lan(n), at=at)], at))  # type: ignore[misc]
    await done(database, *(f"m{n}" for n in range(10) if n != 4))
    await forget(database, NINE + 7 * DAY - timedelta(hours=1))
    left = [n for n in range(10) if await database.read(lambda s, n=n: s.inbox.history(str(lan(n))))]  # type: ignore[misc]
    assert left == [4, 7, 8, 9]
    assert await waiting(database, str(lan(4))) == ["m4"]


async def test_what_was_set_aside_long_ago_is_forgotten_too(database: Database) -> None:
    await keep(database, "a")

    def aside(shelves: Shelves) -> None:
        (items,) = shelves.inbox.waiting([str(lan())]).values()
        shelves.inbox.stumble(items[0].id, "ValueError", aside=True)

    await database.write(aside)
    assert await database.write(lambda s: s.inbox.forget_aside(NINE)) == 0
    assert await database.write(lambda s: s.inbox.forget_aside(NINE + SECOND)) == 1

"""What leaves the house: who is sent first, who waits for whom, and what a retry holds back."""

from __future__ import annotations

import asyncio

import pytest

from core.messages import Priority
from core.store.database import Database
from tests.core.making import DAY, LEASE, MINUTE, NINE, SECOND, lan, queued
from tests.core.store.sending import PostOffice


@pytest.fixture
def post(database: Database) -> PostOffice:
    return PostOffice(database)


# -- who comes first ---------------------------------------------------------------------------------------------------


async def test_replies_overtake_notices_and_notices_overtake_broadcasts(post: PostOffice) -> None:
    await post.put(
        queued("bulk", lan(1), priority=Priority.BULK),
        queued("notice", lan(2), priority=Priority.NOTICE),
        queued("reply", lan(3), priority=Priority.REPLY),
    )
    assert [await post.claim(room=1) for _ in range(4)] == [["reply"], ["notice"], ["bulk"], []]


async def test_one_claim_is_in_the_same_order(post: PostOffice) -> None:
    await post.put(
        queued("bulk", lan(1), priority=Priority.BULK),
        queued("notice", lan(2), priority=Priority.NOTICE),
        queued("reply", lan(3), priority=Priority.REPLY),
    )
    assert await post.claim() == ["reply", "notice", "bulk"]


async def test_a_reply_overtakes_also_at_one_address(post: PostOffice) -> None:
    await post.put(queued("bulk", priority=Priority.BULK), queued("reply"))
    assert await post.claim() == ["reply"]
    await post.settle("reply")
    assert await post.claim() == ["bulk"]


async def test_what_is_due_later_waits_and_holds_up_nobody(post: PostOffice) -> None:
    await post.put(queued("tomorrow", due=NINE + DAY), queued("now", lan(2)))
    assert await post.claim() == ["now"]
    assert await post.claim(NINE + DAY) == ["tomorrow"]


async def test_no_more_than_there_is_room_for(post: PostOffice) -> None:
    await post.put(*(queued(f"m{n}", lan(n), priority=Priority(n % 3)) for n in range(9)))
    assert [len(await post.claim(room=4)) for _ in range(3)] == [4, 4, 1]


async def test_a_channel_gets_its_own(post: PostOffice) -> None:
    await post.put(queued("sms"))
    assert await post.database.write(lambda s: s.outbox.claim("chat", "p1", NINE, 10, LEASE)) == []
    assert await post.claim() == ["sms"]


async def test_a_call_that_was_spoken_is_not_sent(post: PostOffice) -> None:
    from dataclasses import replace

    await post.put(replace(queued("said"), state="said"))
    assert await post.claim() == []


# -- one address -------------------------------------------------------------------------------------------------------


async def test_an_address_that_is_being_sent_to_waits(post: PostOffice) -> None:
    await post.put(queued("one"))
    assert await post.claim() == ["one"]
    await post.put(queued("two"), queued("other", lan(2)))
    assert await post.claim() == ["other"]
    await post.settle("one")
    assert await post.claim() == ["two"]


async def test_one_turn_is_claimed_in_its_order(post: PostOffice) -> None:
    await post.put(*(queued(f"m{n}", turn="t", seq=n) for n in range(4)))
    assert await post.claim() == ["m0", "m1", "m2", "m3"]


async def test_a_retry_holds_back_the_rest_of_its_own_turn_and_nothing_else(post: PostOffice) -> None:
    await post.put(queued("a0", turn="a"), queued("a1", turn="a", seq=1), queued("b0", turn="b"))
    assert await post.claim() == ["a0", "a1", "b0"]
    await post.settle("a0", "queued", due_at=NINE + MINUTE)
    await post.settle("b0", "sent")
    await post.put(queued("c0", turn="c"))
    assert await post.claim() == ["c0"]
    await post.settle("c0", "sent")
    assert await post.claim(NINE + MINUTE) == ["a0", "a1"]


async def test_what_was_claimed_but_not_tried_has_lost_no_attempt(post: PostOffice) -> None:
    await post.put(queued("a0", turn="a"), queued("a1", turn="a", seq=1))
    for n in range(3):
        await post.claim(NINE + n * MINUTE)
        await post.settle("a0", "queued", due_at=NINE + (n + 1) * MINUTE)
    assert [item.attempts for item in await post.claimed(NINE + 3 * MINUTE)] == [4, 1]


async def test_what_was_put_back_without_an_attempt_has_lost_none_either(post: PostOffice) -> None:
    await post.put(queued("a"))
    await post.claim()
    await post.settle("a", "queued", due_at=NINE, tried=False)
    assert [item.attempts for item in await post.claimed()] == [1]


async def test_a_failure_for_good_lets_the_rest_of_the_turn_go(post: PostOffice) -> None:
    await post.put(queued("a0", turn="a"), queued("a1", turn="a", seq=1))
    assert await post.claim(room=1) == ["a0"]
    await post.settle("a0", "failed", error="Refused: no")
    assert await post.claim() == ["a1"]


# -- leases ------------------------------------------------------------------------------------------------------------


async def test_what_a_dead_process_was_sending_is_sent_again(post: PostOffice) -> None:
    await post.put(queued("a"))
    await post.claim()
    assert await post.database.write(lambda s: s.outbox.reclaim(NINE, ["p1"])) == 0
    assert await post.database.write(lambda s: s.outbox.reclaim(NINE, ["p2"])) == 1
    assert await post.claim() == ["a"]


async def test_a_lease_that_ran_out_is_taken_back(post: PostOffice) -> None:
    await post.put(queued("a"))
    await post.claim()
    assert await post.database.write(lambda s: s.outbox.reclaim(NINE + LEASE + SECOND, ["p1"])) == 1
    assert await post.claim(NINE + LEASE + SECOND) == ["a"]


async def test_an_outcome_that_comes_after_its_lease_still_counts(post: PostOffice) -> None:
    """It was slow, not dead: what it sent is not sent again."""
    await post.put(queued("a"))
    await post.claim()
    await post.database.write(lambda s: s.outbox.reclaim(NINE + LEASE + SECOND, []))
    await post.settle("a", "sent", "r1")
    assert await post.claim(NINE + LEASE + SECOND) == []


async def test_two_processes_send_nothing_twice_and_nothing_out_of_order(
    two: tuple[Database, Database],
) -> None:
    """Twenty citizens with five messages each, two processes that claim at the same moment."""
    offices = [PostOffice(two[0], "p1"), PostOffice(two[1], "p2")]
    await offices[0].put(*(queued(f"{n:02d}/{m}", lan(n)) for m in range(5) for n in range(20)))
    sent: list[str] = []
    while found := await asyncio.gather(*(office.claimed(room=7) for office in offices)):
        both = [item for items in found for item in items]
        busy = [{str(item.message.address) for item in items} for items in found]
        assert not busy[0] & busy[1], "one address, two processes"
        if not both:
            break
        for item in both:
            sent.append(item.message.text)
            await offices[0].settle(item.message.text)
    assert len(sent) == len(set(sent)) == 100
    for n in range(20):
        assert [words for words in sent if words.startswith(f"{n:02d}/")] == [
            f"{n:02d}/{m}" for m in range(5)
        ]


# -- news that did not arrive ------------------------------------------------------------------------------------------


LATE = NINE + DAY


@pytest.mark.parametrize("state, late", [
    ("queued", True), ("sent", True), ("doubtful", True), ("delivered", False), ("failed", False), ("expired", False),
])  # fmt: skip
async def test_what_had_to_arrive_is_overdue_after_its_time(post: PostOffice, state: str, late: bool) -> None:
    await post.put(queued("a", notice="notice.ready", must_arrive=True, good_until=LATE))
    if state != "queued":
        await post.claim()
        await post.settle("a", state)
    assert await post.database.read(lambda s: s.outbox.overdue(LATE)) == []
    found = await post.database.read(lambda s: s.outbox.overdue(LATE + SECOND))
    assert bool(found) is late


async def test_what_need_not_arrive_is_never_overdue(post: PostOffice) -> None:
    await post.put(queued("a", notice="notice.received", good_until=LATE))
    assert await post.database.read(lambda s: s.outbox.overdue(LATE + SECOND)) == []


async def test_what_comes_next_is_seen_to_by_one_alone(two: tuple[Database, Database]) -> None:
    post = PostOffice(two[0])
    for n in range(20):
        await post.put(queued(f"m{n}", notice="notice.ready", must_arrive=True))
        id = await post.id(f"m{n}")
        answers = await asyncio.gather(*(each.write(lambda s, i=id: s.outbox.dealt_with(i)) for each in two))  # type: ignore[misc]
        assert sorted(answers) == [False, True]


@pytest.mark.parametrize("state, notice, found", [
    ("failed", "notice.ready", True), ("expired", "notice.ready", True),
    ("sent", "notice.ready", False), ("failed", "", False),
])  # fmt: skip
async def test_failed_news_are_found_until_somebody_has_seen_to_them(
    post: PostOffice, state: str, notice: str, found: bool
) -> None:
    await post.put(queued("a", notice=notice))
    await post.claim()
    await post.settle("a", state)
    assert bool(await post.database.read(lambda s: s.outbox.failed_notices())) is found
    id = await post.id("a")
    await post.database.write(lambda s: s.outbox.dealt_with(id))
    assert await post.database.read(lambda s: s.outbox.failed_notices()) == []


# -- forgetting --------------------------------------------------------------------------------------------------------


async def test_only_what_is_settled_is_forgotten_with_its_references(post: PostOffice) -> None:
    from tests.core.making import receipt

    await post.put(queued("sent"), queued("waits", lan(2), due=NINE + DAY))
    await post.claim()
    await post.settle("sent", "sent", "r1")
    assert await post.database.write(lambda s: s.outbox.forget(NINE + SECOND, 0)) is None
    with pytest.raises(ValueError):
        await post.state("sent")
    assert await post.state("waits") == "queued"
    assert await post.report(receipt("r1")) == []  # a receipt for it is one of somebody we do not know

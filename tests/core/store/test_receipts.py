"""What became of a message: receipts in every order, double, unknown, of one part or of all."""

from __future__ import annotations

import asyncio

import pytest

from core.messages import Receipt, ReceiptState
from core.store.database import Database
from tests.core.making import DAY, NINE, queued, receipt
from tests.core.store.sending import PostOffice

OK, READ, FAILED = ReceiptState.DELIVERED, ReceiptState.READ, ReceiptState.FAILED
EXPIRED, ON_ITS_WAY, UNKNOWN = ReceiptState.EXPIRED, ReceiptState.ACCEPTED, ReceiptState.UNKNOWN


@pytest.fixture
async def post(database: Database) -> PostOffice:
    """One message is being sent."""
    made = PostOffice(database)
    await made.put(queued("a", notice="notice.ready", must_arrive=True))
    await made.claim()
    return made


ONE_PART = [
    ([OK], "delivered"),
    ([READ], "read"),
    ([FAILED], "failed"),
    ([EXPIRED], "failed"),
    ([ON_ITS_WAY], "sent"),
    ([UNKNOWN], "sent"),
    ([ON_ITS_WAY, OK], "delivered"),
    ([OK, OK], "delivered"),
    ([OK, READ], "read"),
    ([OK, FAILED], "delivered"),  # what has arrived has arrived
    ([READ, FAILED], "read"),
    ([FAILED, OK], "failed"),  # it went on to its next way: the first word counts
    ([FAILED, FAILED], "failed"),
    ([READ, OK], "read"),
    ([UNKNOWN, OK], "delivered"),
]


@pytest.mark.parametrize("states, expected", ONE_PART)
async def test_after_the_answer_to_the_submit(
    post: PostOffice, states: list[ReceiptState], expected: str
) -> None:
    await post.settle("a", "sent", "r1")
    for state in states:
        await post.report(receipt("r1", state))
    assert await post.state("a") == expected


@pytest.mark.parametrize("states, expected", ONE_PART)
async def test_before_the_answer_to_the_submit(
    post: PostOffice, states: list[ReceiptState], expected: str
) -> None:
    for state in states:
        await post.report(receipt("r1", state))
    await post.settle("a", "sent", "r1")
    assert await post.state("a") == expected


@pytest.mark.parametrize("states, expected", ONE_PART)
async def test_all_in_one_batch(post: PostOffice, states: list[ReceiptState], expected: str) -> None:
    await post.settle("a", "sent", "r1")
    await post.report(*(receipt("r1", state) for state in states))
    assert await post.state("a") == expected


PARTS = [
    ([("r1", OK), ("r2", OK), ("r3", OK)], "delivered"),
    ([("r1", OK), ("r2", OK)], "sent"),
    ([("r1", OK), ("r1", OK), ("r1", OK)], "sent"),
    ([("r1", OK), ("r2", FAILED), ("r3", OK)], "failed"),  # half a message is none
    ([("r3", OK), ("r1", OK), ("r2", OK)], "delivered"),
    ([("r1", FAILED)], "failed"),
]


@pytest.mark.parametrize("come, expected", PARTS)
async def test_a_message_has_arrived_when_all_its_parts_have(
    post: PostOffice, come: list[tuple[str, ReceiptState]], expected: str
) -> None:
    await post.settle("a", "sent", "r1", "r2", "r3")
    for reference, state in come:
        await post.report(receipt(reference, state))
    assert await post.state("a") == expected


@pytest.mark.parametrize("come, expected", PARTS)
async def test_parts_before_the_answer_to_the_submit(
    post: PostOffice, come: list[tuple[str, ReceiptState]], expected: str
) -> None:
    await post.report(*(receipt(reference, state) for reference, state in come[:2]))
    await post.settle("a", "sent", "r1", "r2", "r3")
    await post.report(*(receipt(reference, state) for reference, state in come[2:]))
    assert await post.state("a") == expected


async def test_a_failure_is_told_once(post: PostOffice) -> None:
    await post.settle("a", "sent", "r1")
    first = await post.report(receipt("r1", FAILED, "000"))
    assert first == [await post.id("a")]
    assert await post.report(receipt("r1", FAILED, "000")) == []
    assert (await post.row("a")).error == "000"


async def test_an_early_failure_is_told_when_it_is_matched(post: PostOffice) -> None:
    assert await post.report(receipt("r1", FAILED)) == []
    assert await post.settle("a", "sent", "r1") == [await post.id("a")]


async def test_what_arrived_has_not_to_be_waited_for(post: PostOffice) -> None:
    await post.settle("a", "sent", "r1")
    await post.report(receipt("r1"))
    assert (await post.row("a")).must_arrive == 0


async def test_a_receipt_of_another_channel_is_not_ours(post: PostOffice) -> None:
    """Two carriers may give the same number."""
    await post.settle("a", "sent", "r1")
    await post.report(Receipt("other", "r1", FAILED, NINE))
    assert await post.state("a") == "sent"


async def test_what_arrives_while_it_waits_for_another_attempt_is_not_sent_again(post: PostOffice) -> None:
    """The first attempt ended without an answer; the receipt says that it had been taken all the same."""
    await post.settle("a", "queued", "r1", due_at=NINE)
    await post.report(receipt("r1"))
    assert await post.claim() == []


async def test_a_receipt_of_nobody_is_kept_a_while_and_then_forgotten(post: PostOffice) -> None:
    await post.report(receipt("never ours"))
    assert await post.database.write(lambda s: s.receipts.forget(NINE)) == 0
    assert await post.database.write(lambda s: s.receipts.forget(NINE + DAY)) == 1


async def test_two_processes_that_did_not_see_each_other_are_put_right(
    two: tuple[Database, Database],
) -> None:
    """One settles while the other takes the receipt: whatever the order of their commits, a sweep later all is well."""
    sender, listener = PostOffice(two[0]), PostOffice(two[1])
    for n in range(40):
        await sender.put(queued(f"m{n}"))
        await sender.claim()
        await asyncio.gather(sender.settle(f"m{n}", "sent", f"r{n}"), listener.report(receipt(f"r{n}")))
        await two[0].write(lambda s: s.receipts.sweep())
        assert await sender.state(f"m{n}") == "delivered"

"""What becomes of a message: what each failure means, who is told next, and that nobody is forgotten or told twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from core.channel import Doubtful, Misconfigured, OptedOut, Refused, SendError, Throttled, Unreachable
from core.messages import Address, OutboundMessage, Priority, ReceiptState
from core.store.database import Database
from core.store.dossiers import Follower, Record
from core.store.outbox import Queued
from core.store.shelves import Shelves
from tests.core.house import Core
from tests.core.making import DAY, HOUR, MINUTE, NINE, SECOND, lan, queued, receipt
from tests.core.store.sending import PostOffice

CHAT = Address("telegram:1", "42")


@pytest.fixture
def core(database: Database) -> Core:
    return Core(database)


async def put(core: Core, *items: Queued) -> None:
    await core.database.write(lambda s: s.outbox.put(items, core.clock.at))


async def state(core: Core, words: str) -> str:
    return await PostOffice(core.database).state(words)


# -- what a failure means ----------------------------------------------------------------------------------------------


OUTCOMES = [
    (Unreachable("down"), "queued", 2 * SECOND),
    (Throttled("slow down", after=7 * SECOND), "queued", 7 * SECOND),
    (Doubtful("cut"), "queued", 2 * SECOND),
    (Misconfigured("password"), "queued", 2 * SECOND),
    (Refused("no such number"), "failed", None),
    (OptedOut("stop"), "failed", None),
]


@pytest.mark.parametrize("error, expected, pause", OUTCOMES)
async def test_what_an_error_makes_of_a_message(
    core: Core, error: SendError, expected: str, pause: timedelta | None
) -> None:
    core.sms.fate = [error]
    await put(core, queued("a"))
    await core.deliver()
    assert await state(core, "a") == expected
    if pause is not None:
        core.clock.forward(pause - SECOND / 10)
        await core.deliver()
        assert core.sms.tried == ["a"], "too early"
        core.clock.forward(SECOND / 5)
        await core.deliver()
        assert core.sms.tried == ["a", "a"]


async def test_an_error_nobody_foresaw_is_tried_again(core: Core) -> None:
    core.sms.fate = [ValueError("a bug"), None]  # type: ignore[list-item]
    await put(core, queued("a"))
    await core.deliver()
    core.clock.forward(MINUTE)
    await core.deliver()
    assert await state(core, "a") == "sent"


async def test_a_kind_of_error_of_a_channels_own_is_judged_by_its_family(core: Core) -> None:
    class Unknown(Refused):
        """As an adapter may derive one."""

    core.sms.fate = [Unknown("x")]
    await put(core, queued("a"))
    await core.deliver()
    assert await state(core, "a") == "failed"


@pytest.mark.parametrize(
    "error, tries, end", [(Doubtful("cut"), 2, "doubtful"), (Unreachable("down"), 12, "failed")]
)
async def test_no_message_is_tried_for_ever(core: Core, error: SendError, tries: int, end: str) -> None:
    core.sms.fate = [error]
    await put(core, queued("a"))
    for _ in range(tries + 3):
        await core.deliver()
        core.clock.forward(HOUR)
    assert core.sms.tried == ["a"] * tries
    assert await state(core, "a") == end


async def test_pauses_grow(core: Core) -> None:
    core.sms.fate = [Unreachable("down")]
    await put(core, queued("a"))
    moments = []
    for _ in range(400):
        before = len(core.sms.tried)
        await core.deliver()
        if len(core.sms.tried) > before:
            moments.append((core.clock.at - NINE) / SECOND)
        core.clock.forward(SECOND)
    assert moments == [0, 2, 7, 22, 82, 382]


async def test_what_is_stale_is_not_sent(core: Core) -> None:
    await put(core, queued("code", good_until=NINE + 10 * MINUTE))
    core.clock.forward(10 * MINUTE)
    await core.deliver()
    assert core.sms.tried == []
    assert await state(core, "code") == "expired"


async def test_what_comes_after_a_retry_of_its_turn_waits_and_another_turn_does_not(core: Core) -> None:
    core.sms.fate = [Unreachable("down"), None]
    await put(core, queued("a0", turn="a"), queued("a1", turn="a", seq=1), queued("b0", turn="b"))
    await core.deliver()
    assert [message.text for message in core.sms.sent] == ["b0"]
    core.clock.forward(2 * SECOND)
    await core.deliver()
    assert [message.text for message in core.sms.sent] == ["b0", "a0", "a1"]


async def test_a_channel_is_given_no_more_than_it_has_room_for(core: Core) -> None:
    await put(core, *(queued(f"m{n}", lan(n)) for n in range(8)))
    core.sms.takes = 3
    assert await core.courier.once(core.sms) == 3
    core.sms.takes = 0
    assert await core.courier.once(core.sms) == 0
    await core.courier.finish()
    assert len(core.sms.tried) == 3


async def test_a_reply_overtakes_notices_and_these_broadcasts(core: Core) -> None:
    kinds = [("bulk", Priority.BULK), ("notice", Priority.NOTICE), ("reply", Priority.REPLY)]
    await put(core, *(queued(words, lan(n), priority=kind) for n, (words, kind) in enumerate(kinds)))
    await core.deliver()
    assert core.sms.tried == ["reply", "notice", "bulk"]


async def test_nothing_of_a_lane_is_sent_after_its_lease(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow provider takes longer for a long lane than it was leased for: the rest is put back, not sent by two."""
    send = core.sms.send

    async def slow(message: OutboundMessage) -> Sequence[str]:
        core.clock.forward(40 * SECOND)
        return await send(message)

    monkeypatch.setattr(core.sms, "send", slow)
    await put(core, *(queued(f"m{n}") for n in range(5)))
    await core.courier.once(core.sms)
    await core.courier.finish()
    assert core.sms.tried == ["m0", "m1"]
    await core.database.write(lambda s: s.outbox.reclaim(core.clock.at + 300 * SECOND, []))
    await core.deliver()
    assert core.sms.tried == [f"m{n}" for n in range(5)]


# -- who is told next --------------------------------------------------------------------------------------------------


async def ready(core: Core, *contact: Address) -> Record:
    """A dossier whose result is ready: the applicant is told."""
    record, _ = await core.filed(*contact)
    await core.database.write(lambda s: core.casework(s).tell(record, "ready"))
    return record


def heard(core: Core) -> list[tuple[str, str]]:
    """Who was told, and by which channel, in order."""
    return [(m.channel, str(m.address)) for line in core.lines.values() for m in line.sent]


async def test_the_applicant_is_told_once_on_the_first_way(core: Core) -> None:
    await ready(core, CHAT, lan())
    await core.deliver()
    assert heard(core) == [("telegram", str(CHAT))]


async def test_news_wait_for_an_hour_that_people_accept(core: Core) -> None:
    core.clock.forward(14 * HOUR)  # 23:00
    await ready(core)
    await core.deliver()
    assert heard(core) == []
    core.clock.forward(8 * HOUR - SECOND)
    await core.deliver()
    assert heard(core) == []
    core.clock.forward(SECOND)  # 7:00
    await core.deliver()
    assert heard(core) == [("sms", str(lan()))]


async def test_what_failed_goes_by_the_next_way_and_at_last_to_an_officer_once(core: Core) -> None:
    core.lines["telegram"].fate = [Refused("gone")]
    core.sms.fate = [Refused("no such number")]
    core.lines["hotline"].fate = [Refused("nobody answers")]
    record = await ready(core, CHAT, lan())
    for _ in range(4):
        await core.deliver()
    assert [line.tried != [] for line in core.lines.values()] == [True, True, True]
    (task,) = await core.tasks()
    assert (task.kind, task.dossier, task.values["code"]) == ("undelivered", record.id, record.dossier.code)


async def test_news_that_fail_by_receipt_go_on_too(core: Core) -> None:
    await ready(core, lan())
    await core.deliver()
    reference = f"sms-{core.sms.sent[0].id}"
    failed = await core.database.write(lambda s: s.receipts.take([receipt(reference, ReceiptState.FAILED)]))
    await core.undelivered.handle(failed)
    await core.deliver()
    assert [channel for channel, _ in heard(core)] == ["sms", "hotline"]


async def test_no_receipt_in_time_is_a_failure_where_it_must_arrive(core: Core) -> None:
    await ready(core, lan())
    await core.deliver()
    core.clock.forward(DAY)
    assert await core.undelivered.sweep() == 0
    core.clock.forward(MINUTE)
    assert await core.undelivered.sweep() == 1
    assert await core.undelivered.sweep() == 0
    await core.deliver()
    assert [channel for channel, _ in heard(core)] == ["sms", "hotline"]


async def test_a_provider_that_tells_nothing_is_taken_at_its_word(core: Core) -> None:
    """Telegram sends no receipts: what it took is as good as said, and nobody is rung up a day later."""
    await ready(core, CHAT, lan())
    await core.deliver()
    core.clock.forward(2 * DAY)
    await core.undelivered.sweep()
    await core.deliver()
    assert heard(core) == [("telegram", str(CHAT))]
    assert await core.tasks() == []


async def test_a_receipt_in_time_ends_it(core: Core) -> None:
    await ready(core, lan())
    await core.deliver()
    reference = f"sms-{core.sms.sent[0].id}"
    await core.database.write(lambda s: s.receipts.take([receipt(reference)]))
    core.clock.forward(3 * DAY)
    assert await core.undelivered.sweep() == 0


async def test_handled_twice_is_handled_once(core: Core) -> None:
    core.sms.fate = core.lines["hotline"].fate = [Refused("no")]
    await ready(core, lan())
    await core.deliver()
    await core.deliver()
    everything = list(range(1, 10))
    await core.undelivered.handle(everything)
    await core.undelivered.handle(everything)
    assert len(await core.tasks()) == 1
    assert core.sms.tried != [] and len(core.lines["hotline"].tried) == 1


async def test_two_processes_go_on_once(two: tuple[Database, Database]) -> None:
    processes = [Core(each, f"p{n}") for n, each in enumerate(two)]
    core = processes[0]
    record, _ = await core.filed(lan())
    for _ in range(10):
        await core.database.write(lambda s: core.casework(s).tell(record, "ready"))
    await core.database.write(lambda s: s.outbox.mark(list(range(1, 11)), "failed", "Refused: no"))
    await asyncio.gather(*(each.undelivered.handle(list(range(1, 11))) for each in processes))
    assert len(await core.database.read(lambda s: s.outbox.about(record.dossier.code))) == 20


async def test_an_address_that_opted_out_is_not_tried_again_on_that_way(core: Core) -> None:
    core.sms.fate = [OptedOut("stop")]
    await ready(core, lan())
    await core.deliver()
    await core.deliver()
    assert [channel for channel, _ in heard(core)] == ["hotline"]  # a call is another way
    await ready_again(core)
    assert len(core.sms.tried) == 1


async def ready_again(core: Core) -> None:
    await core.database.write(lambda s: core.casework(s).tell(_only(s), "ready"))
    await core.deliver()


def _only(shelves: Shelves) -> Record:
    return shelves.dossiers.registered(lan())[0]


async def test_who_wants_to_hear_again_is_told_again(core: Core) -> None:
    core.sms.fate = [OptedOut("stop"), None]
    await ready(core, lan())
    await core.deliver()
    await core.database.write(lambda s: s.people.reopen_ways(lan()))
    await ready_again(core)
    assert len(core.sms.sent) == 1


async def test_who_refused_all_news_is_handed_to_an_officer(core: Core) -> None:
    record, _ = await core.filed(lan())
    await core.database.write(lambda s: s.people.wish(lan(), "all", False, NINE))
    await core.database.write(lambda s: core.casework(s).tell(record, "ready"))
    await core.database.write(lambda s: core.casework(s).tell(record, "received"))  # need not arrive
    await core.deliver()
    assert heard(core) == []
    assert [task.kind for task in await core.tasks()] == ["undelivered"]


async def test_a_refusal_after_the_first_way_was_tried_is_respected_on_the_next(core: Core) -> None:
    core.lines["telegram"].fate = [Refused("gone")]
    await ready(core, CHAT, lan())
    await core.database.write(lambda s: s.people.wish(lan(), "all", False, NINE))
    await core.deliver()
    await core.deliver()
    assert heard(core) == []
    assert [task.kind for task in await core.tasks()] == ["undelivered"]


async def test_followers_are_told_by_themselves_and_less(core: Core) -> None:
    record, _ = await core.filed(lan(1))
    for n, role in ((2, "follower"), (3, "authorised")):
        follower = Follower(record.id, str(lan(n)), role, "active", f"r{n}")
        await core.database.write(lambda s, f=follower: s.dossiers.register(f, NINE))  # type: ignore[misc]
    await core.database.write(lambda s: core.casework(s).tell(record, "refused", "thiếu giấy chứng sinh"))
    await core.deliver()
    told = {str(m.address): m.say.values["reason"] for m in core.sms.sent}
    reason = "thiếu giấy chứng sinh"
    assert told == {str(lan(1)): reason, str(lan(2)): "", str(lan(3)): reason}


async def test_nobody_is_made_to_go_after_a_follower(core: Core) -> None:
    record, _ = await core.filed(CHAT)
    follower = Follower(record.id, str(lan(2)), "follower", "active", "r")
    await core.database.write(lambda s: s.dossiers.register(follower, NINE))
    core.sms.fate = core.lines["hotline"].fate = [Refused("no")]
    await core.database.write(lambda s: core.casework(s).tell(record, "ready"))
    for _ in range(3):
        await core.deliver()
    assert await core.tasks() == []


def test_every_piece_of_news_of_a_process_is_in_the_table() -> None:
    """Otherwise it is silently one that need not arrive."""
    from core.post.notices import NOTICES
    from tests.core.house import knowledge

    tables = knowledge().catalogue.processes.values()
    steps = [step for table in tables for step in table.steps]
    actions = [a for step in steps for a in step.actions] + [a for table in tables for a in table.anywhere]
    assert {action.notice for action in actions if action.notice} <= set(NOTICES)

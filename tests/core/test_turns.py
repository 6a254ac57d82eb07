"""From inbox to turn: many in one commit where they only read, each whole or not at all, nobody lost by a failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text as sql

from core.channel import NotNow
from core.messages import Moment
from core.store.database import Database
from core.store.shelves import Shelves
from core.store.talks import TalkMoved
from tests.core.house import Core
from tests.core.making import MINUTE, SECOND, lan, text


@pytest.fixture
def core(database: Database) -> Core:
    return Core(database)


async def rows(database: Database, table: str) -> int:
    def count(shelves: Shelves) -> int:
        return int(shelves.connection.execute(sql(f"SELECT count(*) FROM {table}")).scalar_one())

    return await database.read(count)


async def states(core: Core) -> list[str]:
    def read(shelves: Shelves) -> list[str]:
        return list(shelves.connection.execute(sql("SELECT state FROM inbox ORDER BY id")).scalars())

    return await core.database.read(read)


def breaking(
    core: Core, monkeypatch: pytest.MonkeyPatch, words: str, error: Exception, *, guess: str = ""
) -> None:
    """Turns on these words fail, having made a wrong guess if `guess` says whose."""
    play = core.stage.play

    def broken(shelves: Any, talk: Any, waiting: Any, **more: Any) -> Any:
        if waiting.message.text == words:
            if guess:
                more["guesses"].append(guess)
            raise error
        return play(shelves, talk, waiting, **more)

    monkeypatch.setattr(core.stage, "play", broken)


# -- turns that only read ----------------------------------------------------------------------------------------------


async def test_a_text_is_answered_in_order_and_once(core: Core) -> None:
    for id in ("a", "b"):
        assert await core.gateway.accept(text(id))
    assert not await core.gateway.accept(text("a"))
    await core.work()
    await core.deliver()
    assert [message.answers for message in core.sms.sent] == ["a", "b"]
    assert await states(core) == ["done", "done"]


async def test_twenty_citizens_share_a_few_commits(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only reads is played on a snapshot and written together."""
    await asyncio.gather(*(core.gateway.accept(text(f"m{n}", lan(n))) for n in range(20)))
    writes = 0
    write = core.database.write

    async def counted(work: Callable[[Shelves], Any], *, urgent: bool = False) -> Any:
        nonlocal writes
        writes += 1
        return await write(work, urgent=urgent)

    monkeypatch.setattr(core.database, "write", counted)
    assert await core.intake.once() == 20
    assert writes == 2  # the claim, and everything else
    assert await states(core) == ["done"] * 20


# -- turns that change something ---------------------------------------------------------------------------------------


async def test_a_turn_that_changes_commits_with_its_effects(core: Core) -> None:
    await core.gateway.accept(text("a", words="gap can bo"))  # an officer is asked for: a task is left
    await core.work()
    assert [task.kind for task in await core.tasks()] == ["officer"]
    assert await states(core) == ["done"]
    assert await rows(core.database, "outbox") >= 1


async def test_a_crash_in_the_middle_leaves_nothing_half_done(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The act is done, the answer cannot be written: then the act is not done either."""
    await core.gateway.accept(text("a", words="gap can bo"))
    with monkeypatch.context() as broken:
        broken.setattr("core.store.outbox._row", _fail)
        await core.work()
    assert await core.tasks() == []
    assert await rows(core.database, "outbox") == 0
    assert await rows(core.database, "conversations") == 0
    core.clock.forward(MINUTE)
    await core.work()  # the next try succeeds, once
    assert [task.kind for task in await core.tasks()] == ["officer"]


def _fail(*_args: object) -> None:
    raise RuntimeError("broken")


async def test_one_bad_turn_in_a_batch_takes_nobody_with_it(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(core, monkeypatch, "bad", ValueError("x"))
    for n in range(6):
        await core.gateway.accept(text(f"m{n}", lan(n), "bad" if n == 3 else "menu"))
    await core.work()
    assert await states(core) == ["done", "done", "done", "new", "done", "done"]


async def test_what_cannot_be_written_takes_nobody_with_it(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn is fine and its row is not: the batch fails, so each lane goes by itself."""
    from core.store import outbox

    row = outbox._row

    def picky(item: Any, now: Any) -> Any:
        if str(item.message.address) == str(lan(3)):
            raise ValueError("no such row")
        return row(item, now)

    monkeypatch.setattr(outbox, "_row", picky)
    for n in range(6):
        await core.gateway.accept(text(f"m{n}", lan(n)))
    for _ in range(3):
        await core.work()
        core.clock.forward(MINUTE)
    assert await states(core) == ["done", "done", "done", "aside", "done", "done"]


# -- failures ----------------------------------------------------------------------------------------------------------


async def test_three_failures_and_it_is_set_aside_where_an_operator_sees_it(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(core, monkeypatch, "bad", ValueError("x"))
    await core.gateway.accept(text("a", words="bad"))
    await core.gateway.accept(text("b"))
    for round in range(3):
        assert await states(core) == ["new", "new"], f"set aside after {round} tries"
        await core.work()
        core.clock.forward(MINUTE)
    await core.work()
    assert await states(core) == ["aside", "done"]  # who wrote it is not kept waiting for ever
    (task,) = await core.tasks()
    assert (task.kind, task.address, task.medium) == ("aside", str(lan()), "sms")
    assert task.values["channel"] == "sms" and "x" not in task.values.values()
    told = await core.database.read(lambda s: [row.notice for row in s.outbox.history(str(lan()))])
    assert told.count("notice.set_aside") == 1  # nobody is left without an answer


async def test_a_failed_turn_rests_before_it_is_tried_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(core, monkeypatch, "bad", ValueError("x"))
    await core.gateway.accept(text("a", words="bad"))
    assert await core.intake.once() == 1
    assert await core.intake.once() == 0
    core.clock.forward(2 * SECOND)
    assert await core.intake.once() == 1


@pytest.mark.parametrize("tries", [1, 3])
async def test_guesses_count_also_where_the_turn_fails(
    core: Core, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    breaking(core, monkeypatch, "bad", ValueError("x"), guess=str(lan()))
    await core.gateway.accept(text("a", words="bad"))
    for _ in range(tries):
        await core.work()
        core.clock.forward(MINUTE)
    found = await core.database.read(lambda s: s.people.count_wrong(str(lan()), core.clock.at - 60 * MINUTE))
    assert found == tries


async def test_a_guess_in_a_turn_that_succeeds_counts_once(core: Core) -> None:
    await core.gateway.accept(text("a", words="H99.18-260101-0002 123456"))
    await core.gateway.accept(text("b", words="H99.18-260101-0001 123456"))
    await core.work()
    found = await core.database.read(lambda s: s.people.count_wrong(str(lan()), core.clock.at - MINUTE))
    assert found == 2


async def test_a_talk_that_moved_is_played_again_and_is_nobodys_failure(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An official takes the talk over between reading and writing."""
    await core.gateway.accept(text("a"))
    from core.store.talks import Talks

    put, moves = Talks.put, [TalkMoved(), TalkMoved()]

    def moving(self: Talks, talks: Any) -> None:
        if moves:
            raise moves.pop()
        put(self, talks)

    monkeypatch.setattr(Talks, "put", moving)
    await core.work()
    assert await states(core) == ["done"]
    tries = await core.database.read(lambda s: s.connection.execute(sql("SELECT tries FROM inbox")).scalar())
    assert tries == 0


# -- calls -------------------------------------------------------------------------------------------------------------


def call(id: str, words: str = "", moment: Moment = Moment.WORDS) -> Any:
    from dataclasses import replace

    return replace(text(id, words=words, channel="hotline"), moment=moment, session="c1")


async def test_a_repeated_request_gets_the_same_answer_and_acts_once(core: Core) -> None:
    first = await core.gateway.converse(call("1", "0"))  # an officer is called
    before = (await rows(core.database, "outbox"), len(await core.tasks()))
    assert await core.gateway.converse(call("1", "0")) == first
    assert first and (await rows(core.database, "outbox"), len(await core.tasks())) == before
    assert await states(core) == ["done"]


async def test_requests_repeated_at_the_same_moment_act_once(core: Core) -> None:
    answers = await asyncio.gather(*(core.gateway.converse(call("1", "0")) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert len(await core.tasks()) == 1


async def test_two_processes_that_get_the_same_request_act_once(two: tuple[Database, Database]) -> None:
    processes = [Core(each, f"p{n}") for n, each in enumerate(two)]
    for n in range(15):
        request = call(f"r{n}", "0")
        answers = await asyncio.gather(*(each.gateway.converse(request) for each in processes))
        assert answers[0] == answers[1]
    assert len(await states(processes[0])) == 15
    said = await processes[0].database.read(
        lambda s: s.connection.execute(sql("SELECT turn, seq, count(*) FROM outbox GROUP BY turn, seq")).all()
    )
    assert {row[2] for row in said} == {1}


async def test_a_call_waits_for_a_busy_lane_and_at_last_is_told_not_now(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.gateway.LINE_BUSY", 2 * SECOND / 10)
    address, lease = str(lan()), 60 * SECOND
    await core.database.write(lambda s: s.inbox.claim_one(address, "another", core.clock.at, lease))
    with pytest.raises(NotNow):
        await core.gateway.converse(call("1"))
    assert await states(core) == []
    await core.database.write(lambda s: s.inbox.release([address], "another"))
    assert await core.gateway.converse(call("1"))


async def test_what_a_call_guesses_counts_also_where_its_turn_fails(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(core, monkeypatch, "bad", ValueError("x"), guess=str(lan()))
    with pytest.raises(ValueError):
        await core.gateway.converse(call("1", "bad"))
    assert await core.database.read(lambda s: s.people.count_wrong(str(lan()), core.clock.at)) == 1
    assert await states(core) == []  # nothing half-done: the provider asks again


async def test_two_processes_work_off_one_inbox_without_a_double(two: tuple[Database, Database]) -> None:
    processes = [Core(each, f"p{n}") for n, each in enumerate(two)]
    for n in range(30):
        await processes[n % 2].gateway.accept(text(f"m{n}", lan(n % 7)))
    await asyncio.gather(*(each.work() for each in processes))
    await asyncio.gather(*(each.work() for each in processes))
    assert await states(processes[0]) == ["done"] * 30
    answered = await two[0].read(
        lambda s: s.connection.execute(sql("SELECT count(DISTINCT turn), count(*) FROM outbox")).one()
    )
    assert tuple(answered) == (30, 30)

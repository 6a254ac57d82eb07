"""A dossier from filing to result: its codes, who is registered, every act once, due dates by the calendar."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest

from core.answering import drafts as giver
from core.answering.context import Context
from core.casework import twin_of
from core.messages import Address
from core.pins import right_pin
from core.store.database import Database
from core.store.dossiers import Moved, Record
from core.store.drafts import Draft
from core.store.shelves import Shelves
from core.talk import needs
from core.talk.conversation import Conversation
from core.talk.needs import DraftState
from procedures.codes import valid_phone_code
from procedures.dossier import EventKind
from procedures.process import NotAllowed
from tests.core.house import TRAITS, Core
from tests.core.making import DAY, HOUR, NINE, lan, text

CHAT = Address("telegram:1", "42")
ANSWERS = {"child_name": "Nguyễn Văn An", "note": None, "photo": [{"id": "1"}]}


@pytest.fixture
def core(database: Database) -> Core:
    return Core(database)


def context(core: Core, shelves: Shelves, who: Address | None = None) -> Context:
    """The surroundings of a turn of this citizen."""
    address = who or lan()
    medium = "chat" if address.kind.startswith("telegram") else "sms"
    channel = "telegram" if medium == "chat" else "sms"
    message = text("m", address, channel=channel)
    talk = Conversation(address, medium)
    return Context(shelves, core.office.knowledge, core.world, TRAITS, talk, message, core.world.now())


async def ask(core: Core, act: Any, need: Any, who: Address | None = None) -> Any:
    """The answer to a need, in a transaction of its own; what it causes is written."""

    def work(shelves: Shelves) -> Any:
        around = context(core, shelves, who)
        answer = act(around, need)
        shelves.outbox.put(around.queued, core.world.now())
        for subject in around.guesses:
            shelves.people.guessed_wrong(subject, core.world.now())
        return answer

    return await core.database.write(work)


# -- filing ------------------------------------------------------------------------------------------------------------


async def test_codes_are_well_formed_and_never_the_same(core: Core) -> None:
    made = [await core.filed() for _ in range(12)]
    codes = [record.dossier.code for record, _ in made]
    assert codes == [f"H99.18-260303-{n:04d}" for n in range(1, 13)]
    assert all(valid_phone_code(record.dossier.short_code) for record, _ in made)
    assert len({record.dossier.short_code for record, _ in made}) == 12
    assert all(re.fullmatch(r"\d{6}", pin) for _, pin in made)


async def test_numbers_begin_anew_each_day(core: Core) -> None:
    await core.filed()
    core.clock.forward(DAY)
    record, _ = await core.filed()
    assert record.dossier.code == "H99.18-260304-0001"


async def test_two_processes_give_no_code_twice(two: tuple[Database, Database]) -> None:
    processes = [Core(each, f"p{n}") for n, each in enumerate(two)]
    made = await asyncio.gather(*(each.filed() for _ in range(10) for each in processes))
    assert len({record.dossier.code for record, _ in made}) == 20


async def test_the_pin_is_kept_as_a_slow_hash_alone(core: Core) -> None:
    record, pin = await core.filed()
    kept = await core.database.read(lambda s: s.dossiers.get(record.id))
    assert kept is not None
    assert pin not in kept.pin_digest and right_pin(pin, kept.pin_digest)
    assert not right_pin(f"{(int(pin) + 1) % 10**6:06d}", kept.pin_digest)


async def test_a_dossier_is_found_by_its_codes_in_any_writing(core: Core) -> None:
    record, _ = await core.filed()
    for code in (record.dossier.code, "h9918 260303 0001", record.dossier.short_code):
        found = await core.database.read(lambda s, c=code: s.dossiers.by_code(c))  # type: ignore[misc]
        assert found is not None and found.id == record.id


async def test_the_applicants_addresses_are_registered_once(core: Core) -> None:
    record, _ = await core.filed(CHAT, lan(), CHAT)
    found = await core.database.read(lambda s: s.dossiers.followers(record.id))
    assert [(f.address, f.role, f.state) for f in found] == [
        (str(CHAT), "applicant", "active"), (str(lan()), "applicant", "active"),
    ]  # fmt: skip


# -- twins -------------------------------------------------------------------------------------------------------------


SAME = [
    ({"a": "Nguyễn Văn An"}, {"a": "nguyen van an"}, True),
    ({"a": "x", "photo": [{"id": "1"}]}, {"a": "x", "photo": [{"id": "2"}]}, True),
    ({"a": "x", "b": None}, {"a": "x"}, True),
    ({"a": "x", "b": 1}, {"a": "x", "b": 2}, False),
    ({"a": "x"}, {"a": "y"}, False),
]


@pytest.mark.parametrize("one, other, same", SAME)
def test_what_makes_two_filings_the_same_thing(one: Any, other: Any, same: bool) -> None:
    drafts = [Draft("d", "p", "1.001193", "1", answers, 1, "sms", NINE) for answers in (one, other)]
    assert (twin_of(drafts[0]) == twin_of(drafts[1])) is same


async def test_a_twin_is_found_while_it_is_open_and_young(core: Core) -> None:
    record, _ = await core.filed(answers=ANSWERS)
    draft = Draft("e" * 26, "q" * 26, "1.001193", "1", ANSWERS, 1, "web", NINE)
    find = lambda s: [found.id for found in core.casework(s).twins(draft)]  # noqa: E731
    assert await core.database.read(find) == [record.id]
    core.clock.forward(31 * DAY)
    assert await core.database.read(find) == []


# -- drafts ------------------------------------------------------------------------------------------------------------


async def begun(core: Core, who: Address | None = None) -> DraftState:
    draft: DraftState = await ask(core, giver.begin, needs.OpenDraft("feedback"), who)
    return draft


async def test_of_two_who_write_one_draft_the_loser_is_shown_the_newer_state(core: Core) -> None:
    draft = await begun(core)
    first = await ask(core, giver.keep, needs.KeepDraft(draft.id, {"x": "1"}, draft.revision))
    second = await ask(core, giver.keep, needs.KeepDraft(draft.id, {"x": "2"}, draft.revision))
    assert (first.answers, second.answers) == ({"x": "1"}, {"x": "1"})
    assert second.revision == first.revision == draft.revision + 1


async def test_filed_twice_in_a_breath_is_filed_once(core: Core) -> None:
    """Two presses of one button; the second is told that the page is stale."""
    draft = await begun(core)
    form = core.office.knowledge.catalogue.form_of(core.office.knowledge.catalogue.procedures["feedback"])
    assert form is not None
    answers = {field.name: "1" for field in form.fields}
    kept = await ask(core, giver.keep, needs.KeepDraft(draft.id, answers, draft.revision))
    filing = [ask(core, giver.file, needs.FileDraft(draft.id, kept.revision)) for _ in range(2)]
    outcomes = [filed.outcome for filed in await asyncio.gather(*filing)]
    assert sorted(outcomes) == ["filed", "stale"]


async def test_what_is_missing_is_named_and_nothing_is_filed(core: Core) -> None:
    draft = await begun(core)
    filed = await ask(core, giver.file, needs.FileDraft(draft.id, draft.revision))
    assert filed.outcome == "refused" and filed.values["fields"]
    assert await ask(core, giver.mine, needs.MyDrafts()) != []


async def test_a_draft_is_kept_thirty_days_from_its_last_change(core: Core) -> None:
    draft = await begun(core)
    core.clock.forward(29 * DAY)
    await ask(core, giver.keep, needs.KeepDraft(draft.id, {"x": "1"}, draft.revision))
    core.clock.forward(30 * DAY)
    await core.database.write(lambda s: s.drafts.expire(core.clock.at))
    assert len(await ask(core, giver.mine, needs.MyDrafts())) == 1
    core.clock.forward(HOUR)
    assert await ask(core, giver.mine, needs.MyDrafts()) == []
    assert await core.database.write(lambda s: s.drafts.expire(core.clock.at)) == 1
    core.clock.forward(31 * DAY)
    assert await core.database.write(lambda s: s.drafts.forget(core.clock.at)) == [draft.id]


async def test_a_draft_is_continued_by_its_code_at_another_address_once(core: Core) -> None:
    draft = await begun(core)
    link = await ask(core, giver.make_link, needs.MakeLink(draft.id))
    taken = await ask(core, giver.use_code, needs.UseCode(link["code"]), CHAT)
    assert taken.id == draft.id
    assert [each.id for each in await ask(core, giver.mine, needs.MyDrafts(), CHAT)] == [draft.id]
    assert await ask(core, giver.use_code, needs.UseCode(link["code"]), lan(9)) is None


async def test_a_code_that_continues_lives_for_an_hour(core: Core) -> None:
    draft = await begun(core)
    link = await ask(core, giver.make_link, needs.MakeLink(draft.id))
    core.clock.forward(HOUR + HOUR / 60)
    assert await ask(core, giver.use_code, needs.UseCode(link["code"]), CHAT) is None


async def test_codes_that_continue_cannot_be_guessed_through(core: Core) -> None:
    """After a few wrong ones even the right one is not heard for a while."""
    draft = await begun(core)
    link = await ask(core, giver.make_link, needs.MakeLink(draft.id))
    for n in range(7):
        assert await ask(core, giver.use_code, needs.UseCode(f"{n:08d}"), CHAT) is None
    assert await ask(core, giver.use_code, needs.UseCode(link["code"]), CHAT) is None
    core.clock.forward(HOUR / 2)
    assert await ask(core, giver.use_code, needs.UseCode(link["code"]), CHAT) is not None


# -- acts --------------------------------------------------------------------------------------------------------------


async def test_a_whole_way_with_its_events_and_its_due_date(core: Core) -> None:
    record, _ = await core.filed(procedure="1.004873")
    way = core.office.knowledge.catalogue.processes[record.dossier.process]
    taken = []
    while record.dossier.state not in (9, 10):
        step = way.step(record.dossier.steps[0])
        action = next(a for a in step.actions if not a.needs_note and a.code not in taken)
        taken.append(action.code)
        record = await core.act(record, action.code)
        core.clock.forward(HOUR)
    history = await core.database.read(lambda s: s.dossiers.history(record.id))
    assert [e.kind for e in history if e.kind is not EventKind.MOVED][:2] == [
        EventKind.FILED,
        EventKind.ACCEPTED,
    ]
    accepted = next(e.at for e in history if e.kind is EventKind.ACCEPTED)
    calendar, term = core.office.knowledge.calendar, record.dossier.term
    assert record.dossier.due_at == calendar.due(accepted, term, ())
    stored = await core.database.read(lambda s: s.dossiers.get(record.id))
    assert stored is not None and stored.dossier == record.dossier


async def test_what_the_process_does_not_allow_changes_nothing(core: Core) -> None:
    record, _ = await core.filed()
    for action, note in (("hand_over", ""), ("refuse", ""), ("no such action", "x")):
        with pytest.raises(NotAllowed):
            await core.act(record, action, note)
    after = await core.database.read(lambda s: s.dossiers.get(record.id))
    assert after is not None and after.dossier == record.dossier
    assert len(await core.database.read(lambda s: s.dossiers.history(record.id))) == 1


async def test_of_two_officials_at_once_the_second_is_told_that_it_moved(core: Core) -> None:
    record, _ = await core.filed()
    acts = [core.act(record, "withdraw"), core.act(record, "withdraw")]
    results = await asyncio.gather(*acts, return_exceptions=True)
    assert sum(isinstance(result, Moved) for result in results) == 1
    assert len([result for result in results if isinstance(result, Record)]) == 1
    assert len(await core.database.read(lambda s: s.outbox.about(record.dossier.code))) == 1  # told once


async def test_two_processes_cannot_move_one_dossier_at_once(two: tuple[Database, Database]) -> None:
    processes = [Core(each, f"p{n}") for n, each in enumerate(two)]
    for _ in range(10):
        record, _pin = await processes[0].filed()
        acts = [each.act(record, "withdraw") for each in processes]
        results = await asyncio.gather(*acts, return_exceptions=True)
        assert sum(isinstance(result, Moved) for result in results) == 1


async def test_what_ended_is_closed_and_no_twin_any_more(core: Core) -> None:
    record, _ = await core.filed(answers=ANSWERS)
    ended = await core.act(record, "withdraw")
    assert ended.closed_at == core.clock.at
    draft = Draft("e" * 26, "q" * 26, "1.001193", "1", ANSWERS, 1, "web", NINE)
    assert await core.database.read(lambda s: core.casework(s).twins(draft)) == []


async def test_a_remark_is_heard_by_nobody_outside(core: Core) -> None:
    record, _ = await core.filed()
    await core.database.write(lambda s: core.casework(s).note(record, "gọi lại", "an"))
    assert await core.database.read(lambda s: s.outbox.about(record.dossier.code)) == []
    assert replace(record).dossier.revision == record.dossier.revision

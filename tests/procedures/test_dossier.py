"""A dossier's life as stories: what happened, where it is, when the answer is due.

Hours of the shipped calendar: Monday to Friday in two halves; 24 November 2026 is a public holiday.
"""

from datetime import datetime, timedelta

import pytest

from procedures import catalogue
from procedures.calendar import HANOI, load_calendar
from procedures.dossier import Dossier, Event, EventKind, Office, due_at, extend, late, move, pauses, possible
from procedures.process import NotAllowed
from procedures.term import Rule, Term, Unit

LIBRARY = catalogue.read()
CALENDAR = load_calendar()
OFFICE = Office(LIBRARY.processes["one_stop"], LIBRARY.states, CALENDAR)
THREE_DAYS = Term(3, Unit.WORKING_DAY)


def at(text: str) -> datetime:
    """ "16/11 09:00" of 2026, a Monday, in Hanoi's time."""
    return datetime.strptime(f"{text} 2026", "%d/%m %H:%M %Y").replace(tzinfo=HANOI)


def filed(term: Term = THREE_DAYS) -> Dossier:
    return Dossier(
        code="H26.18-261116-0001",
        short_code="4821057396",
        procedure="1.004873",
        procedure_version=1,
        process="one_stop",
        process_version=1,
        term=term,
        steps=("reception",),
        state=1,
        applicant="p1",
        answers={},
        filed_at=at("16/11 08:00"),
    )


def live(*moves: tuple[str, str], term: Term = THREE_DAYS) -> tuple[Dossier, list[Event]]:
    """The dossier after (when, action) and all that happened to it."""
    dossier = filed(term)
    history: list[Event] = []
    for when, action in moves:
        dossier, events = move(dossier, history, OFFICE, action, by="cb01", at=at(when), note="thiếu giấy")
        history += events
    return dossier, history


def day(dossier: Dossier) -> str:
    return f"{dossier.due_at:%d/%m}" if dossier.due_at else "none"


STORIES = [
    ("nothing is due before it is accepted", [], "none", 1),
    ("three working days from acceptance", [("16/11 09:00", "accept")], "19/11", 2),
    ("the public holiday of 24 November is not counted", [("20/11 09:00", "accept")], "26/11", 2),
    (
        "asked for papers before acceptance: no clock yet",
        [("16/11 09:00", "ask_papers"), ("18/11 09:00", "completed"), ("18/11 10:00", "accept")],
        "23/11",
        2,
    ),
    (
        "while it waits for papers the clock stands still",
        [("16/11 09:00", "accept"), ("16/11 10:00", "assign"), ("17/11 09:00", "ask_papers")],
        "none",
        5,
    ),
    (
        "two whole days of waiting move the date by two working days",
        [
            ("16/11 09:00", "accept"),
            ("16/11 10:00", "assign"),
            ("17/11 09:00", "ask_papers"),
            ("19/11 09:00", "completed"),
        ],
        "23/11",
        4,
    ),
    (
        "waiting for the tax payment is a pause as well",
        [
            ("16/11 09:00", "accept"),
            ("16/11 10:00", "assign"),
            ("17/11 09:00", "ask_payment"),
            ("18/11 09:00", "paid"),
        ],
        "20/11",
        4,
    ),
]


@pytest.mark.parametrize(("story", "moves", "due", "state"), STORIES, ids=[story[0] for story in STORIES])
def test_when_the_answer_is_due(story: str, moves: list[tuple[str, str]], due: str, state: int) -> None:
    dossier, _ = live(*moves)
    assert (day(dossier), dossier.state) == (due, state)


def test_a_whole_life_is_kept_event_by_event() -> None:
    dossier, history = live(
        ("16/11 09:00", "invite"),
        ("17/11 09:00", "accept"),
        ("17/11 10:00", "assign"),
        ("18/11 09:00", "ask_papers"),
        ("19/11 09:00", "completed"),
        ("19/11 10:00", "propose"),
        ("19/11 15:00", "approve"),
        ("20/11 09:00", "hand_over"),
    )
    assert [event.kind.value for event in history] == [
        "moved",
        "moved",
        "accepted",
        "moved",
        "moved",
        "paused",
        "moved",
        "resumed",
        "moved",
        "moved",
        "ended",
        "moved",
    ]
    assert (dossier.state, dossier.steps, dossier.revision) == (10, ("handed_over",), 8)
    assert possible(dossier, OFFICE.process) == ()


def test_a_pause_names_its_legal_ground_and_the_move_its_reason() -> None:
    _, history = live(("16/11 09:00", "accept"), ("16/11 10:00", "assign"), ("17/11 09:00", "ask_papers"))
    moved, paused = history[-2:]
    assert (moved.note, moved.values and moved.values["state"]) == ("thiếu giấy", 5)
    assert "118/2025/NĐ-CP" in paused.ground
    assert pauses(history) == ((at("17/11 09:00"), None),)


def test_what_is_refused_or_withdrawn_never_becomes_late() -> None:
    for action in ("refuse", "withdraw"):
        dossier, _ = live(("16/11 09:00", action))
        assert not late(dossier, LIBRARY.states, at("30/12 09:00"))


def test_late_means_running_and_past_the_date() -> None:
    running, _ = live(("16/11 09:00", "accept"), ("16/11 10:00", "assign"))
    assert not late(running, LIBRARY.states, at("19/11 16:00"))
    assert late(running, LIBRARY.states, at("20/11 08:00"))
    paused, _ = live(("16/11 09:00", "accept"), ("16/11 10:00", "assign"), ("17/11 09:00", "ask_papers"))
    assert not late(paused, LIBRARY.states, at("30/12 09:00"))


def test_an_illegal_act_changes_nothing() -> None:
    dossier, history = live(("16/11 09:00", "accept"))
    with pytest.raises(NotAllowed):
        move(dossier, history, OFFICE, "approve", by="cb01", at=at("16/11 10:00"))
    with pytest.raises(NotAllowed):
        move(filed(), [], OFFICE, "refuse", by="cb01", at=at("16/11 10:00"), note=" ")
    assert dossier.steps == ("assigning",)


def test_an_apology_sets_a_new_date_once_and_a_later_pause_moves_that_one() -> None:
    dossier, history = live(("16/11 09:00", "accept"), ("16/11 10:00", "assign"))
    moved, events = extend(
        dossier, history, OFFICE, by="ld01", at=at("18/11 09:00"), due=at("27/11 17:00"), note="chờ xác minh"
    )
    assert (day(moved), moved.revision) == ("27/11", dossier.revision + 1)
    assert events[0].values == {"due": at("27/11 17:00").isoformat(), "was": dossier.due_at.isoformat()}  # type: ignore[union-attr]
    history += events
    with pytest.raises(NotAllowed, match="once"):
        extend(
            moved, history, OFFICE, by="ld01", at=at("19/11 09:00"), due=at("30/11 17:00"), note="lại chậm"
        )
    for when, action in (("19/11 09:00", "ask_papers"), ("20/11 09:00", "completed")):
        moved, more = move(moved, history, OFFICE, action, by="cb01", at=at(when), note="thiếu")
        history += more
    assert day(moved) == "30/11"


REFUSED_EXTENSIONS = [
    ([], "30/11 17:00", "lý do", "nothing is due"),
    ([("16/11 09:00", "accept")], "30/11 17:00", "  ", "reason"),
    ([("16/11 09:00", "accept")], "18/11 17:00", "lý do", "later"),
    ([("16/11 09:00", "accept"), ("16/11 10:00", "withdraw")], "30/11 17:00", "lý do", "nothing is due"),
]


@pytest.mark.parametrize(("moves", "due", "note", "why"), REFUSED_EXTENSIONS)
def test_an_extension_that_is_not_allowed(
    moves: list[tuple[str, str]], due: str, note: str, why: str
) -> None:
    dossier, history = live(*moves)
    with pytest.raises(NotAllowed, match=why):
        extend(dossier, history, OFFICE, by="ld01", at=at("17/11 09:00"), due=at(due), note=note)


def test_a_limit_in_calendar_days_is_moved_by_calendar_time() -> None:
    dossier, _ = live(
        ("02/11 09:00", "accept"),
        ("02/11 10:00", "assign"),
        ("06/11 09:00", "ask_papers"),
        ("09/11 09:00", "completed"),
        term=Term(30, Unit.CALENDAR_DAY),
    )
    assert day(dossier) == "07/12"  # 2 December, and three days of waiting: a Saturday, so the Monday after


@pytest.mark.parametrize("rule", [Rule.ON_RECEIPT, Rule.CAMPAIGN])
def test_some_limits_give_no_date(rule: Rule) -> None:
    dossier, _ = live(("16/11 09:00", "accept"), term=Term(rule=rule))
    assert dossier.due_at is None
    assert dossier.accepted_at == at("16/11 09:00")


def test_the_date_is_a_function_of_what_happened() -> None:
    dossier, history = live(("16/11 09:00", "accept"), ("16/11 10:00", "assign"))
    assert due_at(history, THREE_DAYS, CALENDAR) == dossier.due_at
    told = Event(EventKind.TOLD, at("17/11 09:00"), "gateway")
    assert due_at([*history, told], THREE_DAYS, CALENDAR) == dossier.due_at
    assert dossier.due_at is not None
    assert dossier.due_at.utcoffset() == timedelta(hours=7)

"""The clock of a dossier at a glance: what runs, what is left, what is used. The words are the template's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.office import HANOI, Knowledge
from core.store.dossiers import Record
from procedures.calendar import Calendar
from procedures.dossier import Clock

SOON = timedelta(hours=8)  # of working time: about one day


@dataclass(frozen=True, slots=True)
class Dial:
    """`state`: none (no date), before (the time limit has not begun), runs, soon, late, paused, ended.

    `days` are working days left or overdue (0: today), `hours` and `minutes` working time where it is today;
    `used` is the part of the time limit that is over, in per cent, None where there is no measure.
    """

    state: str
    due: datetime | None = None
    days: int = 0
    hours: int = 0
    minutes: int = 0
    used: int | None = None
    answer: bool = False


def dial(record: Record, knowledge: Knowledge, now: datetime) -> Dial:
    """Read the clock of a dossier."""
    clock = knowledge.catalogue.states[record.dossier.state].clock
    if record.closed_at is not None or clock is Clock.ENDED:
        return Dial("ended", record.dossier.due_at)
    if clock is Clock.PAUSED:
        begun = record.dossier.accepted_at is not None
        return Dial("paused" if begun else "before", record.dossier.due_at)
    if clock is Clock.IDLE:
        return _answer(record, knowledge, now)
    if record.dossier.due_at is None or record.dossier.accepted_at is None:
        return Dial("none")
    return measured(record.dossier.accepted_at, record.dossier.due_at, knowledge.calendar, now)


def _answer(record: Record, knowledge: Knowledge, now: datetime) -> Dial:
    """A filing nobody has looked at: its step says within how many working hours it is answered."""
    table = knowledge.catalogue.processes[record.dossier.process]
    terms = [table.step(code).term for code in record.dossier.steps]
    due = (
        knowledge.calendar.due(record.dossier.filed_at, terms[0]) if terms and terms[0] is not None else None
    )
    if due is None:
        return Dial("none")
    return measured(record.dossier.filed_at, due, knowledge.calendar, now, answer=True)


def measured(
    since: datetime, due: datetime, calendar: Calendar, now: datetime, *, answer: bool = False
) -> Dial:
    """How far `now` is on the way from `since` to `due`, in working time."""
    left = calendar.remaining(due, now)
    whole = calendar.worked(since, due)
    used = 100 if now >= due or not whole else round(100 * (1 - left / whole))
    days = _days(calendar, now, due)
    minutes = int(abs(left).total_seconds()) // 60
    state = "late" if now > due else "soon" if left <= SOON else "runs"
    return Dial(state, due, days, minutes // 60, minutes % 60, max(0, min(100, used)), answer)


def _days(calendar: Calendar, one: datetime, other: datetime) -> int:
    """Working days between two moments, the first day not counted."""
    first, last = sorted((one.astimezone(HANOI).date(), other.astimezone(HANOI).date()))
    return sum(calendar.counts(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

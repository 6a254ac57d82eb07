"""A dossier (hồ sơ): what was filed, where it lies, what happened to it, and when the answer is due.

What happened is a list of events that only grows. The due date is a function of those events and of the
office's working time; nobody edits it. A dossier keeps the versions of the procedure and process that it was
filed under.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from procedures import process as table
from procedures.calendar import Calendar, Pause
from procedures.definition import STRICT, parse
from procedures.process import NotAllowed, Process, Progress
from procedures.term import Term

SHORT_LABEL = 30  # characters: a chat platform's template takes no more for a state


class Clock(StrEnum):
    """What the time limit does in a state."""

    IDLE = "idle"  # not accepted yet
    RUNS = "runs"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True)
class State:
    """One of the ten states exchanged with the national portal; `meaning` is for the citizen."""

    __pydantic_config__: ClassVar = STRICT

    number: int
    label: str
    short: str
    meaning: str
    clock: Clock


@dataclass(frozen=True)
class _StateTable:
    __pydantic_config__: ClassVar = STRICT

    states: tuple[State, ...]


def read_states(content: Any, shown: str = "states") -> dict[int, State]:
    """The ten states by number. Raises definition.LibraryError."""
    return {state.number: state for state in parse(_StateTable, content, shown).states}


class EventKind(StrEnum):
    """What can happen to a dossier."""

    FILED = "filed"
    MOVED = "moved"  # an action of the process; `values` hold step, action and the new state
    ACCEPTED = "accepted"  # the time limit starts
    PAUSED = "paused"  # `ground` is the rule that allows it
    RESUMED = "resumed"
    EXTENDED = "extended"  # form 04: apology and a new date, in values["due"] (ISO 8601)
    ENDED = "ended"
    NOTED = "noted"
    PAPERS = "papers"
    ANSWERS = "answers"
    TOLD = "told"


@dataclass(frozen=True)
class Event:
    """One thing that happened. Never changed, never removed; `by` is who did it, `at` is aware."""

    kind: EventKind
    at: datetime
    by: str
    note: str = ""
    ground: str = ""
    values: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Dossier:
    """A dossier as it stands now. `steps` are the steps under way, `state` the national one."""

    code: str
    short_code: str
    procedure: str
    procedure_version: int
    process: str
    process_version: int
    term: Term
    steps: tuple[str, ...]
    state: int
    applicant: str
    answers: Mapping[str, object]
    filed_at: datetime
    papers: tuple[str, ...] = ()
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    revision: int = 0


@dataclass(frozen=True)
class Office:
    """What moving a dossier needs to know: its process, the ten states, the office hours."""

    process: Process
    states: Mapping[int, State]
    calendar: Calendar


def possible(dossier: Dossier, process: Process) -> tuple[tuple[table.Step, table.Action], ...]:
    """The acts that are possible now, with the step each belongs to."""
    return table.possible(process, Progress(dossier.steps))


def move(
    dossier: Dossier,
    history: Sequence[Event],
    office: Office,
    action: str,
    *,
    by: str,
    at: datetime,
    note: str = "",
    step: str = "",
) -> tuple[Dossier, tuple[Event, ...]]:
    """The dossier after an action, and the events to add to its history.

    Raises NotAllowed where the process has no such action here or a note is missing; nothing has changed.
    """
    before = Progress(dossier.steps)
    here, chosen = table.find(office.process, before, action, step)
    after = table.act(office.process, before, action, step=here.code, note=note)
    state = table.national_state(office.process, after)
    moved = {"step": here.code, "action": chosen.code, "state": state, "steps": list(after.active)}
    kinds = [EventKind.MOVED, *_clock_events(dossier, chosen, office.states, state)]
    events = tuple(
        Event(
            kind,
            at,
            by,
            note=note if kind is EventKind.MOVED else "",
            ground=chosen.ground if kind is EventKind.PAUSED else "",
            values=moved if kind is EventKind.MOVED else None,
        )
        for kind in kinds
    )
    accepted = dossier.accepted_at or (at if EventKind.ACCEPTED in kinds else None)
    changed = replace(
        dossier, steps=after.active, state=state, accepted_at=accepted, revision=dossier.revision + 1
    )
    return replace(changed, due_at=due_at((*history, *events), dossier.term, office.calendar)), events


def _clock_events(
    dossier: Dossier, action: table.Action, states: Mapping[int, State], new: int
) -> list[EventKind]:
    kinds = []
    before, after = states[dossier.state].clock, states[new].clock
    if dossier.accepted_at is None and after is Clock.RUNS:
        kinds.append(EventKind.ACCEPTED)
    if action.stops_clock:
        kinds.append(EventKind.PAUSED)
    if action.starts_clock:
        kinds.append(EventKind.RESUMED)
    if after is Clock.ENDED and before is not Clock.ENDED:
        kinds.append(EventKind.ENDED)
    return kinds


def extend(
    dossier: Dossier,
    history: Sequence[Event],
    office: Office,
    *,
    by: str,
    at: datetime,
    due: datetime,
    note: str,
) -> tuple[Dossier, tuple[Event, ...]]:
    """Apologise and set a new date (form 04 of TT 03/2025/TT-VPCP).

    Raises NotAllowed without a reason, when nothing is due, when the date is not later, or a second time (one
    new date only, as Decree 61/2018 had it; whether 118/2025 still does is to be checked).
    """
    if not note.strip():
        raise NotAllowed("an extension needs its reason")
    if dossier.due_at is None or office.states[dossier.state].clock is Clock.ENDED:
        raise NotAllowed("nothing is due")
    if due <= dossier.due_at:
        raise NotAllowed("the new date must be later than the one it replaces")
    if any(event.kind is EventKind.EXTENDED for event in history):
        raise NotAllowed("the date has been put off once already")
    values = {"due": due.isoformat(), "was": dossier.due_at.isoformat()}
    event = Event(EventKind.EXTENDED, at, by, note=note, values=values)
    changed = replace(dossier, due_at=due_at((*history, event), dossier.term, office.calendar))
    return replace(changed, revision=dossier.revision + 1), (event,)


def due_at(events: Sequence[Event], term: Term, calendar: Calendar) -> datetime | None:
    """When the answer is due; None before acceptance, while the clock stands still, and where no date is set.

    Each pause moves the date by the time it took, of the first date as of one that was set by an extension.
    """
    accepted = next((event.at for event in events if event.kind is EventKind.ACCEPTED), None)
    if accepted is None:
        return None
    extended = next((index for index, event in enumerate(events) if event.kind is EventKind.EXTENDED), None)
    if extended is None:
        return calendar.due(accepted, term, pauses(events))
    due = datetime.fromisoformat(str((events[extended].values or {})["due"]))
    for since, until in pauses(events[extended:]):
        if until is None:
            return None
        due = calendar.after(due, calendar.worked(since, until))
    return due


def pauses(events: Sequence[Event]) -> tuple[Pause, ...]:
    """Every pause from its start to its end, None while it lasts."""
    found: list[Pause] = []
    for event in events:
        if event.kind is EventKind.PAUSED:
            found.append((event.at, None))
        elif event.kind in (EventKind.RESUMED, EventKind.ENDED) and found and found[-1][1] is None:
            found[-1] = (found[-1][0], event.at)
    return tuple(found)


def late(dossier: Dossier, states: Mapping[int, State], now: datetime) -> bool:
    """Whether the office owes an answer that is overdue. A paused or finished dossier is never late."""
    running = states[dossier.state].clock is Clock.RUNS
    return running and dossier.due_at is not None and now > dossier.due_at

"""One dossier, read: what it is, what was answered, where it lies, what may be done, what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from core import plain
from core.conversations import Line, readable
from core.desk_acts import told_about
from core.messages import Address, OutboundMessage
from core.office import Knowledge
from core.paper_folder import PaperFolder
from core.rights import may_take
from core.store.dossiers import Record
from core.store.shelves import Shelves
from desk.clock import dial
from desk.errors import NotFound
from desk.links import number, talk_key
from desk.pages import HEADERS
from desk.visit import Visit
from procedures.dossier import Event, EventKind, pauses
from procedures.form_summary import Row as Answer
from procedures.form_summary import summary
from procedures.process import Action, Process, Progress, Step, possible

GRAVE = (3, 7, 8)  # national states that end a dossier without a result: such an act asks before it is done
RECENT = 12  # lines of the talk shown beside a dossier


@dataclass(frozen=True, slots=True)
class Act:
    """Something that may be done now. `mine`: the official has the role of the step."""

    step: Step
    action: Action
    mine: bool
    grave: bool
    leads_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event in words of the process's own titles."""

    event: Event
    step: str = ""
    action: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way that a message was sent, and what became of it. `again`: it follows one that failed."""

    id: int
    at: Any
    medium: str
    address: str
    text: str
    state: str
    error: str
    parts: int | None
    due_at: Any
    again: bool
    ways_left: int


async def dossier_page(visit: Visit) -> web.StreamResponse:
    """The dossier. Every look is written into the log."""
    dossier_id, login, now = number(visit.part("id")), visit.login, visit.now

    def look(shelves: Shelves) -> Mapping[str, Any]:
        record = shelves.dossiers.get(dossier_id)
        if record is None:
            raise NotFound("dossier")
        shelves.tasks.record(login, "dossier.open", record.dossier.code, now)
        return seen(visit, shelves, record)

    values = await visit.desk.database.write(look)
    return visit.page("dossier.html", told=_since(visit, values), **values)


def seen(visit: Visit, shelves: Shelves, record: Record) -> Mapping[str, Any]:
    """Everything that the page of a dossier shows."""
    knowledge, dossier = visit.desk.knowledge, record.dossier
    catalogue = knowledge.catalogue
    procedure = catalogue.procedures.get(dossier.procedure)
    table = catalogue.processes[dossier.process]
    history = shelves.dossiers.history(record.id)
    followers = shelves.dossiers.followers(record.id)
    return {
        "record": record,
        "dossier": dossier,
        "procedure": procedure,
        "state": catalogue.states[dossier.state],
        "steps": [table.step(code) for code in dossier.steps],
        "dial": dial(record, knowledge, visit.now),
        "answers": answers(record, knowledge),
        "papers": shelves.papers.of_dossier(record.id),
        "acts": acts(table, record, visit.roles),
        "pauses": _pauses(history),
        "events": [happening(event, table, knowledge) for event in history],
        "attempts": [_attempt(row, visit) for row in _chained(shelves.outbox.about(dossier.code))],
        "followers": told_about(followers),
        "talks": _talks(visit, shelves, [f.address for f in followers if f.role != "follower"]),
        "officials": [each for each in shelves.officials.all() if each.active],
        "names": {official.login: official.name for official in shelves.officials.all()},
    }


def answers(record: Record, knowledge: Knowledge) -> Sequence[Answer]:
    """What was answered, with the questions' titles; what the form does not know keeps its name."""
    procedure = knowledge.catalogue.procedures.get(record.dossier.procedure)
    form = knowledge.catalogue.form_of(procedure) if procedure is not None else None
    if form is None:
        return [
            Answer(n, name, name, "text", str(value), str(value), False)
            for n, (name, value) in enumerate(record.dossier.answers.items(), 1)
        ]
    given: Mapping[str, Any] = record.dossier.answers
    return [row for row in summary(form, given) if row.kind != "file"]


def acts(table: Process, record: Record, roles: Sequence[str]) -> list[Act]:
    """What the process allows now, and whether it is this official's to do."""
    found = possible(table, Progress(record.dossier.steps))
    return [
        Act(
            step,
            action,
            may_take(roles, step.role, by_applicant=action.by_applicant),
            any(table.step(code).state in GRAVE for code in action.to),
            tuple(table.step(code).title for code in action.to),
        )
        for step, action in found
    ]


def happening(event: Event, table: Process, knowledge: Knowledge) -> Happening:
    """An event with the titles of its step and action."""
    if event.kind is not EventKind.MOVED or event.values is None:
        return Happening(event)
    steps = {step.code: step for step in table.steps}
    step = steps.get(str(event.values.get("step")))
    actions = {action.code: action.title for action in (*(step.actions if step else ()), *table.anywhere)}
    state = knowledge.catalogue.states.get(int(str(event.values.get("state", 0))))
    code = str(event.values.get("action"))
    return Happening(event, step.title if step else "", actions.get(code, code), state.short if state else "")


def _pauses(history: Sequence[Event]) -> list[tuple[Any, Any, str]]:
    """Each pause of the time limit: from, until (None while it lasts), and the rule that allows it."""
    grounds = [event.ground for event in history if event.kind is EventKind.PAUSED]
    return [(since, until, ground) for (since, until), ground in zip(pauses(history), grounds, strict=True)]


def _chained(rows: Sequence[Any]) -> list[Any]:
    """Deliveries with each next way right behind the one that failed."""
    following: dict[Any, list[Any]] = {}
    for row in rows:
        following.setdefault(row.after, []).append(row)
    ordered, stack = [], list(reversed(following.pop(None, [])))
    while stack:
        row = stack.pop()
        ordered.append(row)
        stack += reversed(following.pop(row.id, []))
    return [*ordered, *(row for rest in following.values() for row in rest)]


def _attempt(row: Any, visit: Visit) -> Attempt:
    message = plain.load(OutboundMessage, row.message)
    traits = visit.desk.traits.get(row.channel)
    return Attempt(
        id=row.id,
        at=row.created_at,
        medium=traits.medium if traits is not None else row.channel,
        address=row.address,
        text=readable(message),
        state=row.state,
        error=row.error or "",
        parts=row.parts,
        due_at=row.due_at,
        again=row.after is not None,
        ways_left=len(row.chain or []),
    )


def _since(visit: Visit, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the act just done came to: events and messages newer than the form knew of."""
    events, messages = visit.asked("tu"), visit.asked("tin")
    if not (events.isdecimal() and messages.isdecimal()):
        return {"events": [], "attempts": [], "any": False}
    new_events = values["events"][int(events[:9]) :]
    new_messages = [attempt for attempt in values["attempts"] if attempt.id > int(messages[:15])]
    return {"events": new_events, "attempts": new_messages, "any": bool(new_events)}


def _talks(visit: Visit, shelves: Shelves, addresses: Sequence[str]) -> list[tuple[str, str, list[Line]]]:
    """The applicant's talks, a few lines each: (key of its page, address, lines)."""
    if not visit.may("talk.read"):
        return []
    conversations, found = visit.desk.conversations(shelves, visit.now), []
    for address in addresses:
        lines = [line for line in conversations.read(Address.parse(address), RECENT) if line.medium]
        if any(line.inbound for line in lines):
            medium = next(line.medium for line in reversed(lines) if line.inbound)
            found.append((talk_key(Address.parse(address), medium), address, lines))
    return found


async def paper(visit: Visit) -> web.StreamResponse:
    """A kept paper as a download: never shown inside the desk's own pages, whatever it contains."""
    paper_id, login, now = visit.part("paper"), visit.login, visit.now

    def look(shelves: Shelves) -> Any:
        found = shelves.papers.get(paper_id)
        if found is None or found.state != "kept":
            raise NotFound("paper")
        shelves.tasks.record(login, "paper.open", paper_id, now, {"dossier": found.dossier})
        return found

    found = await visit.desk.database.write(look)
    path = PaperFolder(Path(visit.desk.settings.store.files)).path(found.sha256)
    if not path.is_file():
        raise NotFound("paper")
    name = quote(found.name or paper_id, safe="")
    headers = {
        **HEADERS,
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Type": "application/octet-stream",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return web.FileResponse(path, headers=headers)

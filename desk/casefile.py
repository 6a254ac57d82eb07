"""What officials do to a dossier: its process's acts, notes, whose it is, who may follow.

Every form carries the revision that was read. Where somebody else was quicker nothing is written; the page
that comes back shows what changed and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from core.casework import Casework
from core.desk_acts import assign as give_to
from core.desk_acts import consent as let_follow
from core.rights import may_take
from core.store.dossiers import Record
from core.store.shelves import Shelves
from desk.errors import Forbidden, NotFound, Wrong
from desk.inquiry import GRAVE, seen
from desk.links import number
from desk.visit import Visit
from procedures import process

LONGEST_NOTE = 2000  # characters


@dataclass(frozen=True, slots=True)
class Done:
    """Where to show what an act came to; `behind`: nothing was written, the form was too old."""

    path: str = ""
    behind: Any = None


Work = Callable[[Casework, Record], None]


async def act(visit: Visit) -> web.StreamResponse:
    """One action of the process."""
    form, note = visit.form, _note(visit)

    def work(casework: Casework, record: Record) -> None:
        table = casework.knowledge.catalogue.processes[record.dossier.process]
        progress = process.Progress(record.dossier.steps)
        step, chosen = process.find(table, progress, form.get("action", ""), form.get("step", ""))
        if not may_take(visit.roles, step.role, by_applicant=chosen.by_applicant):
            raise Forbidden("step", role=step.role)
        if chosen.needs_note and not note:
            raise Wrong("note")
        if any(table.step(code).state in GRAVE for code in chosen.to) and form.get("sure") != "yes":
            raise Wrong("sure")
        casework.act(record, chosen.code, by=visit.login, note=note, step=step.code)

    return await _do(visit, "dossier.act", work, {"action": form.get("action", "")[:40]})


async def note(visit: Visit) -> web.StreamResponse:
    """A remark of the office's own."""
    text = _note(visit)
    if not text:
        raise Wrong("note")
    return await _do(
        visit, "dossier.note", lambda casework, record: casework.note(record, text, visit.login), {}
    )


async def take(visit: Visit) -> web.StreamResponse:
    """Make a dossier one's own, or give it back."""
    to = "" if visit.form.get("do") == "give" else visit.login

    def work(casework: Casework, record: Record) -> None:
        if record.assignee not in (None, "", visit.login):
            raise Forbidden("not_yours", by=record.assignee)
        give_to(casework, record, to, visit.login)

    return await _do(visit, "dossier.take", work, {"to": to})


async def assign(visit: Visit) -> web.StreamResponse:
    """Give a dossier to an official who may work on it."""
    to = visit.form.get("to", "")

    def work(casework: Casework, record: Record) -> None:
        official = casework.shelves.officials.by_login(to) if to else None
        if to and (official is None or not official.active):
            raise Wrong("official")
        give_to(casework, record, to, visit.login)

    return await _do(visit, "dossier.assign", work, {"to": to})


async def consent(visit: Visit) -> web.StreamResponse:
    """The applicant stands at the counter and says who may follow."""
    request, given = visit.form.get("request", ""), visit.form.get("do") == "yes"

    def work(casework: Casework, record: Record) -> None:
        if not let_follow(casework, record, request, given, visit.login):
            raise Wrong("follower")

    return await _do(visit, "dossier.consent", work, {"given": given})


def _note(visit: Visit) -> str:
    text = visit.form.get("note", "")
    if len(text) > LONGEST_NOTE:
        raise Wrong("long_note", most=LONGEST_NOTE)
    return text


async def _do(visit: Visit, name: str, work: Work, values: dict[str, Any]) -> web.StreamResponse:
    """Run an act in one transaction with its line in the log, and show what it came to."""
    dossier_id = number(visit.part("id"))

    def write(shelves: Shelves) -> Done:
        record = shelves.dossiers.get(dossier_id)
        if record is None:
            raise NotFound("dossier")
        if visit.form.get("revision") != str(record.dossier.revision):
            return Done(behind=_behind(visit, shelves, record))
        events = len(shelves.dossiers.history(record.id))
        last = max((row.id for row in shelves.outbox.about(record.dossier.code)), default=0)
        work(visit.desk.casework(shelves, visit.now), record)
        shelves.tasks.record(visit.login, name, record.dossier.code, visit.now, values)
        return Done(f"/ho-so/{record.id}?tu={events}&tin={last}")

    done = await visit.desk.database.write(write)
    if done.behind is not None:
        return visit.page("stale.html", 409, typed=visit.form.get("note", ""), **done.behind)
    await visit.desk.signals.ring("outbox")
    return visit.go(done.path)


def _behind(visit: Visit, shelves: Shelves, record: Record) -> dict[str, Any]:
    """What happened since the form was read."""
    values = dict(seen(visit, shelves, record))
    known = visit.form.get("seen", "")
    count = int(known[:9]) if known.isdecimal() else 0
    return {**values, "changed": values["events"][count:]}


__all__ = ["act", "assign", "consent", "note", "take"]

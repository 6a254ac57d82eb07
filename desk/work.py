"""Việc của tôi: what waits for a person, what this official has in hand, and what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from core.messages import Address
from core.office import Knowledge
from core.store.desk import DeskShelf
from core.store.shelves import Shelves
from core.store.tasks import Task
from desk.dossiers import FILTERS, filters
from desk.errors import NotFound, Stale, Wrong
from desk.links import number, talk_key
from desk.visit import Visit
from procedures.form_summary import summary

# In the order in which they are listed: somebody on the line before something on a list.
KINDS = ("officer", "callback", "recording", "undelivered", "filing", "follow", "flood")


@dataclass(frozen=True, slots=True)
class Row:
    """A task with what it is about. `talk` is the key of the talk's page, `paper` a recording to hear."""

    task: Task
    talk: str = ""
    code: str = ""
    dossier: int | None = None
    paper: str = ""
    collected: tuple[tuple[str, str], ...] = ()


async def home(visit: Visit) -> web.StreamResponse:
    """The first page of whoever signs in: the work, or for an administrator the accounts."""
    if visit.may("work.see"):
        return await work_page(visit)
    return visit.go("/can-bo" if visit.may("official.list") else "/tai-khoan")


async def work_page(visit: Visit) -> web.StreamResponse:
    login, now, knowledge = visit.login, visit.now, visit.desk.knowledge

    def look(shelves: Shelves) -> Mapping[str, Any]:
        shelf = DeskShelf(shelves.connection)
        rows = [_row(shelves, task, knowledge) for task in shelves.tasks.open()]
        rows.sort(key=lambda row: KINDS.index(row.task.kind) if row.task.kind in KINDS else 99)
        return {
            "mine": [row for row in rows if row.task.taken_by == login],
            "open": [row for row in rows if not row.task.taken_by],
            "others": [row for row in rows if row.task.taken_by not in (None, "", login)],
            "aside": shelf.aside(),
            "following": shelf.follow_requests(),
            "counts": shelf.counts(filters(login, knowledge, now)),
            "done": shelf.done_tasks(10),
            "names": {official.login: official.name for official in shelves.officials.all()},
        }

    values = await visit.desk.database.read(look)
    return visit.page("work.html", filters=FILTERS, done_now=visit.asked("xong"), **values)


def _row(shelves: Shelves, task: Task, knowledge: Knowledge) -> Row:
    record = shelves.dossiers.get(task.dossier) if task.dossier is not None else None
    code = str(task.values.get("code") or "")
    if record is None and code:
        record = shelves.dossiers.by_code(code)
    medium = task.medium or _medium_of(shelves, task)
    return Row(
        task=task,
        talk=talk_key(Address.parse(task.address), medium) if task.address and medium else "",
        code=record.dossier.code if record is not None else "",
        dossier=record.id if record is not None else None,
        paper=str(task.values.get("paper") or ""),
        collected=_collected(shelves, task, knowledge),
    )


def _medium_of(shelves: Shelves, task: Task) -> str:
    """A failed notice names no medium: the talk that this address had last, if any."""
    rows = shelves.inbox.history(task.address, 1) if task.address else []
    return str(rows[0].medium) if rows else ""


def _collected(shelves: Shelves, task: Task, knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """What was keyed or said before the person asked for an official: (what it is, as text). Never a PIN."""
    given = task.values.get("collected")
    kept: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    procedure = knowledge.catalogue.procedures.get(str(kept.get("procedure") or ""))
    codes = kept.get("codes") or [kept.get("code") or ""]
    told = [
        ("topic", str(kept.get("topic") or "")),
        ("procedure", procedure.short_name if procedure is not None else ""),
        ("codes", ", ".join(str(code) for code in codes)),
        ("answers", _answered(shelves, str(kept.get("draft") or ""), knowledge)),
    ]
    return tuple((name, text) for name, text in told if text)


def _answered(shelves: Shelves, draft_id: str, knowledge: Knowledge) -> str:
    """What their unfinished filing holds so far."""
    draft = shelves.drafts.get(draft_id) if draft_id else None
    procedure = knowledge.catalogue.procedures.get(draft.procedure) if draft is not None else None
    form = knowledge.catalogue.form_of(procedure) if procedure is not None else None
    if draft is None or form is None:
        return ""
    return "; ".join(f"{row.title}: {row.display}" for row in summary(form, draft.answers) if row.display)


async def take(visit: Visit) -> web.StreamResponse:
    """Make a task one's own. Where somebody has it already, they are named and nothing changes."""
    task_id, login, now = visit.part("task"), visit.login, visit.now

    def work(shelves: Shelves) -> None:
        task = _open(shelves, task_id)
        if task.taken_by not in (None, "", login):
            raise Stale("taken", by=task.taken_by)
        if not shelves.tasks.take(task.id, login):
            raise Stale("moved")
        shelves.tasks.record(login, "task.take", task.id, now, {"kind": task.kind})

    await visit.desk.database.write(work)
    return visit.go("/?xong=taken")


async def finish(visit: Visit) -> web.StreamResponse:
    """Close a task with a word on how it ended."""
    task_id, login, now, note = visit.part("task"), visit.login, visit.now, visit.form.get("note", "")[:2000]
    if not note:
        raise Wrong("note")

    def work(shelves: Shelves) -> None:
        task = _open(shelves, task_id)
        if task.taken_by not in (None, "", login):
            raise Stale("taken", by=task.taken_by)
        if not shelves.tasks.finish(task.id, login, note, now):
            raise Stale("moved")
        shelves.tasks.record(login, "task.finish", task.id, now, {"kind": task.kind})

    await visit.desk.database.write(work)
    return visit.go("/?xong=finished")


def _open(shelves: Shelves, task_id: str) -> Task:
    task = shelves.tasks.get(task_id)
    if task is None:
        raise NotFound
    if task.state != "open":
        raise Stale("finished", by=task.done_by or "")
    return task


async def settle_aside(visit: Visit) -> web.StreamResponse:
    """A message whose turn failed: let it try again, or put it away."""
    message, again = number(visit.part("message")), visit.form.get("do") == "again"
    now, login = visit.now, visit.login

    def work(shelves: Shelves) -> None:
        shelf = DeskShelf(shelves.connection)
        if not (shelf.again(message, now) if again else shelf.put_away(message, now)):
            raise Stale("moved")
        shelves.tasks.record(login, "aside.again" if again else "aside.away", str(message), now)

    await visit.desk.database.write(work)
    await visit.desk.signals.ring("inbox")
    return visit.go("/?xong=aside")

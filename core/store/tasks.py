"""What a person must do, and the record of who did and saw what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from core.store.tables.desk import audit, tasks


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must do. `kind`: officer, callback, recording, undelivered, flood, aside, follow, filing."""

    id: str
    kind: str
    values: Mapping[str, Any]
    created_at: datetime
    address: str | None = None
    medium: str | None = None
    dossier: int | None = None
    state: str = "open"
    taken_by: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    note: str | None = None


class Tasks:
    """Statements on `tasks` and `audit`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, task: Task) -> None:
        self._db.execute(tasks.insert(), {name: getattr(task, name) for name in Task.__slots__})

    def get(self, task: str) -> Task | None:
        row = self._db.execute(select(tasks).where(tasks.c.id == task)).first()
        return None if row is None else _task(row)

    def open(self, kinds: Sequence[str] = (), limit: int = 200) -> list[Task]:
        """Open tasks, those that wait longest first."""
        query = select(tasks).where(tasks.c.state == "open").order_by(tasks.c.created_at).limit(limit)
        if kinds:
            query = query.where(tasks.c.kind.in_(kinds))
        return [_task(row) for row in self._db.execute(query)]

    def count_waiting(self, medium: str, since: datetime) -> int:
        """How many asked for an officer on a medium since then, and nobody has taken them."""
        asked = (tasks.c.kind == "officer") & (tasks.c.medium == medium) & (tasks.c.created_at >= since)
        free = (tasks.c.state == "open") & tasks.c.taken_by.is_(None)
        return int(self._db.execute(select(func.count()).where(asked, free)).scalar() or 0)

    def open_for(self, address: str, kind: str) -> Task | None:
        """An open task of this kind about this address: one is enough."""
        mine = (tasks.c.address == address) & (tasks.c.kind == kind) & (tasks.c.state == "open")
        row = self._db.execute(select(tasks).where(mine)).first()
        return None if row is None else _task(row)

    def take(self, task: str, official: str) -> bool:
        """Make an open task one's own; False where somebody else has it."""
        free = tasks.c.taken_by.is_(None) | (tasks.c.taken_by == official)
        mine = (tasks.c.id == task) & (tasks.c.state == "open") & free
        return self._db.execute(update(tasks).where(mine).values(taken_by=official)).rowcount == 1

    def finish(self, task: str, official: str, note: str, now: datetime) -> bool:
        """Close a task once; False where somebody else did."""
        mine = (tasks.c.id == task) & (tasks.c.state == "open")
        values = {"state": "done", "done_by": official, "done_at": now, "note": note}
        return self._db.execute(update(tasks).where(mine).values(**values)).rowcount == 1

    def record(
        self, actor: str, act: str, subject: str, now: datetime, values: Mapping[str, Any] | None = None
    ) -> None:
        """Write into the audit log: who did, or saw, what."""
        row = {"actor": actor, "act": act, "subject": subject, "at": now, "values": dict(values or {})}
        self._db.execute(audit.insert(), row)

    def audit_of(self, subject: str) -> list[Any]:
        return list(self._db.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.id)))


def _task(row: Any) -> Task:
    return Task(**{name: getattr(row, name) for name in Task.__slots__})

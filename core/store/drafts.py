"""Unfinished filings. A draft belongs to a person, not to a medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from core.store.tables.people import drafts

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has answered so far; `answers` plain JSON by field name. Written compare-and-set."""

    id: str
    person: str
    procedure: str
    form_version: str
    answers: Mapping[str, Any]
    revision: int
    begun_on: str
    changed_at: datetime


class Drafts:
    """Statements on `drafts`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, draft: str) -> Draft | None:
        """An open draft, or None."""
        mine = (drafts.c.id == draft) & (drafts.c.state == "open")
        row = self._db.execute(select(drafts).where(mine)).first()
        return None if row is None else _draft(row)

    def of(self, person: str, now: datetime) -> list[Draft]:
        """A person's open drafts, the latest first."""
        mine = (drafts.c.person == person) & (drafts.c.state == "open") & (drafts.c.changed_at >= now - KEPT)
        return [
            _draft(row)
            for row in self._db.execute(select(drafts).where(mine).order_by(drafts.c.changed_at.desc()))
        ]

    def begin(self, draft: Draft) -> None:
        self._db.execute(drafts.insert(), {**_row(draft), "created_at": draft.changed_at})

    def write(self, draft: str, answers: Mapping[str, Any], revision: int, now: datetime) -> bool:
        """Write the answers if nobody else has since `revision`."""
        mine = (drafts.c.id == draft) & (drafts.c.revision == revision) & (drafts.c.state == "open")
        changed = {"answers": dict(answers), "revision": revision + 1, "changed_at": now}
        return self._db.execute(update(drafts).where(mine).values(**changed)).rowcount == 1

    def close(self, draft: str, revision: int, state: str, now: datetime) -> bool:
        """End a draft (`filed`, `dropped`), if nobody changed it since `revision`. What was answered lives on in the
        dossier alone."""
        mine = (drafts.c.id == draft) & (drafts.c.revision == revision) & (drafts.c.state == "open")
        ended = {"state": state, "answers": {}, "changed_at": now}
        return self._db.execute(update(drafts).where(mine).values(**ended)).rowcount == 1

    def give(self, draft: str, person: str) -> None:
        """Another person goes on with it."""
        self._db.execute(update(drafts).where(drafts.c.id == draft).values(person=person))

    def drop(self, draft: str, now: datetime) -> None:
        mine = (drafts.c.id == draft) & (drafts.c.state == "open")
        self._db.execute(update(drafts).where(mine).values(state="dropped", answers={}, changed_at=now))

    def expire(self, now: datetime) -> int:
        """Throw away what nobody touched for thirty days."""
        old = (drafts.c.changed_at < now - KEPT) & (drafts.c.state == "open")
        ended = {"state": "expired", "answers": {}, "changed_at": now}
        return self._db.execute(update(drafts).where(old).values(**ended)).rowcount

    def forget(self, now: datetime, limit: int = 200) -> list[str]:
        """Forget drafts that ended thirty days ago, at most `limit`; returns which."""
        old = (drafts.c.changed_at < now - KEPT) & (drafts.c.state != "open")
        gone = list(self._db.execute(select(drafts.c.id).where(old).limit(limit)).scalars())
        if gone:
            self._db.execute(drafts.delete().where(drafts.c.id.in_(gone)))
        return gone


def _draft(row: Any) -> Draft:
    return Draft(
        row.id,
        row.person,
        row.procedure,
        row.form_version,
        row.answers,
        row.revision,
        row.begun_on,
        row.changed_at,
    )


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "person": draft.person,
        "procedure": draft.procedure,
        "form_version": draft.form_version,
        "answers": dict(draft.answers),
        "revision": draft.revision,
        "begun_on": draft.begun_on,
        "changed_at": draft.changed_at,
    }

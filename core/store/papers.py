"""Papers: a pointer first, then kept under the hash of its content. No paper counts until it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from core.store.dialect import keep_first
from core.store.tables.people import papers

RECORDING = "recording"  # stands in the place of a draft: a voice note for an officer


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `state`: waiting (only a pointer), kept, refused (`problem` says why)."""

    id: str
    field: str
    channel: str
    pointer: str
    name: str
    state: str
    draft: str | None = None
    dossier: int | None = None
    content_type: str = ""
    size: int | None = None
    sha256: str = ""
    problem: str = ""
    tries: int = 0


class Papers:
    """Statements on `papers`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, paper: Paper, now: datetime) -> None:
        """Write a paper down, or nothing where the same pointer is there for the same draft."""
        row = {**{name: getattr(paper, name) for name in Paper.__slots__}, "due_at": now, "created_at": now}
        self._db.execute(keep_first(self._db, papers, ("channel", "pointer", "draft")), row)

    def waiting(self, now: datetime, limit: int = 8) -> list[Paper]:
        """Papers to fetch now."""
        query = (
            select(papers)
            .where(papers.c.state == "waiting", papers.c.due_at <= now)
            .order_by(papers.c.due_at)
        )
        return [_paper(row) for row in self._db.execute(query.limit(limit))]

    def kept(self, paper: str, sha256: str, size: int, content_type: str) -> None:
        values = {
            "state": "kept",
            "sha256": sha256,
            "size": size,
            "content_type": content_type,
            "problem": None,
        }
        self._db.execute(update(papers).where(papers.c.id == paper).values(**values))

    def refused(self, paper: str, problem: str) -> None:
        self._db.execute(update(papers).where(papers.c.id == paper).values(state="refused", problem=problem))

    def later(self, paper: str, due_at: datetime) -> None:
        self._db.execute(
            update(papers).where(papers.c.id == paper).values(due_at=due_at, tries=papers.c.tries + 1)
        )

    def get(self, paper: str) -> Paper | None:
        row = self._db.execute(select(papers).where(papers.c.id == paper)).first()
        return None if row is None else _paper(row)

    def of_draft(self, draft: str) -> list[Paper]:
        return [
            _paper(row)
            for row in self._db.execute(select(papers).where(papers.c.draft == draft).order_by(papers.c.id))
        ]

    def of_dossier(self, dossier: int) -> list[Paper]:
        query = select(papers).where(papers.c.dossier == dossier).order_by(papers.c.id)
        return [_paper(row) for row in self._db.execute(query)]

    def hand_over(self, draft: str, dossier: int) -> None:
        """The draft was filed: its papers belong to the dossier."""
        self._db.execute(update(papers).where(papers.c.draft == draft).values(dossier=dossier))

    def forget(self, drafts: Sequence[str], recordings_before: datetime) -> list[str]:
        """Forget the papers of drafts that were never filed, and old recordings. Returns the contents (SHA-256) that no
        paper is any more."""
        unfiled = papers.c.dossier.is_(None) & papers.c.draft.in_(list(drafts))
        old = (papers.c.draft == RECORDING) & (papers.c.created_at < recordings_before)
        removed = papers.delete().where(or_(unfiled, old)).returning(papers.c.sha256)
        contents = sorted({sha256 for sha256 in self._db.execute(removed).scalars() if sha256})
        still = select(papers.c.sha256).where(papers.c.sha256.in_(contents))
        kept = set(self._db.execute(still).scalars()) if contents else set()
        return [sha256 for sha256 in contents if sha256 not in kept]

    def remove(self, paper: str, draft: str) -> None:
        self._db.execute(papers.delete().where(papers.c.id == paper, papers.c.draft == draft))


def _paper(row: Any) -> Paper:
    values = {name: getattr(row, name) for name in Paper.__slots__}
    for name in ("sha256", "problem", "content_type"):
        values[name] = values[name] or ""
    return Paper(**values)

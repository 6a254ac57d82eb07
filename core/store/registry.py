"""Published definitions, by version, and the generation by which every process sees that something was published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from core.store.dialect import insert
from core.store.tables.registry import definitions, settings

GENERATION = "generation"


# Every batch of turns asks for it, so it is built once.
_GENERATION = select(settings.c.generation).where(settings.c.name == GENERATION)


class Registry:
    """Statements on `definitions` and `settings`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def generation(self) -> int:
        """Counts up with every publishing."""
        return int(self._db.execute(_GENERATION).scalar() or 0)

    def publish(
        self, kind: str, documents: Mapping[str, Any], source: str, by: str, now: datetime
    ) -> list[str]:
        """Publish new versions of what changed. Returns the codes that did."""
        latest = {row.code: row for row in self._latest(kind)}
        rows = []
        for code, document in documents.items():
            digest = digest_of(document)
            before = latest.get(code)
            if before is not None and before.digest == digest:
                continue
            rows.append(
                {
                    "kind": kind,
                    "code": code,
                    "version": 1 if before is None else before.version + 1,
                    "digest": digest,
                    "document": document,
                    "source": source,
                    "published_at": now,
                    "published_by": by,
                }
            )
        if rows:
            self._db.execute(definitions.insert(), rows)
            self._advance()
        return [row["code"] for row in rows]

    def _advance(self) -> None:
        statement = insert(self._db, settings)
        changed = {"generation": settings.c.generation + 1}
        statement = statement.on_conflict_do_update(index_elements=["name"], set_=changed)
        self._db.execute(statement, {"name": GENERATION, "value": "", "generation": 1})

    def _latest(self, kind: str) -> Sequence[Any]:
        newest = (
            select(definitions.c.code, func.max(definitions.c.version).label("version"))
            .where(definitions.c.kind == kind)
            .group_by(definitions.c.code)
            .subquery()
        )
        mine = and_(definitions.c.code == newest.c.code, definitions.c.version == newest.c.version)
        return self._db.execute(
            select(definitions).join(newest, mine).where(definitions.c.kind == kind)
        ).all()

    def latest(self, kind: str) -> dict[str, tuple[int, Any, str]]:
        """The newest version of every definition of a kind: code to (version, document, source)."""
        return {row.code: (row.version, row.document, row.source) for row in self._latest(kind)}

    def document(self, kind: str, code: str, version: int) -> Any:
        """One version as it was published, or None."""
        mine = (
            (definitions.c.kind == kind) & (definitions.c.code == code) & (definitions.c.version == version)
        )
        return self._db.execute(select(definitions.c.document).where(mine)).scalar()

    def get(self, name: str) -> str | None:
        """A setting of the installation itself."""
        return self._db.execute(select(settings.c.value).where(settings.c.name == name)).scalar()

    def set(self, name: str, value: str) -> None:
        statement = insert(self._db, settings)
        statement = statement.on_conflict_do_update(
            index_elements=["name"], set_={"value": statement.excluded.value}
        )
        self._db.execute(statement, {"name": name, "value": value, "generation": 1})


def digest_of(document: Any) -> str:
    """What tells two versions of a definition apart."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

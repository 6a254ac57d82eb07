"""Single-use secrets, kept by their hash: one-time codes, sign-in links, links that continue a draft."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from core.store.dialect import upsert
from core.store.tables.people import tokens

TRIES = 5  # wrong tries at one subject's code before it is dead
ANYBODY = "*"  # secrets that whoever holds them may use; nobody's wrong tries may kill everybody's


def digest(kind: str, subject: str, secret: str) -> str:
    """The key under which a secret is kept. Short codes are bound to their subject, so that they cannot be tried
    against everybody's."""
    return hashlib.sha256(f"{kind}|{subject}|{secret}".encode()).hexdigest()


class Tokens:
    """Statements on `tokens`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def issue(
        self,
        kind: str,
        subject: str,
        secret: str,
        life: timedelta,
        now: datetime,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Make a secret valid. An earlier one of the same kind for the same subject stays valid until it ends."""
        row = {
            "digest": digest(kind, subject, secret),
            "kind": kind,
            "subject": subject,
            "values": dict(values or {}),
            "tries": 0,
            "expires_at": now + life,
            "used_at": None,
        }
        columns = ("subject", "values", "tries", "expires_at", "used_at")
        self._db.execute(upsert(self._db, tokens, ("digest",), columns), row)

    def look(self, kind: str, subject: str, secret: str, now: datetime) -> Mapping[str, Any] | None:
        """What an unused secret stands for, leaving it unused."""
        row = self._db.execute(select(tokens).where(tokens.c.digest == digest(kind, subject, secret))).first()
        if row is None or row.used_at is not None or row.expires_at < now or row.tries >= TRIES:
            return None
        found: Mapping[str, Any] = row.values
        return found

    def use(self, kind: str, subject: str, secret: str, now: datetime) -> Mapping[str, Any] | None:
        """Use a secret up. None: wrong, used, expired, or tried too often."""
        found = self.look(kind, subject, secret, now)
        if found is None:
            if subject != ANYBODY:
                self._count_try(kind, subject)
            return None
        key = tokens.c.digest == digest(kind, subject, secret)
        used = self._db.execute(update(tokens).where(key, tokens.c.used_at.is_(None)).values(used_at=now))
        return found if used.rowcount == 1 else None

    def _count_try(self, kind: str, subject: str) -> None:
        mine = (tokens.c.kind == kind) & (tokens.c.subject == subject) & tokens.c.used_at.is_(None)
        self._db.execute(update(tokens).where(mine).values(tries=tokens.c.tries + 1))

    def issued_since(self, kind: str, subject: str, since: datetime, life: timedelta) -> int:
        """How many secrets of this kind were issued for a subject since then (by when they expire)."""
        query = select(func.count()).where(
            tokens.c.kind == kind, tokens.c.subject == subject, tokens.c.expires_at >= since + life
        )
        return int(self._db.execute(query).scalar() or 0)

    def clear(self, before: datetime) -> None:
        self._db.execute(tokens.delete().where(tokens.c.expires_at < before))

"""Officials and their sessions. A session is a row, so that it can be listed and revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from core.store.tables.desk import officials, sessions


@dataclass(frozen=True, slots=True)
class Official:
    """One who works at the desk. `roles`: reception, handler, approver, leader, administrator, auditor."""

    id: str
    login: str
    name: str
    roles: tuple[str, ...]
    agency: str
    password: str | None = None  # an argon2 hash
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `digest` is the hash of the cookie; the cookie itself is kept nowhere."""

    digest: str
    official: str
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    agent: str = ""


class Officials:
    """Statements on `officials` and `sessions`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def count(self) -> int:
        return int(self._db.execute(select(func.count()).select_from(officials)).scalar() or 0)

    def all(self) -> list[Official]:
        return [_official(row) for row in self._db.execute(select(officials).order_by(officials.c.login))]

    def get(self, official: str) -> Official | None:
        row = self._db.execute(select(officials).where(officials.c.id == official)).first()
        return None if row is None else _official(row)

    def by_login(self, login: str) -> Official | None:
        row = self._db.execute(select(officials).where(officials.c.login == login)).first()
        return None if row is None else _official(row)

    def add(self, official: Official, now: datetime) -> None:
        row = {name: getattr(official, name) for name in Official.__slots__}
        row |= {"roles": list(official.roles), "active": int(official.active), "created_at": now}
        self._db.execute(officials.insert(), row)

    def set_password(self, official: str, password: str) -> None:
        values = {"password": password, "failures": 0, "locked_until": None}
        self._db.execute(update(officials).where(officials.c.id == official).values(**values))

    def set_roles(self, official: str, roles: tuple[str, ...], active: bool) -> None:
        values = {"roles": list(roles), "active": int(active)}
        self._db.execute(update(officials).where(officials.c.id == official).values(**values))

    def failed(self, official: str, failures: int, locked_until: datetime | None) -> None:
        values = {"failures": failures, "locked_until": locked_until}
        self._db.execute(update(officials).where(officials.c.id == official).values(**values))

    # -- sessions -------------------------------------------------------------------------------------------------

    def sign_in(self, session: Session) -> None:
        self._db.execute(sessions.insert(), {name: getattr(session, name) for name in Session.__slots__})

    def session(self, digest: str, now: datetime) -> Session | None:
        row = self._db.execute(
            select(sessions).where(sessions.c.digest == digest, sessions.c.expires_at >= now)
        ).first()
        return None if row is None else Session(**{name: getattr(row, name) for name in Session.__slots__})

    def seen(self, digest: str, now: datetime, expires_at: datetime) -> None:
        self._db.execute(
            update(sessions).where(sessions.c.digest == digest).values(seen_at=now, expires_at=expires_at)
        )

    def sign_out(self, digest: str) -> None:
        self._db.execute(sessions.delete().where(sessions.c.digest == digest))

    def forget_sessions(self, now: datetime) -> None:
        """A session that ended is of no use to anybody."""
        self._db.execute(sessions.delete().where(sessions.c.expires_at < now))

    def sign_out_all(self, official: str) -> None:
        self._db.execute(sessions.delete().where(sessions.c.official == official))


def _official(row: Any) -> Official:
    return Official(
        id=row.id,
        login=row.login,
        name=row.name,
        roles=tuple(row.roles),
        agency=row.agency,
        password=row.password,
        active=bool(row.active),
        failures=row.failures,
        locked_until=row.locked_until,
    )

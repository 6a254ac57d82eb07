"""Dossiers, their events, and who is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from core import plain
from core.messages import Address
from core.store.dialect import insert, upsert
from core.store.tables.dossiers import counters, dossiers, events, followers
from procedures.dossier import Dossier, Event
from procedures.words import fold


class Moved(Exception):
    """Somebody else changed the dossier since it was read. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Record:
    """A dossier with what the office keeps beside it. `kind` says what the filing is; `twin` is what makes two
    filings the same thing; `pin_digest` is the hash of the PIN on the receipt."""

    id: int
    dossier: Dossier
    kind: str
    agency: str
    applicant: str
    applicant_name: str
    medium: str
    pin_digest: str
    twin: str
    closed_at: datetime | None = None
    assignee: str | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    """An address that is told. `role`: applicant, authorised, follower; `state`: asked, active, ended."""

    dossier: int
    address: str
    role: str
    state: str
    request: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of dossiers is to show. Empty means: everything."""

    states: tuple[int, ...] = ()
    text: str = ""  # a code, a phone code, or a name without marks
    assignee: str = ""
    agency: str = ""
    due_before: datetime | None = None
    open_only: bool = False


class Dossiers:
    """Statements on `dossiers`, `events`, `followers` and `counters`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def next_number(self, name: str) -> int:
        """The next number of a counter, from 1. The row stays locked until the commit: no gaps, no doubles."""
        statement = insert(self._db, counters)
        statement = statement.on_conflict_do_update(
            index_elements=["name"], set_={"value": counters.c.value + 1}
        ).returning(counters.c.value)
        return int(self._db.execute(statement, {"name": name, "value": 1}).scalar_one())

    def add(self, record: Record) -> int:
        """Write a new dossier; returns its row."""
        made = self._db.execute(
            dossiers.insert().returning(dossiers.c.id),
            {**_row(record), "phone_code": record.dossier.short_code},
        )
        return int(made.scalar_one())

    def write(self, record: Record, revision: int) -> None:
        """Write a dossier that was read with `revision`. Raises `Moved`."""
        mine = (dossiers.c.id == record.id) & (dossiers.c.revision == revision)
        if self._db.execute(update(dossiers).where(mine).values(**_row(record))).rowcount != 1:
            raise Moved

    def get(self, dossier: int) -> Record | None:
        row = self._db.execute(select(dossiers).where(dossiers.c.id == dossier)).first()
        return None if row is None else _record(row)

    def by_code(self, code: str) -> Record | None:
        """By official code in any writing, or by phone code."""
        key = code_key(code)
        query = select(dossiers).where(or_(dossiers.c.code_key == key, dossiers.c.phone_code == key))
        row = self._db.execute(query).first()
        return None if row is None else _record(row)

    def phone_code_taken(self, phone_code: str) -> bool:
        query = select(dossiers.c.id).where(dossiers.c.phone_code == phone_code)
        return self._db.execute(query).first() is not None

    def twins(self, twin: str, since: datetime) -> list[Record]:
        """Open filings of the same thing since then."""
        same = (dossiers.c.twin == twin) & (dossiers.c.filed_at >= since) & dossiers.c.closed_at.is_(None)
        return [
            _record(row)
            for row in self._db.execute(select(dossiers).where(same).order_by(dossiers.c.id.desc()))
        ]

    def of(self, persons: Sequence[str], limit: int = 20) -> list[Record]:
        """Dossiers of these persons, open ones first, the newest first."""
        query = select(dossiers).where(dossiers.c.applicant.in_(persons))
        query = query.order_by(dossiers.c.closed_at.is_not(None), dossiers.c.filed_at.desc()).limit(limit)
        return [_record(row) for row in self._db.execute(query)]

    def listed(self, wanted: Wanted, limit: int = 100, offset: int = 0) -> tuple[list[Record], int]:
        """One page of a list, due first, and how many there are in all."""
        where = _where(wanted)
        total = int(self._db.execute(select(func.count()).select_from(dossiers).where(*where)).scalar() or 0)
        query = (
            select(dossiers)
            .where(*where)
            .order_by(
                dossiers.c.closed_at.is_not(None),
                dossiers.c.due_at.is_(None),
                dossiers.c.due_at,
                dossiers.c.id.desc(),
            )
        )
        return [_record(row) for row in self._db.execute(query.limit(limit).offset(offset))], total

    # -- events ---------------------------------------------------------------------------------------------------

    def happened(self, dossier: int, what: Sequence[Event]) -> None:
        """Add events. There is no statement that changes or removes one."""
        if what:
            self._db.execute(events.insert(), [_event_row(dossier, event) for event in what])

    def history(self, dossier: int) -> list[Event]:
        rows = self._db.execute(select(events).where(events.c.dossier == dossier).order_by(events.c.id))
        return [plain.load(Event, row.document) for row in rows]

    # -- who is told ----------------------------------------------------------------------------------------------

    def register(self, follower: Follower, now: datetime) -> None:
        """Put an address on the list of a dossier, or change how it stands there."""
        row = {name: getattr(follower, name) for name in Follower.__slots__} | {"at": now}
        self._db.execute(
            upsert(self._db, followers, ("dossier", "address"), ("role", "state", "request", "at")), row
        )

    def followers(self, dossier: int) -> list[Follower]:
        query = select(followers).where(followers.c.dossier == dossier).order_by(followers.c.id)
        return [_follower(row) for row in self._db.execute(query)]

    def request(self, request: str) -> Follower | None:
        """A request to follow, by its id."""
        row = self._db.execute(select(followers).where(followers.c.request == request)).first()
        return None if row is None else _follower(row)

    def registered(self, address: Address) -> list[Record]:
        """Dossiers on which an address is actively registered, open ones first, the newest first."""
        mine = select(followers.c.dossier).where(
            followers.c.address == str(address), followers.c.state == "active"
        )
        query = select(dossiers).where(dossiers.c.id.in_(mine.scalar_subquery()))
        query = query.order_by(dossiers.c.closed_at.is_not(None), dossiers.c.filed_at.desc()).limit(20)
        return [_record(row) for row in self._db.execute(query)]


def code_key(code: str) -> str:
    """What codes are compared by: letters and digits, upper case."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def _where(wanted: Wanted) -> list[Any]:
    where: list[Any] = []
    if wanted.states:
        where.append(dossiers.c.state.in_(wanted.states))
    if wanted.open_only:
        where.append(dossiers.c.closed_at.is_(None))
    if wanted.assignee:
        where.append(dossiers.c.assignee == wanted.assignee)
    if wanted.agency:
        where.append(dossiers.c.agency == wanted.agency)
    if wanted.due_before is not None:
        where.append((dossiers.c.due_at < wanted.due_before) & dossiers.c.closed_at.is_(None))
    if wanted.text:
        key = code_key(wanted.text)
        name = dossiers.c.name_key.contains(fold(wanted.text), autoescape=True)
        code = dossiers.c.code_key.contains(key, autoescape=True) if key else name
        where.append(or_(name, code, dossiers.c.phone_code == key))
    return where


def _row(record: Record) -> Mapping[str, Any]:
    dossier = record.dossier
    return {
        "code": dossier.code,
        "code_key": code_key(dossier.code),
        "pin_digest": record.pin_digest,
        "document": plain.dump(dossier),
        "procedure": dossier.procedure,
        "kind": record.kind,
        "agency": record.agency,
        "applicant": record.applicant,
        "applicant_name": record.applicant_name,
        "name_key": fold(record.applicant_name),
        "state": dossier.state,
        "medium": record.medium,
        "filed_at": dossier.filed_at,
        "due_at": dossier.due_at,
        "closed_at": record.closed_at,
        "assignee": record.assignee,
        "twin": record.twin,
        "revision": dossier.revision,
    }


def _record(row: Any) -> Record:
    dossier = replace(plain.load(Dossier, row.document), revision=row.revision)
    return Record(
        row.id, dossier, row.kind, row.agency, row.applicant, row.applicant_name, row.medium, row.pin_digest, row.twin,
        row.closed_at, row.assignee,
    )  # fmt: skip


def _event_row(dossier: int, event: Event) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "kind": event.kind.value,
        "at": event.at,
        "actor": event.by,
        "document": plain.dump(event),
    }


def _follower(row: Any) -> Follower:
    return Follower(row.dossier, row.address, row.role, row.state, row.request)


__all__ = ["Dossiers", "Follower", "Moved", "Record", "Wanted", "code_key"]

"""What the desk's lists show: dossiers by filter with counts, talks, tasks, failed messages, sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, update

from core import plain
from core.store.dialect import insert
from core.store.dossiers import Record, code_key
from core.store.tables.desk import audit, sessions, tasks
from core.store.tables.dossiers import dossiers, followers
from core.store.tables.messages import conversations, inbox, lanes
from core.talk.conversation import Conversation
from procedures.dossier import Dossier
from procedures.words import fold


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dossiers. Empty means all. `due_from` and `due_before` bound the due moment."""

    states: tuple[int, ...] = ()
    text: str = ""  # a code in any writing, a phone code, a name without marks
    assignee: str = ""
    medium: str = ""
    due_from: datetime | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """A message whose turn failed too often."""

    id: int
    channel: str
    address: str
    medium: str
    error: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk in a list; `waiting_since` is the oldest open call for an official, None where nobody waits."""

    talk: Conversation
    waiting_since: datetime | None


class DeskShelf:
    """Statements for the desk's lists, on a transaction's connection: `DeskShelf(shelves.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    # -- dossiers -------------------------------------------------------------------------------------------

    def dossiers(self, wanted: Filter, limit: int, offset: int = 0) -> list[Record]:
        """One page: open ones first, the due soonest first, then the newest. Only ids are sorted: the rows are
        wide, and a page is short."""
        order = (
            dossiers.c.closed_at.is_not(None),
            dossiers.c.due_at.is_(None),
            dossiers.c.due_at,
            dossiers.c.id.desc(),
        )
        page = select(dossiers.c.id).where(*_where(wanted)).order_by(*order).limit(limit).offset(offset)
        ids = list(self._db.execute(page).scalars())
        query = select(dossiers).where(dossiers.c.id.in_(ids)).order_by(*order)
        return [_record(row) for row in self._db.execute(query)]

    def counts(self, wanted: Mapping[str, Filter]) -> dict[str, int]:
        """How many there are of each. What asks for states alone is answered from the index of states; the rest
        in one look at the dossiers in the states that they name."""
        plain_ones = {name: each for name, each in wanted.items() if each == Filter(states=each.states)}
        found = self._by_state(plain_ones)
        rest = {name: each for name, each in wanted.items() if name not in plain_ones}
        if rest:
            columns = [_count(each).label(name) for name, each in rest.items()]
            query = select(*columns)
            if all(each.states for each in rest.values()):
                states = {state for each in rest.values() for state in each.states}
                query = query.where(dossiers.c.state.in_(states))
            found |= {name: int(value) for name, value in self._db.execute(query).one()._mapping.items()}
        return {name: found[name] for name in wanted}

    def _by_state(self, wanted: Mapping[str, Filter]) -> dict[str, int]:
        if not wanted:
            return {}
        query = select(dossiers.c.state, func.count()).group_by(dossiers.c.state)
        each = {int(state): int(count) for state, count in self._db.execute(query)}
        return {
            name: sum(count for state, count in each.items() if not one.states or state in one.states)
            for name, one in wanted.items()
        }

    def follow_requests(self, limit: int = 50) -> list[tuple[int, str, str]]:
        """Who asked to follow and waits for the applicant: (dossier, its code, address)."""
        query = (
            select(followers.c.dossier, dossiers.c.code, followers.c.address)
            .join(dossiers, dossiers.c.id == followers.c.dossier)
            .where(followers.c.state == "asked")
            .order_by(followers.c.at)
            .limit(limit)
        )
        return [(row.dossier, row.code, row.address) for row in self._db.execute(query)]

    # -- talks ----------------------------------------------------------------------------------------------

    def talks(self, *, held: bool = False, waiting: bool = False, limit: int = 100) -> list[TalkRow]:
        """Recent talks; or those that an official holds; or those whose person waits, the longest first."""
        calls = (
            select(tasks.c.address, func.min(tasks.c.created_at).label("since"))
            .where(tasks.c.state == "open", tasks.c.kind.in_(("officer", "callback")))
            .group_by(tasks.c.address)
            .subquery()
        )
        query = select(conversations.c.state, conversations.c.revision, calls.c.since).outerjoin(
            calls, calls.c.address == conversations.c.address
        )
        if held:
            query = query.where(conversations.c.held_by.is_not(None))
        if waiting:
            query = query.where(calls.c.since.is_not(None)).order_by(calls.c.since)
        query = query.order_by(conversations.c.heard_at.desc()).limit(limit)
        rows = self._db.execute(query)
        return [TalkRow(plain.load(Conversation, row.state), row.since) for row in rows]

    # -- messages that failed -------------------------------------------------------------------------------

    def aside(self, limit: int = 100) -> list[Aside]:
        """Set-aside messages, the oldest first."""
        query = select(inbox).where(inbox.c.state == "aside").order_by(inbox.c.id).limit(limit)
        return [_aside(row) for row in self._db.execute(query)]

    def again(self, message: int, now: datetime) -> bool:
        """Let a set-aside message have its turn once more. False where somebody dealt with it already."""
        mine = (inbox.c.id == message) & (inbox.c.state == "aside")
        found = self._db.execute(
            update(inbox).where(mine).values(state="new", tries=0).returning(inbox.c.address)
        ).scalar()
        if found is None:
            return False
        statement = insert(self._db, lanes)
        ready = func.coalesce(lanes.c.ready_at, statement.excluded.ready_at)
        statement = statement.on_conflict_do_update(index_elements=["address"], set_={"ready_at": ready})
        self._db.execute(statement, {"address": found, "ready_at": now})
        return True

    def put_away(self, message: int, now: datetime) -> bool:
        """A set-aside message gets no turn any more."""
        mine = (inbox.c.id == message) & (inbox.c.state == "aside")
        return self._db.execute(update(inbox).where(mine).values(state="done", done_at=now)).rowcount == 1

    # -- the desk's own -------------------------------------------------------------------------------------

    def sessions(self, official: str, now: datetime) -> list[Any]:
        """The living sessions of an official, the latest used first."""
        mine = (sessions.c.official == official) & (sessions.c.expires_at >= now)
        return list(self._db.execute(select(sessions).where(mine).order_by(sessions.c.seen_at.desc())))

    def done_tasks(self, limit: int = 20) -> list[Any]:
        """What was finished last."""
        query = select(tasks).where(tasks.c.state == "done").order_by(tasks.c.done_at.desc()).limit(limit)
        return list(self._db.execute(query))

    def log(self, *, subject: str = "", actor: str = "", limit: int = 200) -> list[Any]:
        """The record of who did and saw what, the latest first."""
        query = select(audit)
        if subject:
            query = query.where(audit.c.subject == subject)
        if actor:
            query = query.where(audit.c.actor == actor)
        return list(self._db.execute(query.order_by(audit.c.id.desc()).limit(limit)))


def _count(wanted: Filter) -> Any:
    return func.coalesce(func.sum(case((and_(True, *_where(wanted)), 1), else_=0)), 0)


def _where(wanted: Filter) -> Sequence[Any]:
    where: list[Any] = []
    if wanted.states:
        where.append(dossiers.c.state.in_(wanted.states))
    if wanted.assignee:
        where.append(dossiers.c.assignee == wanted.assignee)
    if wanted.medium:
        where.append(dossiers.c.medium == wanted.medium)
    if wanted.due_from is not None:
        where.append(dossiers.c.due_at >= wanted.due_from)
    if wanted.due_before is not None:
        where.append(dossiers.c.due_at < wanted.due_before)
    if wanted.text:
        where.append(_finds(wanted.text))
    return where


def _finds(text: str) -> Any:
    """A name that contains the words; or a code, where what was typed has a figure in it (no name has)."""
    name = dossiers.c.name_key.contains(fold(text), autoescape=True)
    key = code_key(text)
    if not any(letter.isdigit() for letter in key):
        return name
    return or_(name, dossiers.c.code_key.contains(key, autoescape=True), dossiers.c.phone_code == key)


def _record(row: Any) -> Record:
    dossier = replace(plain.load(Dossier, row.document), revision=row.revision)
    return Record(
        id=row.id,
        dossier=dossier,
        kind=row.kind,
        agency=row.agency,
        applicant=row.applicant,
        applicant_name=row.applicant_name,
        medium=row.medium,
        pin_digest=row.pin_digest,
        twin=row.twin,
        closed_at=row.closed_at,
        assignee=row.assignee,
    )


def _aside(row: Any) -> Aside:
    return Aside(row.id, row.channel, row.address, row.medium, row.error or "", row.received_at)

"""The channels' notebooks, and the locks by which one process holds something."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Insert, and_, or_, select, update

from core.channel import Note, Page
from core.store.dialect import insert, keep_first
from core.store.many import Many
from core.store.tables.messages import answers, locks, pages

PROCESS = "process/"


def _write(dialect: str) -> Insert:
    statement = insert(dialect, pages)
    changed = {
        "value": statement.excluded.value,
        "expires_at": statement.excluded.expires_at,
        "revision": pages.c.revision + 1,
    }
    made: Insert = statement.on_conflict_do_update(index_elements=["channel", "key"], set_=changed)
    return made


_WRITE = Many(_write)


class Pages:
    """Statements on `pages`, `locks` and `answers`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, channel: str, key: str, now: datetime) -> Page | None:
        query = select(pages).where(pages.c.channel == channel, pages.c.key == key, _alive(now))
        row = self._db.execute(query).first()
        return None if row is None else _page(row)

    def write(self, channel: str, notes: Sequence[Note], now: datetime) -> None:
        """Write or tear out pages."""
        gone = [note.key for note in notes if note.value is None]
        if gone:
            self._db.execute(pages.delete().where(pages.c.channel == channel, pages.c.key.in_(gone)))
        rows = [
            _row(channel, note.key, note.value, note.keep, now) for note in notes if note.value is not None
        ]
        if rows:
            _WRITE.run(self._db, rows)

    def swap(self, channel: str, note: Note, revision: int, now: datetime) -> bool:
        """Write only if the page has this revision; 0: only if there is none (or it has expired)."""
        row = _row(channel, note.key, note.value, note.keep, now)
        if revision == 0:
            dead = and_(pages.c.channel == channel, pages.c.key == note.key, pages.c.expires_at < now)
            self._db.execute(pages.delete().where(dead))
            # By what comes back: PostgreSQL's driver does not say how many rows such an insert wrote.
            made = keep_first(self._db, pages, ("channel", "key")).returning(pages.c.key)
            return self._db.execute(made, row).first() is not None
        mine = and_(pages.c.channel == channel, pages.c.key == note.key, pages.c.revision == revision)
        changed = {"value": row["value"], "expires_at": row["expires_at"], "revision": revision + 1}
        return self._db.execute(update(pages).where(mine).values(**changed)).rowcount == 1

    def find(self, channel: str, prefix: str, after: str, limit: int, now: datetime) -> list[Page]:
        """Pages by prefix, in the order of their keys (plain ASCII order)."""
        first = max(prefix, after)
        span = and_(
            pages.c.channel == channel,
            pages.c.key >= first,
            pages.c.key < prefix + "\x7f",
            pages.c.key > after,
        )
        rows = self._db.execute(select(pages).where(span, _alive(now)).order_by(pages.c.key).limit(limit))
        return [_page(row) for row in rows]

    def clear(self, now: datetime) -> int:
        """Tear out what has expired."""
        return self._db.execute(pages.delete().where(pages.c.expires_at < now)).rowcount

    def lock(self, name: str, holder: str, now: datetime, hold: timedelta) -> bool:
        """Become, or stay, the holder."""
        statement = insert(self._db, locks)
        statement = statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
            where=or_(locks.c.until < now, locks.c.holder == holder),
        ).returning(locks.c.name)
        row = {"name": name, "holder": holder, "until": now + hold}
        return self._db.execute(statement, row).first() is not None

    def beat(self, holder: str, now: datetime, hold: timedelta) -> None:
        """A sign of life of this process. Leases of a process without one are void."""
        self.lock(f"{PROCESS}{holder}", holder, now, hold)

    def living(self, now: datetime) -> list[str]:
        """The processes that gave a sign of life."""
        alive = and_(locks.c.name.startswith(PROCESS, autoescape=True), locks.c.until >= now)
        return list(self._db.execute(select(locks.c.holder).where(alive)).scalars())

    def bury(self) -> None:
        """No process but the one that asks can be alive."""
        self._db.execute(locks.delete())

    def unlock_all(self, holder: str) -> None:
        """A process that stops gives back what it holds."""
        self._db.execute(locks.delete().where(locks.c.holder == holder))

    def answer(self, channel: str, external_id: str) -> str | None:
        """The stored answer of a call's turn, or None."""
        query = select(answers.c.messages).where(
            answers.c.channel == channel, answers.c.external_id == external_id
        )
        return self._db.execute(query).scalar()

    def keep_answer(self, channel: str, external_id: str, messages: str, now: datetime) -> None:
        row = {"channel": channel, "external_id": external_id, "messages": messages, "at": now}
        self._db.execute(keep_first(self._db, answers, ("channel", "external_id")), row)

    def forget_answers(self, before: datetime) -> None:
        """A provider repeats a request for minutes, not days."""
        self._db.execute(answers.delete().where(answers.c.at < before))


def _alive(now: datetime) -> Any:
    return or_(pages.c.expires_at.is_(None), pages.c.expires_at >= now)


def _page(row: Any) -> Page:
    return Page(row.key, json.loads(row.value), row.revision, row.expires_at)


def _row(channel: str, key: str, value: Any, keep: timedelta | None, now: datetime) -> dict[str, Any]:
    return {
        "channel": channel,
        "key": key,
        "value": json.dumps(value, ensure_ascii=False),
        "revision": 1,
        "expires_at": None if keep is None else now + keep,
    }

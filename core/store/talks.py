"""What is remembered of each talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from core import plain
from core.messages import Address
from core.store.dialect import keep_first
from core.store.many import Many
from core.store.tables.base import EPOCH
from core.store.tables.messages import conversations
from core.talk.conversation import Conversation


class TalkMoved(Exception):
    """Somebody else wrote this conversation since it was read: the turn runs again."""


_MANY = select(conversations.c.address, conversations.c.medium, conversations.c.state).where(
    conversations.c.address.in_(bindparam("b_addresses", expanding=True))
)
_WRITE = Many(
    lambda _: (
        update(conversations)
        .where(
            conversations.c.address == bindparam("b_address"),
            conversations.c.medium == bindparam("b_medium"),
            conversations.c.revision == bindparam("b_revision"),
        )
        .values({name: bindparam(name) for name in ("state", "revision", "held_by", "heard_at")})
    )
)


_BEGIN = Many(lambda dialect: keep_first(dialect, conversations, ("address", "medium")))


class Talks:
    """Statements on `conversations`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, address: Address, medium: str) -> Conversation:
        """The talk, or a new one."""
        return self.many([(str(address), medium)])[str(address), medium]

    def many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Conversation]:
        """The talks of these (address, medium); new ones where there is none."""
        wanted = set(keys)
        addresses = list({address for address, _ in keys})
        found = {
            (row.address, row.medium): plain.load(Conversation, row.state)
            for row in self._db.execute(_MANY, {"b_addresses": addresses})
            if (row.address, row.medium) in wanted
        }
        for address, medium in keys:
            if (address, medium) not in found:
                found[address, medium] = Conversation(Address.parse(address), medium)
        return found

    def put(self, talks: Sequence[Conversation]) -> None:
        """Write talks that were read with the revision they carry. Raises `TalkMoved`."""
        fresh = [_row(talk) for talk in talks if talk.revision == 0]
        known = [_row(talk) | _key(talk) for talk in talks if talk.revision]
        if fresh:
            _all(_BEGIN.run(self._db, fresh), len(fresh))
        if known:
            _all(_WRITE.run(self._db, known), len(known))

    def forget(self, before: datetime, limit: int = 500) -> int:
        """Forget talks that were last heard of before then, at most `limit`; returns how many."""
        old = (conversations.c.heard_at < before) & conversations.c.held_by.is_(None)
        found = select(conversations.c.address, conversations.c.medium).where(old).limit(limit)
        rows = [{"b_address": row.address, "b_medium": row.medium} for row in self._db.execute(found)]
        if rows:
            mine = conversations.c.address == bindparam("b_address")
            this = mine & (conversations.c.medium == bindparam("b_medium"))
            self._db.execute(conversations.delete().where(this), rows)
        return len(rows)

    def language(self, addresses: Sequence[str]) -> str:
        """The language in which one of these addresses spoke last; Vietnamese where none did."""
        found = self._db.execute(_MANY, {"b_addresses": list(addresses)}) if addresses else ()
        talks = [plain.load(Conversation, row.state) for row in found]
        heard = [talk for talk in talks if talk.heard_at is not None]
        return max(heard, key=lambda talk: talk.heard_at or EPOCH).language if heard else "vi"

    def recent(self, limit: int = 100) -> list[Conversation]:
        """Talks, the one heard last first."""
        query = select(conversations.c.state).order_by(conversations.c.heard_at.desc()).limit(limit)
        return [plain.load(Conversation, state) for state in self._db.execute(query).scalars()]


def _row(talk: Conversation) -> dict[str, Any]:
    return {
        "address": str(talk.address),
        "medium": talk.medium,
        "state": plain.dump(_next(talk)),
        "revision": talk.revision + 1,
        "held_by": talk.held_by or None,
        "heard_at": talk.heard_at,
    }


def _key(talk: Conversation) -> dict[str, Any]:
    return {"b_address": str(talk.address), "b_medium": talk.medium, "b_revision": talk.revision}


def _next(talk: Conversation) -> Conversation:
    return replace(talk, revision=talk.revision + 1)


def _all(written: int, wanted: int) -> None:
    if written not in (wanted, -1):
        raise TalkMoved

"""What is remembered of each talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, tuple_, update

from core import plain
from core.messages import Address
from core.store.dialect import keep_first
from core.store.tables.messages import conversations
from core.talk.conversation import Conversation


class TalkMoved(Exception):
    """Somebody else wrote this conversation since it was read: the turn runs again."""


class Talks:
    """Statements on `conversations`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, address: Address, medium: str) -> Conversation:
        """The talk, or a new one."""
        return self.many([(str(address), medium)])[str(address), medium]

    def many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Conversation]:
        """The talks of these (address, medium); new ones where there is none."""
        query = select(conversations.c.address, conversations.c.medium, conversations.c.state).where(
            tuple_(conversations.c.address, conversations.c.medium).in_(list(keys))
        )
        found = {(row.address, row.medium): plain.load(Conversation, row.state) for row in self._db.execute(query)}
        for address, medium in keys:
            if (address, medium) not in found:
                found[address, medium] = Conversation(Address.parse(address), medium)
        return found

    def put(self, talks: Sequence[Conversation]) -> None:
        """Write talks that were read with the revision they carry. Raises `TalkMoved`."""
        fresh = [_row(talk) for talk in talks if talk.revision == 0]
        if fresh:
            written = self._db.execute(keep_first(self._db, conversations, ("address", "medium")), fresh)
            _all(written.rowcount, len(fresh))
        for talk in talks:
            if talk.revision:
                mine = (
                    (conversations.c.address == str(talk.address))
                    & (conversations.c.medium == talk.medium)
                    & (conversations.c.revision == talk.revision)
                )
                _all(self._db.execute(update(conversations).where(mine).values(**_row(talk))).rowcount, 1)

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


def _next(talk: Conversation) -> Conversation:
    return replace(talk, revision=talk.revision + 1)


def _all(written: int, wanted: int) -> None:
    if written not in (wanted, -1):
        raise TalkMoved

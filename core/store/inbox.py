"""What came in, and the lanes in which it is worked off: one address, one turn at a time, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from core import plain
from core.messages import InboundMessage
from core.store.dialect import insert, keep_first
from core.store.tables.messages import inbox, lanes

SLICE = 8  # messages of one lane worked off before the next lane has its turn


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message and the family of its channel, as it is to be kept."""

    message: InboundMessage
    medium: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kept message that waits for its turn."""

    id: int
    address: str
    medium: str
    tries: int
    message: InboundMessage


class Inbox:
    """Statements on `inbox` and `lanes`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def keep(self, arrivals: Sequence[Arrival], now: datetime) -> list[bool]:
        """Keep messages; False where one was known. Their lanes become ready."""
        known = self._known([a.message for a in arrivals])
        fresh: dict[tuple[str, str], Arrival] = {}
        answer = []
        for arrival in arrivals:
            key = (arrival.message.channel, arrival.message.external_id)
            new = key not in known and key not in fresh
            answer.append(new)
            if new:
                fresh[key] = arrival
        if fresh:
            self._db.execute(
                keep_first(self._db, inbox, ("channel", "external_id")), [_row(a) for a in fresh.values()]
            )
            self._ready(sorted({str(a.message.sender) for a in fresh.values()}), now)
        return answer

    def _known(self, messages: Sequence[InboundMessage]) -> set[tuple[str, str]]:
        by_channel: dict[str, list[str]] = {}
        for message in messages:
            by_channel.setdefault(message.channel, []).append(message.external_id)
        known: set[tuple[str, str]] = set()
        for channel, ids in by_channel.items():
            query = select(inbox.c.external_id).where(inbox.c.channel == channel, inbox.c.external_id.in_(ids))
            known.update((channel, found) for found in self._db.execute(query).scalars())
        return known

    def _ready(self, addresses: Sequence[str], now: datetime) -> None:
        statement = insert(self._db, lanes)
        ready = func.coalesce(lanes.c.ready_at, statement.excluded.ready_at)
        statement = statement.on_conflict_do_update(index_elements=["address"], set_={"ready_at": ready})
        self._db.execute(statement, [{"address": address, "ready_at": now} for address in addresses])

    def claim(self, holder: str, now: datetime, lanes_wanted: int, lease: timedelta) -> list[str]:
        """Lease ready lanes nobody works on, those that wait longest first. An expired lease is free."""
        free = or_(lanes.c.lease_until.is_(None), lanes.c.lease_until < now)
        wanted = (
            select(lanes.c.address)
            .where(lanes.c.ready_at <= now, free)
            .order_by(lanes.c.ready_at)
            .limit(lanes_wanted)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(lanes)
            .where(lanes.c.address.in_(wanted.scalar_subquery()))
            .values(lease_until=now + lease, holder=holder)
            .returning(lanes.c.address)
        )
        return list(self._db.execute(taken).scalars())

    def claim_one(self, address: str, holder: str, now: datetime, lease: timedelta) -> bool:
        """Lease this lane, whether something waits in it or not; a call is on the line."""
        statement = insert(self._db, lanes)
        statement = statement.on_conflict_do_update(
            index_elements=["address"],
            set_={"lease_until": statement.excluded.lease_until, "holder": statement.excluded.holder},
            where=or_(lanes.c.lease_until.is_(None), lanes.c.lease_until < now),
        ).returning(lanes.c.address)
        row = {"address": address, "lease_until": now + lease, "holder": holder}
        return self._db.execute(statement, row).first() is not None

    def waiting(self, addresses: Sequence[str]) -> dict[str, list[Waiting]]:
        """The oldest waiting messages of each lane, in order, at most `SLICE` each."""
        rank = func.row_number().over(partition_by=inbox.c.address, order_by=inbox.c.id).label("rank")
        columns = (inbox.c.id, inbox.c.address, inbox.c.medium, inbox.c.tries, inbox.c.message)
        ranked = select(*columns, rank).where(inbox.c.address.in_(addresses), inbox.c.state == "new").subquery()
        found: dict[str, list[Waiting]] = {}
        for row in self._db.execute(select(ranked).where(ranked.c.rank <= SLICE).order_by(ranked.c.id)):
            waiting = Waiting(row.id, row.address, row.medium, row.tries, plain.load(InboundMessage, row.message))
            found.setdefault(row.address, []).append(waiting)
        return found

    def settle(self, done: Sequence[int], now: datetime) -> None:
        """These messages had their turn."""
        if done:
            self._db.execute(update(inbox).where(inbox.c.id.in_(done)).values(state="done", done_at=now))

    def settle_key(self, channel: str, external_id: str, now: datetime) -> None:
        """This message had its turn at once."""
        mine = (inbox.c.channel == channel) & (inbox.c.external_id == external_id)
        self._db.execute(update(inbox).where(mine).values(state="done", done_at=now))

    def stumble(self, message: int, error: str, *, aside: bool) -> None:
        """A turn failed: count it, and set the message aside where it failed too often."""
        values: dict[str, Any] = {"tries": inbox.c.tries + 1, "error": error[:500]}
        if aside:
            values["state"] = "aside"
        self._db.execute(update(inbox).where(inbox.c.id == message).values(**values))

    def release(self, addresses: Sequence[str], holder: str, later: datetime | None = None) -> None:
        """Give lanes back. A lane is ready again if something waits in it (from `later` on, where given)."""
        mine = and_(lanes.c.address.in_(addresses), lanes.c.holder == holder)
        # On PostgreSQL the rows are locked first, so that the look into the inbox sees what was committed meanwhile.
        held = list(self._db.execute(select(lanes.c.address).where(mine).with_for_update()).scalars())
        if not held:
            return
        query = (
            select(inbox.c.address, func.min(inbox.c.received_at).label("ready"))
            .where(inbox.c.address.in_(held), inbox.c.state == "new")
            .group_by(inbox.c.address)
        )
        ready = {row.address: row.ready for row in self._db.execute(query)}
        empty = [address for address in held if address not in ready]
        if empty:
            free = update(lanes).where(lanes.c.address.in_(empty))
            self._db.execute(free.values(lease_until=None, holder=None, ready_at=None))
        for address, since in ready.items():
            free = update(lanes).where(lanes.c.address == address)
            self._db.execute(free.values(lease_until=None, holder=None, ready_at=max(since, later) if later else since))

    def reclaim(self, living: Sequence[str]) -> int:
        """Free the lanes of processes that give no sign of life."""
        dead = and_(lanes.c.holder.is_not(None), lanes.c.holder.not_in(living))
        return self._db.execute(update(lanes).where(dead).values(lease_until=None, holder=None)).rowcount

    def history(self, address: str, limit: int = 200) -> list[Any]:
        """What this address said, the latest first."""
        query = select(inbox).where(inbox.c.address == address).order_by(inbox.c.id.desc()).limit(limit)
        return list(self._db.execute(query))


def _row(arrival: Arrival) -> dict[str, Any]:
    message = arrival.message
    return {
        "channel": message.channel,
        "external_id": message.external_id,
        "address": str(message.sender),
        "medium": arrival.medium,
        "message": plain.dump(message),
        "received_at": message.received_at,
    }

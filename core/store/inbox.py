"""What came in, and the lanes in which it is worked off: one address, one turn at a time, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Insert, Integer, and_, bindparam, exists, func, or_, select, text, update

from core import plain
from core.messages import InboundMessage
from core.store.dialect import insert, keep_first
from core.store.many import Many
from core.store.tables.base import Moment
from core.store.tables.messages import inbox, lanes

SHARE = 500  # rows looked at in one transaction of a cleaning: it must not hold up the traffic
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


# The hot statements are built once: building one costs more than running it.
_NEWEST = select(func.coalesce(func.max(inbox.c.id), 0))
_SINCE = select(inbox.c.channel, inbox.c.external_id).where(inbox.c.id > bindparam("b_id"))
# Another process may have kept the same message in this very moment: what this transaction wrote is ours.
_MINE = text("inbox.xmin = pg_current_xact_id()::xid")
_FREE = or_(lanes.c.lease_until.is_(None), lanes.c.lease_until < bindparam("b_now", type_=Moment))
_CLAIM = (
    update(lanes)
    .where(
        lanes.c.address.in_(
            select(lanes.c.address)
            .where(lanes.c.ready_at <= bindparam("b_now", type_=Moment), _FREE)
            .order_by(lanes.c.ready_at)
            .limit(bindparam("b_limit", type_=Integer))
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(lease_until=bindparam("b_until"), holder=bindparam("b_holder"))
    .returning(lanes.c.address)
)
_RANK = func.row_number().over(partition_by=inbox.c.address, order_by=inbox.c.id).label("rank")
_RANKED = (
    select(inbox.c.id, inbox.c.address, inbox.c.medium, inbox.c.tries, inbox.c.message, _RANK)
    .where(inbox.c.address.in_(bindparam("b_addresses", expanding=True)), text("inbox.state = 'new'"))
    .subquery()
)
_WAITING = select(_RANKED).where(_RANKED.c.rank <= SLICE).order_by(_RANKED.c.id)
_DONE = Many(
    lambda _: (
        update(inbox).where(inbox.c.id == bindparam("b_id")).values(state="done", done_at=bindparam("b_now"))
    )
)
_HELD = (
    select(lanes.c.address)
    .where(
        lanes.c.address.in_(bindparam("b_addresses", expanding=True)), lanes.c.holder == bindparam("b_holder")
    )
    .with_for_update()
)
_STILL = (
    select(inbox.c.address, func.min(inbox.c.received_at).label("ready"))
    .where(inbox.c.address.in_(bindparam("b_addresses", expanding=True)), text("inbox.state = 'new'"))
    .group_by(inbox.c.address)
)
_RELEASE = Many(
    lambda _: (
        update(lanes)
        .where(lanes.c.address == bindparam("b_address"))
        .values(lease_until=None, holder=None, ready_at=bindparam("b_ready"))
    )
)
_KEEP = Many(lambda dialect: keep_first(dialect, inbox, ("channel", "external_id")))


def _ready(dialect: str) -> Insert:
    statement = insert(dialect, lanes)
    ready = func.coalesce(lanes.c.ready_at, statement.excluded.ready_at)
    made: Insert = statement.on_conflict_do_update(index_elements=["address"], set_={"ready_at": ready})
    return made


_READY = Many(_ready)


class Inbox:
    """Statements on `inbox` and `lanes`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._dialect = connection.dialect.name

    def keep(self, arrivals: Sequence[Arrival], now: datetime) -> list[bool]:
        """Keep messages; False where one was known. Their lanes become ready."""
        fresh: dict[tuple[str, str], Arrival] = {}
        for arrival in arrivals:  # of two equal ones the first, in the order of their coming
            fresh.setdefault((arrival.message.channel, arrival.message.external_id), arrival)
        newest = self._db.execute(_NEWEST).scalar_one()
        rows = [_row(arrival) for arrival in fresh.values()]
        kept = set(fresh)
        if _KEEP.run(self._db, rows) != len(rows):
            mine = _SINCE.where(_MINE) if self._dialect == "postgresql" else _SINCE
            kept = {(row.channel, row.external_id) for row in self._db.execute(mine, {"b_id": newest})}
        ready = {str(a.message.sender): now for key, a in fresh.items() if key in kept}
        if ready:
            rows = [{"address": address, "ready_at": at} for address, at in sorted(ready.items())]
            _READY.run(self._db, rows)
        return _once(arrivals, kept)

    def claim(self, holder: str, now: datetime, lanes_wanted: int, lease: timedelta) -> list[str]:
        """Lease ready lanes nobody works on, those that wait longest first. An expired lease is free."""
        given = {"b_now": now, "b_limit": lanes_wanted, "b_until": now + lease, "b_holder": holder}
        return list(self._db.execute(_CLAIM, given).scalars())

    def claim_one(self, address: str, holder: str, now: datetime, lease: timedelta) -> bool:
        """Lease this lane, whether something waits in it or not; a call is on the line."""
        statement = insert(self._dialect, lanes)
        statement = statement.on_conflict_do_update(
            index_elements=["address"],
            set_={"lease_until": statement.excluded.lease_until, "holder": statement.excluded.holder},
            where=or_(lanes.c.lease_until.is_(None), lanes.c.lease_until < now),
        ).returning(lanes.c.address)
        row = {"address": address, "lease_until": now + lease, "holder": holder}
        return self._db.execute(statement, row).first() is not None

    def waiting(self, addresses: Sequence[str]) -> dict[str, list[Waiting]]:
        """The oldest waiting messages of each lane, in order, at most `SLICE` each."""
        found: dict[str, list[Waiting]] = {}
        for row in self._db.execute(_WAITING, {"b_addresses": list(addresses)}):
            waiting = Waiting(
                row.id, row.address, row.medium, row.tries, plain.load(InboundMessage, row.message)
            )
            found.setdefault(row.address, []).append(waiting)
        return found

    def settle(self, done: Sequence[int], now: datetime) -> None:
        """These messages had their turn."""
        if done:
            _DONE.run(self._db, [{"b_id": message, "b_now": now} for message in done])

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
        # On PostgreSQL the rows are locked first, so that the look into the inbox sees what was committed meanwhile.
        if not addresses:
            return
        given = {"b_addresses": list(addresses), "b_holder": holder}
        held = list(self._db.execute(_HELD, given).scalars())
        if not held:
            return
        ready = {row.address: row.ready for row in self._db.execute(_STILL, {"b_addresses": held})}
        rows = []
        for address in held:
            since = ready.get(address)
            rows.append({"b_address": address, "b_ready": max(since, later) if since and later else since})
        _RELEASE.run(self._db, rows)

    def reclaim(self, living: Sequence[str]) -> int:
        """Free the lanes of processes that give no sign of life."""
        dead = and_(lanes.c.holder > "", lanes.c.holder.not_in(living))
        return self._db.execute(update(lanes).where(dead).values(lease_until=None, holder=None)).rowcount

    def forget(self, before: datetime, after: int, limit: int = SHARE) -> int | None:
        """Forget messages that had their turn and came before then, among the next rows after `after`. Returns the row
        to go on from, None where there is nothing older."""
        oldest = select(inbox.c.id, inbox.c.address, inbox.c.state, inbox.c.received_at)
        rows = self._db.execute(oldest.where(inbox.c.id > after).order_by(inbox.c.id).limit(limit)).all()
        gone = [row for row in rows if row.state == "done" and row.received_at < before]
        if gone:
            self._db.execute(inbox.delete().where(inbox.c.id.in_([row.id for row in gone])))
            self._forget_lanes(sorted({row.address for row in gone}))
        more = len(rows) == limit and rows[-1].received_at < before
        return rows[-1].id if more else None

    def _forget_lanes(self, addresses: Sequence[str]) -> None:
        """A lane in which nothing is kept says only that somebody once wrote."""
        idle = and_(lanes.c.address.in_(addresses), lanes.c.ready_at.is_(None), lanes.c.lease_until.is_(None))
        kept = exists().where(inbox.c.address == lanes.c.address)
        self._db.execute(lanes.delete().where(idle, ~kept))

    def forget_aside(self, before: datetime) -> int:
        """Forget messages that were set aside before then and that nobody has let through since."""
        old = and_(text("inbox.state = 'aside'"), inbox.c.received_at < before)
        return self._db.execute(inbox.delete().where(old)).rowcount

    def history(self, address: str, limit: int = 200) -> list[Any]:
        """What this address said, the latest first."""
        query = select(inbox).where(inbox.c.address == address).order_by(inbox.c.id.desc()).limit(limit)
        return list(self._db.execute(query))


def _once(arrivals: Sequence[Arrival], kept: set[tuple[str, str]]) -> list[bool]:
    """For each arrival whether it was kept; of two equal ones the first."""
    left = set(kept)
    answer = []
    for arrival in arrivals:
        key = (arrival.message.channel, arrival.message.external_id)
        answer.append(key in left)
        left.discard(key)
    return answer


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

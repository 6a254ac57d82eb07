"""What leaves the house: queued in the transaction that made it, claimed, attempted, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, case, exists, or_, select, text, update

from core import plain
from core.messages import OutboundMessage, Priority
from core.store.dialect import keep_first, serialised
from core.store.many import Many
from core.store.tables.base import Moment
from core.store.tables.messages import outbox, receipts, references

SHARE = 500  # rows looked at in one transaction of a cleaning: it must not hold up the traffic


@dataclass(frozen=True, slots=True)
class Queued:
    """A message to be sent, and what must be known to send it well.

    `turn` and `seq` order the messages of one turn. `chain` are the (channel, address) still to be tried if this
    one fails.
    `must_arrive`: without a receipt by `good_until` the next in the chain is tried.
    """

    message: OutboundMessage
    turn: str
    seq: int
    due_at: datetime
    about: str = ""
    notice: str = ""
    chain: tuple[tuple[str, ...], ...] = ()
    must_arrive: bool = False
    state: str = "queued"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this process is to attempt now."""

    id: int
    turn: str
    seq: int
    attempts: int
    message: OutboundMessage


@dataclass(frozen=True, slots=True)
class Settled:
    """What an attempt came to. `state`: sent, queued (again at `due_at`), failed, doubtful, expired."""

    id: int
    state: str
    channel: str = ""
    references: tuple[str, ...] = ()
    error: str = ""
    due_at: datetime | None = None
    turn: str = ""
    seq: int = 0
    tried: bool = True  # False: put back without an attempt


# The hot statements are built once: building one costs more than running it.
_OTHER = outbox.alias("other")
_NOW = bindparam("b_now", type_=Moment)
_BUSY = exists().where(
    _OTHER.c.address == outbox.c.address, text("other.state = 'sending'"), _OTHER.c.lease_until >= _NOW
)
_DUE = (
    select(outbox.c.id)
    .where(
        outbox.c.channel == bindparam("b_channel"),
        text("outbox.state = 'queued'"),
        outbox.c.priority == bindparam("b_priority", type_=Integer),
        outbox.c.due_at <= _NOW,
        ~_BUSY,
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("b_room", type_=Integer))
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(_DUE.scalar_subquery()))
    .values(
        state="sending",
        lease_until=bindparam("b_until"),
        holder=bindparam("b_holder"),
        attempts=outbox.c.attempts + 1,
    )
    .returning(outbox.c.id, outbox.c.turn, outbox.c.seq, outbox.c.attempts, outbox.c.message)
)
_SETTLE = Many(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("b_id"), text("outbox.state IN ('sending', 'queued')"))
        .values(
            state=bindparam("b_state"),
            parts=bindparam("b_parts"),
            error=bindparam("b_error"),
            due_at=bindparam("b_due"),
            settled_at=bindparam("b_now"),
            attempts=outbox.c.attempts - bindparam("b_untried", type_=Integer),
            lease_until=None,
            holder=None,
        )
    )
)
# Whom nobody has seen to: a failed piece of news goes on to its next way, or to an officer, exactly once.
_LOST = (
    select(outbox.c.id)
    .where(
        text(
            "outbox.state IN ('failed', 'expired') AND outbox.notice IS NOT NULL AND outbox.must_arrive >= 0"
        )
    )
    .order_by(outbox.c.id)
    .limit(bindparam("b_limit", type_=Integer))
)
_PUT = Many(lambda _: outbox.insert())
_REFER = Many(lambda dialect: keep_first(dialect, references, ("channel", "reference")))
_EARLY = (
    select(receipts)
    .where(
        receipts.c.channel == bindparam("b_channel"),
        receipts.c.reference.in_(bindparam("b_references", expanding=True)),
    )
    .order_by(receipts.c.id)
)


class Outbox:
    """Statements on `outbox` and `refs`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, queued: Sequence[Queued], now: datetime, *, after: int | None = None) -> None:
        """Write messages down, to be sent. `after` is the delivery whose next way they are."""
        if queued:
            _PUT.run(self._db, [{**_row(item, now), "after": after} for item in queued])

    def claim(self, channel: str, holder: str, now: datetime, room: int, lease: timedelta) -> list[Claimed]:
        """Lease what is due on a channel, replies first. An address to which something is being sent waits, so that
        nothing overtakes. Each priority is asked for by itself, so that thousands of notices which wait for the
        morning are not looked through for every reply of the night."""
        serialised(self._db, f"outbox/{channel}")
        given = {
            "b_channel": channel,
            "b_now": now,
            "b_until": now + lease,
            "b_holder": holder,
        }
        rows: list[Any] = []
        for priority in Priority:
            wanted = {**given, "b_priority": int(priority), "b_room": room - len(rows)}
            rows += sorted(self._db.execute(_CLAIM, wanted), key=lambda row: row.id)
            if len(rows) >= room:
                break
        return [
            Claimed(row.id, row.turn, row.seq, row.attempts, plain.load(OutboundMessage, row.message))
            for row in rows
        ]

    def reclaim(self, now: datetime, living: Sequence[str]) -> int:
        """Queue again what a process was sending when it died: its lease ran out, or it gives no sign of life."""
        dead = and_(
            outbox.c.state == "sending", or_(outbox.c.lease_until < now, outbox.c.holder.not_in(living))
        )
        again = update(outbox).where(dead).values(state="queued", lease_until=None, holder=None)
        return self._db.execute(again).rowcount

    def settle(self, settled: Sequence[Settled], now: datetime) -> None:
        """Record what became of attempts, and match the receipts that came before them."""
        _SETTLE.run(self._db, [_result(item, now) for item in settled])
        made = [
            {"channel": item.channel, "reference": reference, "delivery": item.id}
            for item in settled
            for reference in item.references
        ]
        if made:
            _REFER.run(self._db, made)
        for item in settled:
            if item.state == "queued" and item.due_at is not None:
                self._hold_back(item, item.due_at)

    def _hold_back(self, item: Settled, until: datetime) -> None:
        """What waits holds back the rest of its own turn, and nothing else."""
        rest = and_(
            outbox.c.turn == item.turn, outbox.c.seq > item.seq, outbox.c.state.in_(("queued", "sending"))
        )
        again = update(outbox).where(rest)
        untried = case((outbox.c.state == "sending", 1), else_=0)  # claimed with it, never attempted
        attempts = outbox.c.attempts - untried
        self._db.execute(
            again.values(due_at=until, state="queued", lease_until=None, holder=None, attempts=attempts)
        )

    def early(self, settled: Sequence[Settled]) -> list[Any]:
        """Receipts that came before the answer to the submit, for these deliveries; they are taken off the shelf."""
        by_channel: dict[str, list[str]] = {}
        for item in settled:
            by_channel.setdefault(item.channel, []).extend(item.references)
        found: list[Any] = []
        for channel, known in by_channel.items():
            if not known:
                continue
            given = {"b_channel": channel, "b_references": known}
            early = self._db.execute(_EARLY, given).all()
            if early:
                self._db.execute(receipts.delete().where(receipts.c.id.in_([row.id for row in early])))
                found.extend(early)
        return found

    def overdue(self, now: datetime, limit: int = 100) -> list[Any]:
        """Messages that had to arrive and did not, by the time they stop being worth anything."""
        late = and_(
            text(
                "outbox.must_arrive = 1"
            ),  # as it stands in the index: those that arrived are not looked through
            outbox.c.good_until < now,
            outbox.c.state.in_(("sent", "queued", "doubtful")),
        )
        return list(self._db.execute(select(outbox).where(late).order_by(outbox.c.good_until).limit(limit)))

    def failed_notices(self, limit: int = 100) -> list[int]:
        """News that failed and whose next way nobody has taken yet."""
        return list(self._db.execute(_LOST, {"b_limit": limit}).scalars())

    def mark(self, ids: Sequence[int], state: str, error: str = "") -> None:
        """Set the state of deliveries by an act of ours."""
        if ids:
            self._db.execute(
                update(outbox).where(outbox.c.id.in_(ids)).values(state=state, error=error or None)
            )

    def dealt_with(self, delivery: int) -> bool:
        """Take it upon oneself to see what comes next for this news. False: somebody has already."""
        mine = (outbox.c.id == delivery) & (outbox.c.must_arrive >= 0)
        return self._db.execute(update(outbox).where(mine).values(must_arrive=-1)).rowcount == 1

    def forget(self, before: datetime, after: int, limit: int = SHARE) -> int | None:
        """Forget messages that were made before then and are on their way no more, with the provider's ids, among the
        next rows after `after`. Returns the row to go on from, None where there is nothing older."""
        oldest = select(outbox.c.id, outbox.c.state, outbox.c.created_at)
        rows = self._db.execute(oldest.where(outbox.c.id > after).order_by(outbox.c.id).limit(limit)).all()
        gone = [row.id for row in rows if row.state not in ("queued", "sending") and row.created_at < before]
        if gone:
            self._db.execute(references.delete().where(references.c.delivery.in_(gone)))
            self._db.execute(outbox.delete().where(outbox.c.id.in_(gone)))
        more = len(rows) == limit and rows[-1].created_at < before
        return rows[-1].id if more else None

    def row(self, delivery: int) -> Any:
        """One delivery as it is stored, or None."""
        return self._db.execute(select(outbox).where(outbox.c.id == delivery)).first()

    def about(self, about: str) -> list[Any]:
        """The deliveries about one dossier, oldest first."""
        return list(self._db.execute(select(outbox).where(outbox.c.about == about).order_by(outbox.c.id)))

    def history(self, address: str, limit: int = 200) -> list[Any]:
        """What this address was told, the latest first."""
        query = select(outbox).where(outbox.c.address == address).order_by(outbox.c.id.desc()).limit(limit)
        return list(self._db.execute(query))


def _row(item: Queued, now: datetime) -> dict[str, Any]:
    message = item.message
    return {
        "channel": message.channel,
        "address": str(message.address),
        "priority": int(message.priority),
        "turn": item.turn,
        "seq": item.seq,
        "state": item.state,
        "message": plain.dump(message),
        "due_at": item.due_at,
        "good_until": message.good_until,
        "about": item.about or None,
        "notice": item.notice or None,
        "chain": [list(way) for way in item.chain],
        "must_arrive": int(item.must_arrive),
        "created_at": now,
    }


def _result(item: Settled, now: datetime) -> Mapping[str, Any]:
    return {
        "b_id": item.id,
        "b_state": item.state,
        "b_parts": len(item.references) or None,
        "b_error": item.error or None,
        "b_due": item.due_at or now,
        "b_now": now,
        "b_untried": 0 if item.tried else 1,
    }

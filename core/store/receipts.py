"""What providers say became of messages, also before, after, twice and about messages we do not know."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select, text, update

from core.messages import Receipt, ReceiptState
from core.store.many import Many
from core.store.tables.messages import outbox, receipts, references

# What a receipt makes of a delivery. A part that failed fails the message; a message is delivered when all parts are.
FINAL = {
    ReceiptState.DELIVERED: "delivered",
    ReceiptState.READ: "read",
    ReceiptState.FAILED: "failed",
    ReceiptState.EXPIRED: "failed",
}
# States from which a receipt may still move a delivery; READ may follow DELIVERED.
OPEN = ("sending", "sent", "doubtful", "queued")
# A statement for many rows takes no list: the states from which a message may still be said to have arrived.
MAY_ARRIVE = text("outbox.state IN ('sending', 'sent', 'doubtful', 'queued', 'delivered')")


_KNOWN = select(references.c.reference, references.c.delivery).where(
    references.c.channel == bindparam("b_channel"),
    references.c.reference.in_(bindparam("b_references", expanding=True)),
)
_PART = Many(
    lambda _: (
        update(references)
        .where(
            references.c.channel == bindparam("b_channel"), references.c.reference == bindparam("b_reference")
        )
        .values(state=bindparam("b_state"))
    )
)
_MISSING = select(references.c.delivery).where(
    references.c.delivery.in_(bindparam("b_deliveries", expanding=True)), references.c.state.is_(None)
)
_ARRIVED = Many(
    lambda _: (
        update(outbox)
        .where(outbox.c.id == bindparam("b_id"), MAY_ARRIVE)
        .values(state=bindparam("b_state"), must_arrive=0)
    )
)


class Receipts:
    """Statements on `receipts` and the states of `refs` and `outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def take(self, arrived: Sequence[Receipt]) -> list[int]:
        """Match receipts with what was sent; keep those that match nothing yet. Returns the deliveries that failed."""
        known = self._known([(r.channel, r.reference) for r in arrived])
        unknown = [r for r in arrived if (r.channel, r.reference) not in known]
        if unknown:
            self._db.execute(receipts.insert(), [_row(receipt) for receipt in unknown])
        final = [r for r in arrived if (r.channel, r.reference) in known and r.state in FINAL]
        return self.apply([(r.channel, r.reference, FINAL[r.state], r.error) for r in final], known)

    def _known(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for channel in {channel for channel, _ in keys}:
            wanted = [reference for c, reference in keys if c == channel]
            rows = self._db.execute(_KNOWN, {"b_channel": channel, "b_references": wanted})
            found.update({(channel, row.reference): row.delivery for row in rows})
        return found

    def apply(
        self, final: Sequence[tuple[str, str, str, str]], known: dict[tuple[str, str], int] | None = None
    ) -> list[int]:
        """Write (channel, reference, state, error) to parts and messages, in their order: the first final word about a
        message counts, however many of them come at once. Returns the deliveries that failed."""
        if not final:
            return []
        known = self._known([(c, r) for c, r, _, _ in final]) if known is None else known
        return [delivery for run in _distinct(final) for delivery in self._apply(run, known)]

    def _apply(
        self, final: Sequence[tuple[str, str, str, str]], known: dict[tuple[str, str], int]
    ) -> list[int]:
        _PART.run(self._db, [{"b_channel": c, "b_reference": r, "b_state": s} for c, r, s, _ in final])
        failed = {known[c, r]: error for c, r, s, error in final if s == "failed" and (c, r) in known}
        arrived = {known[c, r]: s for c, r, s, _ in final if s != "failed" and (c, r) in known}
        self._arrived({d: s for d, s in arrived.items() if d not in failed})
        return self._failed(failed)

    def _arrived(self, arrived: dict[int, str]) -> None:
        if not arrived:
            return
        waiting = set(self._db.execute(_MISSING, {"b_deliveries": list(arrived)}).scalars())
        done = [{"b_id": d, "b_state": s} for d, s in arrived.items() if d not in waiting]
        if done:
            _ARRIVED.run(self._db, done)

    def _failed(self, failed: dict[int, str]) -> list[int]:
        moved = []
        for delivery, error in failed.items():
            move = update(outbox).where(outbox.c.id == delivery, outbox.c.state.in_(OPEN))
            if self._db.execute(move.values(state="failed", error=error or "receipt")).rowcount:
                moved.append(delivery)
        return moved

    def sweep(self) -> list[int]:
        """Match receipts left over by two processes that did not see each other's commit."""
        match = and_(
            references.c.channel == receipts.c.channel, references.c.reference == receipts.c.reference
        )
        left = select(receipts).join(references, match).order_by(receipts.c.id).limit(1000)
        rows = self._db.execute(left).all()
        if rows:
            self._db.execute(receipts.delete().where(receipts.c.id.in_([row.id for row in rows])))
        return self.early(rows)

    def early(self, rows: Sequence[Any]) -> list[int]:
        """Apply receipts that were kept until their reference was known."""
        states = [
            (row.channel, row.reference, FINAL.get(ReceiptState(row.state)), row.error or "") for row in rows
        ]
        return self.apply([(c, r, s, e) for c, r, s, e in states if s is not None])

    def forget(self, before: datetime) -> int:
        """Drop receipts that never matched anything."""
        return self._db.execute(receipts.delete().where(receipts.c.at < before)).rowcount


def _distinct(final: Sequence[tuple[str, str, str, str]]) -> list[list[tuple[str, str, str, str]]]:
    """Runs in which no reference comes twice."""
    runs: list[list[tuple[str, str, str, str]]] = [[]]
    seen: set[tuple[str, str]] = set()
    for item in final:
        if item[:2] in seen:
            runs.append([])
            seen = set()
        seen.add(item[:2])
        runs[-1].append(item)
    return runs


def _row(receipt: Receipt) -> dict[str, Any]:
    return {
        "channel": receipt.channel,
        "reference": receipt.reference,
        "state": receipt.state.value,
        "error": receipt.error or None,
        "at": receipt.at,
    }

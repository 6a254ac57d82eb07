"""A small post office over the outbox: what a courier does, by name, for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.messages import Receipt
from core.store.database import Database
from core.store.outbox import Claimed, Queued, Settled
from core.store.shelves import Shelves
from core.store.tables.messages import outbox
from tests.core.making import LEASE, NINE


@dataclass
class PostOffice:
    """Acts of one process. Messages are known by their words."""

    database: Database
    holder: str = "p1"

    async def put(self, *items: Queued) -> None:
        await self.database.write(lambda s: s.outbox.put(items, NINE))

    async def claim(self, at: datetime = NINE, room: int = 10) -> list[str]:
        """The words of what is to be sent now, in order."""
        return [item.message.text for item in await self.claimed(at, room)]

    async def claimed(self, at: datetime = NINE, room: int = 10) -> list[Claimed]:
        return await self.database.write(lambda s: s.outbox.claim("sms", self.holder, at, room, LEASE))

    async def settle(self, words: str, state: str = "sent", *references: str, **more: Any) -> list[int]:
        """Record an outcome as the courier does, receipts that came early included."""

        def work(shelves: Shelves) -> list[int]:
            row = find(shelves, words)
            item = Settled(row.id, state, "sms", references, turn=row.turn, seq=row.seq, **more)
            shelves.outbox.settle([item], NINE)
            return shelves.receipts.early(shelves.outbox.early([item]))

        return await self.database.write(work)

    async def report(self, *receipts: Receipt) -> list[int]:
        return await self.database.write(lambda s: s.receipts.take(receipts))

    async def state(self, words: str) -> str:
        return str(await self.database.read(lambda s: find(s, words).state))

    async def id(self, words: str) -> int:
        return int(await self.database.read(lambda s: find(s, words).id))

    async def row(self, words: str) -> Any:
        return await self.database.read(lambda s: find(s, words))


def find(shelves: Shelves, words: str) -> Any:
    """The row of a message by its words."""

    rows = shelves.connection.execute(select(outbox)).all()
    (found,) = [row for row in rows if f'"text":"{words}"' in row.message]
    return found

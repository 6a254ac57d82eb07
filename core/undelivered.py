"""No silent failure: what did not arrive takes the next way, and at last becomes a task for an officer."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import plain
from core.channel import Traits
from core.messages import Address, OutboundMessage
from core.notify import attempt
from core.office import Knowledge, Office
from core.post.routing import Way
from core.store.database import Database
from core.store.shelves import Shelves
from core.store.tasks import Task
from core.world import World

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Teller:
    shelves: Shelves
    knowledge: Knowledge
    world: World
    traits: Mapping[str, Traits]
    at: datetime


class Undelivered:
    """Deals with deliveries that failed for good."""

    def __init__(self, database: Database, office: Office, traits: Mapping[str, Traits], world: World) -> None:
        self._database = database
        self._office = office
        self._traits = traits
        self._world = world

    async def handle(self, deliveries: Sequence[int]) -> None:
        """The next way for each of these."""
        await self._database.write(lambda shelves: [self._next(shelves, delivery) for delivery in deliveries])

    async def sweep(self) -> int:
        """What had to arrive and was not heard of in time; returns how many."""
        now = self._world.now()

        def late(shelves: Shelves) -> int:
            rows = shelves.outbox.overdue(now)
            for row in rows:
                shelves.outbox.mark([row.id], "expired", "no receipt in time")
                self._next(shelves, row.id)
            return len(rows)

        return await self._database.write(late)

    def _next(self, shelves: Shelves, delivery: int) -> None:
        row = shelves.outbox.row(delivery)
        if row is None or not row.notice or shelves.outbox.continued(delivery):
            return  # a reply: the person will ask again; or the next way is under way already
        at = self._world.now()
        shelves.outbox.dealt_with(delivery)
        if (row.error or "").startswith("OptedOut"):
            shelves.people.wish(Address.parse(row.address), "dead", False, at)
        message = plain.load(OutboundMessage, row.message)
        chain = [Way(channel, Address.parse(address)) for channel, address in row.chain or []]
        open_ways = [way for way in chain if way.channel in self._traits]
        if open_ways:
            teller = _Teller(shelves, self._office.knowledge, self._world, self._traits, at)
            again = attempt(
                teller, message.say, open_ways[0], open_ways[1:], language=message.language, about=row.about or ""
            )
            shelves.outbox.put([again], at, after=delivery)
        elif row.must_arrive or row.state in ("failed", "expired"):
            shelves.tasks.put(_task(row, message, self._world, at))


def _task(row: Any, message: OutboundMessage, world: World, at: datetime) -> Task:
    """Somebody must see to it that the person hears."""
    values = {"notice": row.notice, "code": row.about, "error": row.error, "delivery": row.id}
    return Task(world.new_id(), "undelivered", values, at, str(message.address), "")

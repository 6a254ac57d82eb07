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
from core.notify import attempt, is_own, notice_of, still_open
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

    def __init__(
        self, database: Database, office: Office, traits: Mapping[str, Traits], world: World
    ) -> None:
        self._database = database
        self._office = office
        self._traits = traits
        self._world = world

    async def handle(self, deliveries: Sequence[int]) -> None:
        """The next way for each of these."""

        def go_on(shelves: Shelves) -> None:
            for delivery in deliveries:
                self._next(shelves, delivery)

        await self._database.write(go_on)

    async def sweep(self) -> int:
        """What had to arrive and was not heard of in time; returns how many."""
        now = self._world.now()

        def late(shelves: Shelves) -> int:
            rows = shelves.outbox.overdue(now)
            for row in rows:
                if row.state == "sent" and not self._tells(row.channel):
                    shelves.outbox.dealt_with(
                        row.id
                    )  # taken by a provider that never says more: as good as it gets
                    continue
                shelves.outbox.mark([row.id], "expired", "no receipt in time")
                self._next(shelves, row.id)
            return len(rows)

        return await self._database.write(late)

    def _tells(self, channel: str) -> bool:
        return channel not in self._traits or self._traits[channel].receipts

    def _next(self, shelves: Shelves, delivery: int) -> None:
        row = shelves.outbox.row(delivery)
        if row is None:
            return
        at = self._world.now()
        if (row.error or "").startswith("OptedOut"):
            shelves.people.end_way(row.channel, Address.parse(row.address), at)
        if not row.notice or not shelves.outbox.dealt_with(delivery):
            return  # a reply: the person will ask again; or somebody has seen to it already
        message = plain.load(OutboundMessage, row.message)
        teller = _Teller(shelves, self._office.knowledge, self._world, self._traits, at)
        chain = [Way(channel, Address.parse(address)) for channel, address in row.chain or []]
        left = still_open(teller, [way for way in chain if way.channel in self._traits])
        if left:
            again = attempt(
                teller,
                message.say,
                left[0],
                left[1:],
                language=message.language,
                about=row.about or "",
                own=is_own(row.turn),
            )
            shelves.outbox.put([again], at, after=delivery)
        elif is_own(row.turn) and not notice_of(message.say).any_hour:
            shelves.tasks.put(self._task(shelves, row, message, at))

    def _task(self, shelves: Shelves, row: Any, message: OutboundMessage, at: datetime) -> Task:
        """Somebody must see to it that the person hears."""
        record = shelves.dossiers.by_code(row.about) if row.about else None
        values = {"notice": row.notice, "code": row.about, "error": row.error, "delivery": row.id}
        medium = self._traits[row.channel].medium if row.channel in self._traits else ""
        dossier = None if record is None else record.id
        return Task(
            self._world.new_id(), "undelivered", values, at, str(message.address), medium, dossier=dossier
        )

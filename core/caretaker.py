"""What must be seen to now and then: leases of the dead, receipts left over, news that did not arrive, old pages."""

from __future__ import annotations

from datetime import timedelta

from core.config import PrivacySettings
from core.loops import forever
from core.store.database import Database
from core.store.shelves import Shelves
from core.store.signals import Signals
from core.undelivered import Undelivered
from core.world import World

ROUND = timedelta(seconds=2)
LIFE = timedelta(seconds=8)  # a process that gave no sign of life for so long is dead: four rounds
CLEAN_EVERY = 150  # rounds between two cleanings: five minutes
ANSWERS_KEPT = timedelta(hours=6)  # providers repeat a webhook for minutes
RECEIPTS_KEPT = timedelta(days=7)
DAY = timedelta(days=1)


class Caretaker:
    """Goes its round until it is cancelled. Several caretakers do no harm."""

    def __init__(
        self,
        database: Database,
        signals: Signals,
        undelivered: Undelivered,
        world: World,
        privacy: PrivacySettings,
    ) -> None:
        self._database = database
        self._signals = signals
        self._undelivered = undelivered
        self._world = world
        self._privacy = privacy

    async def begin(self) -> None:
        """The first sign of life, before anything is leased. SQLite serves one process: whatever is leased there
        was leased by a process that is dead."""
        now = self._world.now()

        def first(shelves: Shelves) -> None:
            if self._database.sqlite:
                shelves.pages.bury()
            shelves.pages.beat(self._world.holder, now, LIFE)

        await self._database.write(first)
        await self.round()

    async def run(self) -> None:
        await forever("caretaker", self._rounds)

    async def _rounds(self) -> None:
        """A cleaning, then rounds until the next."""
        await self.clean()
        for _ in range(CLEAN_EVERY):
            await self.round()
            await self._signals.wait("failed", ROUND)

    async def round(self) -> None:
        """What cannot wait long."""
        now = self._world.now()

        def mend(shelves: Shelves) -> tuple[int, list[int]]:
            shelves.pages.beat(self._world.holder, now, LIFE)
            living = shelves.pages.living(now)
            reclaimed = shelves.outbox.reclaim(now, living) + shelves.inbox.reclaim(living)
            return reclaimed, shelves.receipts.sweep() + shelves.outbox.failed_notices()

        reclaimed, failed = await self._database.write(mend)
        if failed:
            await self._undelivered.handle(failed)
        late = await self._undelivered.sweep()
        if reclaimed or failed or late:
            await self._signals.ring("inbox")
            await self._signals.ring("outbox")

    async def clean(self) -> None:
        """What may be forgotten."""
        now = self._world.now()

        def forget(shelves: Shelves) -> None:
            shelves.pages.clear(now)
            shelves.pages.forget_answers(now - ANSWERS_KEPT)
            shelves.receipts.forget(now - RECEIPTS_KEPT)
            shelves.tokens.clear(now - DAY)
            shelves.people.forget_guesses(now - 2 * DAY)
            shelves.drafts.expire(now)

        await self._database.write(forget)

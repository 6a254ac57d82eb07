"""What must be seen to now and then: leases of the dead, receipts left over, news that did not arrive, old pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

from core.config import PrivacySettings
from core.loops import forever
from core.paper_folder import PaperFolder
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
        folder: PaperFolder | None = None,
    ) -> None:
        self._database = database
        self._signals = signals
        self._undelivered = undelivered
        self._world = world
        self._privacy = privacy
        self._folder = folder

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
        """What may be forgotten. Messages and talks by `privacy.keep_messages`, what was set aside by
        `privacy.keep_aside` (Personal Data Protection Law 91/2025/QH15: no longer than the purpose needs)."""
        now = self._world.now()
        before = now - self._privacy.keep_messages * DAY

        def forget(shelves: Shelves) -> list[str]:
            shelves.pages.clear(now)
            shelves.pages.forget_answers(now - ANSWERS_KEPT)
            shelves.receipts.forget(now - RECEIPTS_KEPT)
            shelves.tokens.clear(now - DAY)
            shelves.people.forget_guesses(now - 2 * DAY)
            shelves.officials.forget_sessions(now)
            shelves.inbox.forget_aside(now - self._privacy.keep_aside * DAY)
            shelves.drafts.expire(now)
            return shelves.papers.forget(shelves.drafts.forget(now), before)

        contents = await self._database.write(forget)
        if self._folder is not None:
            for sha256 in contents:
                await asyncio.to_thread(self._folder.forget, sha256)
        await self._clean_shelf(lambda shelves, after: shelves.inbox.forget(before, after))
        await self._clean_shelf(lambda shelves, after: shelves.outbox.forget(before, after))
        while await self._database.write(lambda shelves: shelves.talks.forget(before)):
            pass

    async def _clean_shelf(self, share: Callable[[Shelves, int], int | None]) -> None:
        """Share by share, each in a short transaction of its own, so that nobody waits for the cleaning."""
        after: int | None = 0
        while after is not None:
            after = await self._database.write(_from(share, after))


def _from(share: Callable[[Shelves, int], int | None], after: int) -> Callable[[Shelves], int | None]:
    return lambda shelves: share(shelves, after)

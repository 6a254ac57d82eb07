"""The loop that brings what citizens sent: a pointer becomes a kept paper, or is refused with a reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from core.channel import CanFetch, ChannelAdapter, SendError
from core.loops import forever
from core.messages import Attachment
from core.paper_folder import BadPaper, PaperFolder
from core.store.database import Database
from core.store.papers import Paper
from core.store.signals import Signals
from core.world import World

log = logging.getLogger(__name__)

LOOK = timedelta(seconds=1)
PATIENCE = timedelta(seconds=120)  # for one paper
TRIES = 8
PAUSE = timedelta(seconds=5)  # doubled with each try


class Collector:
    """Fetches waiting papers until it is cancelled."""

    def __init__(
        self,
        database: Database,
        signals: Signals,
        adapters: Sequence[ChannelAdapter],
        folder: PaperFolder,
        world: World,
    ) -> None:
        self._database = database
        self._signals = signals
        self._adapters = {adapter.name: adapter for adapter in adapters}
        self._folder = folder
        self._world = world

    async def run(self) -> None:
        await forever("collector", self._round)

    async def _round(self) -> None:
        if not await self.once():
            await self._signals.wait("papers", LOOK)

    async def once(self) -> int:
        """Fetch what waits; returns how many papers that were."""
        now = self._world.now()
        papers = await self._database.read(lambda shelves: shelves.papers.waiting(now))
        if papers:
            await asyncio.gather(*(self._bring(paper) for paper in papers))
        return len(papers)

    async def _bring(self, paper: Paper) -> None:
        adapter = self._adapters.get(paper.channel)
        if not isinstance(adapter, CanFetch):
            await self._refuse(paper, "no_way")
            return
        sent = Attachment(paper.pointer, paper.name, paper.content_type, paper.size)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                kept = await self._folder.keep(adapter.fetch(sent))
        except BadPaper as error:
            await self._refuse(paper, error.problem)
        except (SendError, OSError, TimeoutError) as error:
            log.warning("paper %s could not be brought: %s", paper.id, type(error).__name__)
            await self._later(paper)
        else:
            await self._database.write(
                lambda shelves: shelves.papers.kept(paper.id, kept.sha256, kept.size, kept.content_type)
            )

    async def _refuse(self, paper: Paper, problem: str) -> None:
        await self._database.write(lambda shelves: shelves.papers.refused(paper.id, problem))

    async def _later(self, paper: Paper) -> None:
        if paper.tries + 1 >= TRIES:
            await self._refuse(paper, "not_reached")
            return
        due = self._world.now() + PAUSE * 2**paper.tries
        await self._database.write(lambda shelves: shelves.papers.later(paper.id, due))

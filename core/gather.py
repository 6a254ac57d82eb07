"""Many callers, one commit: what is asked for while the last batch is being written goes into the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

LINGER = (
    0.004  # seconds the first caller waits for company: a commit costs more than that when it is not shared
)

T = TypeVar("T")
R = TypeVar("R")


class Gather(Generic[T, R]):
    """Collects items and hands them to `work` in batches of at most `limit`, one batch at a time.

    A caller waits until its own item is done. A batch that fails is tried again one by one, so that one bad item
    spoils nothing else; an error of the kind `everybodys` (the store is away) is told to all of them at once.
    """

    def __init__(
        self,
        work: Callable[[Sequence[T]], Awaitable[Sequence[R]]],
        everybodys: type[Exception],
        limit: int = 256,
    ) -> None:
        self._work = work
        self._everybodys = everybodys
        self._limit = limit
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._runner: asyncio.Task[None] | None = None

    def add(self, item: T) -> asyncio.Future[R]:
        """A future of the item's own result."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._runner is None:
            self._runner = asyncio.create_task(self._run())
        return future

    async def _run(self) -> None:
        try:
            await asyncio.sleep(LINGER)
            while self._waiting:
                batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
                await self._settle(batch)
        finally:
            self._runner = None

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._work([item for item, _ in batch])
        except self._everybodys as error:
            _refuse(batch, error)
            return
        except Exception as error:
            if len(batch) == 1:
                _refuse(batch, error)
                return
            for single in batch:
                await self._settle([single])
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)


def _refuse(batch: Sequence[tuple[Any, asyncio.Future[Any]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)

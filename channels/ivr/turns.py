"""Turns that run while the caller holds the line: never longer than the line can bear, and each one once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from core.channel import NotNow, Reception
from core.messages import InboundMessage, OutboundMessage

FINISH = 5.0  # seconds that turns in flight get when the channel closes

log = logging.getLogger(__name__)


class Turns:
    """Runs turns through `Reception.converse`, which answers a repeat with what it answered before."""

    def __init__(self, reception: Reception, patience: float) -> None:
        self._reception = reception
        self._patience = patience
        self._running: dict[str, asyncio.Task[Sequence[OutboundMessage]]] = {}
        self._unanswered: dict[str, InboundMessage] = {}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Leaving lets the turns in flight end."""
        try:
            yield
        finally:
            if self._running:
                _, late = await asyncio.wait(list(self._running.values()), timeout=FINISH)
                for task in late:
                    task.cancel()

    async def run(self, message: InboundMessage) -> Sequence[OutboundMessage] | None:
        """The answer to a message, or None where there is none yet: ask again with the same external id.

        An answer that failed for the moment is none yet, too. The message is remembered until it is answered,
        so that the next call for it need not carry the words again.
        """
        message = self._unanswered.setdefault(message.external_id, message)
        task = self._running.get(message.external_id) or self._start(message)
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.shield(task)
        except TimeoutError:
            return None
        except NotNow:
            log.warning("a turn could not be kept; the caller waits")
            return None
        except Exception:
            log.exception("a turn failed; the caller waits")
            return None

    def forget(self, session: str) -> None:
        """The call is over: nobody will ask for its answers any more."""
        for key in [key for key, message in self._unanswered.items() if message.session == session]:
            del self._unanswered[key]

    def _start(self, message: InboundMessage) -> asyncio.Task[Sequence[OutboundMessage]]:
        key = message.external_id
        task = asyncio.create_task(self._converse(message))
        self._running[key] = task
        task.add_done_callback(lambda done: self._done(key, done))
        return task

    def _done(self, key: str, task: asyncio.Task[Sequence[OutboundMessage]]) -> None:
        """Nobody may be waiting any more: a failure is then said here and tried again with the next call."""
        self._running.pop(key, None)
        if not task.cancelled() and task.exception() is not None:
            log.warning("a turn ended with %s", type(task.exception()).__name__)

    async def _converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
        answer = await self._reception.converse(message)
        self._unanswered.pop(message.external_id, None)
        return answer

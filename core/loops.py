"""A loop of the house goes on: what goes wrong in one round is logged, and the next round begins after a rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from core.channel import NotNow

log = logging.getLogger(__name__)

REST = timedelta(seconds=2)


async def forever(name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Repeat `work` until cancelled. `work` itself waits when there is nothing to do."""
    while True:
        try:
            await work()
            continue
        except NotNow as error:
            log.warning("%s waits for the store: %s", name, error)
        except Exception:
            log.exception("%s stumbled", name)
        await asyncio.sleep(REST.total_seconds())

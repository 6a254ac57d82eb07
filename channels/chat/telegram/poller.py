"""Asks the platform for news: one poller a bot, on a connection of its own, nothing confirmed before it is
kept.

The platform forgets an update when a later poll names a higher offset. So the offset moves only after
`accept` came back; a crash in between brings the same updates again, and the house knows them by their
number.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from channels.chat.telegram.errors import seconds
from channels.chat.telegram.values import Malformed, update_id
from core.channel import Notebook, NotNow

ALLOWED = '["message","edited_message","callback_query","my_chat_member"]'
LEASE = 4.0  # seconds beyond one poll after which another process may take over
STALE = 60.0  # seconds without a good poll after which the connection is thrown away
KEEP_OFFSET = timedelta(days=6)  # a bot without updates for a week gets new numbers, perhaps lower ones
TRIES = 3  # then an update that the house cannot take is set aside
ASIDE = timedelta(days=30)

Take = Callable[[Mapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


class Poller:
    """Polls until `stop`. `url` is the bot's address with its token: it is never logged."""

    def __init__(
        self,
        name: str,
        bot_id: str,
        url: str,
        take: Take,
        notebook: Notebook,
        connect: Callable[[], BaseRequest],
        *,
        poll_seconds: int,
        timeout: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._page = f"offset:{bot_id}"
        self._lock = f"poller:{bot_id}"
        self._url = url
        self._take = take
        self._notebook = notebook
        self._connect = connect
        self._poll_seconds = poll_seconds
        self._timeout = timeout
        self._clock = clock
        self._request: BaseRequest | None = None
        self._good = clock()
        self._offset: int | None = None
        self._holds = False
        self._failures = 0
        self._tries: dict[int, int] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End after what was begun: a poll is dropped, updates in hand are kept first."""
        self._stopping.set()

    async def run(self) -> None:
        try:
            while not self._stopping.is_set():
                await self._pause(await self._round())
        finally:
            await self._disconnect()
            if self._holds:
                with suppress(Exception):  # a courtesy to the next poller; the lease would run out anyway
                    await self._notebook.lock(self._lock, hold=timedelta(0))

    async def _round(self) -> float:
        """Poll once; returns the seconds to wait before the next round."""
        try:
            if not await self._hold():
                return self._poll_seconds / 2
            updates = await self._ask()
            self._good, self._failures = self._clock(), 0
            await self._keep(updates)
            return 0.0
        except NotNow:
            return 1.0
        except (TelegramError, TimeoutError) as error:
            return await self._failed(error)
        except Exception:
            log.exception("%s: polling stumbled", self._name)
            return 2.0

    async def _hold(self) -> bool:
        """Be the one poller. Who becomes it reads how far the last one came."""
        lease = timedelta(seconds=self._poll_seconds + LEASE)
        held, self._holds = self._holds, await self._notebook.lock(self._lock, hold=lease)
        if self._holds and not held:
            page = await self._notebook.get(self._page)
            self._offset = int(page.value) if page is not None else None
        return self._holds

    async def _ask(self) -> Sequence[Any]:
        """One long poll, given up when `stop` is called."""
        poll = asyncio.create_task(self._get_updates())
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
            return poll.result() if poll.done() else ()
        finally:
            poll.cancel()
            stop.cancel()
            await asyncio.gather(poll, stop, return_exceptions=True)

    async def _get_updates(self) -> Sequence[Any]:
        if self._request is None:
            self._request = self._connect()
        asked: dict[str, Any] = {"timeout": self._poll_seconds, "allowed_updates": ALLOWED}
        if self._offset is not None:
            asked["offset"] = self._offset
        patience = self._poll_seconds + self._timeout
        async with asyncio.timeout(patience + 1):  # the library's own limits do not cover a stuck pool
            answer = await self._request.post(
                f"{self._url}/getUpdates?{urlencode(asked)}", read_timeout=patience
            )
        if not isinstance(answer, list):
            raise TelegramError("getUpdates did not answer a list")
        return answer

    async def _keep(self, updates: Sequence[Any]) -> None:
        """Take the updates in, chats side by side and each chat's in order; then move the offset."""
        chats: dict[Any, list[Mapping[str, Any]]] = {}
        highest = -1
        for update in updates:
            with suppress(Malformed):
                highest = max(highest, update_id(update))
                chats.setdefault(_chat(update), []).append(update)
        outcomes = await asyncio.gather(
            *(self._lane(lane) for lane in chats.values()), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        if highest >= 0:
            await self._notebook.put(self._page, highest + 1, keep=KEEP_OFFSET)
            self._offset = highest + 1
            self._tries.clear()

    async def _lane(self, updates: Sequence[Mapping[str, Any]]) -> None:
        for update in updates:
            try:
                await self._take(update)
            except NotNow:
                raise
            except Malformed as error:
                log.warning("%s: update skipped, %s", self._name, error)
            except Exception:
                await self._set_aside(update)

    async def _set_aside(self, update: Mapping[str, Any]) -> None:
        """A bug of ours must not make the bot deaf for everybody: after three tries the update goes to a
        page."""
        number = update_id(update)
        self._tries[number] = self._tries.get(number, 0) + 1
        if self._tries[number] < TRIES:
            raise
        log.exception("%s: update %d set aside", self._name, number)
        await self._notebook.put(f"aside:{number}", dict(update), keep=ASIDE)

    async def _failed(self, error: Exception) -> float:
        """A poll failed; say it once, and throw the connection away when nothing has worked for long."""
        self._failures += 1
        if self._failures == 1:
            log.warning("%s: poll failed, %s", self._name, type(error).__name__)
        if isinstance(error, TimeoutError) or self._clock() - self._good > STALE:
            await self._disconnect()
            self._good = self._clock()
        if isinstance(error, RetryAfter):
            return seconds(error).total_seconds()
        if isinstance(error, InvalidToken):
            return 30.0
        return min(0.25 * 2.0**self._failures, 5.0 if isinstance(error, Conflict) else 15.0)

    async def _disconnect(self) -> None:
        request, self._request = self._request, None
        if request is not None:
            with suppress(Exception):  # it is thrown away because it is broken
                await request.shutdown()

    async def _pause(self, wait: float) -> None:
        if wait > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._stopping.wait()


def _chat(update: Mapping[str, Any]) -> Any:
    """The chat of an update, for keeping its order; rubbish shares one lane."""
    for kind in ("message", "edited_message", "my_chat_member", "callback_query"):
        what = update.get(kind)
        if isinstance(what, Mapping):
            who = what.get("from")
            return who.get("id") if isinstance(who, Mapping) and isinstance(who.get("id"), int) else None
    return None

"""Pushes updates to a bot's webhook: in order within a chat, again and again until it says 2xx."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import aiohttp

from sandbox.chat.updates import Hook, Queue
from sandbox.chat.world import Json

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Pusher:
    """One bot's pushing. `pause` is the first wait after a failure in seconds; it doubles up to a minute."""

    def __init__(
        self, queue: Queue, client: aiohttp.ClientSession, pause: float, clock: Callable[[], float]
    ) -> None:
        self._queue = queue
        self._client = client
        self._pause = pause
        self._clock = clock
        self._lanes: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Serve until cancelled. Chats are pushed side by side, the updates of one chat one by one."""
        try:
            while True:
                self._queue.changed.clear()
                self._lanes = {chat: task for chat, task in self._lanes.items() if not task.done()}
                if self._queue.hook is not None:
                    for update in self._queue.waiting:
                        self._start(chat_of(update))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._queue.changed.wait(), timeout=self._pause)
        finally:
            for task in self._lanes.values():
                task.cancel()
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)

    def _start(self, chat: int) -> None:
        if chat not in self._lanes:
            self._lanes[chat] = asyncio.create_task(self._lane(chat))

    async def _lane(self, chat: int) -> None:
        pause = self._pause
        while update := next((u for u in self._queue.waiting if chat_of(u) == chat), None):
            hook = self._queue.hook
            if hook is None:
                return
            if await self._push(hook, update):
                self._queue.confirm(update)
                pause = self._pause
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 60)

    async def _push(self, hook: Hook, update: Json) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with self._client.post(hook.url, json=update, headers=headers) as response:
                if 200 <= response.status < 300:
                    return True
                self._note(f"Wrong response from the webhook: {response.status} {response.reason}")
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note(f"Connection failed: {type(error).__name__}")
        return False

    def _note(self, error: str) -> None:
        self._queue.last_error = error
        self._queue.last_error_at = int(self._clock())


def chat_of(update: Json) -> int:
    """The chat an update belongs to, for keeping its order."""
    for kind, what in update.items():
        if kind != "update_id":
            message = what.get("message") if kind == "callback_query" else what
            return int(message["chat"]["id"])
    return 0

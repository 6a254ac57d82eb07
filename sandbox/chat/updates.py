"""What waits for a bot: the queue of updates, asked for by long polling or pushed to a webhook."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.chat.refusals import bad_request, conflict
from sandbox.chat.world import Json

DEFAULT_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
_PORTS = (80, 88, 443, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates are pushed, and the secret that comes along in `X-Telegram-Bot-Api-Secret-Token`."""

    url: str
    secret: str = ""
    max_connections: int = 40

    def check(self) -> None:
        """Only HTTPS on four ports, as the manual says; plain HTTP is allowed on loopback alone."""
        parts = urlsplit(self.url)
        local = parts.hostname in _LOOPBACK
        if parts.scheme != "https" and not local:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not local and (parts.port or 443) not in _PORTS:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if self.secret and not _SECRET.fullmatch(self.secret):
            raise bad_request("secret token contains unallowed characters")


@dataclass(slots=True)
class Queue:
    """The updates of one bot, oldest first. An update stays until it is confirmed."""

    next_id: int = 100_000_001
    kinds: Sequence[str] = DEFAULT_KINDS
    hook: Hook | None = None
    last_error: str = ""
    last_error_at: int = 0
    waiting: list[Json] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)  # set whenever somebody polls
    _poll: asyncio.Future[None] | None = None

    def put(self, kind: str, what: Json) -> Json | None:
        """Queue an update, unless the bot did not ask for this kind."""
        if kind not in self.kinds:
            return None
        update = {"update_id": self.next_id, kind: what}
        self.next_id += 1
        self.history.append(update)
        self.waiting.append(update)
        self.changed.set()
        return update

    def repeat(self, update: Json) -> None:
        """Queue an update once more, as a platform does whose memory of the confirmation was lost."""
        self.waiting.append(update)
        self.waiting.sort(key=lambda u: int(u["update_id"]))
        self.changed.set()

    def confirm(self, update: Json) -> None:
        if update in self.waiting:
            self.waiting.remove(update)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:
        """`getUpdates`: a second poller throws the first one out, and a webhook forbids polling."""
        if self.hook is not None:
            raise conflict(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first"
            )
        self._take_over()
        self._forget(offset)
        mine = self._poll = asyncio.get_running_loop().create_future()
        self.asked.set()
        try:
            await self._wait(mine, timeout)
        finally:
            if self._poll is mine:
                self._poll = None
        return self.waiting[: max(1, min(limit, 100))]

    def _take_over(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(
                conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            )

    def _forget(self, offset: int) -> None:
        if offset > 0:
            self.waiting = [u for u in self.waiting if u["update_id"] >= offset]
        elif offset < 0:
            self.waiting = self.waiting[offset:]

    async def _wait(self, mine: asyncio.Future[None], timeout: float) -> None:
        """Until there is something, the time is over, or somebody else polls (raises `Conflict`)."""
        if self.waiting or timeout <= 0:
            return
        self.changed.clear()
        news = asyncio.ensure_future(self.changed.wait())
        try:
            await asyncio.wait((news, mine), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        if mine.done():
            mine.result()

    def info(self) -> Json:
        """`getWebhookInfo`."""
        info: Json = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting),
        }
        if self.hook:
            info["max_connections"] = self.hook.max_connections
        if self.last_error:
            info |= {"last_error_date": self.last_error_at, "last_error_message": self.last_error}
        if tuple(self.kinds) != DEFAULT_KINDS:
            info["allowed_updates"] = list(self.kinds)
        return info


def read_kinds(value: Any) -> Sequence[str]:
    """`allowed_updates`: an empty list means the default."""
    if not isinstance(value, list) or not all(isinstance(kind, str) for kind in value):
        raise bad_request("can't parse allowed_updates")
    return tuple(value) or DEFAULT_KINDS

"""The server: listens on 127.0.0.1, keeps every letter, tells whoever watches."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sandbox.mail.letters import Letter
from sandbox.mail.session import MAX_LINE, Rules, Session
from sandbox.mail.troubles import Troubles


class MailCatcher:
    """A mail server. `async with catcher.serve():`, then send to `127.0.0.1:catcher.port`.

    `users` (name to password) makes signing in necessary; `tls` offers STARTTLS, or with `implicit_tls`
    expects TLS from the first byte; `tls_needed` refuses letters without it.
    """

    def __init__(
        self,
        *,
        users: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        tls_needed: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.letters: list[Letter] = []
        self.troubles = Troubles()
        self.port = 0
        self._rules = Rules(dict(users or {}), None if implicit_tls else tls, tls_needed)
        self._implicit = tls if implicit_tls else None
        self._now = now
        self._changed = asyncio.Event()
        self._watchers: set[asyncio.Queue[Letter]] = set()
        self._open: dict[asyncio.Task[Any], asyncio.StreamWriter] = {}

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[None]:
        """Listen until the context is left; open connections are cut then."""
        server = await asyncio.start_server(
            self._serve_one, "127.0.0.1", port, ssl=self._implicit, limit=MAX_LINE * 64
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for writer in self._open.values():
                writer.transport.abort()
            if self._open:
                await asyncio.wait(self._open, timeout=2)
            await server.wait_closed()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            await Session(reader, writer, self._rules, self.troubles, self._keep).run()
        finally:
            del self._open[task]
            writer.close()

    def _keep(
        self, sender: str, recipients: tuple[str, ...], content: bytes, encrypted: bool, user: str
    ) -> None:
        letter = Letter(sender, recipients, content, self._now(), encrypted, user)
        self.letters.append(letter)
        self._changed.set()
        for watcher in self._watchers:
            watcher.put_nowait(letter)

    async def watch(self) -> AsyncIterator[Letter]:
        """Every letter that comes from now on."""
        letters: asyncio.Queue[Letter] = asyncio.Queue()
        self._watchers.add(letters)
        try:
            while True:
                yield await letters.get()
        finally:
            self._watchers.discard(letters)

    async def until(self, count: int, seconds: float = 5) -> list[Letter]:
        """Wait until so many letters are there. Raises `TimeoutError`."""
        async with asyncio.timeout(seconds):
            while len(self.letters) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.letters

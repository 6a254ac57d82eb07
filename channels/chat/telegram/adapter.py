"""The channel: takes updates in, sends messages out, brings papers."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from telegram.error import TelegramError

from channels.chat.telegram.connection import Connection
from channels.chat.telegram.files import fetch
from channels.chat.telegram.inbound import Desk, Reading, read
from channels.chat.telegram.poller import Poller
from channels.chat.telegram.sender import Sender
from channels.chat.telegram.settings import Mode, TelegramSettings
from channels.chat.telegram.values import Malformed
from channels.webhooks import BadInput, check_secret, guarded, read_json
from core.channel import Note, NotNow, Reception, Route, Traits, Unreachable
from core.messages import Attachment, OutboundMessage

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_UPDATE = 256 * 1024  # bytes; an update with a long quoted message stays well below
EDITABLE = timedelta(hours=48)  # how long a person may edit what they wrote
REMEMBERED = 2000  # presses that this process has answered

log = logging.getLogger(__name__)


class TelegramChannel:
    """A Telegram bot. `settings` is a `TelegramSettings` or the mapping of config.yaml."""

    def __init__(
        self,
        name: str,
        settings: TelegramSettings | Mapping[str, Any],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not isinstance(settings, TelegramSettings):
            settings = TelegramSettings.model_validate(settings)
        self._name = name
        self._settings = settings if settings.bot else settings.model_copy(update={"bot": name})
        self._now = now
        self._traits = Traits("chat", (f"telegram:{self._settings.bot}",), buttons=8, files=True)
        self._reception: Reception | None = None
        self._sender: Sender | None = None
        self._connection: Connection | None = None
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._chores: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return self._name

    @property
    def traits(self) -> Traits:
        return self._traits

    @property
    def hook_path(self) -> str:
        return f"/hooks/telegram/{self._name}"

    def routes(self) -> Sequence[Route]:
        if self._settings.mode is Mode.POLLING:
            return ()
        return (Route("POST", self.hook_path, guarded(self._pushed), max_body=MAX_UPDATE),)

    @asynccontextmanager
    async def open(self, reception: Reception) -> AsyncIterator[None]:
        """Listen, and tell the platform how; that it is away does not hinder the start."""
        async with AsyncExitStack() as stack:
            connection = await stack.enter_async_context(Connection.open(self._settings))
            self._reception, self._connection = reception, connection
            self._sender = Sender(connection.bot, reception.notebook, self._settings)
            stack.push_async_callback(self._finish)
            greeting = asyncio.create_task(connection.greet(self.hook_path))
            stack.push_async_callback(_end, greeting)
            if self._settings.mode is Mode.POLLING:
                poller = self._poller(connection, reception)
                stack.push_async_callback(_wind_up, poller, asyncio.create_task(poller.run()))
            yield

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Send; the ids are "<chat>:<message>". Raises a `SendError`."""
        if self._sender is None:
            raise Unreachable("the channel is not open", code="closed")
        return await self._sender.send(message)

    def room(self) -> int:
        """How many sends are taken now; none while the platform told us to pause."""
        return self._sender.room() if self._sender is not None else 0

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The content of a paper in chunks, at most 20 MB. Raises a `SendError`."""
        if self._connection is None:
            raise Unreachable("the channel is not open", code="closed")
        async for chunk in fetch(self._connection.bot, self._connection.downloads, attachment):
            yield chunk

    def _poller(self, connection: Connection, reception: Reception) -> Poller:
        return Poller(
            self._name,
            self._settings.bot_id,
            connection.bot.base_url,
            self._take,
            reception.notebook,
            connection.another,
            poll_seconds=self._settings.poll_seconds,
            timeout=self._settings.timeout,
        )

    async def _pushed(self, request: web.Request) -> web.Response:
        """The webhook: 403 without the secret, 400 for rubbish, 503 while nothing can be kept, else 200."""
        check_secret(request.headers.getall(SECRET_HEADER, ()), self._settings.secrets)
        update = await read_json(request, limit=MAX_UPDATE)
        try:
            await self._take(update)
        except Malformed as error:
            raise BadInput(str(error)) from None
        return web.Response()

    async def _take(self, update: Mapping[str, Any]) -> None:
        """Keep what an update says. Raises `Malformed` or `NotNow`; when it returns, the update may be
        confirmed."""
        reception = self._reception
        if reception is None:
            raise NotNow
        reading = read(update, Desk(self._name, self._settings.bot, self._now(), self._settings.commands))
        if reading is None:
            return
        self._answer_press(reading)
        reading, notes = await self._trace(reading, reception)
        new = await reception.accept(reading.message, notes=notes)
        if new and reading.pressed is not None and reading.pressed.message is not None:
            self._begin(
                self._call("edit_message_reply_markup", reading.pressed.chat, reading.pressed.message)
            )

    async def _trace(self, reading: Reading, reception: Reception) -> tuple[Reading, Sequence[Note]]:
        """The platform's edits name a message, we name updates: remember which update brought which
        message."""
        if reading.message_id is None:
            return reading, ()
        key = f"message:{reading.message.sender.identity}:{reading.message_id}"
        if not reading.edits:
            return reading, (Note(key, reading.message.external_id, keep=EDITABLE),)
        page = await reception.notebook.get(key)
        earlier = str(page.value) if page is not None else key  # edits something that never reached us
        return replace(reading, message=replace(reading.message, corrects=earlier)), ()

    def _answer_press(self, reading: Reading) -> None:
        """First and once: the person's app shows a waiting mark until the press is answered, and late is
        refused."""
        pressed = reading.pressed
        if pressed is None or pressed.query in self._answered:
            return
        self._answered[pressed.query] = None
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        self._begin(self._call("answer_callback_query", pressed.query))

    async def _call(self, method: str, *arguments: Any) -> None:
        """A courtesy call, best effort: too late, already edited or cut off is nothing to report."""
        if self._connection is not None:
            call: Callable[..., Awaitable[Any]] = getattr(self._connection.bot, method)
            try:
                await call(*arguments)
            except TelegramError as error:
                log.debug("%s: %s failed, %s", self._name, method, type(error).__name__)

    def _begin(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _finish(self) -> None:
        """Let courtesies end for a moment, then close."""
        self._sender, self._reception = None, None
        if self._chores:
            _, late = await asyncio.wait(self._chores, timeout=2)
            for task in late:
                task.cancel()
        self._connection = None


async def _wind_up(poller: Poller, polling: asyncio.Task[None]) -> None:
    poller.stop()
    await asyncio.gather(polling, return_exceptions=True)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

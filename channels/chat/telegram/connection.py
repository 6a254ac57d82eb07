"""The line to the platform: one pool for calls, another for polling, a client for downloads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest, HTTPXRequest

from channels.chat.telegram.errors import seconds
from channels.chat.telegram.settings import Mode, TelegramSettings

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connection:
    """What a channel calls with while it is open."""

    bot: Bot
    downloads: httpx.AsyncClient
    settings: TelegramSettings

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: TelegramSettings) -> AsyncIterator[Connection]:
        _hush()
        calls, unused = _request(settings, settings.connections + 4), _request(settings, 1)
        bot = Bot(
            settings.token.get_secret_value(),
            base_url=settings.calls,
            base_file_url=settings.downloads,
            request=calls,
            get_updates_request=unused,
        )
        proxy = settings.proxy or None
        async with httpx.AsyncClient(proxy=proxy, timeout=settings.timeout, trust_env=False) as downloads:
            try:
                yield cls(bot, downloads, settings)
            finally:  # by hand: a bot that was not initialised, which costs a call, does not close its lines
                await calls.shutdown()
                await unused.shutdown()

    def another(self) -> BaseRequest:
        """A fresh line for polling: after a broken long poll the old one may stay taken for ever."""
        return _request(self.settings, 2)

    async def greet(self, hook_path: str) -> None:
        """Tell the platform how we listen and what the menu is, again and again until it has heard."""
        wait = 1.0
        while True:
            try:
                await self._introduce(hook_path)
                return
            except RetryAfter as error:
                await asyncio.sleep(seconds(error).total_seconds())
            except TelegramError as error:
                why = error.message if isinstance(error, BadRequest) else type(error).__name__
                log.warning("bot %s: no greeting, %s", self.settings.bot, why)
                await asyncio.sleep(30.0 if isinstance(error, InvalidToken) else wait)
                wait = min(wait * 2, 30.0)

    async def _introduce(self, hook_path: str) -> None:
        """Never `drop_pending_updates`: that throws away what people wrote while we were down."""
        settings = self.settings
        if settings.mode is Mode.WEBHOOK:
            await self.bot.set_webhook(
                settings.public_url.rstrip("/") + hook_path,
                allowed_updates=ALLOWED,
                secret_token=settings.secret.get_secret_value(),
            )
        else:
            await self.bot.delete_webhook()
        me = await self.bot.get_me()
        if settings.bot.lower() != (me.username or "").lower():
            log.info("bot %s is @%s on the platform", settings.bot, me.username)
        if settings.commands:
            commands = list(settings.commands.items())
            await self.bot.set_my_commands(commands)
            await self.bot.set_my_commands(commands, language_code="vi")


def _request(settings: TelegramSettings, connections: int) -> HTTPXRequest:
    options: dict[str, Any] = {"trust_env": False}
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=settings.timeout,
        write_timeout=settings.timeout,
        connect_timeout=settings.timeout,
        pool_timeout=settings.timeout,
        proxy=settings.proxy or None,
        httpx_kwargs=options,
    )


def _hush() -> None:
    """The libraries log every address, with the bot's token in it, at INFO, and every text at DEBUG."""
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.WARNING:
            logger.setLevel(logging.WARNING)

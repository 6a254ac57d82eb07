"""Sends our messages: paced, in parts, with the keyboard on the last one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import ParseMode
from telegram.error import RetryAfter, TelegramError

from channels.chat.telegram.errors import markup_refused, seconds, send_error
from channels.chat.telegram.outbound import escaped, keyboard, parts
from channels.chat.telegram.pace import Pace
from channels.chat.telegram.settings import TelegramSettings
from core.channel import Notebook, Refused
from core.messages import OutboundMessage

KEEP_PROGRESS = timedelta(days=1)
KEEP_KEYBOARD = timedelta(days=30)

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None


class Sender:
    """One bot's way out."""

    def __init__(
        self, bot: Bot, notebook: Notebook, settings: TelegramSettings, pace: Pace | None = None
    ) -> None:
        self._bot = bot
        self._notebook = notebook
        self._settings = settings
        self._pace = pace or Pace(settings.rate, settings.burst)
        self._busy = 0

    def room(self) -> int:
        return 0 if self._pace.paused() else max(0, self._settings.connections - self._busy)

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Send a message, in several parts if it is long; returns "<chat>:<message>" of each."""
        chat = self._chat(message)
        texts = parts(message.text)
        if not texts:
            raise Refused("a message without text", code="empty")
        self._busy += 1
        try:
            if len(texts) == 1:
                return [await self._send_last(chat, texts[0], message)]
            return await self._send_parts(chat, texts, message)
        finally:
            self._busy -= 1

    def _chat(self, message: OutboundMessage) -> int:
        kind, identity = message.address.kind, message.address.identity
        if kind != f"telegram:{self._settings.bot}" or not identity.isdecimal() or len(identity) > 18:
            raise Refused("not an address of this bot", code="address")
        return int(identity)

    async def _send_parts(self, chat: int, texts: Sequence[str], message: OutboundMessage) -> Sequence[str]:
        """A retry goes on where the last attempt came to: nobody reads the first page twice."""
        page = f"parts:{message.id}"
        kept = await self._notebook.get(page)
        sent: list[str] = list(kept.value) if kept is not None else []
        for text in texts[len(sent) : -1]:
            sent.append(await self._send(chat, text, None))
            await self._notebook.put(page, sent, keep=KEEP_PROGRESS)
        if len(sent) < len(texts):
            sent.append(await self._send_last(chat, texts[-1], message))
        await self._notebook.drop(page)
        return sent

    async def _send_last(self, chat: int, text: str, message: OutboundMessage) -> str:
        """The part that carries the keyboard. One below the typing line stays until we take it away."""
        page = f"keyboard:{chat}"
        markup: Markup = keyboard(message.expect, self._settings.contact_label)
        if isinstance(markup, ReplyKeyboardMarkup):
            await self._notebook.put(page, True, keep=KEEP_KEYBOARD)
        elif markup is None and await self._notebook.get(page) is not None:
            markup = ReplyKeyboardRemove()
        sent = await self._send(chat, text, markup)
        if isinstance(markup, ReplyKeyboardRemove):
            await self._notebook.drop(page)
        return sent

    async def _send(self, chat: int, text: str, markup: Markup) -> str:
        await self._pace.turn(chat)
        try:
            return await self._call(chat, escaped(text), markup, ParseMode.HTML)
        except TelegramError as error:
            if not markup_refused(error):
                raise self._failed(chat, error) from None
        try:
            return await self._call(chat, text, markup, None)
        except TelegramError as error:
            raise self._failed(chat, error) from None

    async def _call(self, chat: int, text: str, markup: Markup, parse_mode: str | None) -> str:
        """Without link previews: the platform's robot would fetch our one-time links."""
        options: dict[str, Any] = {"link_preview_options": LinkPreviewOptions(is_disabled=True)}
        sent = await self._bot.send_message(chat, text, parse_mode=parse_mode, reply_markup=markup, **options)
        return f"{chat}:{sent.message_id}"

    def _failed(self, chat: int, error: TelegramError) -> Exception:
        if isinstance(error, RetryAfter):
            self._pace.refused(chat, seconds(error))
        return send_error(error)

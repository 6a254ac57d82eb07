"""Telegram by its Bot API, with python-telegram-bot's `Bot`, types and errors only.

The library's Application keeps its talks and its queue in the process; ours live in the store, so that a
talk goes on in another process or on another channel and survives a kill.
"""

from channels.chat.telegram.adapter import TelegramChannel
from channels.chat.telegram.settings import TelegramSettings

__all__ = ["TelegramChannel", "TelegramSettings"]

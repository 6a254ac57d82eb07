"""Brings a file that somebody sent: asked for by its id, streamed, and never more than the platform's 20
MB."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from telegram import Bot
from telegram.error import TelegramError

from channels.chat.telegram.errors import send_error
from core.channel import Refused, SendError, Unreachable
from core.messages import Attachment

MAX_BYTES = 20 * 1024 * 1024  # what getFile hands out
CHUNK = 64 * 1024


async def fetch(bot: Bot, client: httpx.AsyncClient, attachment: Attachment) -> AsyncIterator[bytes]:
    """The content in chunks. Raises `Refused` (too large, or gone for good) or another `SendError`.

    The download address holds the bot's token: it is neither logged nor kept, nor quoted in an error.
    """
    if attachment.size is not None and attachment.size > MAX_BYTES:
        raise Refused("the file is larger than the platform hands out", code="too_large")
    try:
        file = await bot.get_file(attachment.pointer)
    except TelegramError as error:
        raise _missing(error) from None
    try:
        async with client.stream("GET", file.file_path or "") as response:
            if response.status_code != 200:
                raise _status(response.status_code)
            brought = 0
            async for chunk in response.aiter_bytes(CHUNK):
                brought += len(chunk)
                if brought > MAX_BYTES:
                    raise Refused("the file is larger than the platform hands out", code="too_large")
                yield chunk
    except httpx.HTTPError as error:
        raise Unreachable(f"the download was cut: {type(error).__name__}", code="download") from None


def _missing(error: TelegramError) -> SendError:
    if "file is too big" in error.message.lower():
        return Refused("the file is larger than the platform hands out", code="too_large")
    known = send_error(error)
    return known if not isinstance(known, Refused) else Refused("the file is gone", code="gone")


def _status(status: int) -> SendError:
    if status >= 500 or status == 429:
        return Unreachable("the platform is in trouble", code=str(status))
    return Refused("the file is gone", code="gone")

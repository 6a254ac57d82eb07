"""What the platform's refusals and the network's troubles mean for a send: one table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from core.channel import Doubtful, Misconfigured, OptedOut, Refused, SendError, Throttled, Unreachable

# The beginning or a part of a 400's description, in small letters, and what it means. First match wins.
BAD_REQUESTS: tuple[tuple[str, Callable[..., SendError], str], ...] = (
    ("chat not found", Refused, "chat_not_found"),  # never wrote to us, or the account is gone
    ("user not found", Refused, "chat_not_found"),
    ("peer_id_invalid", Refused, "chat_not_found"),
    ("have no rights", OptedOut, "no_rights"),
    ("chat_write_forbidden", OptedOut, "no_rights"),
    ("message is too long", Refused, "too_long"),  # our cutting counts wrongly
    ("message text is empty", Refused, "empty"),
    ("button_data_invalid", Refused, "bad_button"),
)
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def send_error(error: TelegramError) -> SendError:
    """The contract's error for a failed `sendMessage`. `shown` is our wording: the library's may quote the
    call."""
    if isinstance(error, RetryAfter):
        return Throttled("too many messages", code="429", after=seconds(error))
    if isinstance(error, Forbidden):  # blocked, deactivated, or never started
        return OptedOut("the person blocked the bot or left", code="403")
    if isinstance(error, InvalidToken):
        return Misconfigured("the platform does not know the bot's token", code="401")
    if isinstance(error, BadRequest):
        return _bad_request(error)
    if isinstance(error, NetworkError):
        return _network(error)
    return Doubtful("an answer that cannot be read", code="garbled")


def _bad_request(error: BadRequest) -> SendError:
    description = error.message.lower()
    for part, kind, code in BAD_REQUESTS:
        if part in description:
            return kind(f"refused: {code}", code=code)
    return Refused("the platform refused the message", code="400")


def _network(error: NetworkError) -> SendError:
    """Cut before the call was sent: surely not taken. Cut while waiting for the answer: perhaps taken. A
    5xx is an answer: not taken."""
    cause = error.__cause__
    if isinstance(cause, NOT_SENT):
        return Unreachable("the platform cannot be reached", code="connect")
    if isinstance(cause, httpx.HTTPError) or isinstance(error, TimedOut):
        return Doubtful("the line was cut before the answer", code="cut")
    return Unreachable("the platform is in trouble", code="5xx")


def seconds(error: RetryAfter) -> timedelta:
    """How long to wait; the library gives seconds or a timedelta, by an environment variable."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)


def markup_refused(error: TelegramError) -> bool:
    """Whether a text should be tried once more without markup."""
    return isinstance(error, BadRequest) and "can't parse entities" in error.message.lower()

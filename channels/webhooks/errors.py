"""What Twilio's error numbers mean for us. https://www.twilio.com/docs/api/errors"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from core.channel import Doubtful, Misconfigured, Refused, SendError, Throttled, Unreachable

Reasons = Mapping[int, tuple[type[SendError], str]]

# Of every medium. The media add their own in channels/sms/http.py and channels/ivr/notices.py.
COMMON: Reasons = {
    10001: (Misconfigured, "the account is not active"),
    10002: (Misconfigured, "a trial account cannot do this"),
    20003: (Misconfigured, "wrong account or token"),
    20005: (Misconfigured, "the account is not active"),
    20006: (Misconfigured, "the account has no right to this"),
    20008: (Misconfigured, "test credentials cannot do this"),
    20404: (Misconfigured, "no such resource: the base address or the account is wrong"),
    20429: (Throttled, "too many requests"),
    21205: (Misconfigured, "our public address is not a valid address"),
    21211: (Refused, "not a telephone number"),
    21214: (Refused, "the number cannot be reached"),
    21217: (Refused, "not a telephone number"),
    21219: (Misconfigured, "a trial account sends to verified numbers only"),
    21401: (Refused, "not a telephone number"),
    21608: (Misconfigured, "a trial account sends to verified numbers only"),
    21609: (Misconfigured, "our status address is not a valid address"),
    30002: (Misconfigured, "the account is suspended"),
    90010: (Misconfigured, "the account is not active"),
}


def send_error(status: int, code: int | None, reasons: Reasons) -> SendError:
    """The error of sending for an answer of the REST interface: by `code` where we know it, else by `status`.

    A failure on the provider's side (5xx) leaves in doubt whether it took the message, except 503, which
    says that it did not. 4xx that we do not know refuses this message and no other.
    """
    kind, shown = {**COMMON, **reasons}.get(code or 0, (_by_status(status), f"HTTP {status}"))
    name = str(code or status)
    if kind is Throttled:
        return Throttled(shown, code=name, after=timedelta(seconds=5))
    return kind(shown, code=name)


def _by_status(status: int) -> type[SendError]:
    if status == 429:
        return Throttled
    if status in (401, 403, 404, 405):
        return Misconfigured
    if status == 503:
        return Unreachable
    return Refused if 400 <= status < 500 else Doubtful

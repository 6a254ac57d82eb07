"""What goes wrong in a call, with the exchange's error numbers. twilio.com/docs/api/errors"""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """The numbers that the exchange writes into `ErrorCode` and its log."""

    UNREACHABLE = 11200
    """The webhook did not answer, or not with 200."""
    TOO_LARGE = 11750
    """The document is larger than 64 KB."""
    NOT_WELL_FORMED = 12100
    """The document is no XML."""
    NOT_TWIML = 12200
    """An element or attribute that TwiML does not know, or with a value that it does not take."""
    CONTENT_TYPE = 12300
    """The answer announces neither XML nor sound."""
    CALLER_ID = 13214
    """Dial wants to show a number that is not ours and not the caller's."""
    TOO_MANY = 11100
    """The documents send the call in a circle."""


class Fault(Exception):
    """The call cannot go on like this: fallback address, or an apology and the end."""

    def __init__(self, code: Code, why: str, url: str = "") -> None:
        super().__init__(f"{int(code)} {why}")
        self.code, self.why, self.url = code, why, url

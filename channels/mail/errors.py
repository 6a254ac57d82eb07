"""What a mail server's answers mean for a send: one table over the stages of a dialogue."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from core.channel import Misconfigured, OptedOut, Refused, SendError, Throttled, Unreachable

GREYLISTED = timedelta(minutes=5)  # what a server that has never seen us usually wants


class Stage(StrEnum):
    """How far the dialogue had come."""

    CONNECT = "connect"
    SIGN_IN = "sign-in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


# RFC 3463 codes that say more than the reply's number, at any stage.
_ENHANCED: tuple[tuple[str, type[SendError], str], ...] = (
    ("5.7.8", Misconfigured, "the server does not accept our name or password"),
    ("5.7.0", Misconfigured, "the server wants encryption or a sign-in"),
    ("5.1.8", Misconfigured, "the server does not accept our sender's address"),
    ("5.2.1", OptedOut, "the mailbox is closed"),
    ("5.1.6", OptedOut, "the mailbox has moved"),
)


def reply_error(stage: Stage, code: int, text: str) -> SendError:
    """The contract's error for a reply (RFC 5321, 4.2.1: 4yz later, 5yz never). `text` is never shown: it may
    repeat the address."""
    if code == 421:
        return Unreachable("the mail server is closing", code="421")
    for enhanced, kind, shown in _ENHANCED:
        if text.lstrip().startswith(enhanced):
            return kind(shown, code=enhanced)
    if 400 <= code < 500:
        if stage in (Stage.RECIPIENT, Stage.CONTENT):
            return Throttled("the mail server asks to come again", code=str(code), after=GREYLISTED)
        return Unreachable("the mail server cannot now", code=str(code))
    if stage in (Stage.RECIPIENT, Stage.CONTENT):
        return Refused("the mail server refused the letter", code=str(code))
    return Misconfigured(f"the mail server refused us at {stage}", code=str(code))

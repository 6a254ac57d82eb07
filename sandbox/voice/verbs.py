"""The verbs of TwiML that this exchange plays, with their defaults. twilio.com/docs/voice/twiml"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.voice.speech import Spoken


@dataclass(frozen=True, slots=True)
class Say:
    spoken: Spoken
    times: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    url: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float = 1.0


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """`keys` None: any number; `finish` "": * and # are ordinary keys; `action` None: this document."""

    prompts: tuple[Prompt, ...] = ()
    dtmf: bool = True
    speech: bool = False
    action: str | None = None
    method: str = "POST"
    timeout: float = 5.0
    finish: str = "#"
    keys: int | None = None
    on_empty: bool = False
    barge_in: bool = True
    language: str = "en-US"
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """`action` None: this document again."""

    action: str | None = None
    method: str = "POST"
    timeout: float = 5.0
    finish: str = "1234567890*#"
    longest: float = 3600.0
    beep: bool = True
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Dial:
    """`action` None: the next verb."""

    numbers: tuple[str, ...]
    action: str | None = None
    method: str = "POST"
    timeout: float = 30.0
    caller_id: str = ""


@dataclass(frozen=True, slots=True)
class Enqueue:
    name: str
    action: str | None = None
    method: str = "POST"
    wait_url: str = ""
    wait_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of the queue, to the verb after Enqueue."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end."""


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Record | Redirect | Dial | Enqueue | Leave | Hangup | Reject

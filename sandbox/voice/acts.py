"""What a person at the telephone can do, and what the exchange may be waiting for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class CallEnded(Exception):
    """The line is dead: nothing can be pressed or said any more."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: 0–9, *, #."""

    key: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Words, as the recogniser understands them; confidence 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, until the exchange stops waiting."""


@dataclass(frozen=True, slots=True)
class VoiceNote:
    """Something said after the tone. `end`: the key that ended it, "hangup", or "" for a long silence."""

    audio: bytes
    seconds: int
    end: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """The other side of a Dial or a queue: an officer comes (`there`) or leaves."""

    there: bool


Act = Key | Speech | Silence | VoiceNote | Bridge


class Wait(StrEnum):
    """What the line waits for."""

    RINGING = "ringing"
    KEYS = "keys"
    RECORDING = "recording"
    OFFICER = "officer"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Listening:
    """What the exchange waits for, for how many seconds after the last word; `keys` None: any number, which
    `finish` ends; `speech`: words are understood too."""

    wait: Wait
    timeout: float = 0.0
    keys: int | None = None
    finish: str = ""
    speech: bool = False
    language: str = ""
    typed: int = 0  # keys so far

    def as_json(self) -> dict[str, Any]:
        return {
            "wait": self.wait.value,
            "timeout": self.timeout,
            "keys": self.keys,
            "finish": self.finish,
            "speech": self.speech,
            "typed": self.typed,
        }

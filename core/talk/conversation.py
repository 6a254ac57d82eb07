"""Where we are with one citizen. It goes to JSON and back between every two turns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.messages import Address, Expect, Say, Values


@dataclass(frozen=True, slots=True)
class Flood:
    """How many messages came in the present window, and how many of them in a row were equal."""

    since: datetime | None = None
    count: int = 0
    same: int = 0
    digest: str = ""
    silent_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One talk: one address on one medium.

    `topic` has the floor; `memory` is the topic's own plain JSON. `expects` is what we wait for since
    `asked_at`; `said` is what was said last, for "once more". `stumbles` counts failures to understand in a
    row. `held_by` names the official who took the talk over, who was last active at `held_at`. `session` is
    the call or visit of the latest message.
    """

    address: Address
    medium: str
    language: str = "vi"
    topic: str = "menu"
    memory: Values = field(default_factory=dict)
    expects: Expect | None = None
    asked_at: datetime | None = None
    said: tuple[Say, ...] = ()
    stumbles: int = 0
    questions: int = 0  # how many questions were asked so far: the next question's id
    held_by: str = ""
    held_at: datetime | None = None
    heard_at: datetime | None = None
    greeted: bool = False
    slow: bool = False  # the caller asked for slower speech
    session: str = ""
    procedure: str = ""  # the procedure last talked about: "how much is the fee?" means this one
    flood: Flood = field(default_factory=Flood)
    revision: int = 0

    def remember(self, **values: Any) -> Conversation:
        """The same talk with these things added to the topic's memory."""
        return replace(self, memory={**self.memory, **values})

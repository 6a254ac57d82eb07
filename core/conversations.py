"""Officials in a talk: read both directions, take over, answer in the citizen's channel, give back.

While a talk is held the machine is silent and what was being filled in stays as it is. Who gives it back, or
says nothing for half an hour, leaves the form where it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core import plain
from core.channel import Traits
from core.messages import Address, InboundMessage, OutboundMessage, Say
from core.office import Knowledge
from core.post.routing import ORDER
from core.store.outbox import Queued
from core.store.shelves import Shelves
from core.store.tasks import Task
from core.talk.conversation import Conversation
from core.talk.dialogue import HOLD
from core.world import World

ANSWER = "officer.says"
HIDDEN = "••••••"  # a PIN is its owner's business, also at the desk


class HeldByOther(Exception):
    """Another official holds this talk. `by` is their login."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class NotHeld(Exception):
    """Only who took a talk over may answer in it."""


class NoWay(Exception):
    """No channel can carry an answer to this address."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a talk, in or out, as an official may read it. `state` is the delivery's, "" inbound."""

    at: datetime
    inbound: bool
    channel: str
    medium: str
    text: str
    state: str = ""
    error: str = ""
    parts: int | None = None
    attachments: int = 0
    spoken: bool = False
    by: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Conversations:
    """The acts on talks, inside one open transaction."""

    shelves: Shelves
    knowledge: Knowledge
    world: World
    traits: Mapping[str, Traits]
    at: datetime

    def read(self, address: Address, limit: int = 200) -> list[Line]:
        """What was said in both directions on every channel of this address, oldest first."""
        came = [self._came(row) for row in self.shelves.inbox.history(str(address), limit)]
        went = [self._went(row) for row in self.shelves.outbox.history(str(address), limit)]
        return sorted([*came, *went], key=lambda line: line.at)[-limit:]

    def take(self, talk: Conversation, by: str) -> Conversation:
        """From now on an official speaks. Raises `HeldByOther`, or `TalkMoved` where somebody was quicker."""
        if holder(talk, self.at) not in ("", by):
            raise HeldByOther(talk.held_by)
        held = replace(talk, held_by=by, held_at=self.at, heard_at=talk.heard_at or self.at)
        self.shelves.talks.put([held])
        for task in self._calls(talk):
            if not task.taken_by:
                self.shelves.tasks.take(task.id, by)
        return held

    def answer(self, talk: Conversation, text: str, by: str) -> Queued:
        """Say something to the citizen on the channel they use. Raises `NotHeld` or `NoWay`."""
        if holder(talk, self.at) != by:
            raise NotHeld
        channel = self.channel_for(talk)
        queued = self._queue(
            Say(ANSWER, {"text": text}), talk, channel, f"officer/{by}/{self.world.new_id()}", 0
        )
        self.shelves.outbox.put([queued], self.at)
        self.shelves.talks.put([replace(talk, held_at=self.at)])
        return queued

    def give_back(self, talk: Conversation, by: str) -> list[Queued]:
        """The machine speaks again. What was asked before is asked once more, so that the citizen knows where
        they are; answers given so far are kept."""
        if holder(talk, self.at) not in ("", by):
            raise HeldByOther(talk.held_by)
        free = replace(talk, held_by="", held_at=None, asked_at=self.at if talk.expects else talk.asked_at)
        self.shelves.talks.put([free])
        open_question = talk.said if talk.expects is not None and talk.medium != "ivr" else ()
        turn = f"officer/{by}/{self.world.new_id()}"
        queued = [
            self._queue(say, talk, self.channel_for(talk), turn, n) for n, say in enumerate(open_question)
        ]
        self.shelves.outbox.put(queued, self.at)
        for task in self._calls(talk):
            if task.taken_by == by:
                self.shelves.tasks.finish(task.id, by, "", self.at)
        return queued

    def _calls(self, talk: Conversation) -> list[Task]:
        """Who asked for an official in this talk has one while it is held, and has had one when it is given
        back."""
        task = self.shelves.tasks.open_for(str(talk.address), "officer")
        return [] if task is None else [task]

    def measure(self, talk: Conversation, text: str) -> tuple[int, str]:
        """How many parts an answer would have, and the text as it would leave."""
        traits = self.traits[self.channel_for(talk)]
        worded = self.knowledge.wording.say_text(Say(ANSWER, {"text": text}), traits, talk.language)
        return traits.parts(worded.text), worded.text

    def channel_for(self, talk: Conversation) -> str:
        """The channel that carries an answer: the one they wrote on last, else the least disturbing. A caller
        who hung up is answered by text, never rung up by this."""
        able = {
            name: traits
            for name, traits in self.traits.items()
            if talk.address.kind in traits.kinds and traits.medium != "ivr"
        }
        for row in self.shelves.inbox.history(str(talk.address), 20):
            if row.channel in able and row.medium == talk.medium:
                return str(row.channel)
        ranked = sorted(able, key=lambda name: ORDER.index(able[name].medium))
        if not ranked:
            raise NoWay
        return ranked[0]

    def _queue(self, say: Say, talk: Conversation, channel: str, turn: str, seq: int) -> Queued:
        message = self.knowledge.wording.words(
            say,
            self.traits[channel],
            talk.language,
            id="",
            channel=channel,
            address=talk.address,
            addressed_from=self._spoken_to(talk, channel),
        )
        return Queued(message, turn, seq, self.at)

    def _spoken_to(self, talk: Conversation, channel: str) -> str:
        """The number or account that they wrote to, so that the answer comes from there."""
        rows = self.shelves.inbox.history(str(talk.address), 20)
        found = next((row for row in rows if row.channel == channel), None)
        return "" if found is None else plain.load(InboundMessage, found.message).addressed_to

    def _came(self, row: Any) -> Line:
        message = plain.load(InboundMessage, row.message)
        return Line(
            at=row.received_at,
            inbound=True,
            channel=row.channel,
            medium=row.medium,
            text=message.text or message.payload,
            state="" if row.state == "done" else row.state,
            attachments=len(message.attachments),
            spoken=message.spoken,
        )

    def _went(self, row: Any) -> Line:
        message = plain.load(OutboundMessage, row.message)
        traits = self.traits.get(row.channel)
        return Line(
            at=row.created_at,
            inbound=False,
            channel=row.channel,
            medium=traits.medium if traits is not None else "",
            text=readable(message),
            state=row.state,
            error=row.error or "",
            parts=row.parts,
            by=row.turn.split("/")[1] if row.turn.startswith("officer/") else "",
            about=row.about or "",
        )


def holder(talk: Conversation, at: datetime) -> str:
    """The login of the official who holds the talk now, or ""."""
    fresh = talk.held_at is not None and at - talk.held_at <= HOLD
    return talk.held_by if fresh else ""


def readable(message: OutboundMessage) -> str:
    """A message as officials read it: without the PIN that it told the applicant."""
    pin = str(message.say.values.get("pin") or "")
    return message.text.replace(pin, HIDDEN) if len(pin) >= 4 else message.text


__all__ = [
    "ANSWER",
    "Conversation",
    "Conversations",
    "HeldByOther",
    "Line",
    "NoWay",
    "NotHeld",
    "holder",
    "readable",
]

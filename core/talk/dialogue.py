"""Which topic has the floor. The order below is the rule; read it aloud.

stop and start always work; a flood is answered once and then with silence; a talk held by an official is silent;
a command that works everywhere goes to its topic, unless the topic in hand keeps it for itself; a dossier code out
of the blue is a question for its status; everything else belongs to the topic that asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.messages import InboundMessage, Say
from core.talk.conversation import Conversation, Flood
from core.talk.hearing import Bye, Codes, Command, Ear, Heard, Hello, Late, Silence, hear
from core.talk.needs import ReportFlood
from core.talk.script import Script, Steps, Turn, ask, run

# How long a question stays open. A text may be answered the next day; a chat is a sitting; a call is one breath.
PATIENCE: Mapping[str, timedelta] = {
    "sms": timedelta(hours=24),
    "chat": timedelta(minutes=30),
    "web": timedelta(minutes=30),
    "ivr": timedelta(minutes=30),
}
HOLD = timedelta(minutes=30)  # an official who says nothing for so long has given the talk back
WINDOW = timedelta(minutes=5)
MANY, EQUAL = 60, 20  # messages in a window that are a flood: of any kind, or equal ones in a row
SILENCE = timedelta(hours=1)
PATIENT_WITH_ERRORS = 3  # after so many failures in a row a person takes over


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of talk. `keeps` are the commands that it handles itself while it has the floor; `open` what it
    says when somebody returns to it after the question has gone cold."""

    name: str
    play: Callable[[Conversation, Heard], Script]
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The topics by name, and which topic a command goes to."""

    topics: Mapping[str, Topic]
    commands: Mapping[str, str]

    def topic(self, name: str) -> Topic:
        return self.topics.get(name) or self.topics["menu"]


def turn(talk: Conversation, message: InboundMessage, ear: Ear, repertoire: Repertoire, at: datetime) -> Steps:
    """One turn: what `message` does to `talk`. `at` is now."""
    flood, verdict = _flood(talk.flood, message, at)
    talk = replace(talk, flood=flood, session=message.session or talk.session)
    if verdict == "silent":
        return Turn(talk)
    talk, cold = _cool(talk, at)
    heard = hear(talk.expects, talk.medium, message, ear, at)
    if verdict == "flood":
        yield from ask(ReportFlood(talk.address, talk.medium))
        return _settle(talk, Turn(talk, (Say("flood.pause"),)), at)
    held = bool(talk.held_by) and at - (talk.held_at or at) <= HOLD
    always = isinstance(heard.meaning, Command) and heard.meaning.name in ("stop", "start")
    if held and not always:
        return Turn(replace(talk, heard_at=at))
    talk = replace(talk, held_by="", held_at=None)
    name = _floor(talk, heard, repertoire)
    if name == "repeat":
        return replace_heard(talk, at)
    if name != talk.topic:
        talk = replace(talk, topic=name, memory={"from": talk.topic} if cold else {})
    done = yield from run(repertoire.topic(name).play(talk, heard))
    done = yield from _rescue(done, heard, repertoire)
    return _settle(talk, done, at)


def replace_heard(talk: Conversation, at: datetime) -> Turn:
    """Say the last things once more."""
    return Turn(replace(talk, heard_at=at), talk.said)


def _floor(talk: Conversation, heard: Heard, repertoire: Repertoire) -> str:
    """The name of the topic that plays, or "repeat"."""
    meaning = heard.meaning
    topic = repertoire.topic(talk.topic)
    if isinstance(meaning, Command):
        if meaning.name in topic.keeps:
            return topic.name
        if meaning.name == "repeat":
            return "repeat"
        return repertoire.commands.get(meaning.name, topic.name)
    if isinstance(meaning, Codes) and "codes" not in topic.keeps:
        return "status"
    if isinstance(meaning, Hello | Bye):
        return "arrival"
    if isinstance(meaning, Late):
        return "late"
    return topic.name


def _rescue(done: Turn, heard: Heard, repertoire: Repertoire) -> Steps:
    """Count failures to understand; at the third a person takes over, and nobody is hung up on."""
    if not done.stumbled:
        return replace(done, conversation=replace(done.conversation, stumbles=0))
    stumbles = done.conversation.stumbles + 1
    talk = replace(done.conversation, stumbles=stumbles)
    if stumbles < PATIENT_WITH_ERRORS or talk.topic == "officer":
        return replace(done, conversation=talk)
    talk = replace(talk, topic="officer", memory={"reason": "stumbles", "from": talk.topic}, stumbles=0, expects=None)
    call = Heard(Command("officer"), heard.message, heard.at)
    return (yield from run(repertoire.topic("officer").play(talk, call)))


def _cool(talk: Conversation, at: datetime) -> tuple[Conversation, bool]:
    """Forget what was asked too long ago. The draft stays; the topic is told so by `cold`."""
    if talk.asked_at is None or at - talk.asked_at <= PATIENCE.get(talk.medium, timedelta(minutes=30)):
        return talk, False
    return replace(talk, expects=None, asked_at=None, topic="menu", memory={}, stumbles=0, greeted=False), True


def _settle(before: Conversation, done: Turn, at: datetime) -> Turn:
    """Number the question, remember what was said and what we wait for."""
    talk = done.conversation
    says = list(done.says)
    awaited = next((say.expect for say in reversed(says) if say.expect is not None), None)
    if awaited is not None:
        questions = talk.questions + 1
        asked = replace(awaited, id=f"q{questions}")
        says = [replace(say, expect=asked) if say.expect is awaited else say for say in says]
        talk = replace(talk, expects=asked, asked_at=at, questions=questions)
    elif says:
        talk = replace(talk, expects=None, asked_at=None)
    if says:
        talk = replace(talk, said=tuple(says))
    return Turn(replace(talk, heard_at=at), tuple(says), done.stumbled)


def _flood(flood: Flood, message: InboundMessage, at: datetime) -> tuple[Flood, str]:
    """Count this message. Verdict: "" (go on), "flood" (say so once), "silent"."""
    if flood.silent_until is not None and at < flood.silent_until:
        return flood, "silent"
    digest = hashlib.sha256(f"{message.text}|{message.payload}".encode()).hexdigest()[:16]
    fresh = flood.since is None or at - flood.since > WINDOW
    count = 1 if fresh else flood.count + 1
    same = flood.same + 1 if not fresh and digest == flood.digest else 1
    counted = Flood(at if fresh else flood.since, count, same, digest)
    if count >= MANY or same >= EQUAL:
        return replace(counted, silent_until=at + SILENCE), "flood"
    return counted, ""


__all__ = ["PATIENCE", "Repertoire", "Silence", "Topic", "turn"]

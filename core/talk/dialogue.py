"""Which topic has the floor. The order below is the rule; read it aloud.

A flood is answered once and then with silence; a talk held by an official is silent, but stop and start
always work; a command that works everywhere goes to its topic, unless the topic in hand keeps it for itself;
a dossier code out of the blue is a question for its status; everything else belongs to the topic that asked.
Help, language, hello, goodbye and an old button do not take the floor: the open question stays open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.messages import InboundMessage, Say, Values
from core.talk.conversation import Conversation, Flood
from core.talk.hearing import ALWAYS, Bye, Codes, Command, Ear, Heard, Hello, Late, hear
from core.talk.needs import ReportFlood
from core.talk.script import Script, Steps, Turn, ask, run

# How long a question stays open. A text may be answered the next day; a chat is a sitting; a call is one
# breath.
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
    """A subject of talk. `keeps` are the commands that it handles itself while it has the floor (and
    "codes").

    `aside`: it does not take the floor; it plays on the talk as it stands and leaves the open question open
    (help, language, a late button). `lasting`: something is kept when the talk goes cold or is cut, and
    whoever comes back is told so.
    """

    name: str
    play: Callable[[Conversation, Heard], Script]
    keeps: frozenset[str] = frozenset()
    aside: bool = False
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The topics by name, and which topic a command goes to."""

    topics: Mapping[str, Topic]
    commands: Mapping[str, str]

    def topic(self, name: str) -> Topic:
        return self.topics.get(name) or self.topics["menu"]


def turn(
    talk: Conversation, message: InboundMessage, ear: Ear, repertoire: Repertoire, at: datetime
) -> Steps:
    """One turn: what `message` does to `talk`. `at` is now."""
    flood, verdict = _flood(talk, message, at)
    talk = replace(talk, flood=flood, session=message.session or talk.session)
    if verdict == "silent":
        return Turn(talk, _flood_notice(talk) if talk.medium == "ivr" else ())  # no caller hears a dead line
    if verdict == "flood":
        yield from ask(ReportFlood(talk.address, talk.medium))
        return _settle(Turn(talk, _flood_notice(talk)), at)
    talk = _cool(talk, repertoire, at)
    heard = hear(talk.expects, talk.medium, message, ear, at)
    held = bool(talk.held_by) and at - (talk.held_at or at) <= HOLD
    always = isinstance(heard.meaning, Command) and heard.meaning.name in ALWAYS
    if held and not always:
        return Turn(replace(talk, heard_at=at))
    if talk.held_by:
        talk = replace(talk, held_by="", held_at=None)
    name = _floor(talk, heard, repertoire)
    if name in ("repeat", "slower") and talk.said:  # nothing said yet: the menu says something
        return Turn(replace(talk, heard_at=at, slow=talk.slow or name == "slower"), talk.said)
    topic = repertoire.topic(name)
    if name != talk.topic and not topic.aside:
        talk = replace(talk, topic=topic.name, memory={"left": _left(talk)})
    done = yield from run(topic.play(talk, heard))
    done = yield from _rescue(done, heard, repertoire)
    return _settle(done, at)


def _flood_notice(talk: Conversation) -> tuple[Say, ...]:
    return (Say("flood.pause", ends=talk.medium == "ivr"),)


def _left(talk: Conversation) -> Values:
    """What the floor is taken from: a topic may hand it back, and an officer sees what was said so far."""
    memory = {name: value for name, value in talk.memory.items() if name != "left"}
    return {"topic": talk.topic, "memory": memory}


def _floor(talk: Conversation, heard: Heard, repertoire: Repertoire) -> str:
    """The name of the topic that plays, or "repeat" or "slower"."""
    meaning = heard.meaning
    topic = repertoire.topic(talk.topic)
    if isinstance(meaning, Command):
        if meaning.name in topic.keeps or meaning.name in ("repeat", "slower"):
            return topic.name if meaning.name in topic.keeps else meaning.name
        return repertoire.commands.get(meaning.name, topic.name)
    if isinstance(meaning, Codes) and "codes" not in topic.keeps:
        return "status"
    if isinstance(meaning, Hello | Bye):
        return "arrival"
    if isinstance(meaning, Late):
        return "late"
    return "link" if heard.message.proven else topic.name


def _rescue(done: Turn, heard: Heard, repertoire: Repertoire) -> Steps:
    """Count failures to understand; at the third a person takes over, and nobody is hung up on."""
    talk = done.conversation
    if not done.stumbled:
        return done if not talk.stumbles else replace(done, conversation=replace(talk, stumbles=0))
    stumbles = talk.stumbles + 1
    talk = replace(talk, stumbles=stumbles)
    if stumbles < PATIENT_WITH_ERRORS or talk.topic == "officer":
        return replace(done, conversation=talk)
    talk = replace(talk, topic="officer", memory={"left": _left(talk)}, stumbles=0, expects=None)
    call = Heard(Command("officer", "stumbles"), heard.message, heard.at)
    return (yield from run(repertoire.topic("officer").play(talk, call)))


def _cool(talk: Conversation, repertoire: Repertoire, at: datetime) -> Conversation:
    """Forget what was asked too long ago. Where something is kept, the one who comes back is told so
    first."""
    if talk.asked_at is None or at - talk.asked_at <= PATIENCE.get(talk.medium, timedelta(minutes=30)):
        return talk
    lasting = repertoire.topic(talk.topic).lasting
    topic, memory = ("arrival", {"left": _left(talk)}) if lasting else ("menu", {})
    return replace(
        talk, expects=None, asked_at=None, said=(), topic=topic, memory=memory, stumbles=0, greeted=False
    )


def _settle(done: Turn, at: datetime) -> Turn:
    """Number the question, remember what was said and what we wait for."""
    talk, says = done.conversation, done.says
    changed: dict[str, Any] = {"heard_at": at}
    awaited = next((say.expect for say in reversed(says) if say.expect is not None), None)
    if awaited is not None:
        questions = talk.questions + 1
        asked = replace(awaited, id=f"q{questions}")
        says = tuple(replace(say, expect=asked) if say.expect is awaited else say for say in says)
        changed |= {"expects": asked, "asked_at": at, "questions": questions}
    elif says:
        changed |= {"expects": None, "asked_at": None}
    if says:
        changed["said"] = says
    return Turn(replace(talk, **changed), says, done.stumbled)


def _flood(talk: Conversation, message: InboundMessage, at: datetime) -> tuple[Flood, str]:
    """Count this message. Verdict: "" (go on), "flood" (say so once), "silent". The same key pressed again
    and again is how a call is answered: there only the number counts."""
    flood = talk.flood
    if flood.silent_until is not None and at < flood.silent_until:
        return flood, "silent"
    digest = hashlib.sha256(f"{message.text}|{message.payload}".encode()).hexdigest()[:16]
    fresh = flood.since is None or at - flood.since > WINDOW
    count = 1 if fresh else flood.count + 1
    same = flood.same + 1 if not fresh and digest == flood.digest else 1
    counted = Flood(at if fresh else flood.since, count, same, digest)
    if count >= MANY or (same >= EQUAL and talk.medium != "ivr"):
        return replace(counted, silent_until=at + SILENCE), "flood"
    return counted, ""


__all__ = ["PATIENCE", "Repertoire", "Topic", "turn"]

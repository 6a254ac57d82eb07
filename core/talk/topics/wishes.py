"""Stop and start. Inside a filing "stop" is asked about first, and no draft is ever lost by it."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Chosen, Command, Heard
from core.talk.needs import SetWishes
from core.talk.script import Script, Steps, Turn, ask, stay
from core.talk.topics import resume
from core.talk.topics.offers import asked, home, offer


def play(talk: Conversation, heard: Heard) -> Script:
    """A stop or start word, or the answer to "stop what?"."""
    match heard.meaning:
        case Command(name="start"):
            return _start(talk)
        case Command(name="stop_all"):
            return _stop(talk, "all")
        case Command(name="stop") if talk.memory.get("left", {}).get("topic") == "filing":
            return _which(talk)
        case Command(name="stop"):
            return _stop(talk, "notices")
        case Chosen(value="filing"):
            return home(talk, Say("stop.filing"))
        case Chosen(value="notices"):
            return _stop(talk, "notices")
        case Chosen(value="continue"):
            return resume.take_up(talk)
        case _:
            return stay(talk, Say("stop.which", {}, asked(talk)), stumbled=True)


def _which(talk: Conversation) -> Turn:
    return stay(talk, Say("stop.which", {}, offer("stop.filing", "stop.notices", "stop.continue")))


def _stop(talk: Conversation, kind: str) -> Steps:
    yield from ask(SetWishes(kind, False))
    return _settled(talk, Say(f"stop.{kind}"))


def _start(talk: Conversation) -> Steps:
    yield from ask(SetWishes("all", True))
    return _settled(talk, Say("start.done"))


def _settled(talk: Conversation, say: Say) -> Turn:
    """Said, and nothing else: whoever wrote "stop" gets no menu. A filing that was left keeps its draft."""
    return stay(replace(talk, topic="menu", memory={}), say)


TOPIC = Topic("wishes", play)

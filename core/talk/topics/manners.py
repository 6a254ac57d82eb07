"""Small things that leave the open question open: help, language, a late button; and goodbye."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Command, Heard
from core.talk.script import Script, Turn, go, stay
from core.talk.topics.offers import main_menu

HELPED = frozenset({"menu", "lookup", "status", "filing", "officer"})  # topics with a help text of their own
OTHER = {"vi": "en", "en": "vi"}
NAMED = {"vietnamese": "vi", "english": "en"}


def once_more(talk: Conversation, say: Say) -> Turn:
    """`say`, then the open question again; the menu where there is none."""
    if talk.expects is None or not talk.said:
        talk = replace(talk, topic="menu", memory={})
        return stay(talk, say, main_menu(talk, "menu.again"))
    question = next((each for each in reversed(talk.said) if each.expect is not None), talk.said[-1])
    return stay(talk, say, question)


def help_(talk: Conversation, heard: Heard) -> Script:
    """What can be said here."""
    return once_more(talk, Say(f"help.{talk.topic if talk.topic in HELPED else 'menu'}"))


def language(talk: Conversation, heard: Heard) -> Script:
    """The other language, or the one that was named; the open question is asked again in it."""
    name = heard.meaning.name if isinstance(heard.meaning, Command) else ""
    talk = replace(talk, language=NAMED.get(name, OTHER.get(talk.language, "vi")))
    return once_more(talk, Say("language.now"))


def late(talk: Conversation, heard: Heard) -> Script:
    """A button of an older question. Nothing is done by it."""
    return once_more(talk, Say("late.button"))


def goodbye(talk: Conversation, heard: Heard) -> Script:
    """You are welcome. Nothing that was begun is lost by thanks."""
    if talk.topic == "filing":
        return once_more(talk, Say("goodbye.thanks_filing"))
    return go(talk, "menu", Say("goodbye.thanks", {}, ends=talk.medium == "ivr"))


TOPICS = (
    Topic("help", help_, aside=True),
    Topic("language", language, aside=True),
    Topic("late", late, aside=True),
    Topic("goodbye", goodbye, aside=True),
)

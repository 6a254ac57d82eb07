"""Somebody comes, comes back, or goes."""

from __future__ import annotations

from dataclasses import replace

from core.messages import Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Bye, Chosen, Command, Heard, Hello
from core.talk.needs import OfficeNow, UseCode
from core.talk.script import Script, Steps, Turn, ask, stay
from core.talk.topics import filing, resume
from core.talk.topics.offers import main_menu, offer


def play(talk: Conversation, heard: Heard) -> Script:
    """A hello, with or without a token; a goodbye; or words of one who was away too long for his question."""
    match heard.meaning:
        case Hello(token=token) if token:
            return _token(talk, token)
        case Bye():
            return Turn(talk)  # what was begun stays as it is: it can be taken up again
        case Chosen(value="continue"):
            return resume.take_up(talk)
        case Chosen():
            return _menu(talk)
        case Command() | Hello():
            return _greet(talk)
        case _:
            return _returned(talk) if _unfinished(talk) else _menu(talk)


def _greet(talk: Conversation) -> Steps:
    """Who we are, and the four doors; or, after a cut call, where we stopped."""
    if _unfinished(talk):
        return _returned(talk)
    office = yield from ask(OfficeNow())
    talk = replace(talk, topic="menu", memory={}, greeted=True, slow=False)
    return stay(talk, Say("arrival.hello", {"office": office}), main_menu(talk))


def _unfinished(talk: Conversation) -> bool:
    """Was a filing under way, just now or before the talk went cold?"""
    if talk.topic == "filing":
        return bool(talk.memory.get("draft"))
    return str(talk.memory.get("left", {}).get("topic", "")) == "filing"


def _returned(talk: Conversation) -> Turn:
    source = talk.memory if talk.topic == "filing" else talk.memory["left"]["memory"]
    memory = {"left": {"topic": "filing", "memory": dict(source)}}
    talk = replace(talk, topic="arrival", memory=memory)
    values = {"title": str(source.get("title", ""))}
    return stay(talk, Say("arrival.returned", values, offer("arrival.continue", "arrival.menu")))


def _menu(talk: Conversation) -> Turn:
    talk = replace(talk, topic="menu", memory={})
    return stay(talk, main_menu(talk))


def _token(talk: Conversation, token: str) -> Steps:
    """A deep link: the draft that it stands for, or an honest word that it no longer stands for anything."""
    draft = yield from ask(UseCode(token))
    if draft is not None:
        return (yield from filing.take_up(talk, draft))
    office = yield from ask(OfficeNow())
    talk = replace(talk, topic="menu", memory={}, greeted=True)
    return stay(talk, Say("arrival.token_gone", {"office": office}), main_menu(talk))


TOPIC = Topic("arrival", play, aside=True)

"""Prove that a telephone number is one's own: by a one-time code, or by a contact that the platform vouches
for."""

from __future__ import annotations

import re

from core.messages import Expect, ExpectKind, Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Command, Heard, Words
from core.talk.needs import LinkProven, ProveNumber, SendCode
from core.talk.script import Script, Steps, ask, go, stay
from core.talk.topics.offers import asked, asking, home
from procedures.problem import Problem
from procedures.readers.phones import read_phone

CODE_DIGITS = 6
NUMBER_DIGITS = 12


def play(talk: Conversation, heard: Heard) -> Script:
    """The number, then the code sent to it."""
    if heard.message.proven:
        return _proven(talk, heard)
    match heard.meaning:
        case Command(name="link", rest=rest) if rest:
            return _send(talk, rest)
        case Words(text=text) if text:
            return _prove(talk, text) if talk.memory.get("number") else _send(talk, text)
        case Command():
            return go(talk, "link", Say("link.ask", {}, _number(talk)))
        case _:
            return stay(talk, Say("link.silence", {}, asked(talk)), stumbled=True)


def _number(talk: Conversation) -> Expect:
    """A chat may offer to share the number by a button; a caller keys it in."""
    return asking(ExpectKind.DIGITS, NUMBER_DIGITS) if talk.medium == "ivr" else asking(ExpectKind.CONTACT)


def _proven(talk: Conversation, heard: Heard) -> Steps:
    linked = yield from ask(LinkProven(heard.message.proven))
    return home(talk, Say("link.done" if linked else "link.not_now"))


def _send(talk: Conversation, text: str) -> Steps:
    number = read_phone(text)
    if isinstance(number, Problem):
        return go(talk, "link", Say("link.no_number", {}, _number(talk)))
    sent = yield from ask(SendCode(number))
    if not sent:
        return home(talk, Say("link.not_now"))
    say = Say("link.code", {"number": number}, asking(ExpectKind.DIGITS, CODE_DIGITS))
    return go(talk, "link", say, number=number)


def _prove(talk: Conversation, text: str) -> Steps:
    code = re.sub(r"\D", "", text)
    right = yield from ask(ProveNumber(str(talk.memory["number"]), code))
    if right:
        return home(talk, Say("link.done"))
    say = Say("link.wrong", {}, asking(ExpectKind.DIGITS, CODE_DIGITS))
    return stay(talk, say, stumbled=True)


TOPIC = Topic("link", play)

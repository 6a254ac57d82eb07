"""A person takes over: at once where the office is open, by message or call-back where not. Never a bare
hang-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.messages import Expect, ExpectKind, Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Chosen, Command, Heard, Words
from core.talk.needs import CallOfficer, KeepRecording, OfficeNow
from core.talk.script import Script, Steps, Turn, ask, go, stay
from core.talk.topics.offers import home, offer

PATIENT_WITH_SILENCE = 2  # rounds of choosing nothing; then a call-back is promised
WAYS_OUT = ("officer.record", "officer.callback", "officer.menu")


def play(talk: Conversation, heard: Heard) -> Script:
    """The wish for a person, what is to be told to them, or what happens in the queue."""
    if heard.message.attachments and talk.memory.get("step") in ("record", "waiting", "called"):
        return _recorded(talk, heard)
    match heard.meaning:
        case Command(name="officer", rest=rest):
            return call(talk, "stumbles" if rest == "stumbles" else "asked")
        case Command(name="spoken"):
            return go(talk, "menu", Say("goodbye.thanks", ends=True))  # they have spoken to somebody
        case Chosen(value="record"):
            return _record(talk)
        case Chosen(value="callback"):
            return _callback(talk)
        case Chosen():
            return home(talk)
        case Words(text=text) if text and talk.medium != "ivr":
            return stay(talk, Say("officer.added", {}, Expect(ExpectKind.TEXT)))
        case _ if talk.memory.get("step") == "record":
            return home(talk, Say("officer.nothing_recorded"))
        case _:
            return _nobody(talk)


def call(talk: Conversation, reason: str) -> Steps:
    """Leave a task with what was said so far; put a caller through where somebody is there."""
    if talk.medium == "ivr":
        return (yield from _put_through(talk, reason))
    answer = yield from ask(CallOfficer(reason, _collected(talk)))
    key = "officer.stumbled" if reason == "stumbles" else "officer.called"
    values = {"open": answer["open"], "next": answer["next"], "waiting": answer["waiting"]}
    say = Say(key, values, Expect(ExpectKind.TEXT))
    return go(talk, "officer", say, step="called", left=talk.memory.get("left", {}))


def _put_through(talk: Conversation, reason: str) -> Steps:
    office = yield from ask(OfficeNow())
    collected = _collected(talk)
    if not office["open"]:
        say = Say("officer.closed", {"office": office}, offer(*WAYS_OUT))
        return go(talk, "officer", say, step="closed", collected=collected)
    answer = yield from ask(CallOfficer(reason, collected))
    say = Say("officer.transfer", {"waiting": answer["waiting"]}, Expect(ExpectKind.OFFICER))
    return go(talk, "officer", say, step="waiting", collected=collected)


def _collected(talk: Conversation) -> Mapping[str, Any]:
    """What was keyed and said so far, so that the officer need not ask again. A PIN is nobody's business."""
    left = talk.memory.get("left") or {"topic": talk.topic, "memory": talk.memory}
    memory = {name: value for name, value in left["memory"].items() if name not in ("pin", "left")}
    return {"topic": left["topic"], "procedure": talk.procedure, **memory}


def _nobody(talk: Conversation) -> Script:
    """Nobody answered, or nothing was chosen: a message or a call-back, never back to the main menu by itself.

    A caller who chooses nothing a third time is called back: no fourth round, and no bare hang-up.
    """
    if talk.medium != "ivr":
        return stay(talk, Say("officer.nobody", {}, Expect(ExpectKind.TEXT)), stumbled=True)
    if talk.stumbles >= PATIENT_WITH_SILENCE:
        return _callback(talk)
    talk = replace(talk, memory={**talk.memory, "step": "nobody"})
    return stay(talk, Say("officer.nobody", {}, offer(*WAYS_OUT)), stumbled=True)


def _record(talk: Conversation) -> Turn:
    talk = talk.remember(step="record")
    return stay(talk, Say("officer.record", {}, Expect(ExpectKind.RECORDING)))


def _recorded(talk: Conversation, heard: Heard) -> Steps:
    for attachment in heard.message.attachments:
        yield from ask(KeepRecording(attachment, "officer"))
    return go(talk, "menu", Say("officer.recorded", {}, ends=talk.medium == "ivr"))


def _callback(talk: Conversation) -> Steps:
    answer = yield from ask(CallOfficer("callback", talk.memory.get("collected", {}), callback=True))
    say = Say("officer.callback", {"open": answer["open"], "next": answer["next"]}, ends=talk.medium == "ivr")
    return go(talk, "menu", say)


TOPIC = Topic("officer", play)

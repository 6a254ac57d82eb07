"""Where is my dossier? By its code, by code and PIN, by several codes, or by the sender's own number.

A wrong code and a wrong PIN are answered in the same words. In a call the code is read back digit by digit
before anything is said about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.messages import Choice, ExpectKind, Say, Values
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import KEYED, Chosen, Codes, Command, Heard, Silence, Words
from core.talk.needs import FindProcedure, LookUp, MyDossiers, SendText
from core.talk.script import Script, Steps, Turn, ask, go, stay
from core.talk.topics import follow, lookup
from core.talk.topics.offers import asked, asking, home, offer
from procedures.codes import PHONE, PIN_DIGITS, FoundCode

KEYS_AT_MOST = 18  # the longest official code, keyed as figures with separators
SHOWN = 3  # dossiers told at once


def play(talk: Conversation, heard: Heard) -> Script:
    """A code, a PIN, a choice, or a new question."""
    match heard.meaning:
        case Codes(found=found, pin=pin):
            return _codes(talk, _once(found), found[0].kind, pin, heard.message.text)
        case Command(name="status" | "mine", codes=found, pin=pin) if found:
            return _look(talk, _once(found), found[0].kind, pin)
        case Command(name="status", rest=rest) if any(sign.isdecimal() for sign in rest):
            return _no_code(talk, rest)
        case Command(name="mine"):
            return mine(talk)
        case Chosen(value=value):
            return _chosen(talk, value)
        case Words(text=text) if text and talk.memory.get("step") == "pin":
            return _pin(talk, text)
        case Words(text=text) if text and talk.memory.get("step") == "code":
            return _no_code(talk, text)
        case Words(text=text) if text:
            return lookup.search(talk, text)
        case Silence() | Words() if talk.memory.get("step"):
            return stay(talk, Say("status.silence", {}, asked(talk)), stumbled=True)
        case _:
            return begin(talk)


def _once(found: Sequence[FoundCode]) -> list[str]:
    """The codes as they came, each once: who repeats a code asks for one dossier."""
    return list(dict.fromkeys(code.code for code in found))


def begin(talk: Conversation) -> Steps:
    """A proven number is told at once what lies here in its name; anybody else is asked for the code."""
    dossiers = yield from ask(MyDossiers())
    return _list(talk, dossiers) if dossiers else _ask(talk, "status.ask")


def mine(talk: Conversation) -> Steps:
    """What lies here for this number."""
    dossiers = yield from ask(MyDossiers())
    return _list(talk, dossiers) if dossiers else _ask(talk, "status.none")


def _ask(talk: Conversation, key: str, *, stumbled: bool = False) -> Turn:
    talk = replace(talk, topic="status", memory={"step": "code"})
    return stay(talk, Say(key, {}, asking(ExpectKind.CODE, KEYS_AT_MOST)), stumbled=stumbled)


def _codes(talk: Conversation, codes: list[str], kind: str, pin: str, typed: str) -> Script:
    """In a call: read back first. In writing the code stands before the citizen's eyes already."""
    if talk.medium != "ivr":
        return _look(talk, codes, kind, pin)
    digits = typed if kind != PHONE else codes[0]
    say = Say("status.read_back", {"code": digits}, offer("status.right", "status.wrong"))
    return go(talk, "status", say, step="confirm", codes=codes, kind=kind, pin=pin)


def _look(talk: Conversation, codes: Sequence[str], kind: str, pin: str = "") -> Steps:
    """Ask the house, and say what it lets this person hear."""
    answer = yield from ask(LookUp(tuple(codes), pin, readings=kind == KEYED))
    found, unknown = answer["found"], answer["unknown"] if kind != KEYED else ()
    if answer["wait"] and not found:
        return home(talk, Say("status.wait", {"seconds": answer["wait"]}))
    if found:
        return _found(talk, found, unknown)
    if kind != PHONE and not pin:
        say = Say("status.pin", {"code": codes[0]}, asking(ExpectKind.DIGITS, PIN_DIGITS))
        return go(talk, "status", say, step="pin", codes=list(codes), kind=kind)
    return _ask(talk, "status.unknown", stumbled=True)


def _found(talk: Conversation, found: Sequence[Values], unknown: Sequence[str] = ()) -> Turn:
    """One dossier in full, several a line each; and what can be done next."""
    if len(found) > 1 or unknown:
        return _list(talk, found, unknown)
    dossier = found[0]
    say = Say("status.found", {"dossier": dossier}, offer(*_next(talk.medium, dossier)))
    code = str(dossier["phone_code"] or dossier["code"])
    return go(talk, "status", say, step="shown", codes=[code], dossier=dict(dossier))


def _next(medium: str, dossier: Values) -> list[str]:
    """What may be done with a dossier: at most four things, in a text as few as possible."""
    names = ["status.text"] if medium == "ivr" else []
    if not dossier["following"]:
        names.append("status.follow")
    if dossier["level"] == "public":
        names.append("status.more")
    if medium != "sms":
        names.append("status.another")
    return [*names[:3], "status.menu"] if medium != "sms" else names or ["status.menu"]


def _list(talk: Conversation, found: Sequence[Values], unknown: Sequence[str] = ()) -> Turn:
    if len(found) == 1 and not unknown:
        return _found(talk, found)
    shown = list(found[:SHOWN])
    values = {"dossiers": shown, "unknown": list(unknown), "left": max(0, len(found) - SHOWN)}
    expect = replace(
        asking(ExpectKind.CHOICE),
        choices=tuple(
            Choice(f"dossier:{number}", label=str(each["phone_code"] or each["code"]), say="status.one")
            for number, each in enumerate(shown)
        ),
    )
    say = Say("status.list", values, expect if shown else asking(ExpectKind.CODE, KEYS_AT_MOST))
    return go(talk, "status", say, step="list" if shown else "code", dossiers=[dict(each) for each in shown])


def _chosen(talk: Conversation, value: str) -> Script:
    codes = [str(code) for code in talk.memory.get("codes", ())]
    match value:
        case "right":
            return _look(talk, codes, str(talk.memory["kind"]), str(talk.memory.get("pin", "")))
        case "wrong" | "another":
            return _ask(talk, "status.again" if value == "wrong" else "status.ask")
        case "text":
            return _text(talk)
        case "follow":
            return follow.begin(talk, codes)
        case "more":
            say = Say("status.pin", {"code": codes[0]}, asking(ExpectKind.DIGITS, PIN_DIGITS))
            return go(talk, "status", say, step="pin", codes=codes, kind="")
        case _ if value.startswith("dossier:"):
            return _found(talk, [talk.memory["dossiers"][int(value.partition(":")[2])]])
        case _:
            return home(talk)


def _text(talk: Conversation) -> Steps:
    """What was just said, as an SMS to the caller's number: nothing must be written down."""
    sent = yield from ask(SendText("status.found", {"dossier": talk.memory["dossier"]}))
    return home(talk, Say("status.texted" if sent else "status.not_texted"))


def _pin(talk: Conversation, text: str) -> Script:
    digits = re.sub(r"[\s.*-]", "", text)
    if not (digits.isdecimal() and len(digits) == PIN_DIGITS):
        say = Say("status.pin_shape", {}, asking(ExpectKind.DIGITS, PIN_DIGITS))
        return stay(talk, say, stumbled=True)
    return _look(talk, [str(code) for code in talk.memory["codes"]], str(talk.memory.get("kind", "")), digits)


def _no_code(talk: Conversation, text: str) -> Steps:
    """Check digits are tried before the house is asked: a slip of the finger is no wrong guess. Words may be
    another question altogether."""
    digits = re.sub(r"\D", "", text)
    if not digits:
        found = yield from ask(FindProcedure(text, talk.procedure))
        if found.outcome != "unknown":
            return (yield from lookup.search(talk, text))
    key = "status.not_right" if len(digits) >= PIN_DIGITS else "status.no_code"
    return _ask(talk, key, stumbled=True)


TOPIC = Topic("status", play)

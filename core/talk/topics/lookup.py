"""Find and explain a procedure: papers, fee with its exemptions, time limit, where and how, source and
date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.messages import Choice, Expect, ExpectKind, Say, Values
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Chosen, Command, Heard, Silence, Words
from core.talk.needs import CommonProcedures, FindProcedure, OfficeNow, ReadProcedure
from core.talk.script import Script, Steps, Turn, ask, go, stay
from core.talk.topics import filing
from core.talk.topics.offers import asked, home, offer, wish

OFFERED = 3  # so many procedures are offered where words may mean several
PAPERS_AT_ONCE: Mapping[str, int] = {"sms": 3, "ivr": 3}  # the rest is one answer away; elsewhere all at once
# An aspect that a question may name, and the wording that answers it.
ASPECTS: Mapping[str, str] = {
    "papers": "lookup.papers",
    "fee": "lookup.fee",
    "time_limit": "lookup.time_limit",
    "where": "lookup.where",
    "online": "lookup.where",
}


def play(talk: Conversation, heard: Heard) -> Script:
    """A choice among procedures or aspects, or another question."""
    match heard.meaning:
        case Command(name="find", rest=rest) if rest:
            return search(talk, rest)
        case Command(name="file", rest=rest):
            return _file(talk, rest, heard.message.text)
        case Chosen(value=value):
            return _chosen(talk, value)
        case Words(text=text) if text and not text.isdecimal():
            return search(talk, text)
        case Silence() | Words():
            return _nothing_heard(talk)
        case _:
            return begin(talk)


def begin(talk: Conversation) -> Steps:
    """Ask what it is about. A caller may also press a key: the most wanted procedures are offered."""
    if talk.medium != "ivr":
        return go(talk, "lookup", Say("lookup.ask", {}, wish(talk)))
    common = yield from ask(CommonProcedures(OFFERED))
    return go(talk, "lookup", Say("lookup.ask", {}, among(common)))


def search(talk: Conversation, words: str) -> Steps:
    """Which procedure do these words mean? Answer, offer three, or say honestly that we do not know."""
    found = yield from ask(FindProcedure(words, talk.procedure))
    if found.outcome == "answer" and found.procedures:
        return (yield from explain(talk, str(found.procedures[0]["code"]), found.aspect))
    if found.outcome == "choices":
        offered = found.procedures[:OFFERED]
        return go(talk, "lookup", Say("lookup.which", {}, among(offered)), aspect=found.aspect)
    office = yield from ask(OfficeNow())
    talk = replace(talk, topic="lookup", memory={})
    return stay(talk, Say("lookup.unknown", {"office": office}, wish(talk)), stumbled=True)


def _file(talk: Conversation, wish: str, text: str) -> Steps:
    """ "nop khai sinh" begins a filing; "nop o dau" only looks like it and is a question."""
    if wish:
        found = yield from ask(FindProcedure(wish, filing=True))
        if found.outcome == "unknown":
            return (yield from search(talk, text))
    return (yield from filing.begin(talk, words=wish))


def explain(talk: Conversation, code: str, aspect: str = "", first: int = 0) -> Steps:
    """The short card of a procedure, or the one aspect that was asked for."""
    procedure = yield from ask(ReadProcedure(code))
    if procedure is None:
        return home(talk, Say("lookup.gone"))
    talk = replace(talk, procedure=code)
    key = ASPECTS.get(aspect, "lookup.card")
    values: dict[str, Any] = (
        {"procedure": procedure} if key != "lookup.papers" else _papers(procedure, talk.medium, first)
    )
    names = _next(procedure, aspect, more=bool(values.get("left")))
    first = int(values.get("next", 0))
    return go(talk, "lookup", Say(key, values, offer(*names)), code=code, first=first)


def among(procedures: Sequence[Values]) -> Expect:
    """Procedures by name, and the way out."""
    named = [
        Choice(f"procedure:{each['code']}", label=str(each["short_name"]), say="lookup.procedure")
        for each in procedures
    ]
    return Expect(ExpectKind.CHOICE, (*named, Choice("other", say="lookup.other")))


def _papers(procedure: Values, medium: str, first: int) -> dict[str, Any]:
    """So many papers as the medium bears at once; how many are left is said, never dropped."""
    papers = procedure["papers"]
    size = PAPERS_AT_ONCE.get(medium, len(papers) or 1)
    shown = papers[first : first + size]
    left = max(0, len(papers) - first - size)
    following = first + size if left else 0
    return {"procedure": procedure, "papers": shown, "first": first, "left": left, "next": following}


def _next(procedure: Values, aspect: str, *, more: bool) -> list[str]:
    """What may be asked next: not the thing just told; at most four."""
    names = [name for name in ("papers", "fee", "where") if name != aspect]
    if more:
        names.insert(0, "more")
    if procedure.get("form"):
        names.append("file")
    return [f"lookup.{name}" for name in names[:4]]


def _chosen(talk: Conversation, value: str) -> Steps:
    code = str(talk.memory.get("code", ""))
    match value:
        case "other":
            return go(talk, "lookup", Say("lookup.again", {}, wish(talk)))
        case "file":
            return (yield from filing.begin(talk, code))
        case "more":
            return (yield from explain(talk, code, "papers", int(talk.memory.get("first", 0))))
        case _ if value.startswith("procedure:"):
            return (yield from explain(talk, value.partition(":")[2], str(talk.memory.get("aspect", ""))))
        case _:
            return (yield from explain(talk, code, value))


def _nothing_heard(talk: Conversation) -> Turn:
    """Say what can be said here; the question stays what it was."""
    return stay(talk, Say("lookup.silence", {}, asked(talk)), stumbled=True)


TOPIC = Topic("lookup", play)

"""Everything that can be said, declared once: the key, the names of its values, and where it is said.

The wording is verified against this table at start, with the sample values of `templates/samples.yaml`; a
story that says something undeclared, or declared otherwise, fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from procedures.problem import CODES

TALK = frozenset({"sms", "ivr", "chat", "web"})
TEXT = TALK - {"ivr"}
CALL = frozenset({"ivr"})
PUSH = TALK | {"mail"}


@dataclass(frozen=True, slots=True)
class Saying:
    """The names of the values, and the media on which it may be said."""

    values: tuple[str, ...] = ()
    media: frozenset[str] = TALK


TOPICS: Mapping[str, Saying] = {
    "flood.pause": Saying(),
    "menu.main": Saying(),
    "menu.again": Saying(),
    "menu.silence": Saying(),
    "menu.paper": Saying(),
    "arrival.hello": Saying(("office",)),
    "arrival.returned": Saying(("title",)),
    "arrival.token_gone": Saying(("office",)),
    "office.hours": Saying(("office",)),
    "lookup.ask": Saying(),
    "lookup.again": Saying(),
    "lookup.silence": Saying(),
    "lookup.which": Saying(),
    "lookup.unknown": Saying(("office",)),
    "lookup.gone": Saying(),
    "lookup.card": Saying(("procedure",)),
    "lookup.papers": Saying(("procedure", "papers", "first", "left", "next")),
    "lookup.fee": Saying(("procedure",)),
    "lookup.time_limit": Saying(("procedure",)),
    "lookup.where": Saying(("procedure",)),
    "status.ask": Saying(),
    "status.again": Saying(),
    "status.none": Saying(),
    "status.not_right": Saying(),
    "status.no_code": Saying(),
    "status.silence": Saying(),
    "status.read_back": Saying(("code",)),
    "status.unknown": Saying(),
    "status.pin": Saying(("code",)),
    "status.pin_shape": Saying(),
    "status.wait": Saying(("seconds",)),
    "status.found": Saying(("dossier",)),
    "status.list": Saying(("dossiers", "unknown", "left")),
    "status.texted": Saying(),
    "status.not_texted": Saying(),
    "follow.ask": Saying(),
    "follow.ask_end": Saying(),
    "follow.no_code": Saying(),
    "follow.following": Saying(("code",)),
    "follow.asked": Saying(("code",)),
    "follow.unknown": Saying(("code",)),
    "follow.ended": Saying(("code",)),
    "follow.not_following": Saying(("code",)),
    "follow.consented": Saying(),
    "follow.refused": Saying(),
    "follow.consent_unknown": Saying(),
    "resume.none": Saying(),
    "resume.ask_code": Saying(),
    "resume.which": Saying(),
    "resume.silence": Saying(),
    "resume.unknown": Saying(),
    "link.ask": Saying(),
    "link.no_number": Saying(),
    "link.code": Saying(("number",)),
    "link.wrong": Saying(),
    "link.done": Saying(),
    "link.not_now": Saying(),
    "link.silence": Saying(),
    "officer.called": Saying(("open", "next", "waiting"), TEXT),
    "officer.stumbled": Saying(("open", "next", "waiting"), TEXT),
    "officer.added": Saying((), TEXT),
    "officer.transfer": Saying(("waiting",), CALL),
    "officer.closed": Saying(("office",), CALL),
    "officer.nobody": Saying(),
    "officer.record": Saying((), CALL),
    "officer.recorded": Saying(),
    "officer.nothing_recorded": Saying(),
    "officer.callback": Saying(("open", "next"), CALL),
    "officer.says": Saying(("text",), TEXT | {"mail"}),
    "help.menu": Saying(),
    "help.lookup": Saying(),
    "help.status": Saying(),
    "help.filing": Saying(),
    "help.officer": Saying(),
    "language.now": Saying(),
    "late.button": Saying(),
    "goodbye.thanks": Saying(),
    "goodbye.thanks_filing": Saying(),
    "stop.which": Saying(),
    "stop.filing": Saying(),
    "stop.notices": Saying(),
    "stop.all": Saying(),
    "start.done": Saying(),
}

FILING: Mapping[str, Saying] = {
    "filing.which": Saying(),
    "filing.unknown": Saying(),
    "filing.hand_off": Saying(("kind", "note", "title", "url")),
    "filing.kind": Saying(("kind", "note", "title")),
    "filing.taken_up": Saying(("title", "count")),
    "filing.question": Saying(("question", "number", "total", "optional", "kind", "recorded")),
    "filing.retry": Saying(("problem", "help", "question")),
    "filing.unheard": Saying(("help", "question")),
    "filing.silence": Saying(),
    "filing.no_file": Saying(),
    "filing.more_files": Saying(("count", "most")),
    "filing.understood": Saying(("count", "problems"), TEXT),
    "filing.read_back": Saying(("title", "kind", "value", "shown")),
    "filing.dropped": Saying(("fields",)),
    "filing.first": Saying(),
    "filing.newer": Saying(),
    "filing.gone": Saying(),
    "filing.summary": Saying(("rows", "title")),
    "filing.fix_which": Saying(),
    "filing.fix_unknown": Saying(),
    "filing.elsewhere": Saying(("url", "code", "minutes", "title", "fields", "sent")),
    "filing.link": Saying(("url", "code", "minutes", "title", "fields"), frozenset({"sms"})),
    "filing.saved": Saying(("title",)),
    "filing.cancel": Saying(("title",)),
    "filing.dropped_draft": Saying(("title",)),
    "filing.again": Saying(("code", "filed", "title")),
    "filing.refused": Saying(("fields",)),
    "filing.filed": Saying(
        ("code", "phone_code", "pin", "kind", "procedure", "place", "office", "hotline", "sent")
    ),
}

# What does not fit in an answer: also told alone, as a warning about an answer that was taken.
PROBLEMS: Mapping[str, Saying] = {f"problem.{code}": Saying(names) for code, names in CODES.items()}

# Pushed. The values are few, and no name: whoever holds the telephone may not be whom it concerns.
NEWS = (
    "office",
    "place",
    "hotline",
    "code",
    "phone_code",
    "procedure",
    "due",
    "missing",
    "reason",
    "link",
)
EVENTS = (
    "filed",
    "received",
    "accepted",
    "invited",
    "supplement",
    "paused",
    "resumed",
    "pay",
    "payment",
    "refused",
    "ready",
    "handed_over",
    "extended",
    "withdrawn",
    "stopped",
    "answered",
    "noted",
    "filing_failed",
    "set_aside",
)
NOTICES: Mapping[str, Saying] = {f"notice.{event}": Saying(NEWS, PUSH) for event in EVENTS} | {
    "notice.follow_request": Saying(("request", "office", "phone_code"), PUSH),
    "notice.one_time_code": Saying(("code", "minutes", "office"), PUSH),
}

SAYINGS: Mapping[str, Saying] = {**TOPICS, **FILING, **PROBLEMS, **NOTICES}


def undeclared(key: str, values: Iterable[str]) -> str:
    """What is wrong with saying `key` with these values; empty where it is declared so."""
    saying = SAYINGS.get(key)
    if saying is None:
        return f"{key} is not declared"
    if key == "filing.retry":  # carries the values of its problem too
        return ""
    return "" if set(values) == set(saying.values) else f"{key} is declared with {saying.values}"

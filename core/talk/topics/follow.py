"""Follow a dossier, with the applicant's consent; stop following; the applicant's answer."""

from __future__ import annotations

from collections.abc import Sequence

from core.messages import ExpectKind, Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Codes, Command, Heard
from core.talk.needs import Consent, Follow, Unfollow
from core.talk.script import Script, Steps, ask, go, stay
from core.talk.topics.offers import asking, home

KEYS_AT_MOST = 18


def play(talk: Conversation, heard: Heard) -> Script:
    """The command with or without a code, or the code that was asked for."""
    match heard.meaning:
        case Command(name="unfollow", codes=codes):
            return _unfollow(talk, [code.code for code in codes] or _left_codes(talk))
        case Command(name="consent" | "no_consent" as name, rest=rest):
            return _consent(talk, rest, name == "consent")
        case Command(codes=codes, pin=pin):
            return begin(talk, [code.code for code in codes] or _left_codes(talk), pin)
        case Codes(found=found, pin=pin):
            codes_found = [code.code for code in found]
            return _unfollow(talk, codes_found) if talk.memory.get("end") else begin(talk, codes_found, pin)
        case _:
            return stay(talk, Say("follow.no_code", {}, asking(ExpectKind.CODE, KEYS_AT_MOST)), stumbled=True)


def begin(talk: Conversation, codes: Sequence[str], pin: str = "") -> Steps:
    """Follow the first of these, or ask which."""
    if not codes:
        return go(talk, "follow", Say("follow.ask", {}, asking(ExpectKind.CODE, KEYS_AT_MOST)))
    outcome = yield from ask(Follow(codes[0], pin))
    return home(talk, Say(f"follow.{outcome}", {"code": codes[0]}))


def _unfollow(talk: Conversation, codes: Sequence[str]) -> Steps:
    if not codes:
        say = Say("follow.ask_end", {}, asking(ExpectKind.CODE, KEYS_AT_MOST))
        return go(talk, "follow", say, end=True)
    ended = yield from ask(Unfollow(codes[0]))
    return home(talk, Say("follow.ended" if ended else "follow.not_following", {"code": codes[0]}))


def _consent(talk: Conversation, request: str, given: bool) -> Steps:
    known = yield from ask(Consent(request.strip().upper(), given))
    key = "follow.consent_unknown" if not known else "follow.consented" if given else "follow.refused"
    return home(talk, Say(key))


def _left_codes(talk: Conversation) -> list[str]:
    """The dossier that was just talked about."""
    left = talk.memory.get("left", {})
    return [str(code) for code in left.get("memory", {}).get("codes", ())]


TOPIC = Topic("follow", play, keeps=frozenset({"codes"}))

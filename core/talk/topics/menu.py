"""The main menu: numbered doors, and free words for whoever does not want doors."""

from __future__ import annotations

from core.messages import Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Chosen, Heard, Silence, Words
from core.talk.script import Script, Steps, stay
from core.talk.topics import filing, lookup, office, officer, status
from core.talk.topics.offers import main_menu


def play(talk: Conversation, heard: Heard) -> Script:
    """A door, or a question in the citizen's own words."""
    match heard.meaning:
        case Chosen(value=value):
            return _open(talk, heard, value)
        case Words(text=text) if text.isdecimal():  # a key or number that was not offered
            return stay(talk, main_menu(talk, "menu.again"), stumbled=True)
        case Words(text=text) if text:
            return lookup.search(talk, text)
        case Silence():
            return stay(talk, Say("menu.silence"), main_menu(talk, "menu.again"), stumbled=True)
        case Words():
            return stay(talk, Say("menu.paper"), main_menu(talk, "menu.again"), stumbled=True)
        case _:
            return stay(talk, *_kept(talk), main_menu(talk))


def _kept(talk: Conversation) -> list[Say]:
    """Whoever left a filing for the menu hears that nothing is lost."""
    left = talk.memory.get("left", {})
    if left.get("topic") != "filing" or not left["memory"].get("draft"):
        return []
    return [Say("filing.saved", {"title": left["memory"]["title"]})]


def _open(talk: Conversation, heard: Heard, door: str) -> Steps:
    match door:
        case "status":
            return (yield from status.begin(talk))
        case "find":
            return (yield from lookup.begin(talk))
        case "file":
            return (yield from filing.begin(talk))
        case "office":
            return (yield from office.tell(talk))
        case _:
            return (yield from officer.call(talk, "asked"))


TOPIC = Topic("menu", play)

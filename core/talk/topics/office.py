"""When the office is open, and where it is."""

from __future__ import annotations

from core.messages import Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Heard
from core.talk.needs import OfficeNow
from core.talk.script import Script, Steps, ask
from core.talk.topics.offers import home


def play(talk: Conversation, heard: Heard) -> Script:
    """Hours and place, whatever was said."""
    return tell(talk)


def tell(talk: Conversation) -> Steps:
    """Hours, place, whether it is open now."""
    office = yield from ask(OfficeNow())
    return home(talk, Say("office.hours", {"office": office}))


TOPIC = Topic("office", play)

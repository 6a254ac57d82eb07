"""stub"""

from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Heard
from core.talk.needs import DraftState
from core.talk.script import Script, Steps, run
from core.talk.topics.offers import home


def begin(talk: Conversation, code: str = "", words: str = "") -> Steps:
    return run(home(talk))


def take_up(talk: Conversation, draft: DraftState) -> Steps:
    return run(home(talk))


def play(talk: Conversation, heard: Heard) -> Script:
    return home(talk)


TOPIC = Topic("filing", play, lasting=True)

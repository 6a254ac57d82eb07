"""What can be talked about. `REPERTOIRE` is the whole table: the topics, and which topic a command goes
to."""

from __future__ import annotations

from collections.abc import Mapping

from core.talk.dialogue import Repertoire, Topic
from core.talk.topics import (
    arrival,
    filing,
    follow,
    link,
    lookup,
    manners,
    menu,
    office,
    officer,
    resume,
    status,
    wishes,
)

TOPICS: tuple[Topic, ...] = (
    arrival.TOPIC,
    menu.TOPIC,
    lookup.TOPIC,
    status.TOPIC,
    filing.TOPIC,
    resume.TOPIC,
    follow.TOPIC,
    link.TOPIC,
    officer.TOPIC,
    office.TOPIC,
    wishes.TOPIC,
    *manners.TOPICS,
)

# Every command that `commands.yaml` may name. A topic in hand may keep some of them for itself.
COMMANDS: Mapping[str, str] = {
    "menu": "menu",
    "hello": "arrival",
    "back": "menu",
    "cancel": "menu",
    "help": "help",
    "language": "language",
    "vietnamese": "language",
    "english": "language",
    "officer": "officer",
    "stop": "wishes",
    "stop_all": "wishes",
    "start": "wishes",
    "repeat": "menu",  # only where nothing was said yet
    "slower": "menu",
    "status": "status",
    "mine": "status",
    "find": "lookup",
    "file": "lookup",  # which looks whether it is a wish or a question
    "feedback": "filing",
    "continue": "resume",
    "correct": "resume",
    "review": "resume",
    "save": "menu",
    "skip": "menu",
    "done": "goodbye",
    "elsewhere": "resume",
    "follow": "follow",
    "unfollow": "follow",
    "consent": "follow",
    "no_consent": "follow",
    "link": "link",
    "office": "office",
    "goodbye": "goodbye",
}

REPERTOIRE = Repertoire({topic.name: topic for topic in TOPICS}, COMMANDS)

"""What topics offer: choices by the name of their wording, the main menu, and the way home."""

from __future__ import annotations

from core.messages import Choice, Expect, ExpectKind, Say
from core.talk.conversation import Conversation
from core.talk.script import Turn, go

OPTIONS_IN_A_CALL = 4  # a caller cannot keep more in mind


def offer(*names: str) -> Expect:
    """Choices worded in `choices.yaml`; "menu.status" has the value "status"."""
    return Expect(ExpectKind.CHOICE, tuple(Choice(name.rpartition(".")[2], say=name) for name in names))


def ask_yes(yes: str = "answer.yes", no: str = "answer.no") -> Expect:
    """A question for yes or no, each in words of its own."""
    return Expect(ExpectKind.YES_NO, (Choice("yes", say=yes), Choice("no", say=no)))


def asking(kind: ExpectKind, digits: int | None = None) -> Expect:
    """An open question."""
    return Expect(kind, digits=digits)


def wish(talk: Conversation) -> Expect:
    """What is it about? Not a free text: "nop khai sinh" is a command here, not an answer. A caller speaks."""
    return Expect(ExpectKind.TEXT if talk.medium == "ivr" else ExpectKind.CHOICE)


def asked(talk: Conversation) -> Expect | None:
    """The open question as it was meant, not as it was worded and numbered on its medium."""
    return next((say.expect for say in reversed(talk.said) if say.expect is not None), None)


def main_menu(talk: Conversation, key: str = "menu.main") -> Say:
    """The four doors. In a call the officer is key 0 anyway, so the fourth key tells hours and place."""
    fourth = "menu.office" if talk.medium == "ivr" else "menu.officer"
    return Say(key, {}, offer("menu.status", "menu.find", "menu.file", fourth))


def home(talk: Conversation, *says: Say) -> Turn:
    """The end of a subject. A caller or a chat is shown the menu again; an SMS is not made longer by it."""
    if talk.medium == "sms" and says:
        return go(talk, "menu", *says)
    return go(talk, "menu", *says, main_menu(talk))

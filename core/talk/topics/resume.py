"""Continue a draft: the one begun here, or the one that a code from another channel stands for."""

from __future__ import annotations

from core.messages import Choice, Expect, ExpectKind, Say
from core.talk.conversation import Conversation
from core.talk.dialogue import Topic
from core.talk.hearing import Chosen, Command, Heard, Words
from core.talk.needs import MyDrafts, ReadForm
from core.talk.script import Script, Steps, ask, go, stay
from core.talk.topics import filing
from core.talk.topics.offers import asked, asking

OFFERED = 3
KEYS_AT_MOST = 12  # a one-time code


def play(talk: Conversation, heard: Heard) -> Script:
    """ "tiep tuc", with or without a code, or the choice among several drafts."""
    match heard.meaning:
        case Command(name="continue", rest=rest) if rest:
            return filing.take_up_by_code(talk, rest)
        case Chosen(value="code"):
            return go(talk, "resume", Say("resume.ask_code", {}, asking(ExpectKind.DIGITS, KEYS_AT_MOST)))
        case Chosen(value=value) if value.isdecimal():
            return take_up(talk, int(value))
        case Words(text=text) if text:
            return filing.take_up_by_code(talk, text)
        case Command():
            return take_up(talk)
        case _:
            return stay(talk, Say("resume.silence", {}, asked(talk)), stumbled=True)


def take_up(talk: Conversation, number: int | None = None) -> Steps:
    """The only draft, or draft `number`, where it was left; a choice where there are several."""
    drafts = yield from ask(MyDrafts())
    if not drafts:
        return go(talk, "resume", Say("resume.none", {}, asking(ExpectKind.DIGITS, KEYS_AT_MOST)))
    if len(drafts) == 1 or number is not None:
        return (yield from filing.take_up(talk, drafts[min(number or 0, len(drafts) - 1)]))
    named = []
    for index, draft in enumerate(drafts[:OFFERED]):
        form = yield from ask(ReadForm(draft.procedure, draft.form_version))
        label = draft.title or (form.title if form is not None else draft.procedure)
        named.append(Choice(str(index), label, "resume.draft"))
    expect = Expect(ExpectKind.CHOICE, (*named, Choice("code", say="resume.code")))
    return go(talk, "resume", Say("resume.which", {}, expect))


TOPIC = Topic("resume", play)

"""The stories of `tests/dialogues/`, played through `dialogue.turn` with the real wording. The conversation
goes to JSON and back between every two turns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import plain
from core.channel import Marks, Traits
from core.ear import load_ear
from core.messages import Address, Attachment, InboundMessage, Moment, Say
from core.post.wording import Worded, Wording
from core.talk.conversation import Conversation
from core.talk.dialogue import turn
from core.talk.sayings import undeclared
from core.talk.script import Steps, Turn
from core.talk.topics import REPERTOIRE, filing
from procedures.codes import load_patterns
from procedures.words import fold
from tests.dialogues import stories
from tests.dialogues.world import World, facts

ROOT = Path(__file__).parent.parent
WORDING = Wording(ROOT / "templates")
EAR = load_ear(ROOT / "templates", patterns=load_patterns(), keywords=("hcc",))
BEGINS = datetime.fromisoformat("2026-11-23T09:00:00+07:00")
STORIES = stories.read(ROOT / "tests" / "dialogues")


def parts(text: str) -> int:
    """SMS segments, near enough for a story: plain Latin 160 and 153, anything else 70 and 67."""
    one, more = (160, 153) if text.replace("\u00a0", " ").isascii() else (70, 67)
    return 1 if len(text) <= one else -(-len(text) // more)


TRAITS = {
    "sms": Traits("sms", ("tel",), marks=Marks.SAVE, parts=parts),
    "ivr": Traits("ivr", ("tel",), live=True),
    "chat": Traits("chat", ("telegram:motcua",), buttons=8, files=True),
    "web": Traits("web", ("web",), buttons=8, files=True),
}
ADDRESSES = {
    "sms": Address("tel", str(facts()["citizen"])),
    "ivr": Address("tel", str(facts()["citizen"])),
    "chat": Address("telegram:motcua", "77"),
    "web": Address("web", "visitor"),
}


@dataclass
class Stage:
    """Plays a story: who speaks on what, and when."""

    world: World = field(default_factory=World)
    at: datetime = BEGINS
    medium: str = "sms"
    talks: dict[str, str] = field(default_factory=dict)  # medium -> the conversation as JSON
    sent: int = 0
    old_button: str = ""
    plain: bool = True  # the citizen has typed nothing but Vietnamese so far

    def talk(self) -> Conversation:
        kept = self.talks.get(self.medium)
        return plain.load(Conversation, kept) if kept else Conversation(ADDRESSES[self.medium], self.medium)

    def fact(self, text: str) -> None:
        """A line that begins with @."""
        name, _, rest = text.partition(" ")
        if name in TRAITS:
            self.medium = self.world.medium = name
            self.world.who = ADDRESSES[name]
        elif name == "after":
            unit = timedelta(hours=1) if rest.endswith("h") else timedelta(minutes=1)
            self.at += int(rest[:-1]) * unit
        elif name == "office":
            self.world.open = rest == "open"
        elif name == "held":
            talk = replace(self.talk(), held_by="thu", held_at=self.at)
            self.talks[self.medium] = plain.dump(talk)
        elif name == "changed":  # somebody answered a question of the draft elsewhere
            field_name, _, value = rest.partition("=")
            for id_, draft in self.world.drafts.items():
                answers = {**draft.answers, field_name: value}
                self.world.drafts[id_] = replace(draft, answers=answers, revision=draft.revision + 1)
        else:
            assert name in ("proven", "busy"), f"no such fact: @{text}"
            setattr(self.world, name, True)

    def hear(self, text: str) -> str:
        """One message; the whole answer as the citizen reads it."""
        many = re.fullmatch(r"\[(\d+) lần: (.*)\]", text)
        if many:
            return [self.hear(many[2]) for _ in range(int(many[1]))][-1]
        self.sent += 1
        self.plain = self.plain and fold(text).isascii() and text.isprintable()
        self.at += timedelta(seconds=2)
        talk = self.talk()
        done = self.play(turn(talk, self.message(text, talk), EAR, REPERTOIRE, self.at))
        if talk.expects is not None and talk.expects.id:
            self.old_button = f"{talk.expects.id}.1"
        said = [self.words(say, done.conversation.language) for say in done.says]
        self.talks[self.medium] = plain.dump(labelled(done.conversation, said))
        return "\n".join(worded.text for worded in said)

    def begin(self, procedure: str) -> None:
        """Begin to file, as a button of a page does."""
        done = self.play(filing.begin(self.talk(), procedure))
        said = [self.words(say, done.conversation.language) for say in done.says]
        awaited = next((say.expect for say in reversed(done.says) if say.expect is not None), None)
        talk = replace(done.conversation, expects=awaited, said=done.says, asked_at=self.at)
        self.talks[self.medium] = plain.dump(labelled(talk, said))

    def message(self, text: str, talk: Conversation) -> InboundMessage:
        base = InboundMessage(self.medium, talk.address, f"m{self.sent}", self.at)
        if not text.startswith("["):
            return replace(base, text=text)
        name, _, rest = text[1:-1].partition(" ")
        match name, rest.split():
            case "gọi", _:
                return replace(base, moment=Moment.HELLO, session=f"call{self.sent}")
            case "mở", [_, _, token]:
                return replace(base, moment=Moment.HELLO, payload=token)
            case "gác", _:
                return replace(base, moment=Moment.BYE)
            case "im", _:
                return base
            case "nút", ["cũ"]:
                return replace(base, payload=self.old_button)
            case "nút", [number]:
                assert talk.expects is not None, "no button to press"
                return replace(base, payload=f"{talk.expects.id}.{number}")
            case "tệp", [file, kind]:
                return replace(base, attachments=(Attachment(f"x:{file}", file, kind),))
            case "ghi", _:
                return replace(base, attachments=(Attachment("rec:1", "rec", "audio/x-wav"),))
            case "chia", _:
                return replace(base, proven=(Address("tel", str(facts()["citizen"])),))
        raise AssertionError(f"the citizen cannot do {text}")

    def play(self, steps: Steps) -> Turn:
        """Answer the needs until the turn is done."""
        try:
            need = next(steps)
            while True:
                need = steps.send(self.world.answer(need))
        except StopIteration as stop:
            done: Turn = stop.value
            return done

    def words(self, say: Say, language: str) -> Worded:
        """The text, having checked what holds for every text."""
        assert not undeclared(say.key, say.values)
        worded = WORDING.say_text(say, TRAITS[self.medium], language)
        assert worded.text, say.key
        if self.medium == "ivr":
            assert "ông/bà" not in worded.text and "\n" not in worded.text, worded.text
            offered = worded.expect.choices if worded.expect is not None else ()
            assert len(offered) <= (9 if say.key.startswith("filing.") else 4), "too many options for an ear"
        if self.medium == "sms" and self.plain:  # what a citizen types in other scripts may be shown back
            assert worded.text.replace("\u00a0", " ").isascii() or parts(worded.text) == 1
        return worded


def labelled(talk: Conversation, said: Sequence[Worded]) -> Conversation:
    """What is waited for is remembered as it was shown, with labels and keys, as the turns of the house do."""
    shown = (each.expect for each in reversed(said) if each.expect is not None)
    return talk if talk.expects is None else replace(talk, expects=next(shown, talk.expects))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story(story: stories.Story) -> None:
    """Every answer holds what the story says, in that order."""
    stage, answer = Stage(), ""
    for line in story.lines:
        if line.kind == "fact":
            stage.fact(line.text)
        elif line.kind == "citizen":
            answer = stage.hear(line.text)
        elif line.text == "(im lặng)":
            assert answer == "", f"line {line.number}: something was said: {answer}"
        else:
            _holds(answer, line)


def _holds(answer: str, line: stories.Line) -> None:
    rest = fold(answer)
    for piece in stories.pieces(line.text):
        wanted = fold(piece)
        assert wanted in rest, f"line {line.number}: no {piece!r} in:\n{answer}"
        rest = rest[rest.index(wanted) + len(wanted) :]


def test_there_are_stories_enough() -> None:
    assert len(STORIES) >= 40

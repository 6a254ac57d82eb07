"""What was meant: a choice, a command, codes, an answer, words, silence.

`hear` reads one message against what the talk waits for. It knows the words that mean the same everywhere (they
are data: `procedures/library/commands.yaml`) and the shapes of dossier codes, and nothing of topics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.messages import Choice, Expect, ExpectKind, InboundMessage, Moment
from procedures.codes import CodePattern, FoundCode, find_codes
from procedures.words import clean, fold

# Keys that mean the same at every question of a call; inside the entry of a code, a date or digits `*` separates.
KEYS: Mapping[str, str] = {"0": "officer", "*": "repeat", "9": "language", "8": "help", "7": "back", "6": "slower"}
ENTRIES = frozenset({ExpectKind.DIGITS, ExpectKind.CODE, ExpectKind.DATE})


@dataclass(frozen=True, slots=True)
class Command:
    """A word or key that works everywhere: menu, back, cancel, help, language, officer, stop, start, repeat, slower,
    status, continue, forget. `rest` is what stood behind it."""

    name: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the choices that were offered."""

    value: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Codes:
    """Dossier codes, and the PIN if one stood behind them."""

    found: tuple[FoundCode, ...]
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Text (or keyed digits) as it came, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Late:
    """A button or an answer to a question that is no longer open."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing: no key, no word, an empty message, a sticker."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Somebody came. `token` is the payload of a deep link, if any."""

    token: str = ""


@dataclass(frozen=True, slots=True)
class Bye:
    """Somebody left."""


Meaning = Command | Chosen | Codes | Words | Late | Silence | Hello | Bye


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, understood as far as it can be without knowing the topic. `at` is the turn's now."""

    meaning: Meaning
    message: InboundMessage
    at: datetime


@dataclass(frozen=True, slots=True)
class Ear:
    """What hearing goes by: words of the commands (folded), the shapes of codes, keywords of the short numbers."""

    commands: Mapping[str, str]  # folded phrase -> command
    patterns: Sequence[CodePattern]
    keywords: frozenset[str] = frozenset()  # agency and action keywords that may precede a code


def chosen_among(expect: Expect, text: str) -> Choice | None:
    """The choice meant by a number, a key, its value or its label, or None."""
    said = fold(text).strip(" .,!?)(")
    if said.isdigit() and 1 <= int(said) <= len(expect.choices):
        return next((c for c in expect.choices if c.key == said), expect.choices[int(said) - 1])
    for choice in expect.choices:
        if said in (choice.key, choice.value) or (choice.label and said == fold(choice.label)):
            return choice
    return None


def hear(talk_expects: Expect | None, medium: str, message: InboundMessage, ear: Ear, at: datetime) -> Heard:
    """Understand `message` as far as possible against what is awaited."""
    return Heard(_meaning(talk_expects, medium, message, ear), message, at)


def _meaning(expect: Expect | None, medium: str, message: InboundMessage, ear: Ear) -> Meaning:
    if message.moment is Moment.HELLO:
        return Hello(message.payload)
    if message.moment is Moment.BYE:
        return Bye()
    if message.payload:
        return _pressed(expect, message.payload)
    text = clean(message.text)
    if not text:
        return Words("") if message.attachments or message.proven else Silence()
    return _said(expect, medium, text, ear)


def _pressed(expect: Expect | None, payload: str) -> Meaning:
    """A button: one of ours if it names the open question, late if it names an older one."""
    question, dot, value = payload.partition(".")
    if expect is not None and dot and question == expect.id:
        for choice in expect.choices:
            if choice.payload == payload or choice.value == value:
                return Chosen(choice.value, choice)
    if payload.startswith("!"):  # a fixed button of a page or a channel: "!menu", "!officer"
        return Command(payload[1:])
    return Late()


def _said(expect: Expect | None, medium: str, text: str, ear: Ear) -> Meaning:
    entry = expect is not None and expect.kind in ENTRIES
    if medium == "ivr" and not entry and text in KEYS and not _is_key(expect, text):
        return Command(KEYS[text])
    command = _command(text, ear)
    if command is not None and command.name in ("stop", "start"):
        return command
    if expect is not None and expect.kind in (ExpectKind.CHOICE, ExpectKind.YES_NO):
        choice = chosen_among(expect, text)
        if choice is not None:
            return Chosen(choice.value, choice)
    if command is not None and not (entry and medium == "ivr"):
        return command
    codes = _codes(expect, text, ear)
    return codes if codes is not None else Words(text)


def _is_key(expect: Expect | None, text: str) -> bool:
    return expect is not None and any(choice.key == text for choice in expect.choices)


def _command(text: str, ear: Ear) -> Command | None:
    """A whole message that is a command, or a command with something behind it ("sua 3", "nop khai sinh")."""
    said = _without_keywords(fold(text).strip(" .,!?"), ear)
    if said in ear.commands:
        return Command(ear.commands[said])
    words = said.split()
    for size in range(min(3, len(words) - 1), 0, -1):
        name = ear.commands.get(" ".join(words[:size]) + " ...")
        if name is not None:
            return Command(name, _tail(text, size, ear))
    return None


def _without_keywords(said: str, ear: Ear) -> str:
    words = said.split()
    while len(words) > 1 and words[0] in ear.keywords:
        words = words[1:]
    return " ".join(words)


def _tail(text: str, size: int, ear: Ear) -> str:
    """What the citizen wrote behind the command, as typed."""
    words = text.split()
    while len(words) > 1 and fold(words[0]) in ear.keywords:
        words = words[1:]
    return " ".join(words[size:])


def _codes(expect: Expect | None, text: str, ear: Ear) -> Codes | None:
    """Codes in the text; inside an open question for something else only where a keyword announces them."""
    wanted = expect is None or expect.kind in (ExpectKind.CHOICE, ExpectKind.YES_NO, ExpectKind.CODE)
    announced = fold(text).split()[0] in ear.keywords
    if not (wanted or announced):
        return None
    found = tuple(find_codes(text, ear.patterns))
    if not found:
        return None
    behind = text[max(code.end for code in found) :].split()
    pin = next((word for word in behind if word.isdigit() and len(word) == 6), "")
    return Codes(found, pin)

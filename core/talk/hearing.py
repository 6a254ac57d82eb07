"""What was meant: a choice, a command, codes, an answer, words, silence.

`hear` reads one message against what the talk waits for. It knows the words that mean the same everywhere
(they are data: `templates/<language>/commands.yaml`) and the shapes of dossier codes, and nothing of topics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.messages import Choice, Expect, ExpectKind, InboundMessage, Moment
from procedures.codes import PIN_DIGITS, CodePattern, FoundCode, find_codes, keyed_codes
from procedures.words import clean, fold

# Keys that mean the same at every question of a call. Inside the entry of a code, a date or digits they are
# dialled behind a star ("*7"), because there a figure is an answer and `*` separates; a lone `*` is still
# "once more".
KEYS: Mapping[str, str] = {
    "0": "officer",
    "*": "repeat",
    "9": "language",
    "8": "help",
    "7": "back",
    "6": "slower",
}
ENTRY_KEYS: Mapping[str, str] = {"*": "repeat"} | {
    f"*{key}": name for key, name in KEYS.items() if key != "*"
}
ENTRIES = frozenset({ExpectKind.DIGITS, ExpectKind.CODE, ExpectKind.DATE})
NO_FIGURE_ALONE = frozenset(
    {ExpectKind.CODE, ExpectKind.DATE}
)  # a lone 0 is no code and no date: the officer
OUT_OF_THE_BLUE = frozenset(
    {ExpectKind.CHOICE, ExpectKind.YES_NO}
)  # a new wish may come instead of an answer
MISTYPED = re.compile(
    r"[1-9]\d{9}"
)  # a phone code whose check digits are wrong; telephone numbers begin with 0
KEYED = "keyed"  # the kind of a code that was keyed as figures only: several shapes may be meant
ALWAYS = frozenset({"stop", "stop_all", "start"})


@dataclass(frozen=True, slots=True)
class Command:
    """A word or key that works everywhere: menu, back, cancel, help, language, officer, stop, start, repeat,
    slower, status, continue, forget. `rest` is what stood behind it, `codes` the dossier codes in that."""

    name: str
    rest: str = ""
    codes: tuple[FoundCode, ...] = ()
    pin: str = ""


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
    """What hearing goes by: words of the commands (folded), the shapes of codes, keywords of the short
    numbers.

    `answers` are words for yes and no. `never` are spellings that are no command although they look like one
    without their marks: "đúng" (right) is not "dừng" (stop).
    """

    commands: Mapping[str, str]  # folded phrase -> command; a phrase that ends with " ..." takes a rest
    patterns: Sequence[CodePattern]
    keywords: frozenset[str] = frozenset()  # agency and action keywords that may precede a code
    answers: Mapping[str, str] = field(default_factory=dict)  # folded word -> "yes" or "no"
    never: frozenset[str] = frozenset()


def chosen_among(expect: Expect, text: str, answers: Mapping[str, str] | None = None) -> Choice | None:
    """The choice meant by a number, a key, its value, its label or a word for yes or no; or None."""
    said = fold(text).strip(" .,!?)(")
    if said.isdecimal() and 1 <= int(said) <= len(expect.choices):
        return next((c for c in expect.choices if c.key == said), expect.choices[int(said) - 1])
    if not said:
        return None
    said = (answers or {}).get(said, said) if expect.kind is ExpectKind.YES_NO else said
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
    if medium == "ivr":
        text = text.rstrip("#").strip()  # the end key of an earlier entry leaks into the next one
    if not text:
        return Words("") if message.attachments or message.proven else Silence()
    return _said(expect, medium, text, ear)


def _pressed(expect: Expect | None, payload: str) -> Meaning:
    """A button: one of ours if it names the open question, late if it names an older one."""
    question, dot, value = payload.partition(".")
    if expect is not None and dot and question == expect.id:
        for number, choice in enumerate(expect.choices, 1):
            if payload == choice.payload or value in (choice.value, str(number)):
                return Chosen(choice.value, choice)
    if payload.startswith("!"):  # a fixed button of a page or a channel: "!menu", "!consent K7Q2"
        name, _, rest = payload[1:].partition(" ")
        return Command(name, rest)
    return Late()


def _said(expect: Expect | None, medium: str, text: str, ear: Ear) -> Meaning:
    key = _fixed_key(expect, text) if medium == "ivr" else None
    if key is not None:
        return key
    command = _command(expect, text, ear)
    if command is not None and command.name in ALWAYS:
        return command
    if expect is not None and expect.kind in (ExpectKind.CHOICE, ExpectKind.YES_NO):
        choice = chosen_among(expect, text, ear.answers)
        if choice is not None:
            return Chosen(choice.value, choice)
    if command is not None:
        return command
    codes = _codes(expect, medium, text, ear)
    if codes is None and medium != "ivr" and (expect is None or expect.kind in OUT_OF_THE_BLUE):
        return _short_number(text, ear) or Words(text)
    return codes if codes is not None else Words(text)


def _fixed_key(expect: Expect | None, text: str) -> Command | None:
    """A key that means the same in the whole call, unless a choice has it or it belongs to an entry."""
    entry = expect is not None and expect.kind in ENTRIES
    keys = ENTRY_KEYS if entry else {**ENTRY_KEYS, **KEYS}
    if expect is not None and (expect.kind in NO_FIGURE_ALONE and text == "0"):
        return Command("officer")
    if text not in keys or (expect is not None and any(choice.key == text for choice in expect.choices)):
        return None
    return Command(keys[text])


def _command(expect: Expect | None, text: str, ear: Ear) -> Command | None:
    """A whole message that is a command, or a command with something behind it ("sua 3", "nop khai sinh").

    While a free text is awaited, only a number may stand behind a command: "sửa đường" is then an answer.
    """
    if text.lower().strip(" .,!?") in ear.never:
        return None
    said = _without_keywords(fold(text).strip(" .,!?") or fold(text), ear)
    if said in ear.commands:
        return Command(ear.commands[said])
    words = said.split()
    free = expect is not None and expect.kind is ExpectKind.TEXT
    for size in range(min(4, len(words) - 1), 0, -1):
        name = ear.commands.get(" ".join(words[:size]) + " ...")
        if name is not None and not (free and not " ".join(words[size:]).isdecimal()):
            rest = _tail(text, size, ear)
            codes = tuple(find_codes(rest, ear.patterns, asked=True))
            return Command(name, rest, codes, _pin(rest, codes))
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


def _short_number(text: str, ear: Ear) -> Command | None:
    """The short number's keyword without a code that can be read: alone it is the menu, before figures it asks for
    a status by a code with a slip of the pen; and so do ten figures by themselves."""
    words = fold(text).strip(" .,!?").split()
    if len(words) == 1 and words[0] in ear.keywords:
        return Command("menu")
    announced = len(words) > 1 and words[0] in ear.keywords and any(sign.isdecimal() for sign in text)
    if announced or MISTYPED.fullmatch(re.sub(r"[\s.-]", "", text)):
        return Command("status", text)
    return None


def _codes(expect: Expect | None, medium: str, text: str, ear: Ear) -> Codes | None:
    """Codes in the text; inside an open question for something else only where a keyword announces them."""
    kind = expect.kind if expect is not None else None
    announced = any(fold(text).startswith(word) for word in ear.keywords)
    if kind not in (None, ExpectKind.CHOICE, ExpectKind.YES_NO, ExpectKind.CODE) and not announced:
        return None
    asked = announced or kind is ExpectKind.CODE
    found = tuple(find_codes(text, ear.patterns, asked=asked))
    if not found and medium == "ivr" and kind is ExpectKind.CODE:
        keyed = keyed_codes(text, ear.patterns)
        found = tuple(FoundCode(KEYED, code, 0, len(text)) for code in keyed)
    return Codes(found, _pin(text, found)) if found else None


def _pin(text: str, codes: Sequence[FoundCode]) -> str:
    """Six digits that stand behind the last code."""
    behind = text[max((code.end for code in codes), default=len(text)) :].split()
    return next((word for word in behind if word.isdecimal() and len(word) == PIN_DIGITS), "")

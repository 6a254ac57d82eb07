"""One of several choices, by its number, its words, or the beginning of them."""

import re
from collections.abc import Sequence

from procedures.form_field import Choice
from procedures.problem import Problem, wrong
from procedures.readers.numbers import words_number
from procedures.words import syllables

_NUMBER = re.compile(r"(?:(?:so|chon|cau|muc|phim|cai|y) )*(\d{1,3})")
_BEFORE = frozenset({"chon", "toi", "em", "la", "so", "muc", "cai", "phim", "lay", "muon"})


def read_choice(text: str, choices: Sequence[Choice]) -> str | Problem:
    """The value of the choice that is meant."""
    said = list(syllables(text))
    match = _NUMBER.fullmatch(" ".join(said))
    if match:
        return _by_number(int(match[1]), choices)
    return _by_words(said, choices)


def _by_number(number: int, choices: Sequence[Choice]) -> str | Problem:
    if 1 <= number <= len(choices):
        return choices[number - 1].value
    return wrong("choice_number", count=len(choices))


def _by_words(said: list[str], choices: Sequence[Choice]) -> str | Problem:
    """The exact words first, then a beginning, then the words of a choice inside a sentence."""
    while len(said) > 1 and said[0] in _BEFORE:
        said = said[1:]
    wanted = " ".join(said)
    for meant in (
        (_exact(wanted, choices), _begun(wanted, choices), _inside(wanted, choices)) if wanted else ()
    ):
        if len(meant) == 1:
            return meant[0].value
        if meant:
            return wrong("choice_several", labels=[choice.label for choice in meant])
    number = words_number(said) if said else None
    if number is not None and 1 <= number <= len(choices):
        return choices[number - 1].value
    return wrong("choice_unknown", count=len(choices), labels=[choice.label for choice in choices])


def _exact(wanted: str, choices: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in choices if wanted in _words(choice)]


def _begun(wanted: str, choices: Sequence[Choice]) -> list[Choice]:
    return [choice for choice in choices if any(words.startswith(wanted) for words in _words(choice))]


def _inside(wanted: str, choices: Sequence[Choice]) -> list[Choice]:
    """A choice of which the words stand in the sentence; "cận nghèo" is not also "nghèo"."""
    held = [
        (
            choice,
            max((words for words in _words(choice) if f" {words} " in f" {wanted} "), key=len, default=""),
        )
        for choice in choices
    ]
    return [
        choice
        for choice, words in held
        if words and not any(words != longer and f" {words} " in f" {longer} " for _, longer in held)
    ]


def _words(choice: Choice) -> list[str]:
    rows = (choice.label, choice.value, *choice.words)
    return [words for words in (" ".join(syllables(row)) for row in rows) if words]

"""One of several choices, by its number, its words, or the beginning of them."""

import re
from collections.abc import Callable, Sequence

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
    ways: tuple[Callable[[str], bool], ...] = (
        lambda words: words == wanted,
        lambda words: words.startswith(wanted),
        lambda words: f" {words} " in f" {wanted} ",
    )
    for fits in ways if wanted else ():
        meant = [choice for choice in choices if any(fits(words) for words in _words(choice))]
        if len(meant) == 1:
            return meant[0].value
        if meant:
            return wrong("choice_several", labels=[choice.label for choice in meant])
    number = words_number(said) if said else None
    if number is not None and 1 <= number <= len(choices):
        return choices[number - 1].value
    return wrong("choice_unknown", count=len(choices), labels=[choice.label for choice in choices])


def _words(choice: Choice) -> list[str]:
    rows = (choice.label, choice.value, *choice.words)
    return [words for words in (" ".join(syllables(row)) for row in rows) if words]

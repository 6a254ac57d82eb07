"""Addresses down to the ward, kept as typed; ward and province are picked out where they can be recognised.

Since 1 July 2025 there is no district, but citizens go on writing it. The text is what counts; the parts help
to find the competent office and never replace it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from procedures.places import Places
from procedures.problem import Problem, wrong
from procedures.words import clean, fold, syllables

SHORTEST_WORDS = 2
LONGEST_NAME = 5  # words of a ward or a province

_TOKEN = re.compile(r"[^\s,;]+|[,;\n]")
_STUCK = re.compile(r"\b([PpXxQqHh])\.\s*(?=\w)")  # "P.5", "P. Bến Nghé"
_MARKS = {
    ("phuong",): "ward", ("p",): "ward", ("xa",): "ward", ("x",): "ward", ("dac", "khu"): "ward",
    ("thi", "tran"): "ward", ("tt",): "ward",
    ("quan",): "district", ("q",): "district", ("huyen",): "district", ("h",): "district",
    ("thi", "xa"): "district", ("tx",): "district",
    ("tinh",): "province", ("thanh", "pho"): "province", ("tp",): "province",
}  # fmt: skip


@dataclass(frozen=True)
class Location:
    """An address as typed, and what was recognised in it; empty where nothing was."""

    text: str
    ward: str = ""
    district: str = ""  # of before July 2025
    province: str = ""  # the province of today
    former: str = ""  # the province of before, where that name was written


def read_address(text: str, places: Places) -> Location | Problem:
    """An address; too vague is what has fewer than two words."""
    typed = ", ".join(line.strip(" ,;") for line in clean(text).split("\n") if line).strip(" ,;")
    if len(syllables(typed)) < SHORTEST_WORDS or not any(sign.isalpha() for sign in typed):
        return wrong("address_too_vague")
    tokens = _TOKEN.findall(_STUCK.sub(r"\1 ", typed))
    words = [" ".join(syllables(token)) for token in tokens]
    province, former, end = _province(words, places)
    parts = _marked(tokens[:end], words[:end])
    return Location(typed, parts.get("ward", ""), parts.get("district", ""), province, former)


def _province(words: Sequence[str], places: Places) -> tuple[str, str, int]:
    """The province at the end of the address, its former name, and where it begins."""
    last = len(words)
    while last and not words[last - 1]:
        last -= 1
    for size in range(min(LONGEST_NAME + 1, last), 0, -1):
        row = tuple(part for word in words[last - size : last] for part in word.split())
        found = places.by_words.get(row) or places.by_words.get(
            row[1:] if row[:1] in (("tinh",), ("tp",)) else row
        )
        if found:
            return found[0], found[1], last - size
    return "", "", len(words)


def _marked(tokens: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """The first ward and district by the word before them ("phường Bến Nghé"), as the citizen spells it."""
    parts: dict[str, str] = {}
    for at in range(len(words)):
        kind, size = _mark(words, at)
        if kind in ("ward", "district") and kind not in parts:
            name = _name(tokens, words, at + size)
            if name:
                parts[kind] = " ".join([*tokens[at : at + size], *name])
    return parts


def _mark(words: Sequence[str], at: int) -> tuple[str, int]:
    pair, single = tuple(words[at : at + 2]), (words[at],)
    if at and (words[at - 1], words[at]) in _MARKS:
        return "", 0  # the "xã" of "thị xã"
    if pair in _MARKS:
        return _MARKS[pair], 2
    return _MARKS.get(single, ""), 1


def _name(tokens: Sequence[str], words: Sequence[str], start: int) -> list[str]:
    name: list[str] = []
    for at in range(start, min(start + LONGEST_NAME, len(tokens))):
        if not words[at] or _mark(words, at)[0] or fold(tokens[at]) in ("-", "–"):
            break
        name.append(tokens[at])
    return name

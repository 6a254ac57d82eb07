"""Numbers in figures or Vietnamese words: 1.500, 75,5, hai mươi mốt, ba lăm, trăm linh năm, triệu rưỡi."""

import re
from collections.abc import Sequence

from procedures.problem import Problem, wrong
from procedures.words import fold

UNITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
SCALES = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "nghin": 1000, "ngan": 1000}
NUMBER_WORDS = {*UNITS, *SCALES, "muoi", "chuc", "tram", "linh", "le", "ruoi", "am"}

_FIGURES = re.compile(r"-?\d[\d.,]*")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_LONGEST = 18  # digits; more is a slip, not an amount


def read_number(text: str, whole: bool = True) -> int | float | Problem:
    """One number. Dot and comma both group thousands; before one or two last digits they part a fraction."""
    said = fold(text)
    rows = _FIGURES.findall(said)
    if len(rows) > 1:
        return wrong("number_several")
    value = figures(rows[0]) if rows else _spoken(said)
    if value is None:
        return wrong("number_unreadable")
    if whole and isinstance(value, float):
        return wrong("number_not_whole")
    return value


def figures(typed: str) -> int | float | None:
    """The number that a row of figures with dots and commas stands for."""
    sign = -1 if typed.startswith("-") else 1
    row = typed.lstrip("-").rstrip(".,")
    if sum(map(str.isdigit, row)) > _LONGEST or not row.isascii():
        return None
    if row.isdigit():
        return sign * int(row)
    if _GROUPED.fullmatch(row):
        return sign * int(re.sub("[.,]", "", row))
    head, point, tail = max(row.rpartition("."), row.rpartition(","), key=lambda cut: len(cut[0]))
    other = "," if point == "." else "."
    head_ok = head.isdigit() or re.fullmatch(rf"\d{{1,3}}(?:{re.escape(other)}\d{{3}})+", head)
    if not (head_ok and tail.isdigit()):
        return None
    value = sign * float(head.replace(other, "") + "." + tail)
    return int(value) if value.is_integer() else value


def spoken_digits(text: str) -> str:
    """The text with each digit that was spelt out written as a figure: "không chín một hai" gives 0912.

    For numbers that are read out figure by figure; words of tens and hundreds stay as they are.
    """
    words = [word.strip(".,-") for word in fold(text).split()]
    digits = [
        str(UNITS[word]) if word in UNITS else "0" if word in ("linh", "le") else word for word in words
    ]
    glued = " ".join(digits)
    return re.sub(r"(?<=\b\d) (?=\d\b)", "", glued)


def words_number(words: Sequence[str]) -> int | None:
    """The number that folded words stand for, None if they are no number. ``mot trieu hai`` is 1,200,000."""
    if len(words) > 2 and all(word in UNITS for word in words):
        return int("".join(str(UNITS[word]) for word in words)) if len(words) <= _LONGEST else None
    total, rest, last = 0, list(words), 0
    for name, scale in SCALES.items():
        if name in rest:
            cut = rest.index(name)
            head = _below_thousand(rest[:cut]) if cut else 1
            if head is None or (last and scale >= last):
                return None
            total, rest, last = total + head * scale, rest[cut + 1 :], scale
    if not rest:
        return total if last else None
    tail = _after_scale(rest, last) if last else _below_thousand(rest)
    return None if tail is None else total + tail


def _after_scale(rest: list[str], scale: int) -> int | None:
    if rest == ["ruoi"]:
        return scale // 2
    if len(rest) == 1 and rest[0] in UNITS:
        return UNITS[rest[0]] * scale // 10
    if rest[0] in ("linh", "le"):
        return _below_hundred(rest[1:])
    return _below_thousand(rest)


def _below_thousand(words: list[str]) -> int | None:
    if "tram" not in words:
        return _below_hundred(words)
    cut = words.index("tram")
    head = UNITS.get(words[0]) if cut == 1 else (1 if cut == 0 else None)
    rest = words[cut + 1 :]
    if head is None:
        return None
    tail = _after_scale(rest, 100) if rest else 0
    return None if tail is None or tail > 99 else head * 100 + tail


def _below_hundred(words: list[str]) -> int | None:
    values = ["muoi" if word in ("muoi", "chuc") else UNITS.get(word) for word in words]
    match values:
        case [int(one)]:
            return one
        case ["muoi"]:
            return 10
        case ["muoi", int(one)]:
            return 10 + one
        case [int(ten), "muoi"] | [int(ten), int(0), "muoi"] if ten:
            return ten * 10
        case [int(ten), "muoi", int(one)] if ten:
            return ten * 10 + one
        case [int(ten), int(one)]:
            return ten * 10 + one
    return None


def _spoken(said: str) -> int | float | None:
    words = [word for word in re.split(r"[^a-z]+", said) if word]
    runs: list[list[str]] = [[]]
    for word in words:
        if word in NUMBER_WORDS:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    spoken = [run for run in runs if run]
    if len(spoken) != 1:
        return None
    run = spoken[0]
    if run[0] == "am":
        value = words_number(run[1:])
        return None if value is None else -value
    return words_number(run)

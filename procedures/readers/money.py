"""Amounts in đồng: 50k, 50.000đ, 1tr2, 1 triệu rưỡi, năm trăm nghìn. Slang is asked about, not guessed."""

import re
from fractions import Fraction

from procedures.problem import Problem, wrong
from procedures.readers.numbers import NUMBER_WORDS, figures, words_number
from procedures.words import fold

UNITS = {
    "k": 1000, "ng": 1000, "nghin": 1000, "ngan": 1000, "n": 1000,
    "tr": 10**6, "trieu": 10**6, "ty": 10**9, "ti": 10**9,
}  # fmt: skip
DONG = frozenset({"d", "dong", "vnd", "vn"})
# Everyday words for amounts that differ by region and by speaker; nothing is guessed from them.
SLANG = frozenset({"lit", "xi", "cu", "chai", "ve", "canh"})
FILLERS = frozenset({"khoang", "chung", "la", "gia", "phi", "tien", "so", "het", "toi", "a", "nhe", "viet"})
SMALLEST = 1000  # below this a bare number is more likely thousands than đồng

_TOKEN = re.compile(r"\d[\d.,]*|[a-z]+|[^\s\w]")


def read_money(text: str) -> int | Problem:
    """An amount in whole đồng."""
    tokens = [token for token in _TOKEN.findall(fold(text)) if token not in FILLERS and token not in ".,!~"]
    slang = next((token for token in tokens if token in SLANG), None)
    if slang is not None:
        return wrong("money_slang", word=slang)
    if any(token[0].isdigit() for token in tokens):
        amount = _in_figures(tokens)
    else:
        amount = _in_words([token for token in tokens if token not in DONG])
    if amount is None or amount.denominator != 1 or amount >= 10**15:
        return wrong("money_unreadable")
    named = any(token in UNITS or token in DONG for token in tokens)
    if 0 < amount < SMALLEST and not named:
        return wrong("money_unit", amount=int(amount))
    return int(amount)


def _in_words(tokens: list[str]) -> Fraction | None:
    if not tokens or not all(token in NUMBER_WORDS for token in tokens):
        return None
    value = words_number(tokens)
    return None if value is None else Fraction(value)


def _in_figures(tokens: list[str]) -> Fraction | None:
    """Add up "number unit" pairs; a last number without unit continues the unit before (1tr2, 1tr250)."""
    total, open_row, unit = Fraction(0), "", 0
    hundreds = 1
    for token in tokens:
        if token[0].isdigit():
            if open_row:
                return None
            open_row = token
        elif token == "tram" and open_row:
            hundreds *= 100
        elif token in UNITS and open_row and not (unit and UNITS[token] >= unit):
            value = _value(open_row)
            if value is None:
                return None
            unit = UNITS[token]
            total, open_row, hundreds = total + value * hundreds * unit, "", 1
        elif token == "ruoi" and unit and not open_row:
            total += Fraction(unit, 2)
        elif token not in DONG:
            return None
    if not open_row:
        return total if unit else None
    rest = _continued(open_row, unit) if unit else _value(open_row)
    return None if rest is None else total + rest * hundreds


def _continued(row: str, unit: int) -> Fraction | None:
    return Fraction(int(row), 10 ** len(row)) * unit if row.isdigit() and len(row) <= 3 else None


def _value(row: str) -> Fraction | None:
    value = figures(row)
    return None if value is None else Fraction(str(value))

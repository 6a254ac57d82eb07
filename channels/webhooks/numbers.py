"""Telephone numbers as providers write them, and as we do (ITU-T E.164)."""

from __future__ import annotations

import re

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_PUNCTUATION = re.compile(r"[\s().-]")
# What exchanges put in place of a withheld number: words spelled on a keypad, in this order BLOCKED,
# ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN.
_WITHHELD = frozenset({"+2562533", "+266696687", "+7378742833", "+86282452253", "+8656696"})


def e164(written: str, *, country: str = "84") -> str:
    """The number with a plus sign and its country, or "" where it is none that can be called back.

    "0912 345 678" is +84912345678, "0084912345678" too. Short numbers, names, SIP addresses and withheld
    numbers give "".
    """
    number = _PUNCTUATION.sub("", written)
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0"):
        number = f"+{country}{number[1:]}"
    elif number.startswith(country) and len(number) >= 10:
        number = "+" + number
    return number if _E164.fullmatch(number) and number not in _WITHHELD else ""

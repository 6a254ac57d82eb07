"""The mask of an official code: one line that an office can write, and what follows from it.

9        one digit                     Y M D    digits of the date inside
X        one hexadecimal digit         [HG]     one of these letters
. -      separators of the normal form; a citizen may leave them out or put others
A-Z      any other capital stands for itself
0-8      a fixed digit
"""

import re
from collections.abc import Iterator
from functools import cache

_TOKEN = re.compile(r"\[([A-Z]+)\]|(.)")
_DIGIT = "[0-9oil]"  # O for 0 and I or l for 1 are the usual slips of eye and finger
_HEX = "[0-9a-foil]"
_BETWEEN = r"[ .,\-_/*–]{0,3}"
_LIKE_DIGITS = str.maketrans("OIL", "011")


def strict(mask: str) -> str:
    """A regular expression for the normal form and nothing else."""
    return "".join(_strict(letters, sign) for letters, sign in _tokens(mask))


def loose(mask: str) -> str:
    """A regular expression (to be used ignoring case) for everything that people make of it.

    A keyword of letters may stand directly before; where the mask begins with a digit, no digit may. Nothing
    that would make the code longer may follow.
    """
    before = "" if mask[0] in "[ABCEFGHIJKLNOPQRSTUVWZ" else r"(?<![0-9])(?<![0-9][.\-])"
    return before + "".join(_loose(letters, sign) for letters, sign in _tokens(mask)) + r"(?![0-9])"


def normal(mask: str, typed: str) -> str:
    """The normal form of what `loose` matched."""
    signs = iter(re.sub(r"[^0-9A-Z]", "", typed.upper()))
    return "".join(_normal(letters, sign, signs) for letters, sign in _tokens(mask))


def _normal(letters: str, sign: str, signs: Iterator[str]) -> str:
    if sign in (".", "-"):
        return sign
    typed = next(signs)
    digit = not letters and (sign.isdigit() or sign in "XYMD")
    return typed.translate(_LIKE_DIGITS) if digit else typed


@cache
def _tokens(mask: str) -> tuple[tuple[str, str], ...]:
    return tuple((match.group(1) or "", match.group(2) or "") for match in _TOKEN.finditer(mask))


def _strict(letters: str, sign: str) -> str:
    if letters:
        return f"[{letters}]"
    if sign in "9YMD":
        return "[0-9]"
    return "[0-9A-F]" if sign == "X" else re.escape(sign)


def _loose(letters: str, sign: str) -> str:
    if letters:
        return f"[{letters}] ?"
    if sign in (".", "-"):
        return _BETWEEN
    if sign in "9YMD":
        return _DIGIT
    if sign == "X":
        return _HEX
    return {"0": "[0o]", "1": "[1il]"}.get(sign, re.escape(sign))

"""Codes of dossiers: the ten-digit phone code, the PIN, and official codes by configured shapes.

The phone code is random and carries two check digits (ISO 7064, MOD 97-10): one wrong key and two swapped
neighbours are always noticed. Official codes run in sequence and prove nothing. No single shape is law
(Thông tư 01/2018/TT-VPCP art. 19 describes one of several in use), so shapes are data: `library/codes.yaml`.
"""

import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

from procedures.code_masks import loose, normal, strict
from procedures.definition import STRICT, parse, read_yaml

PHONE = "phone"  # the kind of a found phone code; all other kinds are names of patterns
PIN_DIGITS = 6
_SHIPPED = Path(__file__).parent / "library" / "codes.yaml"
_PHONE_CODE = re.compile(r"(?<!\d)[1-9](?:[ .\-*]?[0-9oOiIlL]){9}(?!\d)")
_FIGURES = "0123456789YMD"  # the signs of a mask for which a figure is keyed
_LIKE_DIGITS = str.maketrans("oOiIlL", "001111")
_RUNS = "01234567890 09876543210"


class Chance(Protocol):
    """A source of randomness, handed in: the system's own in service, a seeded one in tests."""

    def randrange(self, start: int, stop: int, /) -> int: ...


@dataclass(frozen=True)
class CodePattern:
    """One shape of official code. `mask` is its normal form; see `code_masks` for the letters of a mask."""

    __pydantic_config__: ClassVar = STRICT

    name: str
    mask: str
    example: str
    note: str = ""  # where the shape was seen
    only_asked: bool = False  # digits alone look like a date or a number: read only where a code is awaited

    def __post_init__(self) -> None:
        if re.fullmatch(strict(self.mask), self.example) is None:
            raise ValueError(f"the example {self.example!r} does not fit the mask {self.mask!r}")


@dataclass(frozen=True)
class FoundCode:
    """A code in a message: `code` is the normal form, `text[start:end]` what was typed."""

    kind: str
    code: str
    start: int
    end: int


@dataclass(frozen=True)
class _PatternTable:
    __pydantic_config__: ClassVar = STRICT

    patterns: tuple[CodePattern, ...]


def load_patterns(path: Path = _SHIPPED, shown: str = "codes.yaml") -> tuple[CodePattern, ...]:
    """The shapes in a file, in the order in which they are tried. Raises definition.LibraryError."""
    return parse(_PatternTable, read_yaml(path, shown), shown).patterns


# -- the phone code and the PIN --------------------------------------------------------------------------


def check_digits(number: str) -> str:
    """The two check digits of a row of digits by ISO 7064 MOD 97-10."""
    return f"{98 - int(number) * 100 % 97:02d}"


def make_phone_code(chance: Chance) -> str:
    """A new phone code: eight random digits, the first of them 1–9, and two check digits."""
    number = str(chance.randrange(10_000_000, 100_000_000))
    return number + check_digits(number)


def valid_phone_code(text: str) -> bool:
    """Is this a phone code by its length and check digits? Signs between the digits do not matter."""
    digits = re.sub(r"[ .\-*]", "", text)
    return re.fullmatch(r"[1-9][0-9]{9}", digits) is not None and check_digits(digits[:8]) == digits[8:]


def spoken_groups(code: str) -> tuple[str, ...]:
    """The digits in groups for reading aloud and printing: three, three and the rest."""
    digits = re.sub(r"\D", "", code)
    if len(digits) <= 4:
        return (digits,) if digits else ()
    head = (digits[:3], digits[3:6])
    return tuple(group for group in (*head, digits[6:]) if group)


def make_pin(chance: Chance) -> str:
    """A PIN of six digits, neither one digit repeated nor a run up or down: those are guessed first."""
    while True:
        pin = f"{chance.randrange(0, 10**PIN_DIGITS):0{PIN_DIGITS}d}"
        if len(set(pin)) > 1 and pin not in _RUNS:
            return pin


def same_pin(given: str, kept: str) -> bool:
    """Compare two PINs in constant time, whatever stands between the digits that were given."""
    digits = re.sub(r"[\s.\-*#]", "", given)
    return hmac.compare_digest(digits.encode(), kept.encode())


# -- official codes --------------------------------------------------------------------------------------


def make_official_code(agency: str, day: date, counter: int) -> str:
    """Agency code, YYMMDD and the number of the day (Thông tư 01/2018/TT-VPCP art. 19)."""
    return f"{agency}-{day:%y%m%d}-{counter:04d}"


def find_codes(text: str, patterns: Sequence[CodePattern], asked: bool = False) -> tuple[FoundCode, ...]:
    """Every code in a message, in order of appearance, in any case and with any or no separators.

    A keyword may be stuck to the code; O for 0 and I or l for 1 are mended. Shapes with letters go first,
    then phone codes by their check digits, then, only where a code was `asked` for, shapes of digits alone.
    """
    lettered = [shape for shape in patterns if not shape.only_asked]
    bare = [shape for shape in patterns if shape.only_asked] if asked else []
    found: list[FoundCode] = []
    for candidate in (*_official(text, lettered), *_phone_codes(text), *_official(text, bare)):
        if all(candidate.end <= kept.start or kept.end <= candidate.start for kept in found):
            found.append(candidate)
    return tuple(sorted(found, key=lambda code: code.start))


def keyed_codes(keys: str, patterns: Sequence[CodePattern]) -> tuple[str, ...]:
    """The official codes that may be meant by figures keyed on a telephone, letters and signs left out.

    H26.18-260101-0001 is keyed 26 18 260101 0001, with or without `*` between. A shape with a choice of
    letters gives one candidate for each letter.
    """
    digits = re.sub(r"\D", "", keys)
    rows = (_from_figures(shape.mask, digits) for shape in patterns)
    return tuple(dict.fromkeys(code for row in rows for code in row))


def _from_figures(mask: str, digits: str) -> Iterator[str]:
    if "X" in mask:
        return  # hexadecimal digits cannot be keyed
    letters = re.search(r"\[([A-Z]+)\]", mask)
    for letter in letters.group(1) if letters else [""]:
        row = re.sub(r"\[[A-Z]+\]", letter, mask, count=1)
        if sum(sign in _FIGURES for sign in row) == len(digits):
            figures = iter(digits)
            code = "".join(next(figures) if sign in _FIGURES else sign for sign in row)
            if re.fullmatch(strict(mask), code):
                yield code


def _official(text: str, patterns: Iterable[CodePattern]) -> list[FoundCode]:
    found = []
    for shape in patterns:
        for match in _loose(shape.mask).finditer(text):
            code = normal(shape.mask, match.group())
            found.append(FoundCode(shape.name, code, match.start(), match.end()))
    return sorted(found, key=lambda code: (code.start - code.end, code.start))  # the longest claims its place


def _phone_codes(text: str) -> Iterator[FoundCode]:
    for match in _PHONE_CODE.finditer(text):
        digits = re.sub(r"[ .\-*]", "", match.group()).translate(_LIKE_DIGITS)
        if valid_phone_code(digits):
            yield FoundCode(PHONE, digits, match.start(), match.end())


@cache
def _loose(mask: str) -> re.Pattern[str]:
    return re.compile(loose(mask), re.IGNORECASE | re.ASCII)

"""How a text becomes short messages: which alphabet, how many, and where one ends and the next begins.

A part carries 140 octets (3GPP TS 23.040 §9.2.3.16): 160 septets or 70 UTF-16 units alone; with the header
that joins parts (§9.2.3.24.1 and .8) 153 or 67, with a 16-bit reference 152 or 66.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from channels.sms.alphabet import SEPTETS, TYPOGRAPHY, Alphabet, encode, fits_gsm

NBSP = "\u00a0"
_ALONE = {Alphabet.GSM: 160, Alphabet.UCS2: 70}
_JOINED = {(Alphabet.GSM, 8): 153, (Alphabet.GSM, 16): 152, (Alphabet.UCS2, 8): 67, (Alphabet.UCS2, 16): 66}
_SPACE = re.compile(r"[ \n]+")


class Measured(NamedTuple):
    """What a text costs. `units` are septets or UTF-16 units, `room` what is left in the last part."""

    alphabet: Alphabet
    parts: int
    units: int
    room: int


class Split(NamedTuple):
    """A text ready to send: the octets of each part, in order, without headers."""

    alphabet: Alphabet
    parts: tuple[bytes, ...]


def settle(text: str) -> tuple[str, Alphabet]:
    """NFC, and the cheapest alphabet that loses nothing.

    Typographic quotes, dashes and the like are made plain where that alone brings the text into GSM 7-bit.
    U+00A0 stays: it says where not to cut, and goes out as a space.
    """
    text = unicodedata.normalize("NFC", text)
    if fits_gsm(text.replace(NBSP, " ")):
        return text, Alphabet.GSM
    plain = NBSP.join(piece.translate(TYPOGRAPHY) for piece in text.split(NBSP))
    if fits_gsm(plain.replace(NBSP, " ")):
        return plain, Alphabet.GSM
    return text, Alphabet.UCS2


def _sizes(text: str, alphabet: Alphabet) -> list[int]:
    """Units of each character; a character is never cut, so neither are escapes and surrogate pairs."""
    if alphabet is Alphabet.UCS2:
        return [2 if character > "\uffff" else 1 for character in text]
    return [1 if character == NBSP else len(SEPTETS[character]) for character in text]


@lru_cache(maxsize=256)
def cut(text: str, reference_bits: int = 8) -> tuple[Alphabet, tuple[str, ...]]:
    """The texts of the parts, U+00A0 already a space. An empty text is one empty part."""
    text, alphabet = settle(text)
    ends = list(accumulate(_sizes(text, alphabet), initial=0))
    if ends[-1] <= _ALONE[alphabet]:
        return alphabet, (text.replace(NBSP, " "),)
    borders = _borders(text)
    capacity = _JOINED[alphabet, reference_bits]
    parts: list[str] = []
    start = 0
    while start < len(text):
        stop = _stop(ends, borders, start, capacity)
        parts.append(text[start:stop].replace(NBSP, " "))
        start = stop
    return alphabet, tuple(parts)


def _borders(text: str) -> list[int]:
    """Where a part may end: after white space, unless digits stand on both sides ("0912 345 678" is one
    thing)."""
    found = []
    for space in _SPACE.finditer(text):
        before, after = text[: space.start()][-1:], text[space.end() :][:1]
        if "\n" in space.group() or not (before.isdigit() and after.isdigit()):
            found.append(space.end())
    return [*found, len(text)]


def _stop(ends: list[int], borders: list[int], start: int, capacity: int) -> int:
    """Where the part that begins at `start` ends: the last border that fits.

    Where what follows that border could not be whole in any part either (a long link), the part is filled up.
    """
    limit = ends[start] + capacity
    furthest = start
    while furthest + 1 < len(ends) and ends[furthest + 1] <= limit:
        furthest += 1
    if furthest + 1 == len(ends):
        return furthest
    before = max((border for border in borders if start < border <= furthest), default=start)
    after = min(border for border in borders if border > furthest)
    return furthest if ends[after] - ends[before] > capacity else before


def split(text: str, reference_bits: int = 8) -> Split:
    """The octets of each part. `reference_bits` is 8 or 16."""
    alphabet, parts = cut(text, reference_bits)
    return Split(alphabet, tuple(encode(part, alphabet) for part in parts))


def measure(text: str, reference_bits: int = 8) -> Measured:
    """What a text will cost, exactly as `split` will cut it."""
    alphabet, parts = cut(text, reference_bits)
    units = [sum(_sizes(part, alphabet)) for part in parts]
    limit = _ALONE[alphabet] if len(parts) == 1 else _JOINED[alphabet, reference_bits]
    return Measured(alphabet, len(parts), sum(units), limit - units[-1])


def count(text: str, reference_bits: int = 8) -> int:
    """Segments: the `parts` of a channel's traits."""
    return len(cut(text, reference_bits)[1])

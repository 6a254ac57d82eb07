"""Vietnamese text as it arrives: cleaned for keeping, folded for comparing, stripped for narrow routes.

What a citizen typed is kept cleaned (NFC); comparing always happens on the folded form, so that marks,
case, tone placement and look-alike letters never decide anything.
"""

from __future__ import annotations

import re
import unicodedata

# U+00D0/U+00F0 (eth) and U+0189/U+0256 (African D) look like Đ and come from foreign keyboards.
_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_BLANKS = re.compile(r"[^\S\n]+")
_WORD = re.compile(r"[^\W_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_LONE_I = re.compile(r"^([hklmst]|qu)y$")  # kỹ/kĩ, lý/lí, quý/quí: one syllable, two school spellings

_PLAIN_SIGNS = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-",
        "\u2212": "-", "\u2026": "...", "\u2022": "-", "\u00b7": "-", "\u00d7": "x", "\u20ab": "d",
        "\u2192": "->", "\u00a0": " ", "\u00b0": " do",
    }
)  # fmt: skip


def _bare_letters() -> dict[int, str]:
    """Each Vietnamese letter with marks, as it stands in NFC, and the letter without."""
    letters = {0x110: "D", 0x111: "d"}
    for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)):
        parts = unicodedata.normalize("NFD", chr(code))
        if len(parts) > 1 and parts[0].isascii() and all(unicodedata.combining(ch) for ch in parts[1:]):
            letters[code] = parts[0]
    return letters


_BARE = _bare_letters()
_TIDY = re.compile(r"[!-~]+(?: [!-~]+)*")  # plain ASCII words with single blanks: nothing to do


def clean(text: str) -> str:
    """The text as it is kept: NFC, one Đ, nothing invisible, single blanks; line breaks stay."""
    if _TIDY.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def fold(text: str) -> str:
    """The text as it is compared: lower case, no marks, đ as d, blanks and line breaks as one space."""
    bare = _without_marks(clean(text).lower())
    return " ".join(bare.split())


def strip_marks(text: str) -> str:
    """The text for a route without Vietnamese letters: case kept, signs in ASCII, pictures dropped.

    Line breaks stay, because a numbered list needs them.
    """
    bare = _without_marks(clean(text).translate(_PLAIN_SIGNS))
    if bare.isascii():
        return bare
    kept = "".join(ch for ch in bare if unicodedata.category(ch) not in ("So", "Sk", "Cs"))
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in kept.split("\n"))


def syllables(text: str) -> tuple[str, ...]:
    """The folded words of a text, signs left out: ``Đăng ký, kết-hôn`` gives dang ky ket hon."""
    return tuple(_WORD.findall(fold(text)))


def same(one: str, other: str) -> bool:
    """Are both the same to somebody who does not type marks?"""
    return fold(one) == fold(other)


def same_spelling(one: str, other: str) -> bool:
    """Are both the same *with* their marks, wherever the tone is put (hòa/hoà, thúy/thuý, kỹ/kĩ)?"""
    return spelling(one) == spelling(other)


def spelling(text: str) -> tuple[str, ...]:
    """Each word as lower-case letters followed by its tone: equal for old and new tone placement."""
    return tuple(_letters_then_tone(word) for word in _WORD.findall(clean(text).lower()))


def _letters_then_tone(word: str) -> str:
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(sorted(ch for ch in marks if ch in _TONES))
    letters = unicodedata.normalize("NFC", "".join(ch for ch in marks if ch not in _TONES))
    if _LONE_I.match(letters):
        letters = letters[:-1] + "i"
    return letters + tone


def _without_marks(text: str) -> str:
    text = text.translate(_BARE)  # every Vietnamese letter at once; what is left of marks is rare
    if text.isascii():
        return text
    bare = "".join(ch for ch in unicodedata.normalize("NFD", text) if not unicodedata.combining(ch))
    return bare.replace("đ", "d").replace("Đ", "D")

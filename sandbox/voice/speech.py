"""What a caller hears: text with its voice and pace, read from Say and its SSML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

SYLLABLES_A_SECOND = 3.5  # a clear telephone voice; Vietnamese writes a blank between any two syllables
_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 0.8, "x-strong": 1.2}
_RATES = {"x-slow": 0.5, "slow": 0.8, "medium": 1.0, "default": 1.0, "fast": 1.2, "x-fast": 1.5}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing heard. `pieces` are texts and pauses (seconds) in order; `media` is the address of a sound,
    with `pieces` empty. `pace` is the rate as written: "", slow, 85% …"""

    pieces: tuple[str | float, ...] = ()
    language: str = ""
    voice: str = ""
    pace: str = ""
    media: str = ""
    length: float = 0.0  # seconds of a sound

    @property
    def text(self) -> str:
        """The words alone."""
        return " ".join(piece for piece in self.pieces if isinstance(piece, str))

    @property
    def seconds(self) -> float:
        """About how long it takes to say."""
        pauses = sum(piece for piece in self.pieces if isinstance(piece, float))
        return self.length + pauses + len(self.text.split()) / SYLLABLES_A_SECOND / rate_of(self.pace)

    def as_json(self) -> dict[str, Any]:
        """What a page needs to say it."""
        return {
            "pieces": list(self.pieces),
            "text": self.text,
            "language": self.language,
            "voice": self.voice,
            "rate": rate_of(self.pace),
            "media": self.media,
            "seconds": round(self.seconds, 1),
        }


def rate_of(pace: str) -> float:
    """A prosody rate as a factor: 1 is usual."""
    if pace.endswith("%"):
        return max(float(pace[:-1]) / 100, 0.1)
    return _RATES.get(pace, 1.0)


def spoken(element: Element) -> Spoken:
    """What a Say element says."""
    pieces: list[str | float] = []
    paces: list[str] = []
    _collect(element, pieces, paces)
    return Spoken(
        _joined(pieces), element.get("language", ""), element.get("voice", ""), paces[0] if paces else ""
    )


def _collect(element: Element, pieces: list[str | float], paces: list[str]) -> None:
    """Texts and pauses in document order; `sub` is read as its alias, `p` and `s` end with a pause."""
    if element.tag == "break":
        pieces.append(_pause(element))
    elif element.tag == "sub":
        pieces.append(element.get("alias", ""))
    else:
        if element.tag == "prosody" and element.get("rate"):
            paces.append(element.get("rate", ""))
        pieces.append(element.text or "")
        for child in element:
            _collect(child, pieces, paces)
            pieces.append(child.tail or "")
        if element.tag in ("p", "s"):
            pieces.append(_STRENGTHS["medium"])


def _pause(element: Element) -> float:
    time = element.get("time", "")
    if not time:
        return _STRENGTHS.get(element.get("strength", "medium"), 0.5)
    return float(time[:-2]) / 1000 if time.endswith("ms") else float(time[:-1])


def _joined(pieces: list[str | float]) -> tuple[str | float, ...]:
    """Neighbouring texts as one, blanks tidied."""
    joined: list[str | float] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    tidy = [re.sub(r"\s+", " ", p).strip() if isinstance(p, str) else p for p in joined]
    return tuple(piece for piece in tidy if piece != "")

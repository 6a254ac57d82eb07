"""Text to what a voice says: pauses, pace, and nothing that breaks the document."""

from __future__ import annotations

import re

from twilio.twiml.voice_response import Say  # type: ignore[import-untyped]

LOCALES = {"vi": "vi-VN", "en": "en-GB"}  # language of a message: locale of voice and recogniser
LINE_PAUSE = "400ms"  # a new line: the next sentence or choice
LONG_PAUSE = "800ms"  # "…": time to find paper and pencil

# XML 1.0, section 2.2: no control characters but tab and line ends, no half surrogates, no non-characters.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_PAUSES = re.compile(r"\s*(\n|…)\s*")


def clean(text: str) -> str:
    """The text without what XML forbids: one such character makes the provider drop the call."""
    return _UNSPEAKABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def spoken(text: str, *, language: str, voice: str, slow: bool = False) -> Say:
    """One `Say` with a pause for every line end and every "…"; `slow` speaks with a lower rate.

    The language stands on every Say: without it an English voice reads Vietnamese.
    """
    say = Say(voice=voice, language=LOCALES.get(language, language))
    place = say.prosody(rate="slow") if slow else say
    for piece in _PAUSES.split(clean(text).strip()):
        if piece == "\n":
            place.break_(time=LINE_PAUSE)
        elif piece == "…":
            place.break_(time=LONG_PAUSE)
        elif piece:
            place.append(piece)
    return say

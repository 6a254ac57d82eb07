"""Times of day: 14h30, 14:30, 1430 as keyed, 2 giờ chiều, 7 rưỡi sáng, 9 giờ kém 15."""

import re
from datetime import time

from procedures.problem import Problem, wrong
from procedures.readers.numbers import NUMBER_WORDS, words_number
from procedures.words import fold

# An hour from 1 to 5 said without a part of the day may be either half; an office is open in one of them.
_EITHER_HALF = range(1, 6)
_PARTS = {"sang", "trua", "chieu", "toi", "dem", "khuya", "am", "pm"}
_KEYED = re.compile(r"(\d{2})[ *]?(\d{2})")
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})\s*(?P<sign>[:.h]|gio|g)?\s*(?P<minute>\d{1,2})?(?:\s*(?:phut|p))?\s*(?P<half>ruoi)?"
    r"(?:\s*kem\s*(?P<less>\d{1,2})(?:\s*(?:phut|p))?)?(?![\d])"
)
_WORDS = "|".join(sorted(NUMBER_WORDS - {"ruoi", "am"}))
_WORD_RUN = re.compile(rf"\b(?:{_WORDS})(?:\s(?:{_WORDS}))*\b")


def read_time(text: str) -> time | Problem:
    """A time of day, to the minute."""
    said = _in_figures(fold(text))
    if match := _KEYED.fullmatch(said):
        return _time(int(match[1]), int(match[2]), said)
    match = _CLOCK.search(said)
    if match is None or len(_CLOCK.findall(said)) > 1:
        return wrong("time_unreadable")
    part = next((word for word in re.findall(r"[a-z]+", said) if word in _PARTS), "")
    if not (match["sign"] or part or match["half"]):
        return wrong("time_unreadable")
    return _clock(match, part, said)


def _clock(match: re.Match[str], part: str, said: str) -> time | Problem:
    minute = 30 if match["half"] else int(match["minute"] or 0)
    if part:
        hour = _by_part(int(match["hour"]), part)
    elif int(match["hour"]) in _EITHER_HALF and match["sign"] != ":" and len(match["hour"]) == 1:
        return wrong("time_which_half", hour=int(match["hour"]))
    else:
        hour = int(match["hour"])
    total = hour * 60 + minute - int(match["less"] or 0)
    return _time(*divmod(total, 60), said) if minute < 60 else wrong("time_impossible", text=said)


def _by_part(hour: int, part: str) -> int:
    if part in ("chieu", "pm", "toi") and 1 <= hour < 12:
        return hour + 12
    if part == "trua" and hour in (1, 2):
        return hour + 12
    if part in ("dem", "khuya"):
        return {12: 0}.get(hour, hour + 12 if 8 <= hour < 12 else hour)
    return 0 if part == "am" and hour == 12 else hour


def _in_figures(said: str) -> str:
    def figure(match: re.Match[str]) -> str:
        value = words_number(match[0].split())
        return match[0] if value is None else str(value)

    return _WORD_RUN.sub(figure, said).strip(" .,!")


def _time(hour: int, minute: int, said: str) -> time | Problem:
    try:
        return time(hour, minute)
    except ValueError:
        return wrong("time_impossible", text=said)

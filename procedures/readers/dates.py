"""Dates as Vietnamese type and say them, the day always first; what is not certain is asked, never guessed.

``role`` says whether the date looks back (birth), ahead (appointment) or either way: it settles two-digit
years and dates without a year. For lunar dates the solar one is asked: a leap month cannot be guessed.
"""

import re
from datetime import date

from procedures.problem import Problem, wrong
from procedures.readers.numbers import NUMBER_WORDS, words_number
from procedures.readers.relative_days import read_relative
from procedures.words import clean, fold

OLDEST_YEAR, YEARS_AHEAD = 1890, 100

_LUNAR = re.compile(r"\b(am lich|al|ram|tet|giao thua|giap than|chap|thang gieng|thang nhuan|nhuan)\b")
# Two words make a month only behind "mười": in "tháng ba năm ..." the "năm" is the year, not a five.
_MONTH = r"(?:muoi(?: (?:mot|hai))?|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin)\b"
_SPELT = re.compile(
    r"\b(?:ngay |mung |mong )*(?P<d>\d{1,2}|WORD(?: WORD){0,8})(?: ngay)?[ ,/.-]*thang (?P<m>\d{1,2}|MONTH)"
    r"(?:[ ,/.-]*(?:nam )?(?P<y>\d{4}|\d{2}|WORD(?: WORD){0,8}))?(?= |$|[,.;!?)])".replace(
        "WORD", f"(?:{'|'.join(sorted(NUMBER_WORDS))})"
    ).replace("MONTH", _MONTH)
)
_SIGNED = re.compile(
    r"(?<![\d/.\-])(\d{1,2}) ?[/.\-] ?(\d{1,2})(?:(?: ?[/.\-] ?| nam )(\d{4}|\d{2}))?(?![\d/\-]|\.\d)"
)
_SPACED = re.compile(r"(?<!\d)(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_KEYED = re.compile(r"(?<!\d)(\d{8}|\d{6})(?!\d)")
_PARTS = re.compile(
    r"\bthang (\d|MONTH)|\bngay \d|\b(\d{1,2}) ?[/.-] ?\d{4}\b|\b(19|20)\d\d\b|\bnam \d{2,4}\b".replace(
        "MONTH", _MONTH
    )
)


def read_date(text: str, today: date, role: str = "any") -> date | Problem:
    """A date; ``role`` is past, future or any."""
    said = fold(text)
    if _LUNAR.search(said):
        return wrong("date_lunar")
    relative = read_relative(clean(text).lower(), said, today, role)
    if relative is not None:
        return _judge(relative, today, role)
    parts = _find(said)
    if parts is None:
        return wrong("date_incomplete") if _PARTS.search(said) else wrong("date_unreadable")
    day, month, year = parts
    found = _complete(day, month, year, today, role)
    return _judge(found, today, role) if isinstance(found, date) else found


def _find(said: str) -> tuple[int, int, str] | None:
    """Day, month, and the year as typed, empty if it was not."""
    if match := _ISO.search(said):
        return int(match[3]), int(match[2]), match[1]
    for shape in (_SIGNED, _SPACED):
        if match := shape.search(said):
            return int(match[1]), int(match[2]), match[3] or ""
    if match := _SPELT.search(said):
        day, month = _figure(match["d"]), _figure(match["m"])
        year = _figure(match["y"]) if match["y"] else ""
        if day and month:
            return int(day), int(month), year
    if match := _KEYED.search(said):
        return _keyed(match[1])
    return None


def _keyed(keys: str) -> tuple[int, int, str]:
    """ddmmyyyy or ddmmyy as keyed on a telephone; eight digits that only fit as yyyymmdd are read so."""
    day, month, year = keys[:2], keys[2:4], keys[4:]
    if len(keys) == 8 and (int(month) > 12 or not year.startswith(("18", "19", "20", "21"))):
        year, month, day = keys[:4], keys[4:6], keys[6:]
    return int(day), int(month), year


def _figure(part: str) -> str:
    if part.isdigit():
        return part
    value = words_number(part.split())
    return "" if value is None else str(value)


def _complete(day: int, month: int, year: str, today: date, role: str) -> date | Problem:
    if not year:
        return _without_year(day, month, today, role)
    number = _century(int(year), day, month, today, role) if len(year) <= 2 else int(year)
    found = _date(number, month, day)
    if found is None or not OLDEST_YEAR <= number <= today.year + YEARS_AHEAD:
        return wrong("date_impossible", text=f"{day}/{month}/{year}")
    return found


def _century(year: int, day: int, month: int, today: date, role: str) -> int:
    """Two digits: a past date is the latest that has been, a coming one is of this century."""
    this = today.year // 100 * 100 + year
    if role == "past":
        found = _date(this, month, day)
        return this if (found <= today if found else this <= today.year) else this - 100
    return this if role == "future" or this <= today.year + 10 else this - 100


def _without_year(day: int, month: int, today: date, role: str) -> date | Problem:
    years = range(today.year - 8, today.year + 1) if role == "past" else range(today.year, today.year + 9)
    candidates = [found for year in years if (found := _date(year, month, day)) is not None]
    if not candidates:
        return wrong("date_impossible", text=f"{day}/{month}")
    if role == "past":
        return max(found for found in candidates if found <= today)
    if role == "future":
        return min(found for found in candidates if found >= today)
    return wrong("date_no_year", day=day, month=month)


def _judge(found: date, today: date, role: str) -> date | Problem:
    if role == "past" and found > today:
        return wrong("date_in_future", date=found.isoformat())
    if role == "future" and found < today:
        return wrong("date_in_past", date=found.isoformat())
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

"""The limits of a field: what `min` and `max` mean for each kind, and whether a value keeps them."""

import re
from datetime import date, time, timedelta
from typing import Any

from procedures.form_field import TEXTS, Field, Kind
from procedures.problem import JSON, Problem, wrong

DEFAULT_LENGTH = {Kind.TEXT: 200, Kind.NAME: 100, Kind.ADDRESS: 250, Kind.LONG_TEXT: 2000}  # characters
_RELATIVE = re.compile(r"today(?:([+-]\d{1,4})([dmy]))?")


def limit_date(limit: Any, today: date) -> date | None:
    """The date that a limit names: ISO, or relative to today in days, months or years. Raises ValueError."""
    if limit is None:
        return None
    if isinstance(limit, date):
        return limit
    match = _RELATIVE.fullmatch(str(limit))
    if match is None:
        return date.fromisoformat(str(limit))
    amount, unit = int(match.group(1) or 0), match.group(2)
    if unit in (None, "d"):
        return today + timedelta(days=amount)
    return shift_months(today, amount * (12 if unit == "y" else 1))


def shift_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"{day} and {months} months")


def role(field: Field) -> str:
    """Does the field look back or ahead (past, future, any)? Decides years that are not typed in full."""
    if isinstance(field.max, str) and field.max.startswith("today") and "+" not in field.max:
        return "past"
    if isinstance(field.min, str) and field.min.startswith("today") and "-" not in field.min:
        return "future"
    return "any"


def check_limits(field: Field, value: JSON, today: date) -> Problem | None:
    """What keeps a read value from being this field's answer."""
    if field.kind in TEXTS and isinstance(value, str):
        return _length(field, value)
    if field.kind is Kind.DATE and isinstance(value, str):
        return _date(field, date.fromisoformat(value), today)
    if field.kind is Kind.TIME and isinstance(value, str):
        return _range("time", value, _as_text(field.min), _as_text(field.max), ("early", "late"))
    if field.kind in (Kind.NUMBER, Kind.MONEY) and isinstance(value, int | float):
        return _range(field.kind.value, value, field.min, field.max, ("small", "large"))
    return None


def faulty_limit(field: Field, limit: Any) -> str:
    """What is wrong with a limit of the definition; empty if nothing is."""
    if limit is None:
        return ""
    try:
        if field.kind is Kind.DATE:
            limit_date(limit, date(2000, 1, 1))
        elif field.kind is Kind.TIME:
            time.fromisoformat(str(limit))
        elif not isinstance(limit, int | float):
            return "must be a number"
        elif field.kind in (Kind.PHONE, Kind.EMAIL, Kind.IDENTITY, Kind.CHOICE, Kind.YESNO):
            return f"a {field.kind} has no limits"
    except ValueError:
        return f"{limit!r} is no {field.kind}"
    return ""


def _length(field: Field, value: str) -> Problem | None:
    low, high = field.min or 1, field.max or DEFAULT_LENGTH[field.kind]
    if isinstance(low, int | float) and len(value) < low:
        return wrong("too_short", min=low)
    if isinstance(high, int | float) and len(value) > high:
        return wrong("too_long", max=high, length=len(value))
    return None


def _date(field: Field, value: date, today: date) -> Problem | None:
    low, high = limit_date(field.min, today), limit_date(field.max, today)
    if low and value < low:
        past = field.min == "today"
        return (
            wrong("date_in_past", date=value.isoformat())
            if past
            else wrong("date_too_early", min=low.isoformat())
        )
    if high and value > high:
        ahead = field.max == "today"
        return (
            wrong("date_in_future", date=value.isoformat())
            if ahead
            else wrong("date_too_late", max=high.isoformat())
        )
    return None


def _range(kind: str, value: Any, low: Any, high: Any, ends: tuple[str, str]) -> Problem | None:
    if low is not None and value < low:
        return wrong(f"{kind}_too_{ends[0]}", min=low)
    if high is not None and value > high:
        return wrong(f"{kind}_too_{ends[1]}", max=high)
    return None


def _as_text(limit: Any) -> str | None:
    return None if limit is None else str(limit)

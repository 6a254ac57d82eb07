"""How a date, an amount, a code and digits are written, by medium and language.

One text should speak on every channel, so the filters look at the medium: `{{ due | date }}` is "thứ Năm,
26/11/2026" in a chat, "26/11/2026" in an SMS and "ngày 26 tháng 11 năm 2026" in a telephone's ear. What a
citizen reads stands in `templates/<language>/words.yaml`; here are only shapes. Amounts and codes are glued
with no-break spaces, so that no medium cuts them in two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

GLUE = "\u00a0"
CUT = "..."
DIGITS_PER_BREATH = 3  # numbers are spoken in groups of three, the last group may have four


def _day(value: Any) -> date:
    """A date, a datetime or either in ISO 8601."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else datetime.fromisoformat(str(value)).date()


def _words(context: Context) -> Mapping[str, Any]:
    words: Mapping[str, Any] = context["words"]
    return words


def short_date(value: Any) -> str:
    """26/11/2026."""
    day = _day(value)
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


@pass_context
def long_date(context: Context, value: Any) -> str:
    """thứ Năm, 26/11/2026."""
    return f"{_words(context)['weekdays'][_day(value).weekday()]}, {short_date(value)}"


@pass_context
def spoken_date(context: Context, value: Any) -> str:
    """ngày 26 tháng 11 năm 2026."""
    day, words = _day(value), _words(context)
    pattern: str = words["spoken_date"]
    return pattern.format(
        day=day.day, month=day.month, month_name=words["months"][day.month - 1], year=day.year
    )


@pass_context
def date_by_medium(context: Context, value: Any) -> str:
    """A day as this medium says it."""
    if context["medium"] == "ivr":
        return str(spoken_date(context, value))
    return short_date(value) if context["medium"] == "sms" else str(long_date(context, value))


@pass_context
def time_by_medium(context: Context, value: Any) -> str:
    """07:30, or "7 giờ 30" for the ear. Takes a datetime, its ISO text, or "HH:MM"."""
    text = str(value)
    clock = datetime.fromisoformat(text).strftime("%H:%M") if "-" in text else text
    hour, _, minute = clock.partition(":")
    if context["medium"] != "ivr":
        return f"{int(hour):02d}:{minute or '00'}"
    pattern: str = _words(context)["spoken_time" if int(minute or 0) else "spoken_hour"]
    return pattern.format(hour=int(hour), minute=int(minute or 0))


@pass_context
def money(context: Context, value: Any) -> str:
    """50.000 đ, glued; "50000 đồng" for the ear, which reads the bare figure as a number."""
    if context["medium"] == "ivr":
        return str(spoken_money(context, value))
    return f"{int(value):,}".replace(",", ".") + GLUE + "đ"


@pass_context
def spoken_money(context: Context, value: Any) -> str:
    """An amount that a voice reads as one number."""
    return f"{int(value)} {_words(context)['currency']}"


def spoken(value: Any) -> str:
    """Digits apart, in groups with pauses: "1 2 3, 4 5 6, 7 8 9 0". Signs of a written code are pauses."""
    groups = [re.sub(r"\D", "", part) for part in re.split(r"[^0-9A-Za-z]+", str(value))]
    return ", ".join(piece for group in groups if group for piece in _breaths(group))


def _breaths(digits: str) -> list[str]:
    """Three digits a breath; a rest of one joins the last three."""
    size = DIGITS_PER_BREATH
    pieces = [digits[start : start + size] for start in range(0, len(digits), size)]
    if len(pieces) > 1 and len(pieces[-1]) == 1:
        pieces[-2:] = [pieces[-2] + pieces[-1]]
    return [" ".join(piece) for piece in pieces]


@pass_context
def code(context: Context, value: Any) -> str:
    """A dossier code that cannot be cut; 10 digits as 123 456 7890; spoken digit by digit in a call."""
    text = str(value)
    if context["medium"] == "ivr":
        return spoken(text)
    if text.isdecimal() and len(text) == 10:
        text = f"{text[:3]} {text[3:6]} {text[6:]}"
    return text.replace(" ", GLUE)


@pass_context
def state(context: Context, value: Any) -> str:
    """The national state 1–10 of a dossier in words; 11 is settled with no result to fetch."""
    label: str = _words(context)["states"][int(value)]
    return label


@pass_context
def term(context: Context, value: Mapping[str, Any]) -> str:
    """A time limit: "05 ngày làm việc", "trong ngày, nhận sau 15 giờ thì trả ngày làm việc tiếp theo" …"""
    words = _words(context)
    if value["rule"] != "count":
        rule: str = words["rules"][value["rule"]]
        return rule
    unit: str = words["units"][value["unit"]]
    return unit.format(quantity=value["quantity"], s="" if value["quantity"] == 1 else "s")


@pass_context
def fee(context: Context, value: Mapping[str, Any]) -> str:
    """One fee: the amount and what it is paid for, or what is known instead of an amount."""
    words = _words(context)
    text: str = words["fees"][value["kind"]]
    if value["kind"] == "fixed":
        text = str(money(context, value["amount"]))
    if value["per"]:
        text += (" / " if context["medium"] != "ivr" else f" {words['per']} ") + str(value["per"])
    return f"{text} ({value['note']})" if value["note"] else text


@pass_context
def duration(context: Context, value: Any) -> str:
    """Seconds in words: whole minutes, or hours from two on; never 0."""
    words = _words(context)
    minutes = max(1, -(-int(value) // 60))
    number, name = (minutes, "minutes") if minutes < 120 else (-(-minutes // 60), "hours")
    pattern: str = words[name]
    return pattern.format(number=number, s="" if number == 1 else "s")


def shorten(value: Any, limit: int) -> str:
    """At most `limit` characters, cut behind a word, never inside one."""
    text = str(value)
    if len(text) <= limit:
        return text
    room = limit - len(CUT)
    head = text[:room]
    cut = head.rpartition(" ")[0] if " " in head and text[room] != " " else head
    return (cut or head).rstrip(" ,;.") + CUT


def lower_first(value: Any) -> str:
    """A heading inside a sentence: "Thời hạn giải quyết" becomes "thời hạn giải quyết"; abbreviations
    stay."""
    text = str(value)
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def for_the_ear(text: str, words: Mapping[str, Any]) -> str:
    """A whole text for a voice: written-out dates and abbreviations ("UBND", "26/11/2026"), from wherever a
    name or an address brought them in."""

    def day(found: re.Match[str]) -> str:
        at, month, year = (int(part) for part in found.groups())
        if not 1 <= month <= 12:
            return found.group()
        pattern: str = words["spoken_date"]
        return pattern.format(day=at, month=month, month_name=words["months"][month - 1], year=year)

    text = re.sub(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", day, text)
    for short, spelt in words["spoken_words"].items():
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", spelt, text)
    return text


FILTERS: Mapping[str, Any] = {
    "date": date_by_medium,
    "long_date": long_date,
    "short_date": short_date,
    "spoken_date": spoken_date,
    "time": time_by_medium,
    "money": money,
    "spoken_money": spoken_money,
    "spoken": spoken,
    "code": code,
    "state": state,
    "term": term,
    "fee": fee,
    "duration": duration,
    "shorten": shorten,
    "lower_first": lower_first,
}

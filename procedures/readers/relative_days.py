"""Days told from today: hôm qua, mai, mốt, thứ hai tuần sau, chủ nhật, 3 ngày nữa."""

import re
from datetime import date, timedelta

DAYS = {
    "hom kia": -2, "hom qua": -1, "bua qua": -1, "hom nay": 0, "bua nay": 0, "bay gio": 0,
    "ngay mai": 1, "sang mai": 1, "chieu mai": 1, "mai": 1, "ngay kia": 2, "ngay mot": 2,
}  # fmt: skip
WEEKDAYS = {
    "2": 0, "hai": 0, "3": 1, "ba": 1, "4": 2, "tu": 2, "bon": 2, "5": 3, "nam": 3,
    "6": 4, "sau": 4, "7": 5, "bay": 5,
}  # fmt: skip
WEEKS = {"sau": 1, "toi": 1, "nay": 0, "truoc": -1, "qua": -1, "roi": -1, "vua": -1}

_NEAR = re.compile(r"\b(" + "|".join(sorted(DAYS, key=len, reverse=True)) + r")\b")
_MOT = re.compile(r"(?:^|\s)(?:ngày )?mốt(?:$|\W)")  # with its mark: folded it would be "one"
_COUNTED = re.compile(r"\b(\d{1,3}) (ngay|hom|tuan) (nua|sau|toi|truoc)\b")
_WEEKDAY = re.compile(
    r"\b(?:(?:thu |t)(?P<day>[2-7]|hai|ba|tu|bon|nam|sau|bay)|(?P<sunday>chu nhat|cn))\b"
    r"(?: ?tuan (?P<week>sau|toi|nay|truoc|qua|roi|vua)| (?P<next>toi|nay|sau|truoc|vua|roi))?"
)


def read_relative(typed: str, said: str, today: date, role: str) -> date | None:
    """The day that is meant, or None. ``typed`` still has its marks, ``said`` is folded."""
    if re.search(r"\d ?[/.\-] ?\d|\bthang\b", said):
        return None  # a weekday beside a written date adds nothing: "thứ 2 ngày 5/3"
    if match := _WEEKDAY.search(said):
        weekday = 6 if match["sunday"] else WEEKDAYS[match["day"]]
        return _weekday(weekday, match["week"], match["next"], today, role)
    if match := _COUNTED.search(said):
        days = int(match[1]) * (7 if match[2] == "tuan" else 1)
        return _moved(today, -days if match[3] == "truoc" else days)
    if _MOT.search(typed):
        return _moved(today, 2)
    match = _NEAR.search(said)
    return _moved(today, DAYS[match[1]]) if match else None


def _weekday(weekday: int, week: str | None, near: str | None, today: date, role: str) -> date | None:
    monday = today - timedelta(days=today.weekday())
    if week is not None:
        return _moved(monday, WEEKS[week] * 7 + weekday)
    if near == "nay":
        return _moved(monday, weekday)
    back = near in ("truoc", "vua", "roi") or (near is None and role == "past")
    if back:
        return _moved(today, -((today.weekday() - weekday) % 7 or 7))
    ahead = (weekday - today.weekday()) % 7
    return _moved(today, ahead or (7 if near else 0))


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None

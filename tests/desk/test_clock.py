"""The clock of a dossier at a glance, told for a week with a public holiday in it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from desk.clock import Dial, measured
from procedures.calendar import load_calendar

HANOI = timezone(timedelta(hours=7))
CALENDAR = load_calendar()


def at(text: str) -> datetime:
    """ "25 14:30": a day of November 2026 and a time. Tuesday the 24th is a holiday, the 28th a Saturday."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+07:00").astimezone(HANOI)


# accepted, due, now: state, working days, hours, minutes, per cent used
CASES = [
    ("25 08:00", "27 17:00", "25 08:00", ("runs", 2, 23, 30, 0)),
    ("25 08:00", "27 17:00", "26 17:00", ("soon", 1, 8, 0, 66)),
    ("25 08:00", "25 17:00", "25 14:00", ("soon", 0, 3, 0, 60)),
    ("25 08:00", "25 17:00", "25 17:00", ("soon", 0, 0, 0, 100)),
    ("25 08:00", "25 17:00", "25 20:00", ("late", 0, 0, 0, 100)),
    ("25 08:00", "25 17:00", "26 09:00", ("late", 1, 1, 30, 100)),
    ("20 08:00", "25 17:00", "23 17:00", ("soon", 1, 8, 0, 66)),  # the holiday between them does not count
    ("20 08:00", "20 17:00", "25 07:00", ("late", 2, 8, 0, 100)),
    (
        "28 20:00",
        "28 20:00",
        "28 19:00",
        ("soon", 0, 0, 0, 100),
    ),  # no working time at all: nothing to divide by
]


@pytest.mark.parametrize(("since", "due", "now", "told"), CASES)
def test_what_is_left(since: str, due: str, now: str, told: tuple[str, int, int, int, int]) -> None:
    dial: Dial = measured(at(since), at(due), CALENDAR, at(now))
    assert (dial.state, dial.days, dial.hours, dial.minutes, dial.used) == told

"""What a calendar is written in: hours of each weekday, and the days that differ.

Two flags, because they are two facts: an office may *receive* papers on Saturday morning without that morning
*counting* towards a time limit.
"""

from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import ClassVar

from procedures.definition import STRICT


class Change(StrEnum):
    """What is different on a day."""

    CLOSED = "closed"
    OPEN = "open"  # a make-up working day, or other hours than usual


class Status(StrEnum):
    """How sure a day is."""

    OFFICIAL = "official"
    TO_CONFIRM = "to_confirm"
    FORECAST = "forecast"  # before the government announces the year's schedule


@dataclass(frozen=True)
class Hours:
    """An interval of a day, local time, the closing moment not included."""

    __pydantic_config__: ClassVar = STRICT

    opens: time
    closes: time
    receives: bool = True  # papers are taken, calls are answered
    counts: bool = True  # time limits run

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError(f"opens {self.opens} is not before closes {self.closes}")


@dataclass(frozen=True)
class Week:
    """The usual hours; no interval means closed."""

    __pydantic_config__: ClassVar = STRICT

    monday: tuple[Hours, ...] = ()
    tuesday: tuple[Hours, ...] = ()
    wednesday: tuple[Hours, ...] = ()
    thursday: tuple[Hours, ...] = ()
    friday: tuple[Hours, ...] = ()
    saturday: tuple[Hours, ...] = ()
    sunday: tuple[Hours, ...] = ()

    def __post_init__(self) -> None:
        for weekday in fields(self):
            rows = getattr(self, weekday.name)
            if any(later.opens < earlier.closes for earlier, later in pairwise(rows)):
                raise ValueError(f"the intervals of {weekday.name} overlap or are out of order")

    def hours(self, weekday: int) -> tuple[Hours, ...]:
        """The usual hours of a weekday, 0 for Monday."""
        rows: tuple[Hours, ...] = getattr(self, fields(self)[weekday].name)
        return rows


@dataclass(frozen=True)
class DayChange:
    """Days that differ from the week, from ``day`` to ``until``. Open without hours: like a Monday."""

    __pydantic_config__: ClassVar = STRICT

    day: date
    title: str
    change: Change = Change.CLOSED
    until: date | None = None
    hours: tuple[Hours, ...] = ()
    status: Status = Status.OFFICIAL
    note: str = ""

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.day:
            raise ValueError(f"until {self.until} is before {self.day}")
        if self.hours and self.change is Change.CLOSED:
            raise ValueError("a closed day has no hours")

    def days(self) -> tuple[date, ...]:
        """Every day that this is about."""
        count = ((self.until or self.day) - self.day).days + 1
        return tuple(self.day + timedelta(days=ahead) for ahead in range(count))

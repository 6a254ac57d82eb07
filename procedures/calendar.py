"""Working time of an office: when it is open, when a time limit ends, how much of one is left.

Rules of counting: the day of the event itself is not counted (Bộ luật Dân sự 2015 art. 147); a limit that
ends on a day off ends with the next working day (art. 148 cl. 5); closed days follow Bộ luật Lao động 2019
art. 111–112 and the government's yearly schedule. All moments are aware; results stand in Vietnam's time,
UTC+7 all year.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from procedures.calendar_data import Change, DayChange, Hours, Status, Week
from procedures.definition import STRICT, parse, read_yaml
from procedures.form_limits import shift_months
from procedures.term import Rule, Term, Unit

HANOI = timezone(timedelta(hours=7))
SAME_DAY_UNTIL = time(15)  # "received after 15:00: result the next working day" in the procedures' own texts
HORIZON = 400  # days; an office that is closed longer has no next opening

Pause = tuple[datetime, datetime | None]
_DAY = timedelta(days=1)
_SHIPPED = Path(__file__).parent / "library" / "calendar.yaml"


@dataclass(frozen=True)
class Calendar:
    """The hours of one office. ``version`` is kept with every due date computed from it."""

    __pydantic_config__: ClassVar = STRICT

    version: str
    title: str
    week: Week
    days: tuple[DayChange, ...] = ()

    @cached_property
    def changes(self) -> dict[date, DayChange]:
        """The days that differ; of two entries for one day the later in the file holds."""
        return {day: change for change in self.days for day in change.days()}

    def hours(self, day: date) -> tuple[Hours, ...]:
        """The intervals of a day, in order; empty when it is closed."""
        change = self.changes.get(day)
        if change is None:
            return self.week.hours(day.weekday())
        if change.change is Change.CLOSED:
            return ()
        return change.hours or self.week.hours(0)

    def counts(self, day: date) -> bool:
        """Is this a working day for time limits?"""
        return any(row.counts for row in self.hours(day))

    # -- open or not ----------------------------------------------------------------------------------

    def is_open(self, at: datetime) -> bool:
        """Are papers taken and calls answered at this moment?"""
        local = at.astimezone(HANOI)
        return any(
            row.receives and row.opens <= local.time() < row.closes for row in self.hours(local.date())
        )

    def next_open(self, at: datetime) -> datetime | None:
        """The first open moment from ``at`` on: itself while open; None when there is none within a year."""
        opening = self._opening(at)
        return None if opening is None else max(opening[0], at.astimezone(HANOI))

    def next_opening(self, at: datetime) -> dict[str, str | int] | None:
        """The interval that is open or opens next, for wording: day, from, to, ISO weekday, days ahead."""
        opening = self._opening(at)
        if opening is None:
            return None
        start, end = opening
        return {
            "day": start.date().isoformat(),
            "from": f"{start:%H:%M}",
            "to": f"{end:%H:%M}",
            "weekday": start.isoweekday(),
            "in_days": (start.date() - at.astimezone(HANOI).date()).days,
        }

    def _opening(self, at: datetime) -> tuple[datetime, datetime] | None:
        first = at.astimezone(HANOI).date()
        for ahead in range(HORIZON):
            day = first + ahead * _DAY
            for row in self.hours(day):
                if row.receives and _at(day, row.closes) > at:
                    return _at(day, row.opens), _at(day, row.closes)
        return None

    # -- time limits ----------------------------------------------------------------------------------

    def due(self, accepted: datetime, term: Term, pauses: Sequence[Pause] = ()) -> datetime | None:
        """When a limit ends that began at ``accepted``; None: no date, or the clock stands still.

        A pause moves the end by the time it took: working time, or calendar time for calendar units.
        Limits in days end with the day.
        """
        due = self._due(accepted, term)
        by_calendar = term.unit in (Unit.CALENDAR_DAY, Unit.MONTH)
        for since, until in _merged(pauses):
            if due is None or since >= self._rounded(due, term):
                break
            if until is None:
                return None
            since = max(since, accepted)
            if until > since:
                due = due + (until - since) if by_calendar else self.after(due, self.worked(since, until))
        return None if due is None else self._rounded(due, term)

    def after(self, moment: datetime, worked: timedelta) -> datetime:
        """The moment at which ``worked`` of counted time has passed since ``moment``.

        Raises ValueError when the calendar has no counted time within its horizon.
        """
        left, latest = worked, moment.astimezone(HANOI)
        if left <= timedelta(0):
            return latest
        empty = 0
        day = latest.date()
        while empty < HORIZON:
            empty += 1
            for start, end in self._counted(day):
                begin = max(start, latest)
                if begin < end:
                    empty = 0
                    if end - begin >= left:
                        return begin + left
                    left -= end - begin
            day += _DAY
        raise ValueError(f"calendar {self.version!r} has no working time after {latest:%Y-%m-%d}")

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """The counted time between two moments; zero when they are the wrong way round."""
        total, day = timedelta(0), since.astimezone(HANOI).date()
        while day <= until.astimezone(HANOI).date():
            for start, end in self._counted(day):
                total += max(min(end, until) - max(start, since), timedelta(0))
            day += _DAY
        return total

    def remaining(self, due: datetime, now: datetime) -> timedelta:
        """The counted time left; negative by how much it is late."""
        return self.worked(now, due) if now <= due else -self.worked(due, now)

    def _due(self, accepted: datetime, term: Term) -> datetime | None:
        local = accepted.astimezone(HANOI)
        day = local.date()
        if term.rule is Rule.SAME_DAY:
            same = self.counts(day) and local.time() < SAME_DAY_UNTIL and local < self._end(day)
            return self._end(day if same else self.working_day(day, 1))
        if term.rule is not Rule.COUNT or term.quantity is None:
            return None
        match term.unit:
            case Unit.WORKING_DAY:
                return self._end(self.working_day(day, term.quantity))
            case Unit.HOUR:
                return self.after(accepted, timedelta(hours=term.quantity))
            case Unit.CALENDAR_DAY:
                return self._end(self._on_or_after(day + term.quantity * _DAY))
            case _:
                return self._end(self._on_or_after(shift_months(day, term.quantity)))

    def working_day(self, day: date, count: int) -> date:
        """The ``count``-th working day after a day, which is not counted itself. Raises ValueError."""
        for _ in range(count):
            day = self._on_or_after(day + _DAY)
        return day

    def _on_or_after(self, day: date) -> date:
        for ahead in range(HORIZON):
            if self.counts(day + ahead * _DAY):
                return day + ahead * _DAY
        raise ValueError(f"calendar {self.version!r} has no working day after {day}")

    def _rounded(self, due: datetime, term: Term) -> datetime:
        return due if term.unit is Unit.HOUR else self._end(self._on_or_after(due.astimezone(HANOI).date()))

    def _end(self, day: date) -> datetime:
        return max(end for _, end in self._counted(day))

    def _counted(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        return ((_at(day, row.opens), _at(day, row.closes)) for row in self.hours(day) if row.counts)


@dataclass(frozen=True)
class Stale:
    """A year whose days off cannot be relied on: none known, or some not official yet."""

    year: int
    status: str  # missing, to_confirm, forecast
    days: tuple[date, ...]


def stale(calendar: Calendar, today: date) -> tuple[Stale, ...]:
    """What an operator must look after: this year and the next must have days off, and official ones."""
    found = []
    for year in (today.year, today.year + 1):
        changes = [change for change in calendar.days if change.day.year == year]
        if not any(change.change is Change.CLOSED for change in changes):
            found.append(Stale(year, "missing", ()))
        for status in (Status.TO_CONFIRM, Status.FORECAST):
            days = tuple(c.day for c in changes if c.status is status and (c.until or c.day) >= today)
            if days:
                found.append(Stale(year, status.value, days))
    return tuple(found)


def load_calendar(path: Path = _SHIPPED, shown: str = "calendar.yaml") -> Calendar:
    """The calendar in a file. Raises definition.LibraryError."""
    return parse(Calendar, read_yaml(path, shown), shown)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, HANOI)


def _merged(pauses: Sequence[Pause]) -> list[Pause]:
    """In order, those that overlap as one."""
    merged: list[Pause] = []
    for since, until in sorted(pauses, key=lambda pause: pause[0]):
        if merged and (merged[-1][1] is None or since <= merged[-1][1]):
            before, end = merged[-1]
            merged[-1] = (before, None if end is None or until is None else max(end, until))
        else:
            merged.append((since, until))
    return merged

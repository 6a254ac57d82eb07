"""Working time: open or closed, due dates, pauses, and whether the table of days off is up to date."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.calendar import HANOI, Stale, load_calendar, stale
from procedures.calendar_data import Hours, Status
from procedures.definition import LibraryError, parse
from procedures.term import Rule, Term, Unit

OFFICE = load_calendar()
TODAY = date(2026, 11, 23)  # fixed, so that this file fails only when the table is wrong


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def days(count: int) -> Term:
    return Term(count, Unit.WORKING_DAY)


SAME_DAY = Term(rule=Rule.SAME_DAY)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 07:29", False),
        ("2026-11-23 07:30", True),
        ("2026-11-23 11:30", False),  # lunch
        ("2026-11-23 13:00", True),
        ("2026-11-23 17:00", False),
        ("2026-11-24 09:00", False),  # Ngày Văn hóa Việt Nam, off since 2026
        ("2026-11-28 09:00", True),  # Saturday morning receives ...
        ("2026-11-28 14:00", False),
        ("2026-11-29 09:00", False),
        ("2026-08-22 14:00", True),  # make-up Saturday: open all day
        ("2026-08-31 09:00", False),  # the day it makes up for
        ("2026-02-21 09:00", False),  # Saturday in Tết
    ],
)
def test_when_the_office_is_open(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(moment)) is is_open


def test_moments_of_other_zones_are_understood() -> None:
    assert OFFICE.is_open(datetime.fromisoformat("2026-11-23T00:30:00+00:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 12:00", "2026-11-23 13:00"),
        ("2026-11-23 17:00", "2026-11-25 07:30"),
        ("2026-02-13 17:00", "2026-02-23 07:30"),
        ("2026-11-27 18:00", "2026-11-28 07:30"),
    ],
)
def test_when_it_opens_next(moment: str, opening: str) -> None:
    assert OFFICE.next_open(at(moment)) == at(opening)


def test_the_next_opening_is_given_to_wording_as_plain_values() -> None:
    assert OFFICE.next_opening(at("2026-11-23 18:00")) == {
        "day": "2026-11-25",
        "from": "07:30",
        "to": "11:30",
        "weekday": 3,
        "in_days": 2,
    }


DUE = [
    # the day of acceptance is not counted; the limit ends with the working day
    ("2026-11-16 09:00", days(1), "2026-11-17 17:00"),
    ("2026-11-16 16:59", days(3), "2026-11-19 17:00"),
    (
        "2026-11-20 09:00",
        days(1),
        "2026-11-23 17:00",
    ),  # over a week-end: Saturday receives, but does not count
    ("2026-11-21 09:00", days(1), "2026-11-23 17:00"),  # received on a Saturday
    ("2026-11-23 09:00", days(1), "2026-11-25 17:00"),  # tomorrow is off
    ("2026-08-20 09:00", days(2), "2026-08-22 17:00"),  # the make-up Saturday counts
    ("2026-08-28 09:00", days(1), "2026-09-03 17:00"),
    ("2026-02-12 09:00", days(3), "2026-02-24 17:00"),  # over Tết
    # same day before 15:00, else the next working day
    ("2026-11-16 14:59", SAME_DAY, "2026-11-16 17:00"),
    ("2026-11-16 15:00", SAME_DAY, "2026-11-17 17:00"),
    ("2026-11-23 15:30", SAME_DAY, "2026-11-25 17:00"),
    ("2026-11-21 09:00", SAME_DAY, "2026-11-23 17:00"),
    # working hours: lunch, night and days off stand still
    ("2026-11-16 10:30", Term(2, Unit.HOUR), "2026-11-16 14:00"),
    ("2026-11-16 15:00", Term(8, Unit.HOUR), "2026-11-17 15:00"),
    ("2026-11-23 16:30", Term(1, Unit.HOUR), "2026-11-25 08:00"),
    ("2026-11-22 03:00", Term(1, Unit.HOUR), "2026-11-23 08:30"),
    # calendar days and months; a last day off moves to the next working day
    ("2026-11-16 09:00", Term(30, Unit.CALENDAR_DAY), "2026-12-16 17:00"),
    ("2026-11-20 09:00", Term(4, Unit.CALENDAR_DAY), "2026-11-25 17:00"),
    ("2026-01-31 09:00", Term(1, Unit.MONTH), "2026-03-02 17:00"),  # 28 February is a Saturday
]


@pytest.mark.parametrize(("accepted", "term", "due"), DUE)
def test_when_a_limit_ends(accepted: str, term: Term, due: str) -> None:
    assert OFFICE.due(at(accepted), term) == at(due)


@pytest.mark.parametrize("rule", [Rule.ON_RECEIPT, Rule.CAMPAIGN])
def test_rules_without_a_figure_give_no_date(rule: Rule) -> None:
    assert OFFICE.due(at("2026-11-16 09:00"), Term(rule=rule)) is None


PAUSED = [
    # (pauses, due) of three working days from Monday 16 November, 9:00; without a pause: Thursday
    ([], "2026-11-19 17:00"),
    ([("2026-11-18 10:00", "2026-11-20 09:00")], "2026-11-23 17:00"),
    ([("2026-11-17 07:30", "2026-11-17 17:00")], "2026-11-20 17:00"),
    ([("2026-11-17 18:00", "2026-11-18 07:00")], "2026-11-19 17:00"),  # a night costs nothing
    ([("2026-11-20 09:00", "2026-11-27 09:00")], "2026-11-19 17:00"),  # after the end
    (
        [("2026-11-17 07:30", "2026-11-17 12:00"), ("2026-11-17 10:00", "2026-11-17 17:00")],
        "2026-11-20 17:00",
    ),
    (
        [("2026-11-17 07:30", "2026-11-17 17:00"), ("2026-11-18 07:30", "2026-11-18 17:00")],
        "2026-11-23 17:00",
    ),
]


@pytest.mark.parametrize(("pauses", "due"), PAUSED)
def test_pauses_move_the_end_by_the_time_they_took(pauses: list[tuple[str, str]], due: str) -> None:
    spans = [(at(since), at(until)) for since, until in pauses]
    assert OFFICE.due(at("2026-11-16 09:00"), days(3), spans) == at(due)


def test_while_a_pause_lasts_there_is_no_date() -> None:
    assert OFFICE.due(at("2026-11-16 09:00"), days(3), [(at("2026-11-17 09:00"), None)]) is None


def test_calendar_limits_are_moved_by_calendar_time() -> None:
    pause = [(at("2026-11-17 09:00"), at("2026-11-22 09:00"))]
    assert OFFICE.due(at("2026-11-16 09:00"), Term(10, Unit.CALENDAR_DAY), pause) == at("2026-12-01 17:00")


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-16 09:00", timedelta(hours=6.5 + 8)),
        ("2026-11-17 17:00", timedelta(0)),
        ("2026-11-18 08:30", -timedelta(hours=1)),
    ],
)
def test_how_much_working_time_is_left(now: str, left: timedelta) -> None:
    assert OFFICE.remaining(at("2026-11-17 17:00"), at(now)) == left


moments = st.integers(0, 3 * 365 * 24 * 60 - 60_000).map(
    lambda m: at("2025-01-01 00:00") + timedelta(minutes=m)
)


@given(moments, st.integers(0, 100))
def test_what_is_added_is_what_is_worked(moment: datetime, hours: int) -> None:
    assert OFFICE.worked(moment, OFFICE.after(moment, timedelta(hours=hours))) == timedelta(hours=hours)


@given(moments, st.integers(1, 20))
def test_a_longer_limit_never_ends_earlier(moment: datetime, count: int) -> None:
    short, long = OFFICE.due(moment, days(count)), OFFICE.due(moment, days(count + 1))
    assert short is not None
    assert long is not None
    assert moment < short < long


@given(moments, moments, moments)
def test_a_pause_never_brings_the_end_nearer(accepted: datetime, one: datetime, other: datetime) -> None:
    plain = OFFICE.due(accepted, days(5))
    paused = OFFICE.due(accepted, days(5), [(min(one, other), max(one, other))])
    assert plain is not None
    assert paused is not None
    assert paused >= plain


def test_an_office_without_working_time_says_so_and_does_not_search_for_ever() -> None:
    never = parse(type(OFFICE), {"version": "1", "title": "t", "week": {}}, "calendar.yaml")
    assert never.next_open(at("2026-11-16 09:00")) is None
    with pytest.raises(ValueError, match="no working"):
        never.after(at("2026-11-16 09:00"), timedelta(hours=1))
    with pytest.raises(ValueError, match="no working"):
        never.due(at("2026-11-16 09:00"), days(1))


def test_days_off_of_this_year_and_the_next_are_in_the_file() -> None:
    assert [entry for entry in stale(OFFICE, TODAY) if entry.status == "missing"] == []


def test_a_missing_year_is_noticed() -> None:
    assert Stale(2028, "missing", ()) in stale(OFFICE, date(2027, 11, 23))


def test_the_forecast_for_next_year_is_named_until_it_is_official() -> None:
    (entry,) = stale(OFFICE, TODAY)
    assert (entry.year, entry.status) == (2027, "forecast")
    assert date(2027, 2, 4) in entry.days
    official = replace(OFFICE, days=tuple(replace(change, status=Status.OFFICIAL) for change in OFFICE.days))
    assert stale(official, TODAY) == ()


def test_the_disputed_make_up_saturday_is_marked() -> None:
    assert OFFICE.changes[date(2026, 1, 10)].status is Status.TO_CONFIRM


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"week": {"monday": [{"opens": "09:00", "closes": "08:00"}]}}, "is not before"),
        (
            {
                "week": {
                    "monday": [{"opens": "08:00", "closes": "12:00"}, {"opens": "11:00", "closes": "17:00"}]
                }
            },
            "overlap",
        ),
        ({"week": {"funday": []}}, "funday"),
        ({"week": {}, "days": [{"day": "2026-13-01", "title": "t"}]}, r"days\[0\].day"),
        ({"week": {}, "days": [{"day": "2026-02-01", "until": "2026-01-01", "title": "t"}]}, "is before"),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_key(content: dict[str, object], complaint: str) -> None:
    with pytest.raises(LibraryError, match=complaint):
        parse(type(OFFICE), {"version": "1", "title": "t", **content}, "calendar.yaml")


def test_intervals_count_and_receive_unless_said_otherwise() -> None:
    row = Hours(at("2026-01-01 08:00").time(), at("2026-01-01 09:00").time())
    assert row.counts
    assert row.receives

"""Dates as Vietnamese type, say and key them. Today is Monday, 23 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.problem import Problem
from procedures.readers.dates import read_date

TODAY = date(2026, 11, 23)

READ = [
    # in full
    ("01/02/1990", "any", "1990-02-01"),
    ("1/2/1990", "any", "1990-02-01"),
    ("01-02-1990", "any", "1990-02-01"),
    ("1.2.1990", "any", "1990-02-01"),
    ("1 / 2 / 1990", "any", "1990-02-01"),
    ("1 2 1990", "any", "1990-02-01"),
    ("1990-02-01", "any", "1990-02-01"),
    ("31/12/2025.", "any", "2025-12-31"),
    ("29/2/2024", "any", "2024-02-29"),
    # two-digit years by what the date is for
    ("1/2/90", "past", "1990-02-01"),
    ("1/2/90", "any", "1990-02-01"),
    ("5.3.20", "past", "2020-03-05"),
    ("5.3.20", "any", "2020-03-05"),
    ("1/1/26", "past", "2026-01-01"),
    ("1/12/26", "past", "1926-12-01"),
    ("1/1/35", "past", "1935-01-01"),
    ("5/3/30", "future", "2030-03-05"),
    ("5/3/30", "any", "2030-03-05"),
    # keyed or without signs
    ("05032020", "any", "2020-03-05"),
    ("20200305", "any", "2020-03-05"),
    ("050320", "past", "2020-03-05"),
    ("02091945", "past", "1945-09-02"),
    # in words
    ("ngay 5 thang 3 nam 2020", "any", "2020-03-05"),
    ("ngày 5 tháng 3 năm 2020", "any", "2020-03-05"),
    ("5 tháng 3, 2020", "any", "2020-03-05"),
    ("ngày 5/3 năm 2020", "any", "2020-03-05"),
    ("mùng 5 tháng 3", "past", "2026-03-05"),
    ("mồng năm tháng ba", "future", "2027-03-05"),
    ("năm tháng ba năm hai nghìn không trăm hai mươi", "any", "2020-03-05"),
    ("ngày mười lăm tháng mười hai", "future", "2026-12-15"),
    ("ngày hai mươi mốt tháng mười một năm một chín chín không", "past", "1990-11-21"),
    ("em sinh ngày 2/9/1990 nhé", "past", "1990-09-02"),
    # without a year
    ("25/12", "future", "2026-12-25"),
    ("23/11", "future", "2026-11-23"),
    ("22/11", "future", "2027-11-22"),
    ("30/11", "past", "2025-11-30"),
    ("29/2", "past", "2024-02-29"),
    # from today
    ("hôm nay", "any", "2026-11-23"),
    ("hom qua", "past", "2026-11-22"),
    ("hôm kia", "past", "2026-11-21"),
    ("mai", "future", "2026-11-24"),
    ("sáng mai", "future", "2026-11-24"),
    ("ngày mốt", "future", "2026-11-25"),
    ("ngày kia", "future", "2026-11-25"),
    ("3 ngày nữa", "future", "2026-11-26"),
    ("2 tuần trước", "past", "2026-11-09"),
    # weekdays: thứ hai is Monday
    ("thứ 2 tuần sau", "future", "2026-11-30"),
    ("thu hai tuan toi", "future", "2026-11-30"),
    ("thứ 6 tuần này", "future", "2026-11-27"),
    ("thứ tư tuần trước", "past", "2026-11-18"),
    ("chủ nhật", "future", "2026-11-29"),
    ("CN tuần sau", "future", "2026-12-06"),
    ("t5", "future", "2026-11-26"),
    ("thứ hai", "future", "2026-11-23"),
    ("thứ hai tới", "future", "2026-11-30"),
    ("thứ sáu vừa rồi", "past", "2026-11-20"),
    ("thứ hai", "past", "2026-11-16"),
    ("thứ 4 ngày 25/11/2026", "future", "2026-11-25"),
]


@pytest.mark.parametrize(("typed", "role", "iso"), READ)
def test_a_date_is_read(typed: str, role: str, iso: str) -> None:
    assert read_date(typed, TODAY, role) == date.fromisoformat(iso)


REFUSED = [
    ("31/2/2020", "any", "date_impossible"),
    ("3/25/1990", "any", "date_impossible"),
    ("0/1/2020", "any", "date_impossible"),
    ("1/1/1025", "any", "date_impossible"),
    ("32/1", "past", "date_impossible"),
    ("3/2020", "any", "date_incomplete"),
    ("1990", "past", "date_incomplete"),
    ("tháng ba", "any", "date_incomplete"),
    ("năm 90", "past", "date_incomplete"),
    ("ngày 5", "any", "date_incomplete"),
    ("5/3", "any", "date_no_year"),
    ("mùng 5 tháng 3", "any", "date_no_year"),
    ("rằm tháng 7", "any", "date_lunar"),
    ("mùng 2 tết", "any", "date_lunar"),
    ("30 tết", "any", "date_lunar"),
    ("5/3/1990 âm lịch", "past", "date_lunar"),
    ("23 tháng chạp", "any", "date_lunar"),
    ("5/3/2030", "past", "date_in_future"),
    ("mai", "past", "date_in_future"),
    ("5/3/2020", "future", "date_in_past"),
    ("hôm qua", "future", "date_in_past"),
    ("không nhớ", "past", "date_unreadable"),
    ("", "any", "date_unreadable"),
    ("0912345678", "any", "date_unreadable"),
]


@pytest.mark.parametrize(("typed", "role", "code"), REFUSED)
def test_what_is_not_certain_is_asked(typed: str, role: str, code: str) -> None:
    found = read_date(typed, TODAY, role)
    assert isinstance(found, Problem)
    assert found.code == code


def test_the_help_knows_day_and_month_when_only_the_year_lacks() -> None:
    found = read_date("5/3", TODAY)
    assert isinstance(found, Problem)
    assert found.values == {"day": 5, "month": 3}


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{d}/{m}/{y}", "{d:02}{m:02}{y}", "{d}.{m}.{y}"]),
)
def test_every_date_written_in_full_is_read_back(day: date, shape: str) -> None:
    assert read_date(shape.format(d=day.day, m=day.month, y=day.year), TODAY) == day


@given(st.dates(date(1927, 1, 1), TODAY))
def test_a_birth_date_with_two_digits_is_never_in_the_future(day: date) -> None:
    assert read_date(f"{day:%d/%m/%y}", TODAY, "past") == day

"""Times of day."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.problem import Problem
from procedures.readers.times import read_time

READ = [
    ("14h30", "14:30"),
    ("14g30", "14:30"),
    ("14:30", "14:30"),
    ("14.30", "14:30"),
    ("14 giờ 30 phút", "14:30"),
    ("1430", "14:30"),
    ("14*30", "14:30"),
    ("0800", "08:00"),
    ("8h", "08:00"),
    ("khoảng 9h", "09:00"),
    ("02:00", "02:00"),
    ("2 giờ chiều", "14:00"),
    ("2h chieu", "14:00"),
    ("hai giờ chiều", "14:00"),
    ("chín giờ ba mươi sáng", "09:30"),
    ("7h rưỡi", "07:30"),
    ("7 rưỡi sáng", "07:30"),
    ("3 giờ rưỡi chiều", "15:30"),
    ("8 giờ kém 15", "07:45"),
    ("12h trưa", "12:00"),
    ("11h trưa", "11:00"),
    ("1 giờ trưa", "13:00"),
    ("7 giờ tối", "19:00"),
    ("11 giờ đêm", "23:00"),
    ("12 giờ đêm", "00:00"),
    ("2 giờ sáng", "02:00"),
    ("3pm", "15:00"),
    ("9 am", "09:00"),
    ("14h chiều", "14:00"),
]


@pytest.mark.parametrize(("typed", "clock"), READ)
def test_a_time_is_read(typed: str, clock: str) -> None:
    assert read_time(typed) == time.fromisoformat(clock)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2h", "time_which_half"),
        ("3 giờ", "time_which_half"),
        ("25h", "time_impossible"),
        ("8h75", "time_impossible"),
        ("2960", "time_impossible"),
        ("8", "time_unreadable"),
        ("chiều", "time_unreadable"),
        ("8h hoặc 9h", "time_unreadable"),
        ("", "time_unreadable"),
    ],
)
def test_what_is_no_time(typed: str, code: str) -> None:
    found = read_time(typed)
    assert isinstance(found, Problem)
    assert found.code == code


@given(st.times(), st.sampled_from(["%H:%M", "%H%M"]))
def test_every_time_of_24_hours_is_read_back(moment: time, shape: str) -> None:
    assert read_time(moment.strftime(shape)) == moment.replace(second=0, microsecond=0)

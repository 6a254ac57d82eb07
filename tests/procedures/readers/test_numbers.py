"""Numbers and money, in figures and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.problem import Problem
from procedures.readers.money import read_money
from procedures.readers.numbers import read_number

NUMBERS: list[tuple[str, int | float]] = [
    ("0", 0),
    ("12", 12),
    ("-5", -5),
    ("3 người", 3),
    ("1.500", 1500),
    ("1,500", 1500),
    ("1.234.567", 1234567),
    ("75,5", 75.5),
    ("75.5 m", 75.5),
    ("1.234,5", 1234.5),
    ("2,0", 2),
    ("không", 0),
    ("một", 1),
    ("bốn", 4),
    ("mười", 10),
    ("mười lăm", 15),
    ("hai mươi", 20),
    ("hai mươi mốt", 21),
    ("hai mươi tư", 24),
    ("ba lăm", 35),
    ("ba mươi nhăm", 35),
    ("bẩy mươi", 70),
    ("hai chục", 20),
    ("một trăm", 100),
    ("một trăm linh năm", 105),
    ("một trăm lẻ năm", 105),
    ("hai trăm rưỡi", 250),
    ("chín trăm chín mươi chín", 999),
    ("một nghìn", 1000),
    ("một ngàn không trăm hai mươi", 1020),
    ("hai nghìn lẻ năm", 2005),
    ("mười hai nghìn ba trăm bốn mươi lăm", 12345),
    ("một triệu hai", 1_200_000),
    ("hai triệu ba trăm nghìn", 2_300_000),
    ("một tỷ rưỡi", 1_500_000_000),
    ("một chín chín không", 1990),
    ("có ba người", 3),
    ("âm năm", -5),
]


@pytest.mark.parametrize(("typed", "value"), NUMBERS)
def test_a_number_is_read(typed: str, value: int | float) -> None:
    assert read_number(typed, whole=False) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number_unreadable"),
        ("nhiều", "number_unreadable"),
        ("nghìn trăm triệu", "number_unreadable"),
        ("12 hoặc 13", "number_several"),
        ("75,5", "number_not_whole"),
        ("1" * 30, "number_unreadable"),
    ],
)
def test_what_is_no_number(typed: str, code: str) -> None:
    found = read_number(typed)
    assert isinstance(found, Problem)
    assert found.code == code


MONEY = [
    ("50k", 50_000),
    ("50K", 50_000),
    ("50.000đ", 50_000),
    ("50.000 đồng", 50_000),
    ("50,000 vnd", 50_000),
    ("50000", 50_000),
    ("50 nghìn", 50_000),
    ("50 ngan", 50_000),
    ("1tr2", 1_200_000),
    ("1tr25", 1_250_000),
    ("1tr250", 1_250_000),
    ("1tr200k", 1_200_000),
    ("1k5", 1500),
    ("1 triệu 2", 1_200_000),
    ("1 triệu 200 nghìn", 1_200_000),
    ("1 triệu rưỡi", 1_500_000),
    ("triệu rưỡi", 1_500_000),
    ("1.5 triệu", 1_500_000),
    ("1,5tr", 1_500_000),
    ("2 tỷ", 2_000_000_000),
    ("2 tỷ 300 triệu", 2_300_000_000),
    ("3 trăm nghìn", 300_000),
    ("năm trăm nghìn", 500_000),
    ("hai triệu ba trăm nghìn đồng", 2_300_000),
    ("khoảng 2 triệu", 2_000_000),
    ("500 đồng", 500),
    ("0", 0),
]


@pytest.mark.parametrize(("typed", "dong"), MONEY)
def test_an_amount_is_read(typed: str, dong: int) -> None:
    assert read_money(typed) == dong


@pytest.mark.parametrize(
    ("typed", "code", "values"),
    [
        ("50", "money_unit", {"amount": 50}),
        ("hai trăm", "money_unit", {"amount": 200}),
        ("2 lít", "money_slang", {"word": "lit"}),
        ("5 củ", "money_slang", {"word": "cu"}),
        ("3 xị", "money_slang", {"word": "xi"}),
        ("1k2tr", "money_unreadable", {}),
        ("0,3", "money_unreadable", {}),
        ("tùy tâm", "money_unreadable", {}),
        ("5000 6000", "money_unreadable", {}),
        ("", "money_unreadable", {}),
    ],
)
def test_what_is_no_certain_amount(typed: str, code: str, values: dict[str, object]) -> None:
    found = read_money(typed)
    assert isinstance(found, Problem)
    assert (found.code, found.values) == (code, values)


@given(st.integers(0, 10**14))
def test_grouped_figures_are_read_back(amount: int) -> None:
    for sign in ".,":
        assert read_number(f"{amount:,}".replace(",", sign)) == amount


@given(st.integers(1000, 10**14))
def test_amounts_in_dong_are_read_back(amount: int) -> None:
    assert read_money(f"{amount:,}đ".replace(",", ".")) == amount

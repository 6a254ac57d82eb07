"""Numbers of identity papers. Today is 23 November 2026."""

from datetime import date

import pytest

from procedures.places import load_places
from procedures.problem import Problem
from procedures.readers.identity import Identity, read_identity

TODAY = date(2026, 11, 23)
PLACES = load_places()


def read(text: str, birth: date | None = None, female: bool | None = None) -> Identity | Problem:
    return read_identity(text, TODAY, PLACES.birthplaces, birth, female)


@pytest.mark.parametrize(
    ("typed", "place", "year", "female"),
    [
        ("001090012345", "001", 1990, False),
        ("079190012345", "079", 1990, True),
        ("034 202 012345", "034", 2002, False),
        ("số CCCD 092.305.012345", "092", 2005, True),
        ("không không một không chín không không một hai ba bốn lăm", "001", 1990, False),
        ("so 001090012345", "001", 1990, False),
        ("00l090012345", "001", 1990, False),
        ("OO1O90012345", "001", 1990, False),
        ("001326012345", "001", 2026, True),
        ("235090012345", "235", 1990, False),  # the birth was registered abroad
    ],
)
def test_the_parts_of_a_personal_number(typed: str, place: str, year: int, female: bool) -> None:
    found = read(typed)
    assert isinstance(found, Identity)
    assert (found.kind, found.place, found.birth_year, found.female) == ("cccd", place, year, female)
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("00109001234", "identity_length"),
        ("0010900123456", "identity_length"),
        ("001399012345", "identity_birth_future"),
        ("001490012345", "identity_birth_future"),
        ("không có", "identity_unreadable"),
        ("001090012345 / 079190012345", "identity_unreadable"),
        ("", "identity_unreadable"),
    ],
)
def test_what_cannot_be_a_number(typed: str, code: str) -> None:
    found = read(typed)
    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    ("typed", "birth", "female", "warning"),
    [
        ("003090012345", None, None, "identity_place_unknown"),
        ("001090012345", date(1991, 1, 1), None, "identity_birth_differs"),
        ("001090012345", date(1990, 1, 1), True, "identity_sex_differs"),
        ("012345678", None, None, "identity_old_card"),
    ],
)
def test_what_looks_odd_is_accepted_with_a_warning(
    typed: str, birth: date | None, female: bool | None, warning: str
) -> None:
    found = read(typed, birth, female)
    assert isinstance(found, Identity)
    assert [problem.code for problem in found.warnings] == [warning]


def test_34_provinces_took_in_63_with_a_code_each() -> None:
    assert len(PLACES.provinces) == 34
    assert len(PLACES.birthplaces) == 63
    assert sum(province.city for province in PLACES.provinces) == 6
    assert PLACES.birthplaces["001"] == "Hà Nội"
    assert PLACES.birthplaces["096"] == "Cà Mau"

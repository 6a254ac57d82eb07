"""Phone codes, PINs, and official codes in messages."""

import random
import string
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.codes import (
    CodePattern,
    check_digits,
    find_codes,
    keyed_codes,
    load_patterns,
    make_official_code,
    make_phone_code,
    make_pin,
    same_pin,
    spoken_groups,
    valid_phone_code,
)
from procedures.definition import LibraryError

PATTERNS = load_patterns()
CODE = "4193907133"  # a phone code with right check digits

numbers = st.integers(10_000_000, 99_999_999).map(str)


@given(st.integers())
def test_a_made_code_has_ten_digits_and_is_valid(seed: int) -> None:
    code = make_phone_code(random.Random(seed))
    assert len(code) == 10
    assert code[0] in "123456789"
    assert valid_phone_code(code)


@given(numbers, st.integers(0, 9), st.sampled_from(string.digits))
def test_one_wrong_key_is_always_noticed(number: str, place: int, key: str) -> None:
    code = number + check_digits(number)
    wrong = code[:place] + key + code[place + 1 :]
    assert valid_phone_code(wrong) is (wrong == code)


@given(numbers, st.integers(0, 8))
def test_two_swapped_neighbours_are_always_noticed(number: str, place: int) -> None:
    code = number + check_digits(number)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert valid_phone_code(wrong) is (wrong == code)


@given(numbers, st.integers(0, 7))
def test_swapping_around_a_middle_digit_is_always_noticed(number: str, place: int) -> None:
    code = number + check_digits(number)
    wrong = code[:place] + code[place + 2] + code[place + 1] + code[place] + code[place + 3 :]
    assert valid_phone_code(wrong) is (wrong == code)


@pytest.mark.parametrize("given_code", ["419 390 7133", "419.390.7133", "419*390*7133", "419-390-7133"])
def test_signs_between_the_digits_do_not_matter(given_code: str) -> None:
    assert valid_phone_code(given_code)


@pytest.mark.parametrize("given_code", ["", "419390713", "41939071330", "0193907133", "٤١٩٣٩٠٧١٣٣", "abc"])
def test_what_is_no_phone_code(given_code: str) -> None:
    assert not valid_phone_code(given_code)


def test_a_code_is_spoken_in_three_groups() -> None:
    assert spoken_groups(CODE) == ("419", "390", "7133")


class Rolls:
    """A source of chance that gives what it is told."""

    def __init__(self, *rolls: int) -> None:
        self.rolls = list(rolls)

    def randrange(self, start: int, stop: int, /) -> int:
        return self.rolls.pop(0)


def test_pins_that_are_guessed_first_are_not_given_out() -> None:
    assert make_pin(Rolls(0, 111111, 123456, 987654, 40213)) == "040213"


@pytest.mark.parametrize(
    ("given_pin", "right"), [("040213", True), ("04 02 13#", True), ("40213", False), ("", False)]
)
def test_pins_are_compared_by_digits(given_pin: str, right: bool) -> None:
    assert same_pin(given_pin, "040213") is right


# what was typed, what is found: (kind, normal form)
MESSAGES: list[tuple[str, list[tuple[str, str]]]] = [
    # every shape as printed
    ("000.17.22.H56-210531-0001", [("qcvn102", "000.17.22.H56-210531-0001")]),
    ("000.00.06.H56-231027-0361", [("qcvn102", "000.00.06.H56-231027-0361")]),
    ("H56.14-240823-0001", [("agency", "H56.14-240823-0001")]),
    ("G09.20-20260609-0092637", [("ministry", "G09.20-20260609-0092637")]),
    ("TT250C8DDF4C1E", [("department", "TT250C8DDF4C1E")]),
    ("CT07-20BC8A8DD6", [("department_form", "CT07-20BC8A8DD6")]),
    # as typed: case, separators left out, replaced, doubled, broken over lines
    ("h26 18 260415 0102", [("agency", "H26.18-260415-0102")]),
    ("H26182604150102", [("agency", "H26.18-260415-0102")]),
    ("h26.18.260415.0102", [("agency", "H26.18-260415-0102")]),
    ("H26_18/260415 - 0102", [("agency", "H26.18-260415-0102")]),
    ("H26.18–260415–0102", [("agency", "H26.18-260415-0102")]),
    ("0001722h562105310001", [("qcvn102", "000.17.22.H56-210531-0001")]),
    ("g09 20 20260609 0092637", [("ministry", "G09.20-20260609-0092637")]),
    # O for 0, I and l for 1
    ("H26.l8-26O4I5-OlO2", [("agency", "H26.18-260415-0102")]),
    ("TT25OC8DDF4C1E", [("department", "TT250C8DDF4C1E")]),
    # keywords before it, stuck to it, a PIN or words behind it
    ("HCC DN H19.20-260415-0102", [("agency", "H19.20-260415-0102")]),
    ("HCCH26.18-260415-0102", [("agency", "H26.18-260415-0102")]),
    ("tracuuh26.18-260415-0102 246802", [("agency", "H26.18-260415-0102")]),
    ("cho hoi ho so H26.18-260415-0102 xong chua?", [("agency", "H26.18-260415-0102")]),
    ("DOST TC ct07 20bc8a8dd6", [("department_form", "CT07-20BC8A8DD6")]),
    ("so 000.17.22.H56-210531-0001", [("qcvn102", "000.17.22.H56-210531-0001")]),
    ("so000.17.22.H56-210531-0001", [("qcvn102", "000.17.22.H56-210531-0001")]),
    ("ho so h26.18-260415-0102 loi", [("agency", "H26.18-260415-0102")]),
    # several at once, in order
    (
        f"{CODE} va H26.18-260415-0102, H26.18-260415-0103",
        [("phone", CODE), ("agency", "H26.18-260415-0102"), ("agency", "H26.18-260415-0103")],
    ),
    # phone codes
    ("419 390 7133", [("phone", CODE)]),
    ("HS4193907133", [("phone", CODE)]),
    ("4193907133 246802", [("phone", CODE)]),
    ("4l939o7l33", [("phone", CODE)]),
    ("12 419 390 7133", [("phone", CODE)]),
    # nothing
    ("4193907134", []),
    ("0912345678", []),
    ("001090012345", []),
    ("41939071330", []),
    ("sinh ngay 20200305", []),
    ("khai sinh can gi", []),
    ("", []),
]


@pytest.mark.parametrize(("typed", "expected"), MESSAGES)
def test_codes_are_found_however_they_are_typed(typed: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.kind, found.code) for found in find_codes(typed, PATTERNS)] == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("00673810079", [("receipt", "00673810079")]),
        ("HCC DN 00673810079", [("receipt", "00673810079")]),
        ("XNC 24681357", [("access", "24681357")]),
        (CODE, [("phone", CODE)]),
    ],
)
def test_bare_digits_are_a_code_only_where_one_is_asked_for(
    typed: str, expected: list[tuple[str, str]]
) -> None:
    assert [(found.kind, found.code) for found in find_codes(typed, PATTERNS, asked=True)] == expected


def test_the_span_is_what_was_typed() -> None:
    text = "ma h26 18 260415 0102 a"
    (found,) = find_codes(text, PATTERNS)
    assert text[found.start : found.end] == "h26 18 260415 0102"


@given(st.text(alphabet="H26.18-041 5oOlI#gGtTcC\n", max_size=40))
def test_found_codes_do_not_overlap_and_keep_their_mask(text: str) -> None:
    found = find_codes(text, PATTERNS, asked=True)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(find_codes(one.code, PATTERNS, asked=True)[0].code == one.code for one in found)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("26*18*260101*0001", ("H26.18-260101-0001", "G26.18-260101-0001")),
        ("26182601010001", ("H26.18-260101-0001", "G26.18-260101-0001")),
        ("00673810079", ("00673810079",)),
        ("123", ()),
    ],
)
def test_figures_keyed_on_a_telephone_name_official_codes(keys: str, expected: tuple[str, ...]) -> None:
    assert keyed_codes(keys, PATTERNS) == expected


def test_an_official_code_is_agency_day_and_counter() -> None:
    code = make_official_code("H26.18", date(2026, 11, 23), 7)
    assert code == "H26.18-261123-0007"
    assert find_codes(code, PATTERNS)[0].code == code


def test_a_pattern_must_fit_its_own_example() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        CodePattern("own", "AB-9999", "AB-12")


def test_a_wrong_file_of_patterns_names_the_key(tmp_path: Path) -> None:
    path = tmp_path / "codes.yaml"
    path.write_text("patterns: [{name: a, mask: '99', example: '12', colour: red}]", encoding="utf-8")
    with pytest.raises(LibraryError, match="colour"):
        load_patterns(path, "codes.yaml")

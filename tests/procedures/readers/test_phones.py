"""Telephone numbers to E.164."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.problem import Problem
from procedures.readers.phones import OLD_MOBILES, national, read_phone

READ = [
    ("0912345678", "+84912345678"),
    ("0912 345 678", "+84912345678"),
    ("0912.345.678", "+84912345678"),
    ("(091) 234-5678", "+84912345678"),
    ("+84912345678", "+84912345678"),
    ("+84 (0) 912 345 678", "+84912345678"),
    ("84912345678", "+84912345678"),
    ("0084 912345678", "+84912345678"),
    ("912345678", "+84912345678"),  # a table calculation ate the zero
    ("o912345678", "+84912345678"),
    ("sdt của tôi là 0912345678 nhé", "+84912345678"),
    ("so 0912345678", "+84912345678"),
    ("so dt: o912 345 678", "+84912345678"),
    ("091O345678", "+84910345678"),
    ("0328765432", "+84328765432"),
    ("0591234567", "+84591234567"),
    ("không chín một hai ba bốn năm sáu bảy tám", "+84912345678"),  # read out figure by figure
    ("số không, chín, mốt, hai, ba, tư, lăm, sáu, bẩy, tám", "+84912345678"),
    # old eleven-digit mobiles
    ("01201234567", "+84701234567"),
    ("0123 456 7890", "+84834567890"),
    ("+841689876543", "+84389876543"),
    ("01991234567", "+84591234567"),
    # landlines have eleven digits and stay
    ("024 3825 1234", "+842438251234"),
    ("(028) 38.22.33.44", "+842838223344"),
    ("02373852123", "+842373852123"),
]


@pytest.mark.parametrize(("typed", "number"), READ)
def test_a_number_is_read(typed: str, number: str) -> None:
    assert read_phone(typed) == number


REFUSED: list[tuple[str, str, dict[str, object]]] = [
    ("", "phone_unreadable", {}),
    ("không có", "phone_unreadable", {}),
    ("091234567", "phone_length", {"count": 9}),
    ("09123456789", "phone_length", {"count": 11}),
    ("024 382 5123", "phone_length", {"count": 10}),
    ("0612345678", "phone_prefix", {"prefix": "061"}),
    ("0112345678", "phone_prefix", {"prefix": "011"}),
    ("0912345678 hoặc 0987654321", "phone_several", {}),
    ("+1 415 555 0123", "phone_foreign", {}),
    ("0033612345678", "phone_foreign", {}),
    ("113", "phone_short", {"number": "113"}),
    ("1022", "phone_short", {"number": "1022"}),
    ("18001096", "phone_short", {"number": "18001096"}),
    ("8088", "phone_short", {"number": "8088"}),
    ("419 390 7133", "phone_is_code", {"code": "419 390 7133"}),  # check digits are tried first
]


@pytest.mark.parametrize(("typed", "code", "values"), REFUSED)
def test_what_is_nobody_s_number(typed: str, code: str, values: dict[str, object]) -> None:
    found = read_phone(typed)
    assert isinstance(found, Problem)
    assert (found.code, found.values) == (code, values)


def test_all_21_old_prefixes_are_mapped_to_numbers_that_exist() -> None:
    assert len(OLD_MOBILES) == 21
    for old, new in OLD_MOBILES.items():
        assert read_phone(f"{old}1234567") == f"+84{new[1:]}1234567"


@given(st.from_regex(r"0(3[2-9]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}", fullmatch=True))
def test_every_mobile_is_read_in_every_spelling_and_shown_as_dialled(number: str) -> None:
    for typed in (number, "+84" + number[1:], "84" + number[1:], f"{number[:4]} {number[4:7]}-{number[7:]}"):
        read = read_phone(typed)
        assert read == "+84" + number[1:]
        assert isinstance(read, str)
        assert national(read) == number

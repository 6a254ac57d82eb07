"""Cleaning, folding, stripping and comparing Vietnamese."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.words import clean, fold, same, same_spelling, strip_marks, syllables

FOLDED = [
    ("Đăng ký kết hôn", "dang ky ket hon"),
    ("ĐƯỜNG Trường Sơn", "duong truong son"),
    ("\u00d0\u00e0 N\u1eb5ng", "da nang"),  # eth for Đ
    ("\u0189\u1ed3ng Nai", "dong nai"),  # African D for Đ
    (unicodedata.normalize("NFD", "Thường trú hộ khẩu"), "thuong tru ho khau"),
    ("khai\u00a0sinh\u200b  cho\tcon\n", "khai sinh cho con"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "folded"), FOLDED)
def test_folding_hides_marks_case_and_blanks(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_cleaning_keeps_marks_case_and_lines() -> None:
    assert clean(" Nguy\u1ec5n\u00a0 V\u0103n \u00d0\u1ee9c \r\n T\u1ed5 3 ") == "Nguyễn Văn Đức\nTổ 3"


STRIPPED = [
    ("Hồ sơ của “ông” Đỗ – đã xong…", 'Ho so cua "ong" Do - da xong...'),
    ("Phí 50.000₫ • miễn phí", "Phi 50.000d - mien phi"),
    ("Chào 👋 bạn", "Chao ban"),
    ("1. Có\n2. Không", "1. Co\n2. Khong"),
]


@pytest.mark.parametrize(("typed", "plain"), STRIPPED)
def test_stripping_gives_ascii_and_keeps_case_and_lines(typed: str, plain: str) -> None:
    assert strip_marks(typed) == plain
    assert strip_marks(typed).isascii()


def test_every_accented_letter_becomes_ascii() -> None:
    letters = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    assert len(letters) == 67
    assert strip_marks(letters + letters.upper()).isascii()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("hòa", "hoà", True),
        ("Thúy", "thuý", True),
        ("khỏe mạnh", "khoẻ mạnh", True),
        ("kỹ sư", "kĩ sư", True),
        ("Lý", "Lí", True),
        ("Mỹ", "Mĩ", True),
        ("quý", "quí", True),
        ("hòa", "hóa", False),
        ("bộ", "bố", False),
        ("dang", "đang", False),
        ("tay", "tai", False),
    ],
)
def test_spelling_ignores_where_the_tone_stands(one: str, other: str, equal: bool) -> None:
    assert same_spelling(one, other) is equal


def test_same_ignores_all_marks() -> None:
    assert same("Đà Nẵng", "da nang")
    assert not same("Đà Nẵng", "da lat")


def test_syllables_leave_signs_out() -> None:
    assert syllables("Đăng-ký, (kết hôn)!") == ("dang", "ky", "ket", "hon")


@given(st.text())
def test_folding_and_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)

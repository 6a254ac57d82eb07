"""Choices by number or words, and yes or no."""

import pytest

from procedures.form_field import Choice
from procedures.problem import Problem
from procedures.readers.choices import read_choice
from procedures.readers.yesno import read_yesno

WAYS = (
    Choice("post", "Nhận qua bưu điện", ("bưu điện", "gửi về nhà")),
    Choice("counter", "Nhận tại quầy", ("quầy", "lên lấy")),
    Choice("online", "Bản điện tử"),
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", "post"),
        ("2.", "counter"),
        ("số 3", "online"),
        ("chọn 2", "counter"),
        ("phím 1", "post"),
        ("hai", "counter"),
        ("Nhận tại quầy", "counter"),
        ("nhan tai quay", "counter"),
        ("ban dien tu", "online"),
        ("bản", "online"),
        ("nhan qua", "post"),
        ("gui ve nha", "post"),
        ("tôi muốn lên lấy", "counter"),
        ("em chọn bưu điện nhé", "post"),
        ("online", "online"),
    ],
)
def test_a_choice_is_meant(typed: str, value: str) -> None:
    assert read_choice(typed, WAYS) == value


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("4", "choice_number"),
        ("0", "choice_number"),
        ("nhận", "choice_several"),
        ("bưu điện hay lên lấy", "choice_several"),
        ("xe ôm", "choice_unknown"),
        ("", "choice_unknown"),
    ],
)
def test_what_is_no_choice(typed: str, code: str) -> None:
    found = read_choice(typed, WAYS)
    assert isinstance(found, Problem)
    assert found.code == code


HOMES = (
    Choice("poor", "Hộ nghèo", ("nghèo",)),
    Choice("near", "Hộ cận nghèo", ("cận nghèo",)),
    Choice("none", "Không thuộc", ("không",)),
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("nhà em hộ cận nghèo", "near"), ("can ngheo", "near"), ("thuộc hộ nghèo ạ", "poor"), ("không", "none")],
)
def test_the_longer_words_win_over_those_inside_them(typed: str, value: str) -> None:
    assert read_choice(typed, HOMES) == value


@pytest.mark.parametrize(
    "typed", ["có", "co", "Đúng", "đúng rồi ạ", "ok", "OK!", "dạ", "vâng", "1", "ừ", "phải"]
)
def test_yes(typed: str) -> None:
    assert read_yesno(typed) is True


@pytest.mark.parametrize("typed", ["không", "ko", "k", "sai", "chưa", "2", "không phải", "dạ không"])
def test_no(typed: str) -> None:
    assert read_yesno(typed) is False


@pytest.mark.parametrize("typed", ["", "có lẽ", "3", "để hỏi lại"])
def test_neither(typed: str) -> None:
    assert isinstance(read_yesno(typed), Problem)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("đúng", True), ("1", True), ("một", True), ("sai", False), ("2", False), ("hai", False)],
)
def test_on_the_telephone_right_and_wrong(said: str, meant: bool) -> None:
    assert read_yesno(said, voice=True) is meant


@pytest.mark.parametrize("said", ["không", "có", "0"])
def test_on_the_telephone_khong_may_be_zero_and_is_asked_again(said: str) -> None:
    assert isinstance(read_yesno(said, voice=True), Problem)

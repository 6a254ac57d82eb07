"""How a message is cut, escaped and given its keyboard."""

from __future__ import annotations

import html
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from channels.chat.telegram.outbound import escaped, keyboard, parts, units
from core.messages import Choice, Expect, ExpectKind
from sandbox.chat.formatting import read_text
from tests.channels.chat.street import choices

CUTS: list[tuple[str, str, int, list[str]]] = [
    ("nothing", " \n ", 10, []),
    ("what fits stays whole", "mười chữ ạ", 10, ["mười chữ ạ"]),
    ("at the end of a paragraph", "một hai\n\nba bốn", 12, ["một hai", "ba bốn"]),
    ("at the end of a line", "một hai\nba bốn", 12, ["một hai", "ba bốn"]),
    ("a line end too near the beginning is passed over", "a\nbbb ccc ddd", 8, ["a\nbbb", "ccc ddd"]),
    ("between words", "một hai ba bốn", 8, ["một hai", "ba bốn"]),
    ("between letters where there is no other place", "aaaaaaaaaa", 4, ["aaaa", "aaaa", "aa"]),
    ("an emoji is two units and never halved", "😀😀😀", 3, ["😀", "😀", "😀"]),
    ("a letter keeps its mark", "bbbe\u0301c", 4, ["bbb", "e\u0301c"]),
]


@pytest.mark.parametrize(("case", "text", "limit", "expected"), CUTS, ids=[c for c, *_ in CUTS])
def test_cuts(case: str, text: str, limit: int, expected: list[str]) -> None:
    assert parts(text, limit) == expected


def test_the_platform_counts_utf16() -> None:
    assert (units("a"), units("đ"), units("😀"), units("e\u0301")) == (1, 1, 2, 2)
    assert len(parts("đ" * 4096)) == 1 and len(parts("😀" * 2049)) == 2


words = st.text(alphabet="ab đặ😀\u0301\n <&", max_size=120)


@given(words, st.integers(min_value=4, max_value=40))
def test_no_part_is_too_long_or_empty_and_no_letter_is_lost(text: str, limit: int) -> None:
    cut = parts(text, limit)
    assert all(0 < units(part) <= limit for part in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


@given(st.text(max_size=50))
def test_escaping_shows_exactly_the_text(text: str) -> None:
    assert html.unescape(escaped(text)) == text and "<" not in escaped(text)


@given(st.text(max_size=50).map(str.strip))
def test_the_platform_reads_back_exactly_the_text(text: str) -> None:
    assert read_text(escaped(text), "HTML") == (text, [])


def rows(markup: Any) -> list[list[tuple[str, str]]]:
    assert isinstance(markup, InlineKeyboardMarkup)
    return [[(b.text, str(b.callback_data)) for b in row] for row in markup.inline_keyboard]


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    markup = keyboard(choices("Có", "Không", "Đăng ký khai sinh", "Quay lại"), "")
    assert rows(markup) == [
        [("Có", "p1"), ("Không", "p2")],
        [("Đăng ký khai sinh", "p3")],
        [("Quay lại", "p4")],
    ]


def test_what_the_platform_would_refuse_is_left_to_its_number() -> None:
    odd = (
        Choice("a", "không payload"),
        Choice("b", "", payload="p2"),
        Choice("c", "65 bytes", payload="x" * 65),
        Choice("d", "đúng 64", payload="x" * 64),
        Choice("e", "64 letters, 192 bytes", payload="ồ" * 64),
    )
    assert rows(keyboard(Expect(ExpectKind.CHOICE, odd), "")) == [[("đúng 64", "x" * 64)]]


NO_KEYBOARD = [
    None,
    Expect(ExpectKind.TEXT),
    Expect(ExpectKind.FILE),
    Expect(ExpectKind.CHOICE, (Choice("a", "x"),)),
    Expect(ExpectKind.CONTACT),  # without a label for the button
]


@pytest.mark.parametrize("expect", NO_KEYBOARD)
def test_no_keyboard(expect: Expect | None) -> None:
    assert keyboard(expect, "") is None


def test_the_phone_is_asked_below_the_typing_line() -> None:
    markup = keyboard(choices("Bỏ qua", kind=ExpectKind.CONTACT), "Chia sẻ số")
    assert isinstance(markup, ReplyKeyboardMarkup) and markup.one_time_keyboard
    first, second = markup.keyboard
    assert (first[0].text, first[0].request_contact, second[0].text) == ("Chia sẻ số", True, "Bỏ qua")


def test_normal_forms_are_left_alone() -> None:
    nfd = unicodedata.normalize("NFD", "Tân Định")
    assert parts(nfd) == [nfd]

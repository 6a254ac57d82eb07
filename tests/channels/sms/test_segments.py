"""How many short messages a text is, and where they are cut."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.alphabet import Alphabet, decode
from channels.sms.segments import NBSP, count, cut, measure, split

GSM, UCS2 = Alphabet.GSM, Alphabet.UCS2

MEASURES = [
    # text, reference bits, alphabet, parts, units, why
    ("", 8, GSM, 1, 0, "an empty message is a message"),
    ("a" * 160, 8, GSM, 1, 160, "alone"),
    ("a" * 161, 8, GSM, 2, 161, "joined: 153 and 8"),
    ("a" * 306, 8, GSM, 2, 306, "two full"),
    ("a" * 307, 8, GSM, 3, 307, ""),
    ("a" * 305, 16, GSM, 3, 305, "152 with a 16-bit reference"),
    ("ạ" * 70, 8, UCS2, 1, 70, ""),
    ("ạ" * 71, 8, UCS2, 2, 71, ""),
    ("ạ" * 134, 8, UCS2, 2, 134, "67 each"),
    ("ạ" * 134, 16, UCS2, 3, 134, "66 each"),
    ("[€]" * 26, 8, GSM, 1, 156, "an extension character is two septets"),
    ("[€]" * 33, 8, GSM, 2, 198, "defect 13: 99 characters, 198 septets"),
    ("😊" * 35, 8, UCS2, 1, 70, "an emoji is two units"),
    ("😊" * 36, 8, UCS2, 2, 72, ""),
    ("à" * 160, 8, GSM, 1, 160, "the marks that GSM has"),
    ("a\u0300" * 160, 8, GSM, 1, 160, "composed before it is counted"),
    ("“Hồ sơ”", 8, UCS2, 1, 7, "quotes stay where UCS-2 is needed anyway"),
    ("“Ho so” – 12…", 8, GSM, 1, 15, "quotes, dashes and dots are made plain where that makes it GSM"),
    (f"so{NBSP}1", 8, GSM, 1, 4, "U+00A0 goes out as a space and does not force UCS-2"),
]


@pytest.mark.parametrize(("text", "bits", "alphabet", "parts", "units", "why"), MEASURES)
def test_the_measure(text: str, bits: int, alphabet: Alphabet, parts: int, units: int, why: str) -> None:
    measured = measure(text, bits)
    assert (measured.alphabet, measured.parts, measured.units) == (alphabet, parts, units), why


WHOLE = [
    # what must not be cut, wherever it stands
    "000.00.06.H56-231027-0361",
    "H56.14-240823-0001",
    "23/11/2026",
    "1.250.000đ",
    "0912 345 678",
    f"17:00{NBSP}ngày{NBSP}23/11/2026",
    f"500{NBSP}000{NBSP}đồng",
    "https://dichvucong.gov.vn/p/1234567890",
]


@pytest.mark.parametrize("thing", WHOLE)
def test_codes_dates_and_amounts_are_never_cut(thing: str) -> None:
    shown = thing.replace(NBSP, " ")
    for before in range(20, 170):
        text = "x " * (before // 2) + "y" * (before % 2) + " " + thing + " va con nua " + "z " * 120
        _, parts = cut(text)
        assert any(shown in part for part in parts), before


def test_a_part_ends_at_a_word() -> None:
    _, parts = cut("Ho so cua ong ba da duoc tiep nhan. " * 10)
    assert all(part.endswith(" ") for part in parts[:-1])
    assert "".join(parts) == "Ho so cua ong ba da duoc tiep nhan. " * 10


def test_what_is_longer_than_a_part_fills_the_part() -> None:
    _, parts = cut("xem " + "9" * 400 + " het")
    assert [len(part) for part in parts] == [153, 153, 102]


def test_lines_may_part_even_between_numbers() -> None:
    _, parts = cut("1 " * 10 + "x" * 120 + "\n" + "2" * 40)
    assert parts[1] == "2" * 40


TEXTS = st.text(st.sampled_from("ab1 2\n.€[^ạĐ😊\u00a0“…"), max_size=700)


@given(TEXTS, st.sampled_from([8, 16]))
def test_the_parts_are_the_text_and_each_fits(text: str, bits: int) -> None:
    alphabet, octets = split(text, bits)
    limit = {GSM: {8: 153, 16: 152}, UCS2: {8: 134, 16: 132}}[alphabet][bits]
    assert len(octets) == count(text, bits) == measure(text, bits).parts
    if len(octets) > 1:
        assert all(0 < len(part) <= limit for part in octets)
    else:
        assert len(octets[0]) <= (160 if alphabet is GSM else 140)
    joined = "".join(decode(part, alphabet) for part in octets)  # no part ends within a character
    if alphabet is UCS2:
        assert joined == unicodedata.normalize("NFC", text).replace(NBSP, " ")
    assert "\ufffd" not in joined


@given(TEXTS)
def test_the_smallest_number_of_parts_is_nearly_reached(text: str) -> None:
    """Words kept whole cost at most every second part some room."""
    measured = measure(text)
    if measured.parts > 1:
        size = 153 if measured.alphabet is GSM else 67
        assert measured.parts <= 2 * -(-measured.units // size) + 1

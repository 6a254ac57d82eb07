"""Whatever is typed, every reader gives a value or a Problem and never raises."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.form_field import Choice
from procedures.places import load_places
from procedures.problem import CODES, Problem
from procedures.readers.addresses import read_address
from procedures.readers.choices import read_choice
from procedures.readers.dates import read_date
from procedures.readers.email import read_email
from procedures.readers.identity import read_identity
from procedures.readers.money import read_money
from procedures.readers.names import read_name
from procedures.readers.numbers import read_number
from procedures.readers.phones import read_phone
from procedures.readers.times import read_time
from procedures.readers.yesno import read_yesno

TODAY = date(2026, 11, 23)
PLACES = load_places()
CHOICES = (Choice("a", "Có mặt"), Choice("b", "Vắng mặt"))

READERS: dict[str, Callable[[str], Any]] = {
    "date": lambda text: read_date(text, TODAY),
    "birth date": lambda text: read_date(text, TODAY, "past"),
    "appointment": lambda text: read_date(text, TODAY, "future"),
    "time": read_time,
    "number": read_number,
    "fraction": lambda text: read_number(text, whole=False),
    "money": read_money,
    "name": read_name,
    "phone": read_phone,
    "email": read_email,
    "identity": lambda text: read_identity(text, TODAY, PLACES.birthplaces),
    "choice": lambda text: read_choice(text, CHOICES),
    "yesno": read_yesno,
    "address": lambda text: read_address(text, PLACES),
}

# Pieces that readers know, put together in ways that citizens do not.
PIECES = (
    "0 1 2 5 9 12 29 30 31 2020 1990 99999999 000000000000 084 +84 0084 . , - / * # : @ ngày tháng năm",
    "tuần sau trước thứ chủ nhật mai mốt rưỡi kém giờ h phút chiều đêm trăm nghìn triệu tỷ mươi linh lẻ k tr",
    "đ đồng âm không một hai ba xã phường quận tỉnh TP. Hà Nội nua qua roi x tuan ngay",
)
pieces = st.sampled_from(" ".join(PIECES).split())
texts = st.one_of(
    st.text(max_size=60), st.lists(pieces, max_size=12).map(" ".join), st.lists(pieces).map("".join)
)


@pytest.mark.parametrize("name", READERS)
@given(text=texts)
def test_a_reader_never_raises(name: str, text: str) -> None:
    found = READERS[name](text)
    assert found is not None
    if isinstance(found, Problem):
        assert found.code in CODES


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "text", ["9" * 400, "٣/٤/١٩٩٠", "²³", "1" * 12 + "\u0301", "ngày " * 300, "\ud800", "1/1/١٩٩٠"]
)
def test_strange_texts(name: str, text: str) -> None:
    assert READERS[name](text) is not None

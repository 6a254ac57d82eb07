"""Asking by text what a procedure needs."""

from __future__ import annotations

import pytest

from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_mother_asks_what_a_birth_registration_needs(town: Town) -> None:
    mother = town.phone()
    await mother.texts("xin chao", "phuong Mau … 1. Tra cuu ho so … 4. Gap can bo")
    await mother.texts("khai sinh can giay to gi", "Giay to cho Khai sinh … 1.")
    await mother.texts("le phi bao nhieu", "Khai sinh … Le phi")
    await mother.texts("bao lau thi xong", "Khai sinh … ngay")
    await mother.texts("nop o dau", "Khai sinh. Nop tai")


async def test_what_is_not_clear_is_offered_by_number_and_what_is_not_known_is_said(town: Town) -> None:
    citizen = town.phone()
    await citizen.texts("xac nhan", "1. … cu tru … 2. … 3. … 4. Thu tuc khac")
    await citizen.texts("1", "cu tru … Thoi han")
    await citizen.texts("mua ve so o dau", "chua biet viec nay … 19009999")
    await citizen.texts("tro giup", "MENU")


async def test_stop_ends_the_news_and_start_begins_them_again(town: Town) -> None:
    citizen = town.phone()
    await citizen.texts("DUNG", "khong nhan tin chung nua … BAT LAI")
    await citizen.texts("BAT LAI", "nhan")
    await citizen.texts("menu", "1. Tra cuu ho so")


async def test_english_is_spoken_and_left_again(town: Town) -> None:
    guest = town.phone()
    await guest.texts("english", "in English")
    await guest.texts("menu", "1. … dossier")
    await guest.texts("tieng viet", "tieng Viet")

"""Where is my dossier? By text, and privately."""

from __future__ import annotations

import pytest

from procedures.words import fold
from tests.stories.filings import file_birth
from tests.stories.people import lacks
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_code_alone_tells_state_and_place_and_no_more(town: Town) -> None:
    filed = await file_birth(town.phone())
    stranger = town.phone()
    told = await stranger.texts(filed.code, f"HS {filed.written}: Moi dang ky … Noi nhan")
    assert "khai sinh" not in fold(told)
    assert "Minh An" not in told


async def test_the_official_code_needs_the_pin(town: Town) -> None:
    filed = await file_birth(town.phone())
    async with town.official() as lan:
        await lan.opens(filed.code)
        official_code = lan.official_code
    reader = town.phone()
    await reader.texts(official_code, "ma PIN 6 so")
    await reader.texts(filed.pin, f"HS {filed.written} … Khai sinh")
    stuck = f"HCC{official_code} {filed.pin}".lower()
    await reader.texts(stuck, "Khai sinh")


async def test_a_wrong_code_and_a_wrong_pin_are_answered_in_the_same_words(town: Town) -> None:
    filed = await file_birth(town.phone())
    async with town.official() as lan:
        await lan.opens(filed.code)
        official_code = lan.official_code
    wrong_pin = f"{(int(filed.pin) + 1) % 1_000_000:06d}"
    one, two = town.phone(), town.phone()
    first = await one.texts(f"{official_code} {wrong_pin}", "Khong thay")
    second = await two.texts(f"H99.18-200101-0001 {wrong_pin}", "Khong thay")
    assert first == second


async def test_who_guesses_is_slowed_down(town: Town) -> None:
    filed = await file_birth(town.phone())
    guesser = town.phone()
    for guess in range(5):
        await guesser.texts(f"H99.18-200101-0001 12345{guess}", "Khong thay")
        await guesser.texts("menu", "1. Tra cuu")
    await guesser.texts(f"{filed.code} {filed.pin}", "thu lai sau")


async def test_several_codes_in_one_text(town: Town) -> None:
    one, two = await file_birth(town.phone()), await file_birth(town.phone())
    reader = town.phone()
    await reader.texts(f"TC {one.code} {two.code}", f"HS {one.written} … HS {two.written} … 1. … 2.")
    await reader.texts("2", f"HS {two.written}: Moi dang ky")


async def test_the_number_that_filed_needs_no_code_to_ask(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    told = await mother.texts("ho so toi toi dau")
    assert not lacks(told, f"{filed.written}"), told

"""The citizens' portal, in a browser without JavaScript."""

from __future__ import annotations

import re

import pytest

from tests.portal.walks import BIRTH, answer, receipt
from tests.stories.filings import file_birth
from tests.stories.people import lacks
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200


async def test_a_birth_with_a_paper_is_filed_and_looked_up(town: Town) -> None:
    number = town.phone().number
    answers = {**BIRTH, "mother_identity": {"value": f"001190{number[-6:]}"}}
    async with town.browser() as web:
        await answer(web, answers, "1.001193")
        await web.open("/nop/1.001193/cau/birth_paper")
        page = await web.attach("Tiếp tục", "giay-chung-sinh.png", PNG)
        assert "giay-chung-sinh.png" in page.text
        page = await web.press("Gửi bản khai trước")
        told = receipt(page)
        assert "<svg" in page.html

    async with town.browser(0) as stranger:
        await stranger.open("/tra-cuu")
        page = await stranger.press("Tra cứu", code=told.phone_code)
        assert not lacks(page.text, "Mới đăng ký")
        assert "Khai sinh" not in page.text
        page = await stranger.press("Xem thêm", pin=told.pin)
        assert "Khai sinh" in page.text

    async with town.official() as lan:
        await lan.opens(told.phone_code)
        paper = re.search(r'href="(/giay-to/[^"]+)"[^>]*>giay-chung-sinh.png', lan.page.html)
        assert paper, lan.page.text


async def test_a_proven_number_sees_what_it_filed_by_text(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    async with town.browser() as web:
        await web.open("/so-dien-thoai")
        await web.press("Nhận mã", number=mother.number)
        code = re.search(r"\b\d{6}\b", await mother.hears("ma xac nhan"))
        assert code
        await web.press("Xác nhận", code=code[0])
        page = await web.open("/ho-so-cua-toi")
        assert filed.written in page.text or "Khai sinh" in page.text, page.text


async def test_a_walk_in_opens_the_dossier_by_the_code_on_the_printed_receipt(town: Town) -> None:
    citizen = town.phone()
    async with town.official() as lan:
        told = await lan.receives("1.001193", name="Phạm Thị Mai", phone=citizen.number)
    await citizen.hears("da tiep nhan")
    async with town.browser() as web:
        page = await web.open(f"/hs/{told.link}")
        assert not lacks(page.text, "Đang xử lý … Hẹn trả"), page.text
        assert "Mai" not in page.text
    await citizen.texts("ho so toi toi dau", f"{told.written}")

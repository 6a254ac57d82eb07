"""One draft, several media: begun here, finished there."""

from __future__ import annotations

import re

import pytest

from tests.portal.browser import plain
from tests.portal.walks import receipt as web_receipt
from tests.stories.town import PUBLIC, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_begun_by_text_finished_on_the_web(town: Town) -> None:
    mother = town.phone()
    await mother.texts("nop khai sinh", "(1/7)")
    await mother.texts("Nguyen Thi Minh An", "(2/7)")
    told = await mother.texts("lam tren web", f"{PUBLIC}/tiep-tuc/ … TIEP TUC")
    link = re.search(rf"{PUBLIC}(/tiep-tuc/\S+)", told)
    assert link
    async with town.browser() as web:
        await web.open(link[1])
        await web.press("Làm tiếp ở đây")
        page = await web.press("Khai tiếp")
        assert page.path.endswith("/cau/born_on"), page.text
        await web.press("Tiếp tục", day="5", month="3", year="2026")
        await web.press("Tiếp tục", value="female")
        await web.press("Tiếp tục", value=f"001190{mother.number[-6:]}")
        await web.press("Tiếp tục", value="no")
        await web.press("Tiếp tục", value="Bệnh viện Từ Dũ, TP.HCM")
        page = await web.press("Tiếp tục")  # no photograph of the paper
        assert "Nguyen Thi Minh An" in page.text
        told_here = web_receipt(await web.press("Gửi bản khai trước"))
        async with town.browser() as another:
            await another.open(link[1])
            page = await another.press("Làm tiếp ở đây")
            assert "không còn dùng được" in page.text  # once is enough
    async with town.official() as lan:
        await lan.opens(told_here.phone_code)
        await lan.does("Tiếp nhận")
    await mother.hears("da tiep nhan")  # the telephone that began it hears of it, though the web filed it


async def test_begun_on_the_web_continued_by_text(town: Town) -> None:
    father = town.phone()
    async with town.browser() as web:
        await web.open("/nop/1.001193")
        await web.press("Bắt đầu khai")
        await web.press("Tiếp tục", value="Nguyễn Thị Minh An")
        page = await web.press("Lưu, làm tiếp sau")
        code = re.search(r"\b\d{4} ?\d{4}\b", plain(page.html))
        assert code, page.text
    await father.texts(f"tiep tuc {code[0]}", "Da co 1 cau tra loi … Be sinh ngay nao")
    await father.texts("5/3/2026", "1. Nam")


async def test_of_two_media_at_once_the_slower_is_shown_the_newer_state(town: Town) -> None:
    mother = town.phone()
    await mother.texts("nop khai sinh", "(1/7)")
    told = await mother.texts("lam tren web", "TIEP TUC")
    link = re.search(rf"{PUBLIC}(/tiep-tuc/\S+)", told)
    assert link
    await mother.texts("tiep tuc", "Ho ten")
    async with town.browser() as web:
        await web.open(link[1])
        await web.press("Làm tiếp ở đây")
        await web.press("Bắt đầu khai")
        await web.press("Tiếp tục", value="Nguyễn Thị Minh An")
        await mother.texts("Nguyen Minh Anh", "vua duoc sua o noi khac … Be sinh ngay nao")
        await mother.texts("5/3/2026", "1. Nam")
        page = await web.press("Tiếp tục", day="6", month="3", year="2026")
        assert page.status == 409, page.text
        await web.open("/nop/1.001193/cau/born_on")
        kept = web.form("/nop/1.001193/cau/born_on").fields
        assert (int(kept["day"]), int(kept["month"])) == (5, 3)


async def test_begun_on_pages_continued_in_the_chat_box_of_the_portal(town: Town) -> None:
    async with town.browser() as web:
        await web.open("/nop/1.001193")
        await web.press("Bắt đầu khai")
        await web.press("Tiếp tục", value="Nguyễn Thị Minh An")
        await web.open("/hoi-dap")
        await web.press("Gửi", text="tiếp tục")
        await web.until("/hoi-dap", lambda page: "Bé sinh ngày nào" in page.text)
        await web.press("Gửi", text="5/3/2026")
        await web.until("/hoi-dap", lambda page: "trai hay gái" in page.text)
        await web.press("Nữ")
        await web.until("/hoi-dap", lambda page: "của mẹ bé" in page.text)
        page = await web.open("/nop/1.001193")
        assert "Ông/bà đã khai 3 câu" in page.text

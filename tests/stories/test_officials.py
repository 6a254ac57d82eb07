"""What officials see to themselves: talks that they take over, notices that did not arrive."""

from __future__ import annotations

import pytest

from sandbox.voice import Answering
from tests.stories.filings import file_birth
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_official_takes_a_talk_over_and_gives_it_back_with_the_form_kept(town: Town) -> None:
    mother = town.phone()
    await mother.texts("nop khai sinh", "(1/7)")
    await mother.texts("Nguyen Thi Minh An", "(2/7)")
    await mother.texts("gap can bo", "Da bao can bo")
    async with town.official() as lan:
        await lan.open_talk_of("Xin gặp cán bộ", mother.number[-3:])
        await lan.press("Nhận trao đổi")
        await mother.sends("be nha toi sinh o Lao")
        talk = lan.page.path.partition("?")[0]
        await lan.until(talk, lambda page: "be nha toi sinh o Lao" in page.text)
        await lan.press("Gửi", text="Chị mang giấy chứng sinh đã hợp pháp hóa đến quầy 2 nhé")
        told = await mother.hears("Can bo: Chi mang giay chung sinh")
        assert "\n" not in told, f"the machine was not silent: {told}"
        await lan.open(talk)
        await lan.press("Trả lại cho máy")
    await mother.texts("tiep tuc", "Da co 1 cau tra loi … Be sinh ngay nao")


async def test_news_that_cannot_be_texted_are_told_by_telephone_after_a_key(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    mother.switch(False)
    async with town.official() as lan:
        await lan.opens(filed.code)
        await lan.does("Yêu cầu bổ sung", note="Giấy chứng sinh")
        line = await town.rings(mother.number)
        heard = await line.hears("Có tin về hồ sơ … Nhấn phím 1 để nghe")
        assert "bổ sung" not in heard
        await line.presses("1", "Mời ông bà bổ sung giấy tờ … Giấy chứng sinh")
        await line.call.hang_up()
        page = await lan.until(
            lan.page.path, lambda page: "Đã nghe" in page.text or "Điện thoại" in page.text
        )
        assert "Không gửi được" in page.text


async def test_news_that_reach_nobody_become_a_task(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    mother.switch(False)
    town.exchange.telephones[mother.number] = Answering("failed")
    async with town.official() as lan:
        page = await lan.opens(filed.code)
        official_code = lan.official_code
        await lan.does("Yêu cầu bổ sung", note="Giấy chứng sinh")
        await lan.task("Tin không tới được", official_code)
        page = await lan.open(page.path)
        assert page.text.count("Không gửi được") == 2

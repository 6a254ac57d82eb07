"""An anonymous visitor becomes a known person by a one-time code."""

from __future__ import annotations

import pytest

from tests.portal.browser import Browser
from tests.portal.town import Town
from tests.portal.walks import VISIT, answer, file_visit

NUMBER = "0912 345 678"


async def prove(town: Town, browser: Browser) -> None:
    await browser.press("Nhận mã", number=NUMBER)
    assert browser.page.heading == "Nhập mã vừa nhận"
    page = await browser.press("Xác nhận", code=await town.telephone.one_time_code())
    assert page.heading == "Đã xác nhận số điện thoại"


async def test_a_number_is_proven_and_the_news_go_there(town: Town, browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    await browser.open("/so-dien-thoai?ve=/nop/appointment/kiem-tra")
    await prove(town, browser)
    assert 'href="/nop/appointment/kiem-tra"' in browser.page.html
    page = await browser.open("/nop/appointment/kiem-tra")
    assert "Tin báo sẽ gửi đến số ••• 678" in page.text
    await browser.press("Gửi")
    record = await town.database.read(lambda shelves: shelves.dossiers.by_code("H99.18-261123-0001"))
    assert record is not None
    told = await town.database.read(lambda shelves: shelves.dossiers.followers(record.id))
    assert [each.address.partition("|")[0] for each in told] == ["tel", "web"], "the telephone first"


async def test_a_number_proven_after_filing_is_told_too(town: Town, browser: Browser) -> None:
    receipt = await file_visit(browser)
    await browser.open("/so-dien-thoai")
    await prove(town, browser)
    record = await town.database.read(lambda shelves: shelves.dossiers.by_code(receipt.code))
    assert record is not None
    told = await town.database.read(lambda shelves: shelves.dossiers.followers(record.id))
    assert {each.address for each in told if each.role == "applicant"} >= {"tel|+84912345678"}


async def test_the_same_number_opens_the_same_dossiers_elsewhere(
    town: Town, browser: Browser, another: Browser
) -> None:
    await browser.open("/so-dien-thoai")
    await prove(town, browser)
    receipt = await file_visit(browser)
    town.telephone.texts.clear()
    town.clock.pass_(minutes=1)
    await another.open("/so-dien-thoai")
    await prove(town, another)
    assert receipt.code in (await another.open("/ho-so-cua-toi")).text


async def test_a_wrong_code_proves_nothing(town: Town, browser: Browser) -> None:
    await browser.open("/so-dien-thoai")
    await browser.press("Nhận mã", number=NUMBER)
    right = await town.telephone.one_time_code()
    for _ in range(5):
        page = await browser.press("Xác nhận", code="000000" if right != "000000" else "111111")
        assert page.status == 422
    page = await browser.press("Xác nhận", code=right)
    assert page.status == 422, "after five wrong tries the code is dead"


async def test_one_number_is_not_flooded_with_codes(town: Town, browser: Browser) -> None:
    for n in range(4):
        await browser.open("/so-dien-thoai")
        page = await browser.press("Nhận mã", number=NUMBER)
        assert (page.status == 200) == (n < 3)
    assert "Xin thử lại sau một giờ" in page.problems[0]


@pytest.mark.parametrize("number", ["", "113", "abc", "+1 212 555 0100"])
async def test_a_number_that_is_none_is_explained(browser: Browser, number: str) -> None:
    await browser.open("/so-dien-thoai")
    page = await browser.press("Nhận mã", number=number)
    assert (page.status, len(page.problems)) == (422, 1)


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/nop/..\\evil"])
async def test_the_way_back_stays_in_the_house(browser: Browser, back: str) -> None:
    page = await browser.open(f"/so-dien-thoai?ve={back}")
    assert "evil" not in page.html

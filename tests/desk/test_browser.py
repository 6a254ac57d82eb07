"""Ways that officials go, in a real browser: no script errors, keyboard, live counters, no sideways scrolling."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

from core.messages import Address, InboundMessage
from core.store.inbox import Arrival
from core.talk.conversation import Conversation
from desk.links import talk_key
from tests.desk.bench import PASSWORD, Bench

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
DESK = {"width": 1366, "height": 768}
HAND = {"width": 390, "height": 844}
# By how many pixels a list is wider than its frame.
WIDER = """Math.max(0, ...[...document.querySelectorAll(".dossiers")]
    .map(table => table.scrollWidth - table.parentElement.clientWidth))"""


@asynccontextmanager
async def browser(
    bench: Bench, size: dict[str, int], *, script: bool = True
) -> AsyncIterator[tuple[Page, str]]:
    """A page of a fresh browser, and the desk's address. What it complains about fails the test."""
    wrong: list[str] = []
    base = str(bench.client.make_url("")).rstrip("/")
    async with async_playwright() as player:
        chromium = await player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await chromium.new_context(viewport=size, java_script_enabled=script)  # type: ignore[arg-type]
        page = await context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        yield page, base
        await chromium.close()
    assert wrong == []


async def enter(page: Page, base: str, login: str) -> None:
    await page.goto(f"{base}/dang-nhap")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{base}/")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
async def test_from_the_counter_to_handing_over(bench: Bench, script: bool) -> None:
    await bench.official("all", "reception", "handler", "leader", name="Phạm Đa Năng")
    async with browser(bench, DESK, script=script) as (page, base):
        await enter(page, base, "all")
        await page.click("text=Quầy")
        await page.select_option("#procedure", "1.001193")
        await page.fill("#name", "Nguyễn Thị Hoa")
        await page.fill("#phone", "0912 345 567")
        await page.click("text=Ghi nhận và in giấy hẹn")
        assert await page.locator(".receipt .big").count() == 2
        assert await page.locator("[data-print]").is_visible() is script
        await page.click("text=Mở hồ sơ")
        await page.click("text=Yêu cầu bổ sung…")
        await page.fill("textarea:visible >> nth=0", "Giấy chứng sinh bản chính")
        await page.click("button.main:visible:has-text('Yêu cầu bổ sung')")
        assert "Đang gửi SMS tới …567" in await page.inner_text(".banner")
        for button in ("Đã bổ sung", "Đã ký, có kết quả", "Trả kết quả"):
            await page.click(f"button:has-text('{button}')")
            assert f"Đã làm: {button}" in await page.inner_text(".banner")
        assert "Hồ sơ đã đi hết quy trình" in await page.inner_text("main")


async def test_the_list_by_keyboard(bench: Bench) -> None:
    for name in ("An", "Bình", "Chi"):
        await bench.walk_in(name)
    async with browser(bench, DESK) as (page, base):
        await enter(page, base, "reception")
        await page.goto(f"{base}/ho-so?loc=all")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        assert "Bình" in await page.inner_text("tr.chosen")
        await page.keyboard.press("k")
        assert "Chi" in await page.inner_text("tr.chosen")
        await page.keyboard.press("/")
        await page.keyboard.type("j binh")
        assert await page.input_value("#q") == "j binh"
        await page.goto(f"{base}/ho-so?loc=all")
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("h1:has-text('Khai sinh')")


async def test_an_answer_s_parts_are_counted_live(bench: Bench) -> None:
    phone = Address("tel", "+84912345678")
    message = InboundMessage("sms", phone, "e1", bench.clock.now, text="alo")
    await bench.write(lambda s: s.inbox.keep([Arrival(message, "sms")], bench.clock.now))
    await bench.write(lambda s: s.talks.put([Conversation(phone, "sms", heard_at=bench.clock.now)]))
    async with browser(bench, DESK) as (page, base):
        await enter(page, base, "reception")
        await page.goto(f"{base}/tin-nhan/{talk_key(phone, 'sms')}")
        await page.click("text=Nhận trao đổi")
        await page.fill("#text", "ă" * 200)
        await page.wait_for_selector("#dem:has-text('2 phần tin')")
        await page.click("text=Gửi")
        await page.wait_for_selector(".banner:has-text('Đã gửi câu trả lời')")


@pytest.mark.parametrize("size", [DESK, HAND], ids=["1366", "390"])
async def test_no_page_scrolls_sideways(bench: Bench, size: dict[str, int]) -> None:
    await bench.official("all", "reception", "handler", "leader", "administrator", "auditor")
    long = "Công Tằng Tôn Nữ Nguyễn Thị Phương Khánh Huyền Trang Anh Thư"
    record = await bench.walk_in(long, "+84912345567", "1.004884")
    async with browser(bench, size) as (page, base):
        await enter(page, base, "all")
        for path in ("/", "/ho-so", f"/ho-so/{record.id}", "/quay", "/tin-nhan", "/tai-khoan", "/nhat-ky"):
            await page.goto(base + path)
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], path
            inner = await page.evaluate(WIDER)
            assert inner <= 1, path

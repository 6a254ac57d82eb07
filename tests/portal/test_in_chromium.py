"""The pages in a real browser: with script, by keyboard, on narrow and wide screens, on a line that breaks.

Skipped where there is no Chromium on the machine.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Page, Route, async_playwright, expect

from tests.portal.town import Town

BINARY = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BINARY is None, reason="no Chromium on this machine")

WIDTHS = (320, 390, 1366)
PUBLIC = ("/", "/thu-tuc", "/thu-tuc/1.001193", "/thu-tuc/1.013225", "/tra-cuu", "/nop", "/nop/1.001193", "/hoi-dap",
          "/tro-giup", "/quyen-rieng-tu", "/tiep-tuc", "/so-dien-thoai", "/kiosk", "/khong-co")  # fmt: skip


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=BINARY, args=["--no-sandbox"])
        yield browser
        await browser.close()


class Seat:
    """One page of a browser, and what its console complained of (answers that are errors by intent apart)."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda said: self._heard(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.complaints.append(text)


async def seat(
    chromium: Chromium, town: Town, width: int = 390, *, script: bool = True, dark: bool = False
) -> Seat:
    context: BrowserContext = await chromium.new_context(
        viewport={"width": width, "height": 844 if width < 1000 else 768},
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
        base_url=town.url,
        locale="vi-VN",
    )
    context.set_default_timeout(8000)
    return Seat(await context.new_page())


async def fill_birth(page: Page) -> None:
    """Answer the birth form up to the paper."""
    await page.goto("/nop/1.001193")
    await page.get_by_role("button", name="Bắt đầu khai").click()
    await page.get_by_role("textbox").fill("Nguyễn Thị Minh An")
    await page.get_by_role("button", name="Tiếp tục").click()
    for label, value in (("Ngày", "5"), ("Tháng", "11"), ("Năm", "2026")):
        await page.get_by_label(label, exact=True).fill(value)
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("radio", name="Nữ").check(force=True)
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("textbox").fill("001190012345")
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("radio", name="Không").check(force=True)
    await page.get_by_role("button", name="Tiếp tục").click()
    await page.get_by_role("textbox").fill("Bệnh viện Phụ sản Trung ương, Hà Nội")
    await page.get_by_role("button", name="Tiếp tục").click()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_birth_is_filed(chromium: Chromium, town: Town, tmp_path: Path, script: bool) -> None:
    picture = tmp_path / "giấy chứng sinh.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    at = await seat(chromium, town, script=script)
    await fill_birth(at.page)
    await at.page.get_by_label("Chọn ảnh hoặc tệp").set_input_files(picture)
    await at.page.get_by_role("button", name="Tiếp tục").click()
    await expect(at.page.get_by_text("giấy chứng sinh.png")).to_be_visible()
    await at.page.get_by_role("button", name="Gửi bản khai trước").click()
    await expect(at.page.get_by_role("heading", level=1)).to_have_text("Đã nhận bản khai trước")
    await expect(at.page.locator(".qr svg")).to_be_visible()
    await expect(at.page.get_by_role("button", name="In trang này")).to_be_visible(visible=script)
    assert at.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_is_wider_than_the_screen(chromium: Chromium, town: Town, width: int) -> None:
    at = await seat(chromium, town, width, dark=width == 390)
    for path in PUBLIC:
        await at.page.goto(path)
        over = await at.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{path} is {over} px too wide at {width}"
    await fill_birth(at.page)
    assert await at.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert at.complaints == []


async def test_the_letters_may_be_twice_as_large(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town, 683)  # 1366 px at 200 %
    for path in PUBLIC:
        await at.page.goto(path)
        await at.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await at.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_nothing_is_asked_of_strangers(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town)
    asked: list[str] = []
    at.page.on("request", lambda request: asked.append(request.url))
    for path in PUBLIC:
        await at.page.goto(path)
    assert {url for url in asked if not url.startswith((town.url, "data:"))} == set()


@pytest.mark.parametrize("path", PUBLIC)
async def test_what_is_pressed_is_large_enough(chromium: Chromium, town: Town, path: str) -> None:
    """WCAG 2.2, 2.5.8: 24 px at least; buttons and fields 44 px. Links within a sentence are excepted."""
    at = await seat(chromium, town)
    await at.page.goto(path)
    small = await at.page.evaluate(
        """() => [...document.querySelectorAll("button, .button, input:not([type=hidden]), summary, nav a, .doors a")]
            .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
            .filter(([, box]) => box.height > 0 && box.height < 40).map(([html]) => html)"""
    )
    assert [html for html in small if "radio" not in html] == []


async def test_a_problem_takes_the_focus_and_leads_to_the_field(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town)
    await at.page.goto("/tra-cuu")
    await at.page.get_by_role("button", name="Tra cứu").click()
    await expect(at.page.locator(".summary")).to_be_focused()
    await expect(at.page).to_have_title(re.compile("^Lỗi: "))
    await at.page.get_by_role("link", name="Nhập mã hồ sơ hoặc mã tra cứu.").press("Enter")
    await expect(at.page.get_by_label("Mã hồ sơ hoặc mã tra cứu")).to_be_focused()


async def test_a_form_is_filled_by_keyboard_alone(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town)
    keyboard = at.page.keyboard
    await at.page.goto("/nop/appointment")
    await keyboard.press("Tab")
    await expect(at.page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    await keyboard.press("Enter")
    await tab_to(at.page, "Bắt đầu khai")
    await keyboard.press("Enter")
    await expect(at.page.get_by_role("heading", level=1)).to_contain_text("Hẹn để làm việc gì?")
    await at.page.locator("main").focus()
    while not await at.page.evaluate("document.activeElement.type === 'radio'"):
        await keyboard.press("Tab")
    await keyboard.press("Space")
    await tab_to(at.page, "Tiếp tục")
    await keyboard.press("Enter")
    await expect(at.page.get_by_role("heading", level=1)).to_contain_text("Muốn đến ngày nào?")


async def tab_to(page: Page, name: str) -> None:
    """Go on with the tabulator until this button has the focus, and see that the focus can be seen."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == name:
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert outline != "0px"
            return
    raise AssertionError(f"{name!r} is not reached by keyboard")


# -- the chat -----------------------------------------------------------------------------------------------------


async def test_the_chat_greets_answers_and_leaves_the_focus_alone(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town)
    await at.page.goto("/hoi-dap")
    await expect(at.page.locator("#log .line").first).to_be_visible()
    field = at.page.get_by_label("Tin của ông/bà")
    await field.fill("giờ làm việc")
    await field.press("Enter")
    await expect(at.page.locator("#log")).to_contain_text("7:30-11:30")
    await expect(at.page.locator(".line.mine [data-state]").last).to_contain_text("đã gửi")
    await expect(field).to_be_focused()
    assert await at.page.locator(".line.mine").count() == 1
    assert at.complaints == []


async def test_a_button_in_the_chat_is_pressed_once(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town)
    await at.page.goto("/hoi-dap")
    await at.page.locator("#log").get_by_role("button", name="Tra cứu hồ sơ").click()
    await expect(at.page.locator(".line.mine")).to_contain_text("Tra cứu hồ sơ")
    await expect(at.page.locator("#log").get_by_role("button", name="Tra cứu hồ sơ")).to_be_hidden()


async def test_a_message_that_could_not_be_sent_is_sent_once_the_line_is_back(
    chromium: Chromium, town: Town
) -> None:
    at = await seat(chromium, town)
    await at.page.goto("/hoi-dap")
    await expect(at.page.locator("#log .line").first).to_be_visible()
    await at.page.context.set_offline(True)
    await at.page.get_by_label("Tin của ông/bà").fill("giờ làm việc")
    await at.page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(at.page.locator(".line.failed")).to_contain_text("chưa gửi được")
    await at.page.context.set_offline(False)
    await expect(at.page.locator("#log")).to_contain_text("7:30-11:30")
    await expect(at.page.locator(".line.failed")).to_have_count(0)
    await at.page.reload()
    await expect(at.page.locator(".line.mine")).to_have_count(1)


async def test_a_repeated_answer_by_a_bad_proxy_says_nothing_twice(chromium: Chromium, town: Town) -> None:
    """The first post arrives, its answer does not; the page sends it again under the same id."""
    at = await seat(chromium, town)
    await at.page.goto("/hoi-dap")
    await expect(at.page.locator("#log .line").first).to_be_visible()
    lost: list[str] = []

    async def lose(route: Route) -> None:
        await route.fetch()
        lost.append(route.request.url)
        await route.fulfill(status=502)

    await at.page.route("**/chat/send", lose, times=1)
    await at.page.get_by_label("Tin của ông/bà").fill("giờ làm việc")
    await at.page.get_by_role("button", name="Gửi", exact=True).click()
    await expect(at.page.locator("#log")).to_contain_text("7:30-11:30")
    assert len(lost) == 1
    await at.page.reload()
    await expect(at.page.locator(".line.mine")).to_have_count(1)


async def test_the_stream_comes_back_after_a_bad_gateway(chromium: Chromium, town: Town) -> None:
    """One wrong answer closes an EventSource for good: the page makes a new one and misses nothing."""
    at = await seat(chromium, town)
    refused: list[str] = []

    async def refuse(route: Route) -> None:
        refused.append(route.request.url)
        await route.fulfill(status=502)

    await at.page.route("**/chat/stream*", refuse, times=1)
    await at.page.goto("/hoi-dap")
    await expect(at.page.locator("#log .line").first).to_be_visible(timeout=15_000)
    assert len(refused) == 1


async def test_the_chat_is_a_log_that_a_screen_reader_follows(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town)
    await at.page.goto("/hoi-dap")
    await expect(at.page.get_by_role("log", name="Cuộc trò chuyện")).to_be_visible()
    await expect(at.page.get_by_role("status")).to_have_count(1)
    await expect(at.page.locator("#log .line .who").first).to_contain_text("Một Cửa")


# -- the kiosk ----------------------------------------------------------------------------------------------------


async def test_a_kiosk_asks_before_it_ends_by_itself(chromium: Chromium, town: Town) -> None:
    at = await seat(chromium, town, 1366)
    await at.page.clock.install()
    await at.page.goto("/kiosk")
    await at.page.get_by_role("link", name="Bắt đầu").click()
    await at.page.clock.run_for(61_000)
    await expect(at.page.get_by_role("dialog")).to_contain_text("Ông/bà còn ở đây không?")
    await at.page.get_by_role("button", name="Còn, làm tiếp").click()
    await expect(at.page.get_by_role("dialog")).to_be_hidden()
    await at.page.clock.run_for(82_000)
    await expect(at.page.get_by_role("heading", level=1)).to_have_text("Đã kết thúc")
    assert at.complaints == []

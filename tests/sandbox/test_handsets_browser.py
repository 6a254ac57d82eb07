"""The page in a real browser: a newcomer's first minute, on a laptop and on a telephone."""

from __future__ import annotations

import asyncio
import functools
import itertools
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from sandbox.town import Town
from tests.sandbox.smsc_peer import connected
from tests.sandbox.test_handsets import product
from tests.sandbox.test_town import post_letter, town_of
from tests.sandbox.voice_product import HOTLINE, PUBLIC, Product, response, vi

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]

expect.set_options(timeout=15_000)  # milliseconds; a busy machine is no fault of the page
LAPTOP, TELEPHONE, NARROW = (1366, 768), (390, 844), (320, 640)


Seen = Callable[..., AbstractAsyncContextManager[tuple[Town, Page]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def seen() -> AsyncIterator[Seen]:
    """Opens the page of a town in one browser for all: `async with seen(size, product) as (town, page)`."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield functools.partial(_seen, browser)
        await browser.close()


@asynccontextmanager
async def _seen(
    browser: Browser, size: tuple[int, int] = LAPTOP, answering: Product | None = None, **how: Any
) -> AsyncIterator[tuple[Town, Page]]:
    """Whatever the browser complains about fails the test."""
    complaints: list[str] = []
    async with town_of(answering or product()) as town:
        page = await browser.new_page(viewport={"width": size[0], "height": size[1]}, **how)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(town.page_url)
        await expect(page.locator(".person")).to_have_count(5)
        yield town, page
        await page.close()
    assert complaints == []


async def test_a_text_goes_out_and_an_answer_comes(seen: Seen) -> None:
    async with seen() as (town, page), connected(town.smsc) as peer:
        await peer.bind("motcua", "secret")
        await page.click("#text-samples .chip >> nth=0")
        await expect(page.locator("#texts .mine")).to_contain_text("đã nhận")
        await peer.submit(source="8099", destination="84912345678", short_message=b"Xin chao ong ba")
        await expect(page.locator("#texts .theirs p")).to_have_text("Xin chao ong ba")
        await expect(page.locator("#texts .theirs small")).to_contain_text("GSM 7-bit · 1 tin")
        await expect(page.locator("#tape")).to_contain_text("submit_sm")


async def test_the_small_print_counts_while_one_types(seen: Seen) -> None:
    async with seen() as (_, page):
        await page.fill("#text", "khai sinh cần gì")
        await expect(page.locator("#count")).to_have_text("16 ký tự · 1 tin · UCS-2")
        await page.fill("#text", "")
        for key in ("4", "4", "4"):
            await page.click(f"#text-keys button:has(b:text-is('{key}'))")
        await expect(page.locator("#text")).to_have_value("i")


async def test_a_call_is_made_by_hand(seen: Seen) -> None:
    async with seen() as (_, page):
        await page.click("#dial")
        await expect(page.locator("#heard .them")).to_have_text("Nhấn phím một")
        await expect(page.locator("#lcd-state")).to_have_text("Đang nói")
        await page.click("#call-keys button >> nth=0")
        await expect(page.locator("#heard .me")).to_have_text("phím 1")
        await expect(page.locator("#lcd-state")).to_have_text("Đã gác máy")


async def test_silence_is_told_after_the_last_word(seen: Seen) -> None:
    quick = response('<Gather timeout="1"/>' + vi("Không nghe thấy gì"))
    async with seen(answering=Product({"/voice": quick, "/voice/status": (204, "")})) as (_, page):
        await page.click("#dial")
        await expect(page.locator("#heard .them")).to_have_text("Không nghe thấy gì")


async def test_it_rings_and_is_answered(seen: Seen) -> None:
    async with seen(answering=Product({"/voice": response(vi("Trung tâm gọi"))})) as (town, page):
        placed = {"From": HOTLINE, "To": "+84912345678", "Url": f"{PUBLIC}/voice"}
        call = town.exchange.place(placed, ("completed",))
        await expect(page.locator("#dial")).to_have_text("Nghe máy")
        await page.click("#dial")
        await expect(page.locator("#heard .them")).to_have_text("Trung tâm gọi")
        await call.over()


async def test_the_chat_shows_buttons_and_presses_them(seen: Seen) -> None:
    async with seen() as (town, page):
        await page.click("#start")
        await expect(page.locator("#bubbles .mine")).to_contain_text("/start")
        bot = town.platform.bot()
        url = f"{town.platform.base_url}{bot.account.token}/sendMessage"
        keyboard = {"inline_keyboard": [[{"text": "Tra cứu", "callback_data": "q1.1"}]]}
        said = {"chat_id": 70001, "text": "Ông/bà cần việc gì?", "reply_markup": keyboard}
        await page.request.post(url, data=said)
        await page.click("#bubbles .button")
        await expect(page.locator("#tape")).to_contain_text("update · callback_query")
        assert bot.queue.history[-1]["callback_query"]["data"] == "q1.1"


async def test_a_letter_is_opened(seen: Seen) -> None:
    async with seen() as (town, page):
        await asyncio.to_thread(post_letter, town.mail.port)
        await page.click(".envelope")
        await expect(page.locator("#letter-text")).to_contain_text("Kính gửi ông Nguyễn Văn An")


async def test_the_tape_opens(seen: Seen) -> None:
    async with seen() as (_, page):
        await page.click("#dial")
        entry = page.locator("#tape li.HTTP >> nth=-1")
        await entry.locator("summary").click()
        await expect(entry.locator("pre")).to_contain_text("<Gather")
        await expect(entry.locator("dl")).to_contain_text("CallSid")


@pytest.mark.parametrize("dark", [False, True])
async def test_all_devices_stand_side_by_side_on_a_laptop(seen: Seen, dark: bool) -> None:
    async with seen(color_scheme="dark" if dark else "light") as (_, page):
        boxes = [await page.locator(name).bounding_box() for name in (".mobile", ".desk", ".app", ".wire")]
        assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    edges = [(box["x"], box["x"] + box["width"], box["y"] + box["height"]) for box in boxes if box]
    assert all(left[1] < right[0] for left, right in itertools.pairwise(edges))
    assert all(bottom <= LAPTOP[1] for _, _, bottom in edges)


@pytest.mark.parametrize("size", [TELEPHONE, NARROW])
async def test_one_under_the_other_on_a_telephone(seen: Seen, size: tuple[int, int]) -> None:
    async with seen(size) as (_, page):
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        boxes = [await page.locator(name).bounding_box() for name in (".mobile", ".desk", ".app", ".wire")]
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops) and len(set(tops)) == 4

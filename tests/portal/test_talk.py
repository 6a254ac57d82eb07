"""The chat page without JavaScript, a kiosk, and forgetting."""

from __future__ import annotations

import asyncio

from channels.web.visitors import COOKIE, Visitor
from tests.portal.browser import Browser, Page
from tests.portal.town import Town
from tests.portal.walks import VISIT, answer


async def until(browser: Browser, said: str) -> Page:
    """Load the chat again until this is said."""
    identity = Visitor(browser.cookies[COOKIE]).identity
    async with asyncio.timeout(10):
        for after in range(10):
            if said in (await browser.open("/hoi-dap")).text:
                break
            await browser.town.said(identity, after)
    return browser.page


async def test_a_question_is_asked_and_answered_by_plain_forms(browser: Browser) -> None:
    await browser.open("/hoi-dap")
    page = await browser.press("Gửi", text="giờ làm việc")
    assert page.path == "/hoi-dap"
    assert "giờ làm việc" in page.text
    await until(browser, "7:30")


async def test_a_button_is_pressed_and_its_label_stands_in_the_talk(browser: Browser) -> None:
    await browser.open("/hoi-dap")
    await browser.press("Gửi", text="xin chào")
    await until(browser, "Tra cứu hồ sơ")
    page = await browser.press("Tra cứu hồ sơ")
    assert "Ông/bà 09:00 Tra cứu hồ sơ" in page.text


async def test_what_was_begun_on_pages_goes_on_in_the_chat(browser: Browser) -> None:
    few = {name: VISIT[name] for name in ("subject", "visit_on")}
    await browser.open("/nop/appointment")
    await browser.press("Bắt đầu khai")
    for name in few:
        await browser.press("Tiếp tục", **few[name])
    await browser.open("/hoi-dap")
    await browser.press("Gửi", text="tiếp tục")
    await until(browser, "Buổi sáng hay buổi chiều?")


async def test_another_page_may_suggest_the_question(browser: Browser) -> None:
    page = await browser.open("/hoi-dap?hoi=Khai%20sinh")
    assert ">Khai sinh</textarea>" in page.html


async def test_ending_the_talk_forgets_it_here(browser: Browser) -> None:
    await browser.open("/hoi-dap")
    await browser.press("Gửi", text="việc riêng của tôi")
    await browser.open("/hoi-dap")
    before = browser.cookies[COOKIE]
    page = await browser.press("Kết thúc và xoá khỏi máy này")
    assert page.path == "/"
    page = await browser.open("/hoi-dap")
    assert "việc riêng của tôi" not in page.text
    assert browser.cookies[COOKIE] != before


async def test_a_kiosk_forgets_everything_at_the_end(browser: Browser) -> None:
    await browser.open("/kiosk")
    assert 'class="kiosk"' in (await browser.open("/")).html
    await answer(browser, VISIT, "appointment")
    page = await browser.press("Kết thúc")
    assert (page.path, page.heading) == ("/kiosk/het-gio", "Đã kết thúc")
    assert "Chưa có gì ở đây" in (await browser.open("/ho-so-cua-toi")).text
    assert 'class="kiosk"' in browser.page.html, "it stays a kiosk for the next person"


async def test_a_kiosk_that_nobody_touches_ends_by_itself_also_without_script(browser: Browser) -> None:
    await browser.open("/kiosk")
    await answer(browser, VISIT, "appointment")
    assert 'content="180; url=/kiosk/het-gio"' in browser.page.html
    await browser.open("/kiosk/het-gio")
    assert "Chưa có gì ở đây" in (await browser.open("/ho-so-cua-toi")).text


async def test_another_site_cannot_end_a_visit(browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    page = await browser.post("/ket-thuc", {"csrf": "x"}, **{"Sec-Fetch-Site": "cross-site"})
    assert page.status == 403
    assert "Đặt lịch hẹn" in (await browser.open("/ho-so-cua-toi")).text


async def test_a_kiosk_keeps_no_page(browser: Browser) -> None:
    await browser.open("/kiosk")
    for path in ("/", "/thu-tuc", "/thu-tuc/1.001193"):
        assert (await browser.open(path)).headers["Cache-Control"] == "no-store"


async def test_this_machine_is_forgotten_by_a_button(browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    await browser.open("/ho-so-cua-toi")
    page = await browser.press("Quên máy này")
    assert page.path == "/"
    assert "Chưa có gì ở đây" in (await browser.open("/ho-so-cua-toi")).text


async def test_the_chat_and_the_pages_are_one_person(town: Town, browser: Browser) -> None:
    await browser.open("/hoi-dap")
    await browser.press("Gửi", text="nộp hồ sơ")
    await until(browser, "?")
    assert town.chat.visitors is town.portal.visitors

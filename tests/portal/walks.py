"""Whole filings in one call, for tests that begin where somebody has answered or sent something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.portal.browser import Browser, Page

VISIT = {
    "subject": {"value": "civil"},
    "visit_on": {"day": "26", "month": "11", "year": "2026"},
    "half_day": {"value": "morning"},
    "full_name": {"value": "Trịnh Hoài Nam"},
    "phone": {"value": "0912 345 678"},
}
BIRTH = {
    "child_name": {"value": "Nguyễn Thị Minh An"},
    "born_on": {"day": "5", "month": "11", "year": "2026"},
    "sex": {"value": "female"},
    "mother_identity": {"value": "001190012345"},
    "married": {"value": "no"},
    "born_at": {"value": "Bệnh viện Phụ sản Trung ương, Hà Nội"},
}


@dataclass(frozen=True)
class Receipt:
    """What the last page told."""

    phone_code: str
    pin: str
    code: str


async def answer(browser: Browser, answers: dict[str, dict[str, str]], code: str) -> Page:
    """Begin, and answer question by question; what is not in `answers` is skipped. Ends at the summary."""
    await browser.open(f"/nop/{code}")
    buttons = browser.page.read.forms[0].buttons
    await browser.press(next(iter(buttons)))
    while found := re.search(r"/cau/(\w+)", browser.page.path):
        assert browser.page.status == 200, browser.page.problems
        typed = answers.get(found.group(1))
        if typed is None:
            skip = "Bỏ qua câu này"
            optional = any(skip in form.buttons for form in browser.page.read.forms)
            await browser.press(skip if optional else "Tiếp tục")
        else:
            await browser.press("Tiếp tục", **typed)
    assert browser.page.path.split("?")[0] == f"/nop/{code}/kiem-tra"
    return browser.page


def receipt(page: Page) -> Receipt:
    """The codes of a confirmation."""
    phone_code, pin, code = (
        re.sub(r"<[^>]+>|\s|\xa0", "", each) for each in re.findall(r'class="big[^"]*">(.*?)</p>', page.html)
    )
    return Receipt(phone_code, pin, code)


async def file_visit(browser: Browser) -> Receipt:
    """An appointment, sent."""
    await answer(browser, VISIT, "appointment")
    return receipt(await browser.press("Gửi"))


async def file_birth(browser: Browser) -> Receipt:
    """A birth, declared beforehand."""
    await answer(browser, BIRTH, "1.001193")
    return receipt(await browser.press("Gửi bản khai trước"))

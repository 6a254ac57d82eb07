"""Where is my dossier, at a page: who may read what, wrong codes and wrong PINs alike, guessing slowed down."""

from __future__ import annotations

import pytest

from channels.web.visitors import COOKIE, Visitor
from portal.filing import qr
from tests.portal.browser import Browser, Page
from tests.portal.town import Town
from tests.portal.walks import file_birth, file_visit

NAME = "Nguyễn Thị Minh An"


async def look(browser: Browser, code: str, pin: str = "") -> Page:
    await browser.open("/tra-cuu")
    return await browser.press("Tra cứu", code=code, pin=pin)


async def test_the_phone_code_alone_tells_the_step_and_no_more(browser: Browser, another: Browser) -> None:
    told = await file_birth(browser)
    page = await look(another, told.phone_code)
    assert page.status == 200
    assert "Mới đăng ký" in page.text
    assert "Đường đi của hồ sơ 23/11/2026, 09:00 Đã gửi hồ sơ" in page.text
    assert NAME not in page.html
    assert "Khai sinh" not in page.text


async def test_code_and_pin_tell_the_procedure_and_what_is_missing(
    town: Town, browser: Browser, another: Browser
) -> None:
    told = await file_birth(browser)
    await town.act(told.code, "ask_papers", "- Giấy chứng sinh bản chính\n- Căn cước của mẹ")
    page = await look(another, told.phone_code)
    assert "Giấy chứng sinh" not in page.text
    page = await look(another, told.code.lower().replace(".", " "), told.pin)
    assert "Thủ tục Khai sinh" in page.text
    assert "Cần bổ sung Giấy chứng sinh bản chính Căn cước của mẹ" in page.text
    assert "Thời hạn đang tạm dừng, chờ ông/bà" in page.text
    assert NAME not in page.html


@pytest.mark.parametrize("same", ["wrong code", "wrong pin"])
async def test_a_wrong_code_and_a_wrong_pin_read_the_same(
    browser: Browser, another: Browser, same: str
) -> None:
    told = await file_birth(browser)
    wrong_pin = "000001" if told.pin != "000001" else "000002"
    code = "H99.18-261123-0099" if same == "wrong code" else told.code
    page = await look(another, code, wrong_pin)
    assert page.status == 404
    assert page.problems == ["Không tìm thấy hồ sơ với mã và PIN này. Xem lại từng số rồi thử lại."]


@pytest.mark.parametrize(
    "code, pin, said",
    [
        ("", "", "Nhập mã hồ sơ hoặc mã tra cứu."),
        ("xin chào", "", "Mã này viết chưa đúng."),
        ("1234567890", "", "Mã này viết chưa đúng."),
        ("H99.18-261123-0001", "", "Tra bằng mã hồ sơ thì cần cả mã PIN."),
    ],
)
async def test_a_slip_of_the_pen_is_explained_and_costs_nothing(
    browser: Browser, code: str, pin: str, said: str
) -> None:
    for _ in range(7):
        page = await look(browser, code, pin)
        assert page.status == 422
        assert page.problems[0].startswith(said)


async def test_guessing_is_slowed_down_and_never_forbidden(town: Town, browser: Browser) -> None:
    told = await file_visit(browser)
    for _ in range(5):
        assert (await look(browser, told.code, "123450")).status == 404
    page = await look(browser, told.code, told.pin)
    assert (page.status, page.heading) == (429, "Xin chờ một chút")
    assert int(page.headers["Retry-After"]) <= 31
    town.clock.pass_(seconds=31)
    assert (await look(browser, told.code, told.pin)).status == 200


async def test_throwing_the_cookie_away_does_not_help(browser: Browser) -> None:
    statuses = []
    for _ in range(62):
        browser.forget_cookies()
        statuses.append((await look(browser, "H99.18-261123-0099", "123450")).status)
    assert statuses[:60] == [404] * 60
    assert statuses[60:] == [429, 429]


async def test_the_link_on_the_receipt_opens_the_step_and_the_pin_opens_more(
    browser: Browser, another: Browser
) -> None:
    told = await file_birth(browser)
    link = await _link(browser)
    page = await another.open(link)
    assert page.status == 200
    assert told.code not in link
    assert "Khai sinh" not in page.text
    page = await another.press("Xem thêm", pin="000000")
    assert (page.status, page.problems) == (422, ["Mã PIN chưa đúng. Xem lại 6 số trên giấy tiếp nhận."])
    page = await another.press("Xem thêm", pin=told.pin)
    assert "Thủ tục Khai sinh" in page.text


async def _link(browser: Browser) -> str:
    """The address in the QR of the receipt that is open: drawn once more, it is the picture on the page."""
    visitor = Visitor(browser.cookies[COOKIE])
    draft = browser.page.path.rpartition("/")[2]
    now = browser.town.clock()
    found = await browser.town.database.read(
        lambda shelves: shelves.tokens.look("receipt", visitor.identity, draft, now)
    )
    assert found is not None
    path = f"/hs/{found['link']}"
    assert qr(f"http://127.0.0.1{path}") in browser.page.html
    return path


async def test_late_is_said_plainly(town: Town, browser: Browser) -> None:
    told = await file_birth(browser)
    await town.act(told.code, "accept")
    page = await look(browser, told.phone_code)
    assert "Hẹn trả kết quả thứ Hai, 23/11/2026" in page.text
    town.clock.pass_(days=4)  # 24/11 is a day off: Wednesday, Thursday and Friday are counted
    page = await look(browser, told.phone_code)
    assert "Đã quá hẹn 3 ngày làm việc" in page.text
    assert "Cơ quan xin lỗi ông/bà" in page.text


async def test_what_was_filed_here_is_listed_here_and_nowhere_else(
    browser: Browser, another: Browser
) -> None:
    told = await file_visit(browser)
    page = await browser.open("/ho-so-cua-toi")
    assert told.code in page.text
    assert told.code not in (await another.open("/ho-so-cua-toi")).text


async def test_a_code_in_the_search_field_leads_to_the_look_up(browser: Browser) -> None:
    told = await file_visit(browser)
    await browser.open("/")
    page = await browser.press("Tìm", q=f"hồ sơ {told.phone_code} đến đâu rồi")
    assert page.heading == "Tra cứu hồ sơ"
    assert told.phone_code in page.html
    assert (await browser.press("Tra cứu")).status == 200

"""Filing without JavaScript: one question a page, back, corrections, papers, sending once, and the receipt."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.portal.browser import Browser
from tests.portal.town import Town
from tests.portal.walks import BIRTH, VISIT, answer, file_birth, file_visit, receipt

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
PDF = b"%PDF-1.7\n" + b"\0" * 200


async def test_what_it_is_in_law_is_said_before_the_first_question(browser: Browser) -> None:
    for code, said in (
        ("1.001193", "Ông/bà vẫn phải đến quầy mang bản chính và ký"),
        ("1.003677", "Đây là thông báo theo luật"),
        ("appointment", "Đây không phải thủ tục hành chính"),
    ):
        assert said in (await browser.open(f"/nop/{code}")).text


async def test_a_procedure_that_is_only_handed_off_leads_to_its_page(town: Town, browser: Browser) -> None:
    catalogue = town.office.knowledge.catalogue
    code = next(code for code, each in catalogue.procedures.items() if not each.form)
    assert (await browser.open(f"/nop/{code}")).path == f"/thu-tuc/{code}"


async def test_from_the_first_question_to_the_receipt(town: Town, browser: Browser) -> None:
    page = await answer(browser, BIRTH, "1.001193")
    assert page.heading == "Xem lại trước khi gửi"
    assert "05/11/2026" in page.text
    page = await browser.press("Gửi bản khai trước")
    assert page.heading == "Đã nhận bản khai trước"
    told = receipt(page)
    assert re.fullmatch(r"\d{10}", told.phone_code)
    assert re.fullmatch(r"\d{6}", told.pin)
    assert told.code == "H99.18-261123-0001"
    assert "<svg" in page.html
    assert "trong 8 giờ làm việc" in page.text
    record = await town.database.read(lambda shelves: shelves.dossiers.by_code(told.code))
    assert record is not None
    assert (record.kind, record.medium, record.applicant_name) == (
        "pre_declaration",
        "web",
        "Nguyễn Thị Minh An",
    )


WRONG = [
    ("appointment", "visit_on", {"day": "31", "month": "2", "year": "2027"}),
    ("appointment", "visit_on", {"day": "", "month": "", "year": ""}),
    ("appointment", "visit_on", {"day": "1", "month": "1", "year": "2020"}),
    ("appointment", "full_name", {"value": ""}),
    ("appointment", "full_name", {"value": "Nam 123"}),
    ("appointment", "phone", {"value": "113"}),
    ("1.001193", "mother_identity", {"value": "12345"}),
]


@pytest.mark.parametrize("code, field, typed", WRONG)
async def test_what_does_not_fit_is_said_beside_the_field_and_on_top(
    browser: Browser, code: str, field: str, typed: dict[str, str]
) -> None:
    await browser.open(f"/nop/{code}")
    await browser.press("Bắt đầu khai")
    answers = {**VISIT, **BIRTH}
    while f"/cau/{field}" not in browser.page.path:
        here = browser.page.path.rpartition("/")[2]
        await browser.press("Tiếp tục", **answers[here])
    page = await browser.press("Tiếp tục", **typed)
    assert page.status == 422
    (said,) = page.problems
    assert page.html.count(said.split(".")[0]) >= 2, "the summary and the field say the same words"
    assert "<title>Lỗi: " in page.html
    assert 'aria-invalid="true"' in page.html or "<fieldset" in page.html
    kept = browser.page.read.forms[0].fields
    assert all(kept.get(name, "") == value for name, value in typed.items()), "what was typed stays"


@pytest.mark.parametrize("typed", ["5/11/2026", "hôm qua", "05.11.2026"])
async def test_a_whole_date_in_the_first_field_is_understood(browser: Browser, typed: str) -> None:
    await answer(browser, {**BIRTH, "born_on": {"day": typed}}, "1.001193")
    assert "/11/2026" in browser.page.text


async def test_an_answer_is_changed_and_the_summary_comes_back(browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    page = await browser.open("/nop/appointment/cau/full_name")
    assert 'value="Trịnh Hoài Nam"' in page.html
    assert 'class="back" href="/nop/appointment/kiem-tra"' in page.html
    page = await browser.press("Tiếp tục", value="Trịnh Thị Hoài")
    assert page.path == "/nop/appointment/kiem-tra"
    assert "Trịnh Thị Hoài" in page.text


async def test_an_answer_whose_condition_is_gone_is_dropped_and_named(browser: Browser) -> None:
    married = {**BIRTH, "married": {"value": "yes"}, "father_identity": {"value": "001088012345"}}
    await answer(browser, married, "1.001193")
    await browser.open("/nop/1.001193/cau/married")
    page = await browser.press("Tiếp tục", value="no")
    assert "Không còn cần trả lời: Số định danh của cha" in page.text
    assert "001088012345" not in page.text


async def test_nothing_typed_becomes_markup(browser: Browser) -> None:
    nasty = "</textarea><script>alert(1)</script> xin cảm ơn quầy số 3"
    page = await answer(
        browser,
        {"about": {"value": "other"}, "story": {"value": nasty}, "named": {"value": "no"}},
        "feedback",
    )
    assert nasty in page.text
    assert "<script>alert" not in page.html
    page = await browser.open("/nop/feedback/cau/story")
    assert "<script>alert" not in page.html


# -- papers -------------------------------------------------------------------------------------------------------


async def at_papers(browser: Browser) -> None:
    await browser.open("/nop/1.001193")
    await browser.press("Bắt đầu khai")
    while "/cau/birth_paper" not in browser.page.path:
        await browser.press("Tiếp tục", **BIRTH[browser.page.path.rpartition("/")[2]])


async def test_a_paper_is_kept_by_its_content(town: Town, browser: Browser) -> None:
    await at_papers(browser)
    page = await browser.attach("Tiếp tục", "..\\..\\giấy <b>chứng sinh.png", PNG)
    assert page.path == "/nop/1.001193/kiem-tra"
    assert "giấy <b>chứng sinh.png" in page.text
    told = receipt(await browser.press("Gửi bản khai trước"))
    record = await town.database.read(lambda shelves: shelves.dossiers.by_code(told.code))
    assert record is not None
    (paper,) = await town.database.read(lambda shelves: shelves.papers.of_dossier(record.id))
    assert (paper.state, paper.content_type, paper.size) == ("kept", "image/png", len(PNG))
    assert paper.sha256


@pytest.mark.parametrize(
    "name, content, status, said",
    [
        ("a.pdf", b"MZ\x90\0 a program", 422, "không phải ảnh, PDF hay Word"),
        ("a.png", b"<html><script>", 422, "không phải ảnh, PDF hay Word"),
        ("a.docx", b"PK\x03\x04 not a package", 422, "không phải ảnh, PDF hay Word"),
        ("a.pdf", b"", 422, "Tệp rỗng"),
        ("a.png", PNG + b"\0" * (20 * 1024 * 1024), 413, "lớn hơn 20 MB"),
    ],
    ids=["program", "page", "zip", "empty", "large"],
)
async def test_a_paper_that_nobody_could_use_is_not_kept(
    browser: Browser, name: str, content: bytes, status: int, said: str
) -> None:
    await at_papers(browser)
    page = await browser.attach("Tiếp tục", name, content)
    assert page.status == status
    assert said in page.problems[0]
    assert "Tệp đã gửi" not in (await browser.open("/nop/1.001193/cau/birth_paper")).text


@pytest.mark.parametrize(
    "body",
    [b"--x\r\nfoo", b"--x\r\n\r\n", b"", b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nab'],
)
async def test_a_form_that_breaks_off_keeps_nothing(browser: Browser, body: bytes) -> None:
    await at_papers(browser)
    path = "/nop/1.001193/cau/birth_paper/giay-to"
    page = await browser.send(path, body, {"Content-Type": "multipart/form-data; boundary=x"})
    assert page.status in (400, 403)
    assert "Tệp đã gửi" not in (await browser.open("/nop/1.001193/cau/birth_paper")).text


async def test_papers_are_added_and_taken_back(browser: Browser) -> None:
    await at_papers(browser)
    page = await browser.attach("Gửi tệp này, chọn thêm", "mặt trước.png", PNG)
    assert "mặt trước.png" in page.text
    page = await browser.attach("Tiếp tục", "mặt sau.pdf", PDF)
    assert "mặt trước.png, mặt sau.pdf" in page.text
    await browser.open("/nop/1.001193/cau/birth_paper")
    page = await browser.press("Bỏ tệp mặt trước.png")
    assert "mặt trước.png" not in page.text
    assert "mặt sau.pdf" in page.text


async def test_a_paper_may_be_left_out_where_the_form_says_so(browser: Browser) -> None:
    await at_papers(browser)
    page = await browser.press("Tiếp tục")
    assert page.heading == "Xem lại trước khi gửi"
    assert "Không trả lời" in page.text


# -- once ---------------------------------------------------------------------------------------------------------


async def test_a_second_press_files_nothing_more_and_shows_the_same_receipt(
    town: Town, browser: Browser
) -> None:
    await answer(browser, VISIT, "appointment")
    summary = browser.page
    first = receipt(await browser.press("Gửi"))
    browser.page = summary
    assert receipt(await browser.press("Gửi")) == first
    assert await town.database.read(lambda shelves: shelves.dossiers.by_code("H99.18-261123-0002")) is None


async def test_the_receipt_is_shown_for_half_an_hour_and_only_here(
    town: Town, browser: Browser, another: Browser
) -> None:
    told = await file_visit(browser)
    path = browser.page.path
    assert receipt(await browser.open(path)) == told
    assert (await another.open(path)).status == 404
    town.clock.pass_(minutes=31)
    page = await browser.open(path)
    assert (page.status, page.heading) == (404, "Trang này đã hết hạn")


async def test_the_store_alone_does_not_tell_the_pin(browser: Browser, tmp_path: Path) -> None:
    told = await file_visit(browser)
    content = await asyncio.to_thread(stored, tmp_path)
    assert told.code.encode() in content
    assert f'"pin":{int(told.pin)},'.encode() not in content
    assert told.pin.encode() not in content


def stored(folder: Path) -> bytes:
    """Every byte of the store."""
    return b"".join(path.read_bytes() for path in folder.glob("store.db*"))


async def test_the_same_thing_again_is_noticed(browser: Browser) -> None:
    first = await file_birth(browser)
    await answer(browser, BIRTH, "1.001193")
    page = await browser.press("Gửi bản khai trước")
    assert page.heading == "Việc này đã gửi rồi?"
    assert first.code in page.text
    assert receipt(await browser.press("Vẫn gửi thêm một hồ sơ nữa")).code != first.code


# -- two machines -------------------------------------------------------------------------------------------------


async def test_who_loses_the_race_is_shown_the_newer_state(browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    stale = await browser.open("/nop/appointment/cau/full_name")
    await browser.press("Tiếp tục", value="Trịnh Thị Hoài")
    browser.page = stale
    page = await browser.press("Tiếp tục", value="Người Khác")
    assert page.status == 409
    assert "vừa được sửa ở nơi khác" in page.text
    assert 'value="Trịnh Thị Hoài"' in page.html


async def test_a_summary_that_is_no_longer_true_is_not_sent(browser: Browser) -> None:
    stale = await answer(browser, VISIT, "appointment")
    await browser.open("/nop/appointment/cau/full_name")
    await browser.press("Tiếp tục", value="Trịnh Thị Hoài")
    browser.page = stale
    page = await browser.press("Gửi")
    assert (page.status, page.heading) == (409, "Xem lại trước khi gửi")
    assert "Trịnh Thị Hoài" in page.text


async def test_a_draft_is_taken_to_another_machine_by_code(browser: Browser, another: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    page = await browser.press("Lưu, làm tiếp sau")
    found = re.search(r"(\d{4}) (\d{4})", page.text)
    assert found is not None
    await another.open("/tiep-tuc")
    page = await another.press("Khai tiếp", code=f"{found.group(1)} {found.group(2)}")
    assert page.path == "/nop/appointment"
    assert "đã khai 5 câu" in page.text
    await another.open("/tiep-tuc")
    assert (await another.press("Khai tiếp", code=found.group().replace(" ", ""))).status == 422


async def test_a_link_is_used_up_by_the_button_not_by_looking(browser: Browser, another: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    page = await browser.press("Lưu, làm tiếp sau")
    link = next(each for each in page.links if "/tiep-tuc/" in each)
    path = link.partition("127.0.0.1")[2]
    for _ in range(3):
        assert (await another.open(path)).heading == "Khai tiếp"
    assert (await another.press("Làm tiếp ở đây")).path == "/nop/appointment"
    await another.open(path)
    page = await another.press("Làm tiếp ở đây")
    assert (page.status, page.heading) == (404, "Đường dẫn không còn dùng được")


async def test_a_draft_is_nobody_elses(browser: Browser, another: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    fields = browser.page.read.forms[0].fields
    await another.open("/nop/appointment")
    token = another.page.read.forms[0].fields["csrf"]
    page = await another.post("/nop/appointment/gui", {**fields, "csrf": token})
    assert page.status == 404
    assert "Trịnh" not in page.html


async def test_a_draft_is_thrown_away(browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    await browser.open("/ho-so-cua-toi")
    page = await browser.press("Bỏ bản khai Đặt lịch hẹn")
    assert "Chưa có gì ở đây" in page.text


async def test_a_draft_waits_thirty_days(town: Town, browser: Browser) -> None:
    await answer(browser, VISIT, "appointment")
    town.clock.pass_(days=29)
    assert "đã khai 5 câu" in (await browser.open("/nop/appointment")).text
    town.clock.pass_(days=2)
    assert "Sẽ hỏi 5 câu" in (await browser.open("/nop/appointment")).text

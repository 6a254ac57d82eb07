"""Every page: opens, is whole, leads nowhere that is not there, and carries its headers."""

from __future__ import annotations

import re

import pytest
import yaml
from aiohttp import ClientSession

from portal.pages import LANGUAGES
from tests.portal.browser import Browser
from tests.portal.town import TEMPLATES, Town

PAGES = [
    ("/", "Ông/bà cần làm việc gì?"),
    ("/thu-tuc", "Thủ tục hành chính"),
    ("/thu-tuc/1.001193", "Khai sinh"),
    ("/tra-cuu", "Tra cứu hồ sơ"),
    ("/nop", "Nộp hồ sơ"),
    ("/nop/1.001193", "Khai sinh"),
    ("/tiep-tuc", "Khai tiếp bằng mã"),
    ("/tiep-tuc/bat-ky", "Khai tiếp"),
    ("/ho-so-cua-toi", "Hồ sơ của tôi"),
    ("/so-dien-thoai", "Số điện thoại của ông/bà?"),
    ("/hoi-dap", "Hỏi đáp"),
    ("/kiosk", "Xin chào"),
    ("/tro-giup", "Trợ giúp"),
    ("/quyen-rieng-tu", "Quyền riêng tư"),
]
PERSONAL = {
    "/tra-cuu",
    "/nop/1.001193",
    "/ho-so-cua-toi",
    "/so-dien-thoai",
    "/hoi-dap",
    "/kiosk",
    "/tiep-tuc",
}


@pytest.mark.parametrize("path, heading", PAGES)
async def test_a_page_opens_and_is_whole(browser: Browser, path: str, heading: str) -> None:
    page = await browser.open(path)
    assert (page.status, page.heading) == (200, heading)
    read = page.read
    assert read.crossed == []
    assert len(read.ids) == len(set(read.ids)), "an id is used twice"
    assert page.html.count("<h1") == 1
    assert (page.headers["Cache-Control"] == "no-store") == (path in PERSONAL or path.startswith("/tiep-tuc"))


@pytest.mark.parametrize("path, _", PAGES)
async def test_a_page_takes_nothing_from_elsewhere(browser: Browser, path: str, _: str) -> None:
    page = await browser.open(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (page.headers["X-Content-Type-Options"], page.headers["Referrer-Policy"]) == (
        "nosniff",
        "same-origin",
    )
    for mark in ("<style", " style=", "onclick", "<script>", "javascript:"):
        assert mark not in page.html
    assert "http://" not in page.html.replace('xmlns="http://www.w3.org/2000/svg"', "")


async def test_every_link_leads_somewhere(browser: Browser) -> None:
    seen: dict[str, int] = {}
    todo = ["/"]
    while todo:
        path = todo.pop()
        page = await browser.open(path)
        seen[path] = page.status
        for link in page.links:
            bare = link.partition("#")[0]
            inside = bare.startswith("/") and not bare.startswith(
                ("/chat/", "/ngon-ngu", "/ket-thuc", "/hoi-dap?")
            )
            if inside and bare not in seen and bare not in todo:
                todo.append(bare)
    posts_only = {path for path, status in seen.items() if status == 405}
    assert {path for path, status in seen.items() if status not in (200, 405)} == set()
    assert all(path.endswith(("/luu", "/gui", "/xoa")) for path in posts_only)
    assert len(seen) > 100


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_procedure_can_be_read(town: Town, browser: Browser, language: str) -> None:
    await browser.open(f"/ngon-ngu/{language}?ve=/thu-tuc")
    assert browser.page.path == "/thu-tuc"
    for code, procedure in town.office.knowledge.catalogue.procedures.items():
        page = await browser.open(f"/thu-tuc/{code}")
        assert (page.status, page.heading) == (200, procedure.short_name), code
        for exemption in procedure.exemptions:
            assert exemption.split()[0] in page.text, "an exemption must never be dropped"
        for conflict in procedure.conflicts:
            assert all(
                version in page.html.replace("&#39;", "'").replace("&#34;", '"')
                for version in conflict.versions
            )


@pytest.mark.parametrize(
    "typed, path, said",
    [
        ("1.001193", "/thu-tuc/1.001193", "Giấy chứng sinh"),
        ("dang ky khai sinh cho tre", "/thu-tuc/1.001193", "Giấy chứng sinh"),
        ("H26.18-260101-0001", None, "Tra cứu hồ sơ"),
        ("bánh mì thịt nướng", None, "Chưa tìm thấy"),
        ("<script>alert(1)</script>", None, "Chưa tìm thấy"),
        ("", "/thu-tuc", "Chọn theo lĩnh vực"),
    ],
)
async def test_the_search_understands(browser: Browser, typed: str, path: str | None, said: str) -> None:
    await browser.open("/")
    page = await browser.press("Tìm", q=typed)
    assert page.status == 200
    assert said in page.text
    assert path is None or page.path == path
    assert "<script>alert" not in page.html


async def test_the_first_page_says_when_the_office_opens_next(town: Town, browser: Browser) -> None:
    assert "Cơ quan đang mở cửa" in (await browser.open("/")).text
    town.clock.pass_(hours=9)  # Monday evening; Tuesday 24/11 is a day off (Resolution 28/2026/QH16)
    assert "Mở lại lúc 07:30, thứ Tư, 25/11/2026" in (await browser.open("/")).text


ERRORS = [
    ("GET", "/khong-co", 404, "Không có trang này"),
    ("GET", "/thu-tuc/9.999999", 404, "Không có trang này"),
    ("GET", "/nop/9.999999", 404, "Không có trang này"),
    ("GET", "/hs/xxx", 404, "Tra cứu hồ sơ"),
    ("GET", "/da-nop/xxx", 404, "Trang này đã hết hạn"),
    ("POST", "/", 405, "Không mở được như vậy"),
    ("POST", "/tra-cuu", 403, "Trang đã mở quá lâu"),
    ("POST", "/nop/1.001193", 403, "Trang đã mở quá lâu"),
    ("POST", "/so-dien-thoai", 403, "Trang đã mở quá lâu"),
    ("POST", "/tiep-tuc/xxx", 403, "Trang đã mở quá lâu"),
    ("POST", "/chat/send", 403, "Trang đã mở quá lâu"),
    ("GET", "/static/portal/..%2Fapp.py", 404, "Không có trang này"),
]


@pytest.mark.parametrize("method, path, status, heading", ERRORS)
async def test_an_error_says_what_to_do(
    browser: Browser, method: str, path: str, status: int, heading: str
) -> None:
    page = await (
        browser.open(path) if method == "GET" else browser.post(path, {"csrf": "x", "id": "12345678"})
    )
    assert (page.status, page.heading) == (status, heading)
    assert "19009999" in page.html


async def test_a_form_that_is_too_large_is_refused(browser: Browser) -> None:
    await browser.open("/tra-cuu")
    page = await browser.post("/tra-cuu", {"code": "x" * 70_000})
    assert (page.status, page.heading) == (413, "Tệp quá lớn")


RUBBISH = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=x", b"--x\r\nfoo"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nabc'),
    ("application/x-www-form-urlencoded; charset=utf-99", b"csrf=%ff"),
    ("application/json", b"{}"),
    ("", b"\xff\x00"),
]


@pytest.mark.parametrize(
    "path", ["/tra-cuu", "/nop/1.001193/cau/birth_paper/giay-to", "/chat/upload", "/chat/send"]
)
@pytest.mark.parametrize("kind, body", RUBBISH)
async def test_rubbish_is_answered_and_is_never_our_fault(
    browser: Browser, path: str, kind: str, body: bytes
) -> None:
    page = await browser.send(path, body, {"Content-Type": kind, "Content-Length": str(len(body))})
    assert page.status in (400, 403, 404, 415)
    assert page.heading


async def test_false_compression_is_answered(browser: Browser) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    assert (await browser.send("/tra-cuu", b"xxxx", headers)).status == 400


@pytest.mark.parametrize(
    "back, path",
    [("/thu-tuc", "/thu-tuc"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")],
)
async def test_the_language_switch_stays_in_the_house(browser: Browser, back: str, path: str) -> None:
    page = await browser.open(f"/ngon-ngu/en?ve={back}")
    assert page.path == path
    assert '<html lang="en">' in page.html


async def test_a_file_of_the_house_may_be_kept_for_a_year(browser: Browser) -> None:
    page = await browser.open("/")
    file = next(link for link in page.links if "portal.css" in link)
    assert "immutable" in (await browser.open(file)).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/thu-tuc", "/tra-cuu", "/nop"])
async def test_who_checks_a_link_asks_for_the_head_alone(town: Town, path: str) -> None:
    async with ClientSession() as session, session.head(town.url + path) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "text/html", b"")


async def test_a_first_view_is_light(browser: Browser) -> None:
    page = await browser.open("/")
    files = {link for link in page.links if link.startswith("/static/")}
    total = len(page.html.encode()) + sum([len((await browser.open(file)).html.encode()) for file in files])
    assert len(files) < 10
    assert total < 100_000  # before compression


def keys(words: object, path: str = "") -> set[str]:
    """Every place where words stand."""
    if isinstance(words, dict):
        return {each for name, below in words.items() for each in keys(below, f"{path}.{name}")}
    if isinstance(words, list):
        return {each for n, below in enumerate(words) for each in keys(below, f"{path}[{n}]")}
    return {path}


def test_english_is_complete_and_takes_the_same_values() -> None:
    first, second = (
        yaml.safe_load((TEMPLATES / name / "portal.yaml").read_text("utf-8")) for name in LANGUAGES
    )
    empty = {".kind.hand_off.send", ".kind.hand_off.done", ".home.sms_code"}
    assert keys(second) | empty == keys(first)
    for place, words in flat(first).items():
        said = flat(second).get(place, words)
        assert set(re.findall(r"{\w+}", said)) == set(re.findall(r"{\w+}", words)), place


def flat(words: object, path: str = "") -> dict[str, str]:
    """Every text by its place."""
    if isinstance(words, dict | list):
        pairs = words.items() if isinstance(words, dict) else enumerate(words)
        return {place: text for name, below in pairs for place, text in flat(below, f"{path}.{name}").items()}
    return {path: str(words)}

"""Words that want to be markup, forms that want to be too much, papers that want to be pages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.messages import Address, InboundMessage
from core.store.inbox import Arrival
from core.store.papers import Paper
from core.talk.conversation import Conversation
from desk.links import talk_key
from tests.desk.bench import Bench

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


async def test_a_name_with_markup_is_only_a_name(bench: Bench) -> None:
    await bench.sign_in("reception")
    record = await bench.walk_in(EVIL, "+84912345567")
    form = {"revision": "0", "seen": "1", "note": EVIL}
    await bench.post("reception", f"/ho-so/{record.id}/ghi-chu", **form)
    for path in ("/ho-so", f"/ho-so/{record.id}", "/"):
        _, page = await bench.get("reception", path)
        assert "<script>alert" not in page and "<img src=x" not in page, path
    assert "&lt;script&gt;" in (await bench.get("reception", f"/ho-so/{record.id}"))[1]


async def test_markup_in_answers_messages_search_and_errors(bench: Bench) -> None:
    await bench.sign_in("leader")
    await bench.sign_in("reception")
    phone = Address("tel", "+84912345567")
    filed = await bench.filed("1.001193", {"child_name": EVIL, "unknown": EVIL}, phone.identity)
    message = InboundMessage("sms", phone, "e1", bench.clock.now, text=EVIL)
    await bench.write(lambda s: s.inbox.keep([Arrival(message, "sms")], bench.clock.now))
    await bench.write(lambda s: s.talks.put([Conversation(phone, "sms", topic=EVIL)]))
    key = talk_key(phone, "sms")
    for path in (f"/ho-so/{filed.id}", "/tin-nhan", f"/tin-nhan/{key}"):
        status, page = await bench.get("reception", path)
        assert status == 200 and "<script>alert" not in page, path
    for path in ("/ho-so", "/nowhere"):
        answer = await bench.client.get(path, params={"q": EVIL}, headers=bench._headers("reception"))
        assert "<script>alert" not in await answer.text(), path
    _, page = await bench.post("reception", "/quay/tim", code=EVIL)
    assert "<script>alert" not in page


async def test_every_answer_forbids_what_the_desk_does_not_need(bench: Bench) -> None:
    await bench.sign_in("reception")
    record = await bench.walk_in("An")
    for path in ("/dang-nhap", "/", "/ho-so", f"/ho-so/{record.id}", "/nowhere"):
        answer = await bench.client.get(path, headers=bench._headers("reception"), allow_redirects=False)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy, (
            path
        )
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_pages_hold_no_inline_script_or_style(bench: Bench) -> None:
    await bench.sign_in("reception")
    record = await bench.walk_in("An")
    for path in ("/", "/ho-so", f"/ho-so/{record.id}", "/quay", "/tin-nhan", "/tai-khoan"):
        _, page = await bench.get("reception", path)
        assert " style=" not in page and "<style" not in page and "onclick" not in page, path
        assert all('src="/static/' in part for part in page.split("<script")[1:]), path
        assert "http://" not in page.replace('xmlns="http://www.w3.org', "") and "https://" not in page, path


@pytest.mark.parametrize(
    ("case", "size", "kind", "status"),
    [
        ("a form like a book", 70_000, "application/x-www-form-urlencoded", 413),
        ("JSON", 10, "application/json", 400),
        ("a file", 10, "multipart/form-data; boundary=x", 400),
        ("rubbish", 10, "application/x-www-form-urlencoded", 400),
    ],
)
async def test_bodies_that_are_no_form_of_ours(
    bench: Bench, case: str, size: int, kind: str, status: int
) -> None:
    await bench.sign_in("reception")
    headers = {**bench._headers("reception"), "Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
    answer = await bench.client.post("/quay/tim", data=b"\xff" * size, headers=headers)
    assert answer.status == status, case


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ho-so/0", 404),
        ("/ho-so/99999999999999999999", 404),
        ("/ho-so/abc", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e%2fapp.py", 404),
        ("/static/none.css", 404),
        ("/giay-to/none", 404),
        ("/nowhere", 404),
    ],
)
async def test_addresses_that_lead_nowhere(bench: Bench, path: str, status: int) -> None:
    await bench.sign_in("reception")
    assert (await bench.get("reception", path))[0] == status


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "../../etc/passwd", "ữ"])
async def test_a_cookie_of_nobody_is_nobody(bench: Bench, cookie: str) -> None:
    headers = {"Cookie": f"desk={cookie}"}
    answer = await bench.client.get("/ho-so", headers=headers, allow_redirects=False)
    assert answer.status == 303


async def test_a_paper_is_a_download_whatever_it_holds(bench: Bench) -> None:
    await bench.sign_in("handler")
    content = b"<script>alert(1)</script>"
    digest = hashlib.sha256(content).hexdigest()
    path = Path(bench.desk.settings.store.files) / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    paper = Paper("p1", "paper", "telegram", "x", 'giấy "khai".html', "kept", content_type="text/html")
    await bench.write(lambda s: s.papers.put(paper, bench.clock.now))
    await bench.write(lambda s: s.papers.kept("p1", digest, len(content), "text/html"))
    answer = await bench.client.get("/giay-to/p1", headers=bench._headers("handler"))
    assert answer.status == 200 and await answer.read() == content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    rows = await bench.read(lambda s: s.tasks.audit_of("p1"))
    assert [(row.actor, row.act) for row in rows] == [("handler", "paper.open")]


async def test_a_bug_of_ours_shows_no_insides(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.sign_in("reception")

    def broken(*_: object) -> None:
        raise KeyError("+84912345678")

    monkeypatch.setattr("core.store.dossiers.Dossiers.get", broken)
    status, page = await bench.get("reception", "/ho-so/1")
    assert status == 500 and "Lỗi đã được ghi lại" in page
    assert "KeyError" not in page and "912345678" not in page
    assert "KeyError at" in caplog.text and "912345678" not in caplog.text

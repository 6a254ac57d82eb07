"""A dossier moved through its process by the officials of each step, and what its applicant is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.store.dossiers import Record
from tests.desk.bench import Bench

BIRTH = "1.001193"  # the process "same_day"
PHONE = "+84912345567"


async def _open(bench: Bench, *roles: str) -> Record:
    for role in roles:
        await bench.sign_in(role)
    return await bench.walk_in("Nguyễn Văn An", PHONE)


async def _act(bench: Bench, who: str, dossier: int, action: str, **more: str) -> tuple[int, str]:
    record = await bench.dossier(dossier)
    history = await bench.read(lambda shelves: shelves.dossiers.history(dossier))
    form = {"action": action, "revision": str(record.dossier.revision), "seen": str(len(history)), **more}
    return await bench.post(who, f"/ho-so/{dossier}/lam", **form)


async def test_from_the_counter_to_the_result(bench: Bench) -> None:
    record = await _open(bench, "reception", "handler")
    steps = [
        ("reception", "accept", {}, 4, "notice.accepted"),
        ("handler", "ask_papers", {"note": "Giấy chứng sinh\nCăn cước của mẹ"}, 5, "notice.supplement"),
        ("reception", "completed", {}, 4, "notice.resumed"),
        ("handler", "finish", {}, 9, "notice.ready"),
        ("reception", "hand_over", {}, 10, "notice.handed_over"),
    ]
    for who, action, more, state, notice in steps:
        status, where = await _act(bench, who, record.id, action, **more)
        assert status == 303, (action, where)
        _, page = await bench.get(who, where)
        assert "Đã làm:" in page and "SMS tới …567" in page, action
        assert (await bench.dossier(record.id)).dossier.state == state
        newest = (await bench.sent(record))[-1]
        assert (newest.notice, newest.address, newest.channel) == (notice, f"tel|{PHONE}", "sms")
        bench.clock.pass_(hours=1)
    assert (await bench.dossier(record.id)).closed_at is not None
    texts = [json.loads(row.message)["text"] for row in await bench.sent(record)]
    assert "Giay chung sinh" in texts[1] or "Giấy chứng sinh" in texts[1]


@pytest.mark.parametrize(
    ("who", "action"),
    [("handler", "accept"), ("leader", "accept"), ("approver", "refuse"), ("handler", "invite")],
)
async def test_a_step_of_another_role_is_refused(bench: Bench, who: str, action: str) -> None:
    record = await _open(bench, who)
    status, page = await _act(bench, who, record.id, action, note="x", sure="yes")
    assert status == 403 and "Bước này do vai trò <strong>Tiếp nhận</strong> làm" in page
    assert (await bench.dossier(record.id)).dossier.revision == record.dossier.revision


@pytest.mark.parametrize(
    ("case", "action", "form", "status", "words"),
    [
        ("no such act", "fly", {}, 409, "Bước hiện tại của hồ sơ không có việc này"),
        ("an act of a later step", "finish", {}, 409, "Bước hiện tại của hồ sơ không có việc này"),
        ("a refusal without its reason", "refuse", {"sure": "yes"}, 400, "Việc này cần ghi lời"),
        ("a refusal that was not meant", "refuse", {"note": "Sai nơi nộp"}, 400, "Tôi đã kiểm tra"),
        ("a supplement that names nothing", "ask_papers", {"note": "   "}, 400, "Việc này cần ghi lời"),
        ("a note like a book", "ask_papers", {"note": "a" * 2001}, 400, "quá dài"),
    ],
)
async def test_acts_that_are_refused_change_nothing(
    bench: Bench, case: str, action: str, form: dict[str, str], status: int, words: str
) -> None:
    record = await _open(bench, "reception")
    got, page = await _act(bench, "reception", record.id, action, **form)
    assert (got, words in page) == (status, True), case
    assert (await bench.dossier(record.id)).dossier == record.dossier
    assert await bench.sent(record) == []


async def test_refusing_asks_and_tells_the_reason(bench: Bench) -> None:
    record = await _open(bench, "reception")
    _, page = await bench.get("reception", f"/ho-so/{record.id}")
    assert "Tôi đã kiểm tra. Việc này kết thúc hồ sơ." in page
    status, _ = await _act(bench, "reception", record.id, "refuse", note="Nộp sai nơi", sure="yes")
    assert status == 303
    assert (await bench.dossier(record.id)).dossier.state == 3
    assert [row.notice for row in await bench.sent(record)] == ["notice.refused"]


async def test_the_slower_official_is_told_and_nothing_is_overwritten(bench: Bench) -> None:
    record = await _open(bench, "reception")
    form = {"revision": "0", "seen": "1"}
    status, _ = await bench.post("reception", f"/ho-so/{record.id}/lam", action="accept", **form)
    assert status == 303
    late = {**form, "action": "refuse", "note": "Lời đã viết công phu", "sure": "yes"}
    status, page = await bench.post("reception", f"/ho-so/{record.id}/lam", **late)
    assert status == 409
    assert "Có người vừa làm trước" in page and "Tiếp nhận" in page and "Lời đã viết công phu" in page
    assert (await bench.dossier(record.id)).dossier.state == 4
    assert [row.notice for row in await bench.sent(record)] == ["notice.accepted"]


async def test_two_at_the_same_moment_make_one_act(bench: Bench) -> None:
    import asyncio

    record = await _open(bench, "reception")
    form = {"revision": "0", "seen": "1", "action": "accept"}
    both = await asyncio.gather(
        *(bench.post("reception", f"/ho-so/{record.id}/lam", **form) for _ in range(2))
    )
    assert sorted(status for status, _ in both) == [303, 409]
    assert len(await bench.sent(record)) == 1


async def test_every_look_and_every_change_is_written_down(bench: Bench) -> None:
    record = await _open(bench, "reception", "auditor")
    await bench.get("reception", f"/ho-so/{record.id}")
    await _act(bench, "reception", record.id, "accept")
    await bench.get("auditor", f"/ho-so/{record.id}")
    rows = await bench.read(lambda shelves: shelves.tasks.audit_of(record.dossier.code))
    assert [(row.actor, row.act) for row in rows] == [
        ("reception", "dossier.open"),
        ("reception", "dossier.act"),
        ("auditor", "dossier.open"),
    ]
    _, page = await bench.get("auditor", f"/nhat-ky?ve={record.dossier.code}")
    assert "Xem hồ sơ" in page and "Chuyển hồ sơ" in page


async def test_a_note_stays_inside(bench: Bench) -> None:
    record = await _open(bench, "handler")
    form = {"revision": "0", "seen": "1", "note": "Đã gọi cho trạm y tế"}
    status, where = await bench.post("handler", f"/ho-so/{record.id}/ghi-chu", **form)
    assert status == 303
    _, page = await bench.get("handler", where)
    assert "Đã ghi chú." in page and "Đã gọi cho trạm y tế" in page
    assert await bench.sent(record) == []


async def test_a_dossier_is_taken_given_back_and_assigned(bench: Bench) -> None:
    record = await _open(bench, "handler", "leader", "reception")
    path = f"/ho-so/{record.id}"
    await bench.post("handler", f"{path}/nhan", revision="0", seen="1")
    assert (await bench.dossier(record.id)).assignee == "handler"
    status, page = await bench.post("reception", f"{path}/nhan", revision="1", seen="2")
    assert status == 403 and "handler" in page
    await bench.post("handler", f"{path}/nhan", revision="1", seen="2", do="give")
    assert (await bench.dossier(record.id)).assignee is None
    await bench.post("leader", f"{path}/giao", revision="2", seen="3", to="handler")
    assert (await bench.dossier(record.id)).assignee == "handler"
    status, page = await bench.post("leader", f"{path}/giao", revision="3", seen="4", to="khongco")
    assert status == 400
    _, page = await bench.get("handler", "/ho-so?loc=mine")
    assert record.dossier.code in page


async def test_the_applicant_at_the_counter_lets_somebody_follow(bench: Bench) -> None:
    from core.store.dossiers import Follower

    record = await _open(bench, "reception")
    follower = Follower(record.id, "tel|+84987654321", "follower", "asked", "REQ1")
    await bench.write(lambda shelves: shelves.dossiers.register(follower, bench.clock.now))
    assert "chờ người nộp đồng ý" in (await bench.get("reception", f"/ho-so/{record.id}"))[1]
    form = {"revision": "0", "seen": "1", "request": "REQ1", "do": "yes"}
    assert (await bench.post("reception", f"/ho-so/{record.id}/theo-doi", **form))[0] == 303
    states = {f.address: f.state for f in await bench.read(lambda s: s.dossiers.followers(record.id))}
    assert states["tel|+84987654321"] == "active"


async def test_a_message_that_failed_shows_its_next_way_right_behind_it(bench: Bench) -> None:
    from core import plain
    from core.messages import OutboundMessage
    from core.store.outbox import Queued

    record = await _open(bench, "reception", "handler")
    await _act(bench, "reception", record.id, "accept")
    await _act(bench, "handler", record.id, "finish")
    first = (await bench.sent(record))[0]
    message = replace(plain.load(OutboundMessage, first.message), channel="telegram", text="thử cách khác")
    again = Queued(message, "notice/9", 0, bench.clock.now, about=record.dossier.code, notice=first.notice)
    await bench.write(lambda s: s.outbox.mark([first.id], "failed", "Refused: thuê bao khóa"))
    await bench.write(lambda s: s.outbox.put([again], bench.clock.now, after=first.id))
    _, page = await bench.get("reception", f"/ho-so/{record.id}")
    chain = page.split('<ol class="attempts">')[1].split("</ol>")[0]
    lines = chain.split("<li")[1:]
    assert [("Không gửi được" in line, "Gửi tiếp qua" in line) for line in lines] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert "thuê bao khóa" in lines[0] and "thử cách khác" in lines[1]


async def test_nobody_to_tell_is_said(bench: Bench) -> None:
    await bench.sign_in("reception")
    record = await bench.walk_in("Không Điện Thoại")
    _, where = await _act(bench, "reception", record.id, "accept")
    _, page = await bench.get("reception", where)
    assert "Không có tin nào được gửi đi" in page and "Không có số nào để báo tin" in page


async def test_a_notice_at_night_waits_for_the_morning(bench: Bench) -> None:
    record = await _open(bench, "reception")
    bench.clock.pass_(hours=14)  # eleven at night
    await bench.sign_in("reception")
    _, where = await _act(bench, "reception", record.id, "accept")
    _, page = await bench.get("reception", where)
    assert "ngoài giờ làm phiền" in page and "26/11/2026 07:00" in page

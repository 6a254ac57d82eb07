"""Tasks: who waits, who takes it, how it ended; messages whose turn failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.messages import Address, InboundMessage
from core.store.drafts import Draft
from core.store.inbox import Arrival
from core.store.shelves import Shelves
from core.store.tasks import Task
from tests.desk.bench import Bench


async def _task(bench: Bench, kind: str = "officer", **values: object) -> Task:
    task = Task(f"t-{kind}", kind, values, bench.clock.now, "tel|+84912345678", "sms")
    await bench.write(lambda shelves: shelves.tasks.put(task))
    return task


async def test_a_task_is_taken_and_finished_with_a_word(bench: Bench) -> None:
    await bench.sign_in("reception")
    task = await _task(bench)
    assert 'Đang chờ người nhận <span class="count">1' in (await bench.get("reception", "/"))[1]
    assert (await bench.post("reception", f"/viec/{task.id}/nhan"))[0] == 303
    assert 'Tôi đang làm <span class="count">1' in (await bench.get("reception", "/"))[1]
    status, _ = await bench.post("reception", f"/viec/{task.id}/xong", note=" ")
    assert status == 400
    assert (await bench.post("reception", f"/viec/{task.id}/xong", note="Đã gọi lại"))[0] == 303
    done = await bench.read(lambda shelves: shelves.tasks.get(task.id))
    assert (done.state, done.done_by, done.note) == ("done", "reception", "Đã gọi lại")
    acts = [row.act for row in await bench.read(lambda s: s.tasks.audit_of(task.id))]
    assert acts == ["task.take", "task.finish"]


async def test_a_colleague_s_task_is_left_alone(bench: Bench) -> None:
    await bench.sign_in("reception")
    await bench.sign_in("handler")
    task = await _task(bench)
    await bench.post("reception", f"/viec/{task.id}/nhan")
    for path, form in ((f"/viec/{task.id}/nhan", {}), (f"/viec/{task.id}/xong", {"note": "x"})):
        status, page = await bench.post("handler", path, **form)
        assert status == 409 and "reception" in page
    assert (await bench.read(lambda s: s.tasks.get(task.id))).taken_by == "reception"


async def test_what_was_keyed_so_far_is_shown_and_the_pin_is_not(bench: Bench) -> None:
    await bench.sign_in("reception")
    answers = {"child_name": "Nguyễn Thị Hoa"}
    draft = Draft("d1", "p1", "1.001193", "1", answers, 1, "sms", bench.clock.now)
    await bench.write(lambda shelves: shelves.drafts.begin(draft))
    collected = {
        "topic": "filing", "procedure": "1.001193", "codes": ["4821930566"], "pin": "482913", "draft": "d1"
    }  # fmt: skip
    await _task(bench, "callback", collected=collected)
    _, page = await bench.get("reception", "/")
    assert all(words in page for words in ("Nộp hồ sơ", "Khai sinh", "4821930566"))
    assert "482913<" not in page and "482913;" not in page


@pytest.mark.parametrize(
    "kind", ["officer", "callback", "recording", "undelivered", "flood", "filing", "other"]
)
async def test_every_kind_of_task_is_shown(bench: Bench, kind: str) -> None:
    await bench.sign_in("leader")
    await _task(bench, kind, code="H99.18-261125-0009", error="Refused")
    status, page = await bench.get("leader", "/")
    assert status == 200 and "…678" in page


async def test_a_message_that_failed_gets_another_turn(bench: Bench) -> None:
    await bench.sign_in("leader")
    now = bench.clock.now
    sender = Address("tel", "+84912345678")

    def fail(shelves: Shelves) -> int:
        message = InboundMessage("sms", sender, "e1", now, text="alo")
        shelves.inbox.keep([Arrival(message, "sms")], now)
        shelves.inbox.claim("p", now, 1, timedelta(seconds=30))
        waiting = shelves.inbox.waiting([str(sender)])[str(sender)][0]
        shelves.inbox.stumble(waiting.id, "KeyError('x')", aside=True)
        shelves.inbox.release([str(sender)], "p")
        return waiting.id

    number = await bench.write(fail)
    _, page = await bench.get("leader", "/")
    assert "Tin để riêng vì lỗi" in page and "KeyError" in page
    assert (await bench.post("leader", f"/tin-hong/{number}", do="again"))[0] == 303
    lanes = await bench.write(lambda s: s.inbox.claim("p", now, 5, timedelta(seconds=30)))
    assert lanes == [str(sender)]
    assert (await bench.post("leader", f"/tin-hong/{number}", do="away"))[0] == 409

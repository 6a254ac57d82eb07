"""The shared inbox at the desk: read, take over, answer, give back; another official is named."""

from __future__ import annotations

import json

import pytest

from core.messages import Address, InboundMessage
from core.store.inbox import Arrival
from core.store.shelves import Shelves
from core.talk.conversation import Conversation
from desk.links import read_talk_key, talk_key
from tests.desk.bench import Bench

PHONE = Address("tel", "+84912345678")
KEY = talk_key(PHONE, "sms")


async def _talk(bench: Bench, text: str = "cho toi gap can bo") -> None:
    def work(shelves: Shelves) -> None:
        message = InboundMessage("sms", PHONE, "e1", bench.clock.now, text=text, addressed_to="8099")
        shelves.inbox.keep([Arrival(message, "sms")], bench.clock.now)
        shelves.inbox.settle_key("sms", "e1", bench.clock.now)
        shelves.talks.put([Conversation(PHONE, "sms", topic="filing", heard_at=bench.clock.now)])

    await bench.write(work)


async def test_take_answer_give_back(bench: Bench) -> None:
    await bench.sign_in("reception")
    await _talk(bench)
    _, page = await bench.get("reception", f"/tin-nhan/{KEY}")
    assert "cho toi gap can bo" in page and "Nhận trao đổi" in page
    for act, form, words in (
        ("nhan", {}, "Ông/bà đang giữ cuộc trao đổi này"),
        ("tra-loi", {"text": "Mời bà đến quầy 2"}, "Đã gửi câu trả lời qua SMS tới …678"),
        ("tra-lai", {}, "Đã trả lại cho máy"),
    ):
        status, where = await bench.post("reception", f"/tin-nhan/{KEY}/{act}", **form)
        assert status == 303, (act, where)
        _, page = await bench.get("reception", where.partition("#")[0])
        assert words in page, act
    (row,) = await bench.read(lambda s: s.outbox.history(str(PHONE)))
    message = json.loads(row.message)
    assert (row.channel, message["addressed_from"], row.priority) == ("sms", "8099", 0)
    assert "Mời bà đến quầy 2" in message["text"]


async def test_another_official_is_named_and_nothing_is_sent(bench: Bench) -> None:
    await bench.sign_in("reception")
    await bench.sign_in("handler")
    await _talk(bench)
    await bench.post("reception", f"/tin-nhan/{KEY}/nhan")
    status, page = await bench.post("handler", f"/tin-nhan/{KEY}/nhan")
    assert status == 409 and "reception" in page
    status, page = await bench.post("handler", f"/tin-nhan/{KEY}/tra-loi", text="Chào bà")
    assert status == 409 and "chưa được gửi" in page
    assert await bench.read(lambda s: s.outbox.history(str(PHONE))) == []


@pytest.mark.parametrize("text", ["", "a" * 1001])
async def test_an_answer_needs_words_and_has_an_end(bench: Bench, text: str) -> None:
    await bench.sign_in("reception")
    await _talk(bench)
    await bench.post("reception", f"/tin-nhan/{KEY}/nhan")
    assert (await bench.post("reception", f"/tin-nhan/{KEY}/tra-loi", text=text))[0] == 400


@pytest.mark.parametrize(("text", "parts"), [("", 0), ("Chào bà", 1), ("ă" * 200, 2)])
async def test_the_parts_of_an_answer_are_counted_while_it_is_typed(
    bench: Bench, text: str, parts: int
) -> None:
    await bench.sign_in("reception")
    await _talk(bench)
    status, told = await bench.post("reception", f"/tin-nhan/{KEY}/do-dai", text=text)
    assert status == 200 and json.loads(told)["parts"] == parts


async def test_who_waits_longest_is_first(bench: Bench) -> None:
    from core.store.tasks import Task

    await bench.sign_in("leader")
    await _talk(bench)
    other = Address("telegram:motcua", "999")
    await bench.write(lambda s: s.talks.put([Conversation(other, "chat", heard_at=bench.clock.now)]))
    for name, address in (("t1", other), ("t2", PHONE)):
        task = Task(name, "officer", {}, bench.clock.now, str(address), "sms")
        await bench.write(lambda s, task=task: s.tasks.put(task))
        bench.clock.pass_(minutes=5)
    _, page = await bench.get("leader", "/tin-nhan?loc=waiting")
    assert page.index("…999") < page.index("…678") and "10 phút" in page


@pytest.mark.parametrize("key", ["x", "!!!", "c21z", talk_key(PHONE, "sms")[:-3], "YWJjfHg"])
async def test_a_key_that_is_none(bench: Bench, key: str) -> None:
    await bench.sign_in("reception")
    assert (await bench.get("reception", f"/tin-nhan/{key}"))[0] == 404


def test_a_key_hides_the_number_and_leads_back() -> None:
    assert "912345678" not in KEY
    assert read_talk_key(KEY) == (PHONE, "sms")

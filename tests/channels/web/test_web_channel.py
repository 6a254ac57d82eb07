"""The chat box over real HTTP: posts in, streams out, catch-up, papers, and what strangers get."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient, TestServer

from channels.web import Visitor, WebChannel
from channels.web.visitors import COOKIE, coarse
from core.channel import ChannelAdapter, Refused
from core.messages import Address, Choice, Expect, ExpectKind, Moment, OutboundMessage, ReceiptState, Say
from tests.channels.reception import Clock, MemoryReception

SECRET = "s" * 43
ME = Visitor(SECRET)
JSON = {"Accept": "application/json"}
Browser = TestClient[Any, Any]


@dataclass
class Box:
    """A chat box with a browser in front and a house in memory behind."""

    channel: WebChannel
    reception: MemoryReception
    browser: Browser

    async def say(self, text: str = "", id: str = "0000-0001", **more: str) -> ClientResponse:
        fields = {"csrf": ME.token, "id": id, "text": text, **more}
        return await self.browser.post("/chat/send", data=fields, headers=JSON, allow_redirects=False)

    async def told(self, text: str, id: str = "d1", *labels: str) -> str:
        choices = tuple(Choice(label, label, payload=f"q1.{n}") for n, label in enumerate(labels, 1))
        expect = Expect(ExpectKind.CHOICE, choices, id="q1") if labels else None
        message = OutboundMessage(id, "web", ME.address, text, Say("menu.main"), expect=expect)
        (reference,) = await self.channel.send(message)
        return reference

    async def since(self, after: int = 0) -> list[dict[str, Any]]:
        answer = await self.browser.get(f"/chat/since?after={after}")
        entries: list[dict[str, Any]] = (await answer.json())["entries"]
        return entries


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Box]:
    reception = MemoryReception(Clock())
    settings = {
        "uploads": str(tmp_path / "up"), "ping_seconds": 0.2, "largest_paper": 1000, "streams": 2,
        "uploads_an_hour": 3, "sends_a_minute": 8,
    }  # fmt: skip
    channel = WebChannel("web", settings, now=Clock())
    application = web.Application()
    for route in channel.routes():
        application.router.add_route(route.method, route.path, route.handler)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(application))
        await stack.enter_async_context(channel.open(reception))
        browser: Browser = TestClient(server, cookies={COOKIE: SECRET})
        await stack.enter_async_context(browser)
        yield Box(channel, reception, browser)


async def events(answer: ClientResponse, count: int) -> list[dict[str, Any]]:
    """The next `count` events of a stream."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            line = (await answer.content.readline()).decode()
            if line.startswith("data: "):
                found.append(json.loads(line.removeprefix("data: ")))
    return found


def test_it_is_a_channel() -> None:
    channel = WebChannel("web", {})
    assert isinstance(channel, ChannelAdapter)
    assert (channel.traits.medium, channel.traits.kinds, channel.traits.receipts) == ("web", ("web",), True)


async def test_a_message_is_handed_over_and_shown(box: Box) -> None:
    answer = await box.say("cho hỏi khai sinh")
    assert answer.status == 200
    (message,) = box.reception.accepted
    assert (message.sender, message.text, message.moment) == (ME.address, "cho hỏi khai sinh", Moment.WORDS)
    assert [(line["mine"], line["text"]) for line in await box.since()] == [(True, "cho hỏi khai sinh")]


async def test_a_repeat_is_one_message(box: Box) -> None:
    for _ in range(3):
        assert (await (await box.say("alo", id="11111111")).json())["number"] == 1
    assert len(box.reception.accepted) == 1
    assert len(await box.since()) == 1


async def test_a_plain_form_is_led_back_to_the_page(box: Box) -> None:
    fields = {"csrf": ME.token, "id": "22222222", "text": "xin chào"}
    answer = await box.browser.post("/chat/send", data=fields, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/hoi-dap")


async def test_a_button_says_its_label_and_hands_over_its_payload(box: Box) -> None:
    await box.told("Ông/bà muốn biết gì?", "d1", "Giấy tờ", "Lệ phí")
    await box.say(payload="q1.2")
    assert box.reception.accepted[0].payload == "q1.2"
    assert (await box.since())[1]["text"] == "Lệ phí"


async def test_hello_is_said_without_a_line(box: Box) -> None:
    await box.say(moment="hello")
    assert box.reception.accepted[0].moment is Moment.HELLO
    assert await box.since() == []


async def test_an_empty_form_says_nothing(box: Box) -> None:
    assert (await box.say("   ")).status == 200
    assert box.reception.accepted == []


async def test_what_the_office_says_comes_with_its_buttons_and_has_arrived_once_shown(box: Box) -> None:
    reference = await box.told("Ông/bà cần gì?", "d1", "Tra cứu", "Nộp hồ sơ")
    assert box.reception.reported == []
    (line,) = await box.since()
    assert [choice["label"] for choice in line["choices"]] == ["Tra cứu", "Nộp hồ sơ"]
    await box.since()
    (receipt,) = box.reception.reported
    assert (receipt.reference, receipt.state) == (reference, ReceiptState.DELIVERED)


async def test_a_message_sent_twice_is_one_line(box: Box) -> None:
    assert await box.told("chào", "d7") == await box.told("chào", "d7")
    assert len(await box.since()) == 1


async def test_many_at_once_take_numbers_without_gaps(box: Box) -> None:
    await asyncio.gather(*(box.told(f"tin {n}", f"d{n}") for n in range(12)))
    assert [line["number"] for line in await box.since()] == list(range(1, 13))


async def test_a_stream_replays_then_goes_on(box: Box) -> None:
    await box.told("một", "d1")
    async with box.browser.get("/chat/stream") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert [line["text"] for line in await events(stream, 1)] == ["một"]
        await box.told("hai", "d2")
        assert [line["text"] for line in await events(stream, 1)] == ["hai"]


@pytest.mark.parametrize(
    "headers, path", [({"Last-Event-ID": "2"}, "/chat/stream"), ({}, "/chat/stream?after=2")]
)
async def test_a_stream_goes_on_where_it_was_cut(box: Box, headers: dict[str, str], path: str) -> None:
    for n in (1, 2, 3):
        await box.told(f"tin {n}", f"d{n}")
    async with box.browser.get(path, headers=headers) as stream:
        assert [line["number"] for line in await events(stream, 1)] == [3]


async def test_an_idle_stream_shows_that_it_is_alive(box: Box) -> None:
    async with box.browser.get("/chat/stream") as stream, asyncio.timeout(3):
        lines = [await stream.content.readline() for _ in range(3)]
    assert lines[0] == b"retry: 2000\n"
    assert lines[2].startswith(b":")


async def test_a_third_stream_of_one_browser_is_refused(box: Box) -> None:
    async with box.browser.get("/chat/stream"), box.browser.get("/chat/stream"):
        assert (await box.browser.get("/chat/stream")).status == 429


async def test_closing_the_house_ends_the_streams(tmp_path: Path) -> None:
    channel = WebChannel("web", {"uploads": str(tmp_path), "ping_seconds": 60})
    application = web.Application()
    for route in channel.routes():
        application.router.add_route(route.method, route.path, route.handler)
    async with TestClient(TestServer(application), cookies={COOKIE: SECRET}) as browser:
        async with channel.open(MemoryReception()):
            stream = await browser.get("/chat/stream")
            await stream.content.readline()
        async with asyncio.timeout(2):
            await stream.content.read()


def paper(content: bytes, name: str = "giấy chứng sinh.pdf", token: str = ME.token) -> FormData:
    form = FormData(quote_fields=False)
    form.add_field("csrf", token)
    form.add_field("id", "33333333")
    form.add_field("paper", content, filename=name, content_type="application/pdf")
    return form


async def test_a_paper_is_kept_until_it_is_fetched(box: Box) -> None:
    answer = await box.browser.post("/chat/upload", data=paper(b"%PDF-1.7 x"), headers=JSON)
    assert answer.status == 200
    (attachment,) = box.reception.accepted[0].attachments
    assert (attachment.name, attachment.size) == ("giấy chứng sinh.pdf", 10)
    assert b"".join([chunk async for chunk in box.channel.fetch(attachment)]) == b"%PDF-1.7 x"


@pytest.mark.parametrize(
    "form, status",
    [(paper(b"x" * 1001), 413), (paper(b""), 400), (paper(b"x", token="wrong"), 403)],
    ids=["too large", "empty", "not from our page"],
)
async def test_a_bad_paper_leaves_nothing(box: Box, tmp_path: Path, form: FormData, status: int) -> None:
    assert (await box.browser.post("/chat/upload", data=form, headers=JSON)).status == status
    assert list((tmp_path / "up").iterdir()) == []
    assert box.reception.accepted == []


@pytest.mark.parametrize(
    "name, kept", [("../../etc/passwd", "passwd"), ("C:\\x\\a.jpg", "a.jpg"), ("b\x00\u202e.pdf", "b.pdf")]
)
async def test_a_misleading_name_is_tidied(box: Box, name: str, kept: str) -> None:
    from channels.web.uploads import tidy_name

    assert tidy_name(name) == kept


async def test_a_paper_that_is_gone_is_refused(box: Box) -> None:
    from core.messages import Attachment

    with pytest.raises(Refused):
        [chunk async for chunk in box.channel.fetch(Attachment("../../etc/passwd"))]


@pytest.mark.parametrize(
    "fields, headers, status",
    [
        ({"csrf": "x"}, {}, 403),
        ({}, {}, 403),
        ({"csrf": ME.token}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"csrf": ME.token}, {"Origin": "https://evil.example"}, 403),
        ({"csrf": ME.token, "id": "a b"}, {}, 400),
        ({"csrf": ME.token, "id": "44444444"}, {"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
async def test_only_pages_of_ours_may_post(
    box: Box, fields: dict[str, str], headers: dict[str, str], status: int
) -> None:
    data = {"id": "44444444", "text": "x", **fields}
    assert (await box.browser.post("/chat/send", data=data, headers={**JSON, **headers})).status == status
    assert len(box.reception.accepted) == (status == 200)


async def test_without_a_cookie_nothing_is_read_or_said(box: Box) -> None:
    box.browser.session.cookie_jar.clear()
    assert (await box.say("x")).status == 403
    for path in ("/chat/stream", "/chat/since"):
        assert (await box.browser.get(path)).status == 403


async def test_who_says_too_much_is_told_to_slow_down(box: Box) -> None:
    answers = [(await box.say("x", id=f"5555-{n:04}")).status for n in range(9)]
    assert answers == [200] * 8 + [429]


async def test_not_now_is_never_yes(box: Box) -> None:
    box.reception.away = True
    assert (await box.say("x", id="66666666")).status == 503
    box.reception.away = False
    assert (await box.say("x", id="66666666")).status == 200
    assert len(await box.since()) == 1


async def test_forgetting_ends_the_talk_and_takes_the_cookie(box: Box) -> None:
    await box.told("riêng tư")
    fields = {"csrf": ME.token, "id": "77777777"}
    answer = await box.browser.post("/chat/forget", data=fields, allow_redirects=False)
    assert answer.status == 303
    assert answer.cookies[COOKIE].value == ""
    assert box.reception.accepted[-1].moment is Moment.BYE
    assert await box.channel.history(ME.identity) == []


async def test_only_visitors_are_written_to(box: Box) -> None:
    message = OutboundMessage("d1", "web", Address("tel", "+84912345678"), "x", Say("menu.main"))
    with pytest.raises(Refused):
        await box.channel.send(message)


def test_what_the_house_keeps_does_not_open_the_visit() -> None:
    assert SECRET not in (ME.identity, ME.token)
    assert len({ME.identity, ME.token[:32], ME.digest("pin")[:32]}) == 3


@pytest.mark.parametrize(
    "address, network",
    [("203.113.5.77", "203.113.5.0/24"), ("2405:4800:1:2::9", "2405:4800:1::/48"), ("?", "")],
)
def test_networks_are_coarse(address: str, network: str) -> None:
    assert coarse(address) == network

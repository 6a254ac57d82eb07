"""The handsets page by its JSON interface: what a person does, what is shown, what the tape says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, FormData

from sandbox.handsets.chats import paper
from sandbox.handsets.people import people, samples
from sandbox.handsets.texts import count
from sandbox.town import Town
from tests.sandbox.smsc_peer import connected
from tests.sandbox.test_town import post_letter, town_of
from tests.sandbox.voice_product import HOTLINE, PUBLIC, Product, response, vi

MENU = '<Gather action="/voice/turn" numDigits="1" finishOnKey="">' + vi("Nhấn phím một") + "</Gather>"
BYE = response(vi("Tạm biệt"))


def product() -> Product:
    return Product({"/voice": response(MENU), "/voice/turn": BYE, "/voice/status": (204, "")})


class Browser:
    """Asks as the page's own script does, and reads the stream of events."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session, self.url = session, url
        self.events: list[dict[str, Any]] = []
        self._changed = asyncio.Event()

    async def post(self, path: str, body: Any, status: int = 200, **headers: str) -> dict[str, Any]:
        async with self._session.post(self.url + path, json=body, headers=headers) as answer:
            assert answer.status == status, await answer.text()
            return dict(await answer.json()) if answer.content_type == "application/json" else {}

    async def state(self, person: str = "an") -> dict[str, Any]:
        async with self._session.get(self.url + "/api/state", params={"person": person}) as answer:
            return dict(await answer.json())

    async def get(self, path: str) -> tuple[ClientResponse, str]:
        async with self._session.get(self.url + path) as answer:
            return answer, await answer.text()

    async def upload(self, person: str, name: str, kind: str, content: bytes) -> dict[str, Any]:
        form = FormData({"person": person})
        form.add_field("file", content, filename=name, content_type=kind)
        async with self._session.post(self.url + "/api/file", data=form) as answer:
            return dict(await answer.json())

    async def read(self) -> None:
        async with self._session.get(self.url + "/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    self.events.append(json.loads(line[6:]))
                    self._changed.set()

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """The first event with these members. Raises TimeoutError."""
        async with asyncio.timeout(15):
            while True:
                for event in self.events:
                    if wanted.items() <= event.items():
                        return event
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def page(answering: Product | None = None) -> AsyncIterator[tuple[Town, Browser]]:
    """A town, and its page in a browser that reads along."""
    async with town_of(answering or product()) as town, ClientSession() as session:
        browser = Browser(session, town.page_url)
        reading = asyncio.create_task(browser.read())
        try:
            while not town.page.tape.watched:
                await asyncio.sleep(0.01)
            yield town, browser
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def test_the_page_needs_nobody_else() -> None:
    async with page() as (_, browser):
        answer, html = await browser.get("/")
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "http://" not in html and "https://" not in html
        for name in ("main.js", "base.css", "telephone.js", "tape.css", "icon.svg"):
            found, _ = await browser.get(f"/static/{name}")
            assert found.status == 200


async def test_first_sight() -> None:
    async with page() as (_, browser):
        state = await browser.state()
    assert [person["id"] for person in state["people"]] == ["an", "binh", "hen", "cuong"]
    assert state["names"]["hotline"] == HOTLINE
    assert state["names"]["portal"] == PUBLIC
    assert (state["texts"], state["call"], state["letters"]) == ([], None, [])
    assert state["chat"]["started"] is False


COUNTS = [
    ("", "gsm", 0),
    ("khai sinh can gi", "gsm", 1),
    ("a" * 160, "gsm", 1),
    ("a" * 161, "gsm", 2),
    ("khai sinh cần gì", "ucs2", 1),
    ("ầ" * 71, "ucs2", 2),
]


@pytest.mark.parametrize(("text", "encoding", "segments"), COUNTS)
def test_the_small_print(text: str, encoding: str, segments: int) -> None:
    assert count(text) == {"encoding": encoding, "segments": segments, "characters": len(text)}


async def test_a_text_and_its_answer() -> None:
    async with page() as (town, browser), connected(town.smsc) as peer:
        await peer.bind("motcua", "secret")
        sent = await browser.post("/api/text", {"person": "an", "to": "8099", "text": "menu"})
        assert (sent["mine"], sent["encoding"], sent["segments"]) == (True, "gsm", 1)
        await peer.deliveries(1)
        await browser.until(kind="text", phone="+84912345678", text={**sent, "state": "taken"})
        await peer.submit(source="8099", destination="84912345678", short_message=b"Xin chao")
        await browser.until(kind="wire", title="submit_sm")
        state = await browser.state()
    assert [(text["mine"], text["text"]) for text in state["texts"]] == [(True, "menu"), (False, "Xin chao")]
    lines = [(entry["title"], entry["about"]) for entry in state["tape"] if "_sm" in entry["title"]]
    assert ("deliver_sm", "84912345678 → 8099  “menu”") in lines
    assert ("submit_sm", "8099 → 84912345678  “Xin chao”") in lines
    assert "secret" not in json.dumps(state["tape"]) and b"secret".hex(" ") not in json.dumps(state["tape"])


async def test_a_call_is_dialled_pressed_and_written_down() -> None:
    async with page() as (_, browser):
        sid = (await browser.post("/api/call", {"person": "binh", "to": HOTLINE}))["call"]
        said = await browser.until(kind="line", what="said", call=sid)
        assert (said["text"], said["language"], said["phone"]) == ("Nhấn phím một", "vi-VN", "+84387654321")
        assert (await browser.until(kind="line", what="listens", call=sid))["keys"] == 1
        assert (await browser.state("binh"))["call"]["waits"]["wait"] == "keys"
        assert (await browser.state("an"))["call"] is None
        assert (await browser.post(f"/api/call/{sid}/press", {"keys": "1"}))["ok"]
        await browser.until(kind="line", what="completed", call=sid)
        turn = await browser.until(kind="wire", title="POST /voice/turn")
        assert "Tạm biệt" in turn["raw"]
        assert turn["fields"]["Digits"] == "1"
        assert not (await browser.post(f"/api/call/{sid}/press", {"keys": "1"}))["ok"]


@pytest.mark.parametrize("act", ["decline", "hang-up"])
async def test_a_telephone_rings(act: str) -> None:
    async with page(Product({"/voice": response(MENU)})) as (town, browser):
        placed = {"From": HOTLINE, "To": "+84912345678", "Url": f"{PUBLIC}/voice"}
        call = town.exchange.place(placed, ("completed",))
        await browser.until(kind="line", what="listens", call=call.sid, wait="ringing")
        assert (await browser.state())["call"]["rings"]
        if act == "hang-up":
            await browser.post(f"/api/call/{call.sid}/answer", {})
            await browser.until(kind="line", what="said", call=call.sid)
        await browser.post(f"/api/call/{call.sid}/{act}", {})
        await call.over()
    assert call.status == {"decline": "busy", "hang-up": "completed"}[act]


async def test_the_chat() -> None:
    async with page() as (town, browser):
        await browser.post("/api/chat/start", {"person": "hen"})
        await browser.post("/api/chat/contact", {"person": "hen"})
        await browser.post("/api/chat/photo", {"person": "hen"})
        screen = await browser.upload("hen", "don.pdf", "application/pdf", b"%PDF-1.7")
        await browser.until(kind="chat", chat=70003, what="message")
        updates = town.platform.bot().queue.history
    assert [message["file"].rpartition(".")[2] for message in screen["messages"]] == ["", "", "jpg", "pdf"]
    assert updates[1]["message"]["contact"]["phone_number"] == "84779123456"
    assert [kind for update in updates for kind in ("photo", "document") if kind in update["message"]] == [
        "photo",
        "document",
    ]


async def test_a_letter_comes() -> None:
    async with page() as (town, browser):
        await asyncio.to_thread(post_letter, town.mail.port)
        told = await browser.until(kind="letter")
        entry = await browser.until(kind="wire", channel="SMTP")
        letters = (await browser.state())["letters"]
    assert told["letter"]["subject"] == letters[0]["subject"] == "Hồ sơ đã xong"
    assert "an@example.org" in entry["about"]


async def test_a_telephone_that_is_off_gets_nothing() -> None:
    async with page() as (town, browser):
        assert await browser.post("/api/switch", {"person": "an", "on": False}) == {"on": False}
        assert not town.smsc.handsets.is_on("0912345678")
        assert (await browser.state())["on"] is False


WRONG: list[tuple[str, str, Any, int]] = [
    ("an empty text", "/api/text", {"person": "an", "to": "8099", "text": " "}, 400),
    ("nobody's number", "/api/call", {"person": "an", "to": "115"}, 400),
    ("no number", "/api/call", {"person": "an"}, 400),
    ("a call that is none", "/api/call/CA0/press", {"keys": "1"}, 400),
    ("an act that is none", "/api/chat/dance", {"person": "an"}, 400),
    ("a button that is none", "/api/chat/press", {"person": "an", "data": "x"}, 400),
    ("no object", "/api/measure", [1], 400),
]


@pytest.mark.parametrize(("name", "path", "body", "status"), WRONG, ids=[row[0] for row in WRONG])
async def test_what_cannot_be_done(name: str, path: str, body: Any, status: int) -> None:
    async with page() as (_, browser):
        assert (await browser.post(path, body, status))["error"]


async def test_other_pages_may_not_act() -> None:
    async with page() as (_, browser):
        body = {"person": "an", "to": HOTLINE}
        await browser.post("/api/call", body, 403, Origin="https://elsewhere.test")
        await browser.post("/api/call", body, 415, **{"Content-Type": "text/plain"})
        assert (await browser.state())["call"] is None


def test_the_town_has_its_people_and_words() -> None:
    assert all(person.phone.startswith("+84") for person in people())
    assert set(samples()) == {"sms", "voice", "chat"}
    assert paper().startswith(b"\x89PNG")


async def test_any_other_number_can_sit_at_the_table() -> None:
    async with page() as (_, browser):
        guest = (await browser.state("0901 234 567"))["person"]
        sid = (await browser.post("/api/call", {"person": guest["id"], "to": HOTLINE}))["call"]
        dialled = await browser.until(kind="line", what="ringing", call=sid)
        await browser.post("/api/chat/text", {"person": guest["id"], "text": "xin chào"})
        assert (await browser.state(guest["id"]))["chat"]["messages"][0]["text"] == "xin chào"
        assert (await browser.state("+84912345678"))["person"]["id"] == "an"
        assert (await browser.state("12"))["person"]["id"] == "an"
    assert guest["phone"] == dialled["phone"] == "+84901234567"

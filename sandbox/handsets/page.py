"""The page's server on loopback: one HTML page, a small JSON interface, and a stream of what happens."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.chat.platform import ChatPlatform
from sandbox.handsets.calls import Calls
from sandbox.handsets.chats import Chats
from sandbox.handsets.people import Person, guest, people, samples
from sandbox.handsets.tape import Tape, of_letter, of_pdu
from sandbox.handsets.texts import Texts, count
from sandbox.mail import MailCatcher
from sandbox.smpp.server import Smsc
from sandbox.voice import Exchange

HERE = Path(__file__).parent
LARGEST = 20 * 1024 * 1024  # bytes of a file for the chat
BEAT = 15.0  # seconds between signs of life on a quiet stream
POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Names:
    """What the page calls the product and where it links to; all may be empty."""

    office: str = ""
    short_number: str = ""
    hotline: str = ""
    bot: str = ""
    portal: str = ""
    desk: str = ""


class Page:
    """`async with page.serve(host, port): page.url`. Names may be set while it runs."""

    def __init__(self, smsc: Smsc, exchange: Exchange, platform: ChatPlatform, mail: MailCatcher) -> None:
        self.names = Names()
        self.url = ""
        self.people = people()
        self.tape = Tape()
        self._smsc, self._mail = smsc, mail
        self._texts = Texts(smsc, self.tape)
        self._calls = Calls(exchange, self.tape)
        self._chats = Chats(platform, self.tape)

    @asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[None]:
        """Listen until left; open streams are ended then."""
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        follow = (
            self._calls.follow(),
            self._calls.tidy(),
            self._chats.follow(),
            self._follow_pdus(),
            self._follow_letters(),
        )
        tasks = [asyncio.create_task(_watched(each)) for each in follow]
        try:
            await web.TCPSite(runner, host, port).start()
            self.url = f"http://{host}:{runner.addresses[0][1]}"
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._texts.close()
            self._chats.close()
            await runner.cleanup()

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST, middlewares=[_guard])
        app.router.add_get("/", self._index)
        app.router.add_static("/static", HERE / "static")
        app.router.add_get("/events", self._events)
        app.router.add_get("/api/state", self._state)
        app.router.add_post("/api/measure", _json(self._measure))
        app.router.add_post("/api/text", _json(self._text))
        app.router.add_post("/api/switch", _json(self._switch))
        app.router.add_post("/api/call", _json(self._dial))
        app.router.add_post("/api/call/{sid}/{act}", _json(self._act))
        app.router.add_post("/api/chat/{act}", _json(self._chat))
        app.router.add_post("/api/file", self._file)
        return app

    # -- what the page shows

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(HERE / "index.html", headers={"Cache-Control": "no-cache"})

    async def _state(self, request: web.Request) -> web.Response:
        person = self._person(request.query.get("person", ""))
        return web.json_response(
            {
                "names": asdict(self.names),
                "people": [each.as_json() for each in self.people],
                "person": person.as_json(),
                "samples": samples(),
                "on": self._smsc.handsets.is_on(person.phone),
                "texts": self._texts.thread(person.phone),
                "call": self._calls.now(person.phone),
                "chat": self._chats.screen(person),
                "letters": [letter.as_json() for letter in self._mail.letters[-50:]],
                "tape": list(self.tape.entries),
            }
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, one JSON object each."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        await stream.write(b"retry: 1000\n\n")
        with self.tape.listen() as events:
            while True:
                try:
                    event = await asyncio.wait_for(events.get(), BEAT)
                    line = f"data: {json.dumps(event, ensure_ascii=False, default=str)}\n\n"
                except TimeoutError:
                    line = ": \n\n"
                try:
                    await stream.write(line.encode())
                except ConnectionError:
                    return stream

    # -- what a person does

    async def _measure(self, request: web.Request, given: Mapping[str, Any]) -> dict[str, Any]:
        return count(str(given.get("text", "")))

    async def _text(self, request: web.Request, given: Mapping[str, Any]) -> dict[str, Any]:
        person = self._person(str(given["person"]))
        return await self._texts.send(person.phone, str(given["to"]), str(given["text"]))

    async def _switch(self, request: web.Request, given: Mapping[str, Any]) -> dict[str, Any]:
        person = self._person(str(given["person"]))
        self._smsc.handsets.switch(person.phone, bool(given["on"]))
        return {"on": self._smsc.handsets.is_on(person.phone)}

    async def _dial(self, request: web.Request, given: Mapping[str, Any]) -> dict[str, Any]:
        return await self._calls.dial(self._person(str(given["person"])).phone, str(given["to"]))

    async def _act(self, request: web.Request, given: Mapping[str, Any]) -> dict[str, Any]:
        return await self._calls.act(request.match_info["sid"], request.match_info["act"], given)

    async def _chat(self, request: web.Request, given: Mapping[str, Any]) -> dict[str, Any]:
        person = self._person(str(given["person"]))
        return self._chats.act(person, request.match_info["act"], given)

    async def _file(self, request: web.Request) -> web.Response:
        form = await request.post()
        person, file = self._person(str(form.get("person", ""))), form.get("file")
        if not isinstance(file, web.FileField):
            raise web.HTTPBadRequest(text="no file")
        content = await asyncio.to_thread(file.file.read)
        return web.json_response(self._chats.send_file(person, file.filename, file.content_type, content))

    def _person(self, name: str) -> Person:
        """By id or by number; an unknown one is the first."""
        known = next((person for person in self.people if name in (person.id, person.phone)), None)
        return known or guest(name) or self.people[0]

    # -- what happens

    async def _follow_pdus(self) -> None:
        with self._smsc.wire.listen() as events:
            while True:
                self.tape.write(of_pdu(await events.get()))

    async def _follow_letters(self) -> None:
        async for letter in self._mail.watch():
            self.tape.write(of_letter(letter))
            self.tape.tell("letter", letter=letter.as_json())


async def _watched(follower: Coroutine[Any, Any, None]) -> None:
    """A follower that stumbles is seen in the log; the page goes on without it."""
    try:
        await follower
    except Exception:
        log.exception("the handsets page lost one of its sources")


def _json(handler: Callable[[web.Request, Mapping[str, Any]], Awaitable[dict[str, Any]]]) -> Handler:
    """A JSON object in, a JSON object out; what cannot be done is told with 400 and why."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            given = json.loads(await request.text())
            if not isinstance(given, dict):
                raise ValueError("not an object")
            return web.json_response(await handler(request, given))
        except (LookupError, ValueError, TypeError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return answer


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this page acts: another site's page, or another name for this machine, is refused."""
    if request.method == "POST":
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="from another page")
        if not request.path.startswith("/api/file") and request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="JSON only")
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response

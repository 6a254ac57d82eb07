"""The platform as a server on loopback: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.chat.bots import Bot
from sandbox.chat.faults import Fault, Faults, Trouble
from sandbox.chat.limits import Limits
from sandbox.chat.methods import MAX_DOWNLOAD, MAX_UPLOAD, METHODS
from sandbox.chat.people import Handset
from sandbox.chat.pusher import Pusher
from sandbox.chat.refusals import ApiError, bad_request, too_many
from sandbox.chat.world import BotAccount, Json, Person

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{10,}")
_SAID = {"setwebhook": "Webhook was set", "deletewebhook": "Webhook was deleted"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was answered, for judging a run. `status` 0: the connection was cut."""

    method: str
    params: dict[str, Any] = field(repr=False)
    status: int
    at: float


class ChatPlatform:
    """The whole platform. `async with platform.serve():`, then give `base_url` and `file_url` to the bot."""

    def __init__(
        self,
        accounts: Sequence[BotAccount],
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
        push_pause: float = 1,
    ) -> None:
        self.faults = Faults()
        self.calls: list[Call] = []
        self.limits = limits or Limits()
        self.people: dict[int, Person] = {}
        self.listeners: set[Callable[[Call], None]] = set()
        """Called with every call as it was answered."""
        self._clock = clock
        self._push_pause = push_pause
        self._watchers: set[asyncio.Queue[Json]] = set()
        self._bots = {a.token: Bot(a, self.limits, clock, self._tell) for a in accounts}
        self._address = ""

    @property
    def base_url(self) -> str:
        """What a bot library puts its token behind."""
        return f"{self._address}/bot"

    @property
    def file_url(self) -> str:
        return f"{self._address}/file/bot"

    def bot(self, username: str = "") -> Bot:
        """A bot's record; without a name the first one's."""
        return next(b for b in self._bots.values() if username in ("", b.account.username))

    def user(self, id: int, name: str, *, phone: str = "", bot: str = "", started: bool = True) -> Handset:
        """A person with the app open at a bot. `started`: they have written to it before."""
        person = self.people.setdefault(id, Person(id, name, phone))
        handset = Handset(self.bot(bot), person)
        handset.chat.started = handset.chat.started or started
        return handset

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def watch(self) -> AsyncIterator[Json]:
        """What changes on anybody's screen from now on: message, edit, keyboard, typing, answered."""
        events: asyncio.Queue[Json] = asyncio.Queue()
        self._watchers.add(events)
        try:
            while True:
                yield await events.get()
        finally:
            self._watchers.discard(events)

    def _tell(self, event: Json) -> None:
        for watcher in self._watchers:
            watcher.put_nowait(event)

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[None]:
        """Listen on 127.0.0.1 and push to webhooks until the context is left."""
        app = web.Application(client_max_size=MAX_UPLOAD + 1024 * 1024)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._handle)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        pushers = [Pusher(b.queue, client, self._push_pause, self._clock) for b in self._bots.values()]
        tasks = [asyncio.create_task(pusher.run()) for pusher in pushers]
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            self._address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await client.close()
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.faults.take(method)
        params: dict[str, Any] = {}
        try:
            if fault is not None and (answer := await self._hurt(request, fault)) is not None:
                self._log(method, params, 0 if fault.trouble is Trouble.DROP else answer.status)
                return answer
            params = await _read(request)
            result = await self._run(request.match_info["token"], method.lower(), params)
            body: Json = {"ok": True, "result": result}
            if said := _SAID.get(method.lower()):
                body["description"] = said
            status = 200
        except ApiError as error:
            body, status = error.body(), error.code
        if fault is not None and fault.trouble is Trouble.DROP_AFTER:
            _cut(request)
            status = 0
        self._log(method, params, status)
        return web.json_response(body, status=status or 200)

    def _log(self, method: str, params: dict[str, Any], status: int) -> None:
        call = Call(method, params, status, self._clock())
        self.calls.append(call)
        for listener in tuple(self.listeners):
            listener(call)

    async def _hurt(self, request: web.Request, fault: Fault) -> web.Response | None:
        """What a fault answers instead of the method; None: go on."""
        match fault.trouble:
            case Trouble.DELAY:
                await asyncio.sleep(fault.number)
            case Trouble.THROTTLE:
                raise too_many(int(fault.number))
            case Trouble.REFUSE:
                raise bad_request(fault.description)
            case Trouble.ERROR:
                names = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
                raise ApiError(int(fault.number), names.get(int(fault.number), "Error"))
            case Trouble.GARBAGE:
                return web.Response(text="<html>maintenance</html>", content_type="text/html")
            case Trouble.DROP:
                _cut(request)
                return web.Response()
        return None

    async def _run(self, token: str, method: str, params: dict[str, Any]) -> Any:
        """Unknown tokens are 401, misshapen ones and unknown methods 404, as the manual has it."""
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        bot = self._bots.get(token)
        if bot is None:
            raise ApiError(401, "Unauthorized")
        run = METHODS.get(method)
        if run is None:
            raise ApiError(404, "Not Found")
        return await run(bot, params)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("download")
        if fault is not None:
            _cut(request)
        bot = self._bots.get(request.match_info["token"])
        stored = bot.file_at(request.match_info["path"]) if bot else None
        if stored is None or stored.size > MAX_DOWNLOAD:
            return web.json_response(ApiError(404, "Not Found").body(), status=404)
        return web.Response(body=stored.content, content_type="application/octet-stream")


async def _read(request: web.Request) -> dict[str, Any]:
    """Parameters from the query, a form, a multipart form or JSON; an uploaded file is (name, bytes)."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        with suppress(ValueError):
            body = await request.json()
            params |= body if isinstance(body, dict) else {}
        return params
    for key, value in (await request.post()).items():
        params[key] = (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
    attached = str(params.get("document", "")).removeprefix("attach://")
    if attached in params:
        params["document"] = params[attached]
    return params


def _cut(request: web.Request) -> None:
    """Cut the line under a request: the other side sees a reset, not an answer."""
    if request.transport is not None:
        request.transport.abort()

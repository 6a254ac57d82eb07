"""The doors of the house: the public server (portal, webhooks) and the desk's, each on its own address."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from core.channel import Route
from core.config import address

if TYPE_CHECKING:
    from house import House

log = logging.getLogger(__name__)

LONGEST = 25 * 1024 * 1024  # bytes of a request's body, papers included; a route may demand less


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the servers listen, as addresses; empty where this process has none."""

    public: str = ""
    desk: str = ""


@contextlib.asynccontextmanager
async def serve(house: House) -> AsyncIterator[Doors]:
    """Listen on both addresses while the context lasts."""
    public = web.Application(client_max_size=LONGEST)
    for adapter in house.adapters:
        _mount(public, adapter.routes())
    public.router.add_get("/healthz", _healthy)
    public.router.add_get("/readyz", _ready(house))
    async with contextlib.AsyncExitStack() as stack:
        opened = await stack.enter_async_context(listening(public, house.settings.http.public))
        yield Doors(public=opened)


@contextlib.asynccontextmanager
async def listening(application: web.Application, where: str) -> AsyncIterator[str]:
    """A server on "host:port" (port 0: any); yields the address it got."""
    host, port = address(where)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    try:
        got = runner.addresses[0]
        yield f"http://{host}:{got[1]}"
    finally:
        await runner.cleanup()


def _mount(application: web.Application, routes: Any) -> None:
    for route in routes:
        application.router.add_route(route.method, route.path, _bounded(route))


def _bounded(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A larger request is answered 413 before it is read."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if request.content_length is not None and request.content_length > route.max_body:
            raise web.HTTPRequestEntityTooLarge(max_size=route.max_body, actual_size=request.content_length)
        answer: web.StreamResponse = await route.handler(request)
        return answer

    return handle


async def _healthy(_request: web.Request) -> web.Response:
    """The process lives."""
    return web.json_response({"ok": True})


def _ready(house: House) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def ready(_request: web.Request) -> web.Response:
        """The store can be read."""
        try:
            await house.database.read(lambda shelves: shelves.registry.generation())
        except Exception as error:
            return web.json_response({"ok": False, "why": type(error).__name__}, status=503)
        return web.json_response({"ok": True})

    return ready

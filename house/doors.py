"""The doors of the house: the public server (portal, webhooks) and the desk's, each on its own address."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from channels.web import WebChannel
from core.access import first_link
from core.channel import Route
from core.config import address
from desk.app import routes as desk_routes
from desk.desk import Desk
from house.parts import House
from portal.app import build as build_portal
from portal.app import mount as mount_portal

log = logging.getLogger(__name__)

LONGEST = 25 * 1024 * 1024  # bytes of a request's body, papers included; a route may demand less


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the servers listen, as addresses; empty where this process has none. `first_link` lets the first
    administrator in, while there is no official yet."""

    public: str = ""
    desk: str = ""
    first_link: str = ""


@contextlib.asynccontextmanager
async def serve(house: House) -> AsyncIterator[Doors]:
    """Listen on both addresses while the context lasts."""
    http = house.settings.http
    async with contextlib.AsyncExitStack() as stack:
        public = await stack.enter_async_context(listening(_public(house), http.public))
        desk = await stack.enter_async_context(listening(_desk(house), http.desk))
        world, url = house.world, http.desk_url or desk
        link = await house.database.write(lambda shelves: first_link(shelves, world, url))
        yield Doors(public, desk, link)


def _public(house: House) -> web.Application:
    """Webhooks of the channels, the citizens' pages, and two addresses for whoever watches the process."""
    application = web.Application(client_max_size=LONGEST)
    for adapter in house.adapters:
        _mount(application, adapter.routes())
    application.router.add_get("/healthz", _healthy)
    application.router.add_get("/readyz", _ready(house))
    chat = next((adapter for adapter in house.adapters if isinstance(adapter, WebChannel)), None)
    if chat is not None:
        portal = build_portal(
            database=house.database,
            office=house.office,
            world=house.world,
            traits=house.traits,
            signals=house.signals,
            files=Path(house.settings.store.files),
            templates=house.templates,
            public_url=house.office.knowledge.portal,
            visitors=chat.visitors,
            chat=chat,
        )
        mount_portal(application, portal)
    return application


def _desk(house: House) -> web.Application:
    desk = Desk(house.database, house.office, house.world, house.traits, house.settings, house.signals)
    application = web.Application(client_max_size=LONGEST)
    _mount(application, desk_routes(desk))
    return application


@contextlib.asynccontextmanager
async def listening(application: web.Application, where: str) -> AsyncIterator[str]:
    """A server on "host:port" (port 0: any); yields the address it got."""
    host, port = address(where)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    try:
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _mount(application: web.Application, routes: Sequence[Route]) -> None:
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


__all__ = ["Doors", "listening", "serve"]

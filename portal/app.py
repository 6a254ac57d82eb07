"""The pages put together: parts made, addresses mounted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from core.channel import Traits
from core.office import Office
from core.paper_folder import PaperFolder
from core.selffiling import SelfFiling
from core.selfservice import SelfService
from core.selfstatus import SelfStatus
from core.store.database import Database
from core.store.signals import Signals
from core.world import World
from portal import catalogue, home, status
from portal.doors import explained, protect
from portal.pages import LANGUAGES, Pages
from portal.parts import Chat, Portal, Visitors
from portal.visit import Handler, visit

KEPT = "public, max-age=31536000, immutable"  # the address of a file changes with its content

PAGES: Sequence[tuple[str, str, Handler]] = (
    ("GET", "/", home.home),
    ("GET", "/tim", home.search),
    ("GET", "/tro-giup", home.helping),
    ("GET", "/quyen-rieng-tu", home.privacy),
    ("GET", f"/ngon-ngu/{{language:{'|'.join(LANGUAGES)}}}", home.language),
    ("GET", "/thu-tuc", catalogue.listed),
    ("GET", "/thu-tuc/{code}", catalogue.one),
    ("GET", "/tra-cuu", status.ask),
    ("POST", "/tra-cuu", status.look_up),
    ("GET", "/hs/{secret}", status.by_link),
    ("POST", "/hs/{secret}", status.by_link),
)


def build(
    *,
    database: Database,
    office: Office,
    world: World,
    traits: Mapping[str, Traits],
    signals: Signals,
    files: Path,
    templates: Path,
    public_url: str,
    visitors: Visitors,
    chat: Chat | None = None,
) -> Portal:
    """The parts of the pages. `files` is the folder of papers; `visitors` and `chat` are the web
    channel's."""
    channel = next((name for name, each in traits.items() if each.medium == "web"), "web")
    service = SelfService(database, office, world, traits, signals, channel)
    return Portal(
        service=service,
        filing=SelfFiling(service, PaperFolder(files)),
        status=SelfStatus(service),
        pages=Pages(templates),
        visitors=visitors,
        public_url=public_url.rstrip("/"),
        chat=chat,
        accounts=_accounts(traits),
    )


def mount(application: web.Application, portal: Portal) -> None:
    """Add the pages, their files, their headers and their errors to the public server."""
    for method, path, handler in PAGES:
        application.router.add_route(method, path, _opened(portal, handler))
    application.router.add_get("/static/portal/{name}", _file(portal))
    application.middlewares.append(explained(portal))
    application.on_response_prepare.append(protect)


def _opened(portal: Portal, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await handler(visit(portal, request))

    return answer


def _file(portal: Portal) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        file = portal.pages.files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": KEPT}
        response = web.Response(
            body=file.content, content_type=file.content_type, charset="utf-8", headers=headers
        )
        response.enable_compression()
        return response

    return answer


def _accounts(traits: Mapping[str, Traits]) -> list[dict[str, str]]:
    """The chat accounts by their address kinds: "telegram:motcua_bot" is t.me/motcua_bot."""
    kinds = [kind for each in traits.values() for kind in each.kinds]
    bots = [kind.partition(":")[2] for kind in kinds if kind.startswith("telegram:")]
    return [{"label": f"Telegram: @{bot}", "url": f"https://t.me/{bot}"} for bot in bots]

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
from portal import catalogue, filing, home, kiosk, number, papers, question, resume, status, talk
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
    ("GET", "/nop", filing.listed),
    ("GET", "/nop/{code}", filing.start),
    ("POST", "/nop/{code}", filing.begin),
    ("GET", "/nop/{code}/cau/{field}", question.ask),
    ("POST", "/nop/{code}/cau/{field}", question.answer),
    ("POST", "/nop/{code}/cau/{field}/giay-to", papers.add),
    ("POST", "/nop/{code}/cau/{field}/bo-giay", papers.remove),
    ("GET", "/nop/{code}/kiem-tra", filing.check),
    ("POST", "/nop/{code}/gui", filing.send),
    ("POST", "/nop/{code}/luu", resume.save),
    ("POST", "/nop/{code}/xoa", resume.drop),
    ("GET", "/da-nop/{draft}", filing.done),
    ("GET", "/ho-so-cua-toi", resume.mine),
    ("GET", "/tiep-tuc", resume.ask_code),
    ("POST", "/tiep-tuc", resume.take_code),
    ("GET", "/tiep-tuc/{secret}", resume.by_link),
    ("POST", "/tiep-tuc/{secret}", resume.take_link),
    ("GET", "/so-dien-thoai", number.ask),
    ("POST", "/so-dien-thoai", number.send),
    ("GET", "/hoi-dap", talk.talk),
    ("GET", "/kiosk", kiosk.welcome),
    ("GET", "/kiosk/het-gio", kiosk.over),
    ("POST", "/ket-thuc", kiosk.end),
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
        if method == "GET":  # who checks a link asks for the head alone (RFC 9110, 9.3.2)
            application.router.add_route("HEAD", path, _opened(portal, handler))
    application.router.add_get("/static/portal/{name}", _file(portal))
    application.middlewares.append(explained(portal))
    application.on_response_prepare.append(protect)


def _opened(portal: Portal, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        await portal.service.freshen()
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
    """The chat accounts by their address kinds: "telegram:motcua_bot" is t.me/motcua_bot. A bot that is called as
    its channel was given no name: no link is better than one to a stranger's account."""
    kinds = [kind for each in traits.values() for kind in each.kinds]
    bots = [kind.partition(":")[2] for kind in kinds if kind.startswith("telegram:")]
    bots = [bot for bot in bots if bot not in traits]
    return [{"label": f"Telegram: @{bot}", "url": f"https://t.me/{bot}"} for bot in bots]

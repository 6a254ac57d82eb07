"""The desk's table of contents: every address, the right that it needs, and who answers."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from core.channel import Route
from desk import accounts, casefile, counter, dossiers, entrance, inquiry, journal, talks, work
from desk.desk import Desk
from desk.errors import NotFound
from desk.pages import HEADERS, STATIC, Pages
from desk.visit import LONGEST, PUBLIC, Handler, Visit, guarded

# (method, path, the act of core/rights.py, handler). "" is for pages before the sign-in.
TABLE: Sequence[tuple[str, str, str, Handler]] = (
    ("GET", "/dang-nhap", PUBLIC, entrance.sign_in_page),
    ("POST", "/dang-nhap", PUBLIC, entrance.sign_in),
    ("GET", "/vao/{subject}/{secret}", PUBLIC, entrance.invited_page),
    ("POST", "/vao/{subject}/{secret}", PUBLIC, entrance.come_in),
    ("POST", "/dang-xuat", "session.own", entrance.sign_out),
    ("GET", "/tai-khoan", "session.own", entrance.own_sessions),
    ("POST", "/tai-khoan/ket-thuc", "session.own", entrance.end_session),
    ("GET", "/", "session.own", work.home),
    ("POST", "/viec/{task}/nhan", "work.do", work.take),
    ("POST", "/viec/{task}/xong", "work.do", work.finish),
    ("POST", "/tin-hong/{message}", "aside.settle", work.settle_aside),
    ("GET", "/ho-so", "dossier.list", dossiers.list_page),
    ("GET", "/ho-so/{id}", "dossier.open", inquiry.dossier_page),
    ("POST", "/ho-so/{id}/lam", "dossier.act", casefile.act),
    ("POST", "/ho-so/{id}/ghi-chu", "dossier.note", casefile.note),
    ("POST", "/ho-so/{id}/nhan", "dossier.take", casefile.take),
    ("POST", "/ho-so/{id}/giao", "dossier.assign", casefile.assign),
    ("POST", "/ho-so/{id}/theo-doi", "dossier.consent", casefile.consent),
    ("GET", "/giay-to/{paper}", "paper.open", inquiry.paper),
    ("GET", "/tin-nhan", "talk.list", talks.list_page),
    ("GET", "/tin-nhan/{talk}", "talk.read", talks.talk_page),
    ("POST", "/tin-nhan/{talk}/nhan", "talk.hold", talks.take),
    ("POST", "/tin-nhan/{talk}/tra-loi", "talk.hold", talks.answer),
    ("POST", "/tin-nhan/{talk}/do-dai", "talk.hold", talks.measure),
    ("POST", "/tin-nhan/{talk}/tra-lai", "talk.hold", talks.give_back),
    ("GET", "/quay", "counter.receive", counter.counter_page),
    ("POST", "/quay/tim", "counter.receive", counter.find),
    ("POST", "/quay/nhan", "counter.receive", counter.file),
    ("GET", "/quay/qr/{secret}", "counter.receive", counter.qr_code),
    ("GET", "/can-bo", "official.list", accounts.list_page),
    ("POST", "/can-bo/them", "official.change", accounts.add),
    ("POST", "/can-bo/{official}/vai-tro", "official.change", accounts.change),
    ("POST", "/can-bo/{official}/lien-ket", "official.change", accounts.new_link),
    ("GET", "/nhat-ky", "audit.read", journal.journal_page),
)


def routes(desk: Desk) -> Sequence[Route]:
    """What to mount on the desk's server; unknown addresses are answered too."""
    pages = Pages(desk.templates)
    guards = [
        Route(method, path, guarded(desk, pages, act, handler), 4 * LONGEST)
        for method, path, act, handler in TABLE
    ]
    lost = [
        Route(method, "/{rest:.*}", guarded(desk, pages, PUBLIC, _lost), 4 * LONGEST)
        for method in ("GET", "POST")
    ]
    return (*guards, Route("GET", "/static/{name}", _static), *lost)


def application(desk: Desk) -> web.Application:
    """The desk as a server of its own: for tests, and where nothing else is mounted beside it."""
    made = web.Application()
    for route in routes(desk):
        made.router.add_route(route.method, route.path, route.handler)
    return made


async def _lost(visit: Visit) -> web.StreamResponse:
    raise NotFound


async def _static(request: web.Request) -> web.StreamResponse:
    """A file of desk/static by its plain name; browsers may keep it, its address changes with it."""
    path = STATIC / request.match_info["name"]
    if path.parent != STATIC or not path.is_file():
        return web.Response(status=404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return web.FileResponse(path, headers={**HEADERS, **kept})

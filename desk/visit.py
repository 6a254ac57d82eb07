"""One request at the desk: who it is, what they sent, and the guard that every page passes."""

from __future__ import annotations

import hmac
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from core.access import Signed, TooBusy, refresh, signed_in, wants_refresh
from core.casework import NotAllowed
from core.channel import NotNow
from core.rights import may
from core.store.dossiers import Moved
from core.store.shelves import Shelves
from core.store.talks import TalkMoved
from desk.desk import Desk
from desk.errors import Forbidden, Stale, TooLarge, TooMany, Wrong
from desk.pages import HEADERS, Pages

log = logging.getLogger(__name__)

COOKIE = "desk"
LONGEST = 64 * 1024  # bytes of a form
FIELDS = 200
PUBLIC = ""  # the act of pages that need no sign-in


@dataclass(frozen=True)
class Visit:
    """A request with everything that a page needs. `form` and `query` hold the last value of each name."""

    desk: Desk
    pages: Pages
    request: web.Request
    now: datetime
    signed: Signed | None
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def who(self) -> Signed:
        """Who is signed in. Pages that need a right have somebody here."""
        if self.signed is None:
            raise Forbidden("sign_in")
        return self.signed

    @property
    def login(self) -> str:
        return self.who.official.login

    @property
    def roles(self) -> tuple[str, ...]:
        return self.who.official.roles if self.signed is not None else ()

    def asked(self, name: str) -> str:
        """A value of the address, stripped."""
        return self.request.query.get(name, "").strip()[:200]

    def part(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info.get(name, "")

    def may(self, act: str) -> bool:
        return may(self.roles, act)

    def page(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page in the desk's frame."""
        signed = self.signed
        frame = {
            "me": signed.official if signed is not None else None,
            "csrf": signed.session.csrf if signed is not None else "",
            "office": self.desk.knowledge.settings,
            "may": self.may,
            "now": self.now,
            "path": self.request.path,
            "status": status,
        }
        return self.pages.html(template, {**frame, **values}, status)

    def go(self, path: str) -> web.Response:
        """After an act: the page that shows what it came to."""
        return web.Response(status=303, headers={**HEADERS, "Location": path})


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


def guarded(desk: Desk, pages: Pages, act: str, handler: Handler) -> Callable[[web.Request], Awaitable[Any]]:
    """The handler behind the guard: session, right, form token, origin; and every error as a page."""

    async def handle(request: web.Request) -> web.StreamResponse:
        now = desk.world.now()
        visit = Visit(desk, pages, request, now, None)
        try:
            signed = await _signed(desk, request, now)
            visit = Visit(desk, pages, request, now, signed)
            if act != PUBLIC and signed is None:
                return visit.go("/dang-nhap")
            if request.method == "POST":
                form = await _form(request)
                visit = Visit(desk, pages, request, now, signed, dict(form), _lists(form))
                _same_site(request)
                _own_form(visit)
            if act != PUBLIC and not visit.may(act):
                raise Forbidden("right")
            return await handler(visit)
        except Exception as error:
            return _told(visit, error)

    return handle


def _told(visit: Visit, error: Exception) -> web.Response:
    """An error as a page. What we did not foresee is logged by its type and place, never by its values."""
    match error:
        case Wrong():
            status, why, values = error.status, error.why, dict(error.values)
        case NotAllowed():
            status, why, values = 409, "not_allowed", {}
        case Moved() | TalkMoved():
            status, why, values = Stale.status, "moved", {}
        case TooBusy():
            status, why, values = TooMany.status, "busy", {}
        case NotNow():
            status, why, values = 503, "not_now", {}
        case web.HTTPException():
            status, why, values = error.status, "", {}
        case _:
            log.error("a page of the desk failed: %s at %s", type(error).__name__, _place(error))
            status, why, values = 500, "", {}
    return visit.page("error.html", status, why=why, values=values)


def _place(error: BaseException) -> str:
    """Where it broke, innermost last. An error's own words may hold a citizen's data: they stay out of the log."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


async def _signed(desk: Desk, request: web.Request, now: datetime) -> Signed | None:
    cookie = request.cookies.get(COOKIE, "")
    if not cookie or len(cookie) > 100:
        return None

    def look(shelves: Shelves) -> Signed | None:
        desk.office.refresh(shelves.registry)
        return signed_in(shelves, cookie, now)

    signed = await desk.database.read(look)
    if signed is not None and wants_refresh(signed.session, now):
        session = signed.session
        await desk.database.write(lambda shelves: refresh(shelves, session, now))
    return signed


async def _form(request: web.Request) -> list[tuple[str, str]]:
    """The fields of a form, at most `LONGEST` bytes, however they are sent."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(8192):
        body += chunk
        if len(body) > LONGEST:
            raise TooLarge
    if request.content_type != "application/x-www-form-urlencoded":
        raise Wrong("form")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=FIELDS, strict_parsing=bool(body)
        )
    except ValueError as error:
        raise Wrong("form") from error
    return [(name, value.replace("\r\n", "\n").replace("\x00", "").strip()) for name, value in pairs]


def _lists(form: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    names = {name for name, _ in form}
    return {name: tuple(value for key, value in form if key == name) for name in names}


def _same_site(request: web.Request) -> None:
    """A form of another site is refused, whether its browser says so by one header or by the other."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise Forbidden("site")
        return
    origin = request.headers.get("Origin", "")
    if origin.partition("://")[2] != request.host:
        raise Forbidden("site")


def _own_form(visit: Visit) -> None:
    """A signed-in browser's form carries its session's token."""
    if visit.signed is None:
        return
    given = visit.form.get("csrf", "")
    if not hmac.compare_digest(given.encode(), visit.signed.session.csrf.encode()):
        raise Forbidden("token")

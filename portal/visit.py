"""One request of one visitor: who, in which language, on what kind of machine; and how a page is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from core.selfservice import Citizen
from portal.pages import LANGUAGES
from portal.parts import Portal, Visitor

LANGUAGE_COOKIE = "lang"
KIOSK_COOKIE = "kiosk"
FORM = 64 * 1024  # bytes of a posted form without papers
PATIENCE = 15.0  # seconds for the whole of it
# What reading a body that breaks its own encoding raises: a false alphabet, compression or boundary.
BROKEN = (ValueError, LookupError, AssertionError, HttpProcessingError, web.RequestPayloadError)


@dataclass(frozen=True, slots=True)
class Visit:
    """The request and its visitor. `personal` pages are never kept by browsers or proxies."""

    portal: Portal
    request: web.Request
    visitor: Visitor
    language: str
    kiosk: bool

    @property
    def citizen(self) -> Citizen:
        return Citizen(self.visitor.address, self.visitor.network, self.language)

    @property
    def text(self) -> Mapping[str, Any]:
        """The words of the pages in the visitor's language."""
        return self.portal.pages.text(self.language)

    def page(
        self,
        template: str,
        values: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        personal: bool = False,
    ) -> web.Response:
        """A page; a `personal` one carries forms, so its visitor gets the cookie."""
        settings = self.portal.service.knowledge.settings
        given = {
            "office": settings,
            "kiosk": self.kiosk,
            "token": self.visitor.token,
            "path": self.request.rel_url.path,
            "problems": {},
            **(values or {}),
        }
        html = self.portal.pages.render(template, self.language, given)
        response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
        response.headers["Content-Language"] = self.language
        response.headers["Cache-Control"] = "no-store" if personal or self.kiosk else "no-cache"
        response.headers["Vary"] = "Cookie"
        if personal:
            self.portal.visitors.remember(self.visitor, response, session=self.kiosk)
        return response

    def go(self, path: str) -> web.Response:
        """See another page (303: by GET, so that loading it again repeats nothing)."""
        return web.Response(
            status=303, headers={"Location": quote(path, safe="/?=&,%-._~"), "Cache-Control": "no-store"}
        )

    def missing(self) -> web.Response:
        """There is no such page."""
        return self.error(404)

    def error(self, status: int) -> web.Response:
        """What went wrong and what to do."""
        known = self.text["errors"]
        said = known.get(str(status), known["500"])
        return self.page("error.html", {"said": said, "status": status}, status=status)

    async def form(self) -> Mapping[str, str] | None:
        """The posted fields, where a page of ours posted them; else None. Raises 400, 408 or 413."""
        request = self.request
        if (request.content_length or 0) > FORM:
            raise web.HTTPRequestEntityTooLarge(FORM, request.content_length or 0)
        if request.content_type != "application/x-www-form-urlencoded":
            raise web.HTTPBadRequest
        try:
            async with asyncio.timeout(PATIENCE):
                posted = await request.post()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except BROKEN:
            raise web.HTTPBadRequest from None
        fields = {name: value for name, value in posted.items() if isinstance(value, str)}
        genuine = self.portal.visitors.genuine(request, self.visitor, fields.get("csrf", ""))
        return fields if genuine else None


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


def visit(portal: Portal, request: web.Request) -> Visit:
    """Who asks."""
    language = request.cookies.get(LANGUAGE_COOKIE, "")
    settings = portal.service.knowledge.settings
    known = language if language in LANGUAGES else settings.language
    kiosk = request.cookies.get(KIOSK_COOKIE) == "1"
    return Visit(portal, request, portal.visitors.of(request), known, kiosk)

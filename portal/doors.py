"""What every answer of the pages carries (headers), and what is shown when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from core.channel import NotNow
from portal.parts import Portal
from portal.visit import visit

log = logging.getLogger(__name__)

# Nothing from elsewhere, nothing inline, in nobody's frame (CSP level 3).
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
RETRY_AFTER = "10"  # seconds

Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    """On every answer, also of files and errors."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.scheme == "https":
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def explained(portal: Portal) -> Middleware:
    """A middleware: a citizen who meets an error reads what to do; a machine gets its bare status."""

    @web.middleware
    async def explain(request: web.Request, handler: Next) -> web.StreamResponse:
        if "text/html" not in request.headers.get("Accept", ""):
            return await handler(request)
        try:
            response = await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return visit(portal, request).error(error.status)
        except NotNow:
            log.warning("%s %s: not now", request.method, _place(request))
            return _later(visit(portal, request).error(503))
        except Exception:
            log.exception("%s %s: fault of ours", request.method, _place(request))
            return visit(portal, request).error(500)
        bare = isinstance(response, web.Response) and not response.body
        if bare and response.status >= 400:
            return visit(portal, request).error(response.status)
        return response

    return explain


def _later(response: web.Response) -> web.Response:
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _place(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"

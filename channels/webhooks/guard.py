"""Every wrong request gets the answer it deserves, and none of them reaches the house."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from core.channel import NotNow

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

RETRY_AFTER = "5"  # seconds; long enough for a locked database, short enough for a waiting citizen

log = logging.getLogger(__name__)


class BadInput(Exception):
    """The request cannot be understood: 400. `why` is for our log and never repeats what was sent."""

    status = 400

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Forbidden(BadInput):
    """The request does not prove where it comes from: 403."""

    status = 403


class TooSlow(BadInput):
    """The body did not come in time: 408."""

    status = 408


class TooLarge(BadInput):
    """The body is larger than the route takes: 413."""

    status = 413


def guarded(handler: Handler) -> Handler:
    """Wrap a webhook so that bad input is answered 400, 403, 408 or 413, and never 500.

    `NotNow` becomes 503 with Retry-After: the provider must keep the message and come again. Any other
    exception is a bug of ours; it is logged with its trace and also answered 503, because "not now" makes the
    provider repeat what we did not keep.
    """

    @functools.wraps(handler)
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BadInput as bad:
            log.warning("%s %s: %d, %s", request.method, _place(request), bad.status, bad.why)
            return web.Response(status=bad.status)
        except NotNow:
            log.warning("%s %s: not now", request.method, _place(request))
        except web.HTTPException:
            raise
        except Exception:
            log.exception("%s %s: fault of ours", request.method, _place(request))
        return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})

    return answer


def _place(request: web.Request) -> str:
    """The mounted pattern rather than the address that was asked for: nobody writes into our log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"

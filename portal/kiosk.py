"""A machine that many people use: large, by touch, and it forgets everything at the end."""

from __future__ import annotations

from aiohttp import web

from portal.visit import KIOSK_COOKIE, Visit


async def welcome(visit: Visit) -> web.StreamResponse:
    """The first page of a kiosk. From here on this browser is one, until its cookies are cleared at the
    machine."""
    response = visit.page("kiosk.html", {"kiosk": True, "ended": False})
    return _forget(visit, response)


async def over(visit: Visit) -> web.StreamResponse:
    """Nobody touched it for a while."""
    response = visit.page("kiosk.html", {"kiosk": True, "ended": True})
    return _forget(visit, response)


async def end(visit: Visit) -> web.StreamResponse:
    """The visitor is finished: nothing of theirs stays on this machine."""
    genuine = await visit.form() is not None
    if not genuine and not visit.visitor.new:
        return visit.error(403)
    response = visit.go("/kiosk/het-gio" if visit.kiosk else "/")
    if genuine:  # else there is no cookie, and so nothing to forget
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        visit.portal.visitors.forget(response)
    return response


def _forget(visit: Visit, response: web.Response) -> web.Response:
    response.set_cookie(KIOSK_COOKIE, "1", path="/", httponly=True, samesite="Lax")
    visit.portal.visitors.forget(response)
    response.headers["Cache-Control"] = "no-store"
    return response

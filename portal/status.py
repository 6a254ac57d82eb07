"""Where is my dossier: by code and PIN, or by the link on the receipt."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from core.selfstatus import Looked, valid_phone_code
from portal.visit import Visit

LONGEST = 60  # characters of a code, however it is written


async def ask(visit: Visit) -> web.StreamResponse:
    """The page that asks for the code."""
    return visit.page("lookup.html", {"code": "", "pin": ""}, personal=True)


async def look_up(visit: Visit) -> web.StreamResponse:
    """The answer, or what does not fit. A wrong code and a wrong PIN read the same."""
    form = await visit.form()
    if form is None:
        return visit.error(403)
    typed, pin = form.get("code", "").strip()[:LONGEST], _digits(form.get("pin", ""))
    code = visit.portal.status.read_code(typed)
    problems = _problems(visit, typed, code, pin)
    if problems:
        return _again(visit, typed, problems, 422)
    looked = await visit.portal.status.look_up(visit.citizen, code, pin)
    if looked.pause:
        return _pause(visit, looked)
    if looked.found is None:
        return _again(visit, typed, {"code": visit.text["lookup"]["unknown"]}, 404)
    return _answer(visit, looked, "/tra-cuu")


async def by_link(visit: Visit) -> web.StreamResponse:
    """The QR on the receipt: as much as its bearer may see; the PIN opens more."""
    secret, pin = visit.request.match_info["secret"], ""
    if visit.request.method == "POST":
        form = await visit.form()
        if form is None:
            return visit.error(403)
        pin = _digits(form.get("pin", ""))
    looked = await visit.portal.status.by_link(visit.citizen, secret, pin)
    if looked.pause:
        return _pause(visit, looked)
    if looked.found is None and pin:
        public = await visit.portal.status.by_link(visit.citizen, secret)
        return _answer(visit, public, visit.request.path, {"pin": visit.text["lookup"]["wrong_pin"]}, 422)
    if looked.found is None:
        return _again(visit, "", {"code": visit.text["lookup"]["link_gone"]}, 404)
    return _answer(visit, looked, visit.request.path)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())[:12]


def _problems(visit: Visit, typed: str, code: str, pin: str) -> Mapping[str, str]:
    said = visit.text["lookup"]
    if not typed:
        return {"code": said["no_code"]}
    if not code:
        return {"code": said["not_a_code"]}
    if not pin and not valid_phone_code(code):
        return {"pin": said["pin_needed"]}
    return {}


def _again(visit: Visit, code: str, problems: Mapping[str, str], status: int) -> web.Response:
    values = {"code": code, "pin": "", "problems": problems}
    return visit.page("lookup.html", values, status=status, personal=True)


def _pause(visit: Visit, looked: Looked) -> web.Response:
    seconds = int(looked.pause.total_seconds()) + 1
    response = visit.page("pause.html", {"seconds": seconds}, status=429, personal=True)
    response.headers["Retry-After"] = str(seconds)
    return response


def _answer(
    visit: Visit, looked: Looked, action: str, problems: Mapping[str, str] | None = None, status: int = 200
) -> web.Response:
    values = {"dossier": looked.found, "steps": looked.steps, "left": looked.left, "action": action}
    return visit.page("status.html", {**values, "problems": problems or {}}, status=status, personal=True)

"""An anonymous visitor becomes a known person: a one-time code by SMS to a number of one's own."""

from __future__ import annotations

from aiohttp import web

from portal.visit import Visit
from procedures.problem import Problem
from procedures.readers.phones import national, read_phone

LONGEST = 40


async def ask(visit: Visit) -> web.StreamResponse:
    """Which number?"""
    return visit.page(
        "number.html", {"number": "", "back": _back(visit.request.query.get("ve", ""))}, personal=True
    )


async def send(visit: Visit) -> web.StreamResponse:
    """Send the code; or, with a code in the form, see whether it is right."""
    form = await visit.form()
    if form is None:
        return visit.error(403)
    typed, back = form.get("number", "")[:LONGEST], _back(form.get("back", ""))
    read = read_phone(typed)
    if isinstance(read, Problem):
        said = visit.portal.service.explain(read, visit.language)
        return _again(visit, typed, back, said, 422)
    if "code" in form:
        return await _prove(visit, read, form["code"], back)
    allowed = visit.portal.limits.allow("code", visit.visitor.identity, visit.visitor.network)
    if not allowed or not await visit.portal.service.send_code(visit.citizen, read):
        hotline = visit.portal.service.knowledge.settings.hotline
        return _again(visit, typed, back, visit.text["phone"]["not_now"].format(hotline=hotline), 429)
    return _code(visit, read, back)


async def _prove(visit: Visit, number: str, code: str, back: str) -> web.StreamResponse:
    digits = "".join(sign for sign in code if sign.isdigit())[:10]
    if not await visit.portal.service.prove(visit.citizen, number, digits):
        return _code(visit, number, back, visit.text["phone"]["wrong"], 422)
    return visit.page(
        "number_done.html", {"number": national(number), "back": back or "/ho-so-cua-toi"}, personal=True
    )


def _again(visit: Visit, number: str, back: str, said: str, status: int) -> web.Response:
    values = {"number": number, "back": back, "problems": {"number": said}}
    return visit.page("number.html", values, status=status, personal=True)


def _code(visit: Visit, number: str, back: str, said: str = "", status: int = 200) -> web.Response:
    values = {"number": national(number), "back": back, "problems": {"code": said} if said else {}}
    return visit.page("number_code.html", values, status=status, personal=True)


def _back(path: str) -> str:
    """Where to go on: a page of a filing, or nowhere in particular."""
    return path if path.startswith(("/nop/", "/da-nop/")) and "\\" not in path else ""

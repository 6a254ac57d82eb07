"""Save and return: one's own drafts and dossiers, a link or a code to another machine, and forgetting this
one."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from core.selffiling import DraftState
from portal.filing import desk
from portal.visit import Visit

LONGEST_CODE = 40


async def mine(visit: Visit) -> web.StreamResponse:
    """What was begun and sent in this browser, or belongs to numbers proven here."""
    catalogue = visit.portal.service.knowledge.catalogue
    drafts = [
        each
        for each in await visit.portal.filing.drafts(visit.citizen)
        if each.procedure in catalogue.procedures
    ]
    values = {
        "drafts": [{"draft": each, "procedure": catalogue.procedures[each.procedure]} for each in drafts],
        "dossiers": [each.found for each in await visit.portal.status.mine(visit.citizen)],
        "numbers": await visit.portal.service.numbers(visit.citizen),
    }
    return visit.page("mine.html", values, personal=True)


async def save(visit: Visit) -> web.StreamResponse:
    """A link and a code by which the draft goes on elsewhere."""
    form = await visit.form()
    here = await desk(visit)
    if form is None or here is None:
        return visit.error(403 if form is None else 404)
    if here.draft is None:
        return visit.go(here.path)
    if not visit.portal.limits.allow("code", visit.visitor.identity, visit.visitor.network):
        return visit.error(429)
    link = await visit.portal.filing.link(visit.citizen, here.draft)
    if link is None:
        return visit.go(here.path)
    return visit.page("saved.html", {"desk": here, "link": link}, personal=True)


async def drop(visit: Visit) -> web.StreamResponse:
    """Throw a draft away."""
    form = await visit.form()
    here = await desk(visit)
    if form is None or here is None:
        return visit.error(403 if form is None else 404)
    if here.draft is not None:
        await visit.portal.filing.drop(visit.citizen, here.draft)
    return visit.go("/ho-so-cua-toi")


async def by_link(visit: Visit) -> web.StreamResponse:
    """A page with a button: programs that look at links before people do must not use them up."""
    return visit.page("resume.html", {"gone": False}, personal=True)


async def take_link(visit: Visit) -> web.StreamResponse:
    """Use the link up and go on here."""
    if await visit.form() is None:
        return visit.error(403)
    taken = await visit.portal.filing.take_up(visit.citizen, visit.request.match_info["secret"][:100])
    if isinstance(taken, timedelta):
        return _pause(visit, taken)
    if taken is None:
        return visit.page("resume.html", {"gone": True}, status=404, personal=True)
    return _go_on(visit, taken)


async def ask_code(visit: Visit) -> web.StreamResponse:
    """A field for the code that another medium told."""
    return visit.page("resume_code.html", {"code": ""}, personal=True)


async def take_code(visit: Visit) -> web.StreamResponse:
    """Use the code up and go on here."""
    form = await visit.form()
    if form is None:
        return visit.error(403)
    typed = form.get("code", "")[:LONGEST_CODE]
    digits = "".join(sign for sign in typed if sign.isdigit())
    taken = await visit.portal.filing.take_up(visit.citizen, digits) if digits else None
    if isinstance(taken, timedelta):
        return _pause(visit, taken)
    if taken is None:
        problems = {"code": visit.text["resume"]["wrong"]}
        return visit.page(
            "resume_code.html", {"code": typed, "problems": problems}, status=422, personal=True
        )
    return _go_on(visit, taken)


def _go_on(visit: Visit, draft: DraftState) -> web.Response:
    response = visit.go(f"/nop/{draft.procedure}")
    visit.portal.visitors.remember(visit.visitor, response, session=visit.kiosk)
    return response


def _pause(visit: Visit, pause: timedelta) -> web.Response:
    seconds = int(pause.total_seconds()) + 1
    return visit.page("pause.html", {"seconds": seconds}, status=429, personal=True)

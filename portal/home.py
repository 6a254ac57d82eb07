"""The first page, the search that understands, help, privacy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from core.selfservice import Citizen
from portal.parts import Portal
from portal.visit import Visit
from procedures.procedure import Procedure
from procedures.search import Outcome

LONGEST = 300  # characters of a question


async def home(visit: Visit) -> web.StreamResponse:
    """A search field, four doors, the other ways in, whether the office is open."""
    return visit.page("home.html", {"now": await office(visit), "accounts": visit.portal.accounts})


async def office(visit: Visit) -> Mapping[str, Any]:
    """Where the office is and whether it is open. The same for everybody."""
    values = await visit.portal.service.office_now(Citizen(visit.visitor.address, "", visit.language))
    return values


async def search(visit: Visit) -> web.StreamResponse:
    """Whatever was typed: a dossier's code leads to its page, words to procedures."""
    words = visit.request.query.get("q", "").strip()[:LONGEST]
    if not words:
        return visit.go("/thu-tuc")
    code = visit.portal.status.read_code(words) if any(sign.isdigit() for sign in words) else ""
    if code and visit.portal.service.knowledge.catalogue.by_code(words) is None:
        return visit.page("lookup.html", {"code": code, "pin": ""}, personal=True)
    direct, found = understood(visit.portal, words)
    if direct is not None:
        return visit.go(f"/thu-tuc/{direct.code}")
    return visit.page("search.html", {"words_typed": words, "found": found})


def understood(portal: Portal, words: str) -> tuple[Procedure | None, list[Procedure]]:
    """The one procedure that is meant, or those that may be."""
    knowledge = portal.service.knowledge
    by_code = knowledge.catalogue.by_code(words)
    if by_code is not None:
        return by_code, []
    result = knowledge.search.find(words)
    found = [knowledge.catalogue.procedures[match.code] for match in result.matches]
    if result.outcome is Outcome.ANSWER and found:
        return found[0], found
    return None, found if result.outcome is Outcome.CHOICES else []


async def helping(visit: Visit) -> web.StreamResponse:
    """How everything here works."""
    return visit.page("help.html", {"now": await office(visit), "accounts": visit.portal.accounts})


async def privacy(visit: Visit) -> web.StreamResponse:
    """What is kept of whom, why, how long, and one's rights (Law 91/2025/QH15)."""
    return visit.page("privacy.html")


async def language(visit: Visit) -> web.StreamResponse:
    """Go on in another language."""
    back = visit.request.query.get("ve", "/")
    wanted = visit.request.match_info["language"]
    safe = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = visit.go(safe)
    response.set_cookie("lang", wanted, max_age=365 * 24 * 3600, path="/", httponly=True, samesite="Lax")
    return response

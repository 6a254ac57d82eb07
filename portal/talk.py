"""The chat page. It posts to the web channel's addresses and shows what the channel kept of the talk."""

from __future__ import annotations

import secrets

from aiohttp import web

from portal.visit import Visit

LONGEST = 300  # characters of a question that another page suggests


async def talk(visit: Visit) -> web.StreamResponse:
    """The talk so far; with JavaScript it goes on by itself, without by loading again."""
    if visit.portal.chat is None:
        return visit.missing()
    lines = [] if visit.visitor.new else await visit.portal.chat.history(visit.visitor.identity)
    values = {
        "lines": lines,
        "last": lines[-1]["number"] if lines else 0,
        "id": secrets.token_hex(12),
        "suggested": visit.request.query.get("hoi", "")[:LONGEST],
        "slow": visit.request.query.get("cham") == "1",
    }
    return visit.page("talk.html", values, personal=True)

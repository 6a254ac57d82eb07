"""Nhật ký: who did and saw what. Read only; reading it is itself written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from core.store.desk import DeskShelf
from core.store.shelves import Shelves
from desk.visit import Visit

MOST = 200


async def journal_page(visit: Visit) -> web.StreamResponse:
    subject, actor = visit.asked("ve"), visit.asked("ai")

    def look(shelves: Shelves) -> Mapping[str, Any]:
        shelves.tasks.record(visit.login, "audit.read", subject or actor, visit.now)
        rows = DeskShelf(shelves.connection).log(subject=subject, actor=actor, limit=MOST)
        return {
            "rows": rows,
            "names": {official.login: official.name for official in shelves.officials.all()},
        }

    values = await visit.desk.database.write(look)
    return visit.page("journal.html", subject=subject, actor=actor, most=MOST, **values)

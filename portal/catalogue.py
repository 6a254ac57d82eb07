"""The procedures: a list by field, and everything about one."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from core import plain
from portal.visit import Visit
from procedures.procedure import FilingKind, Procedure


async def listed(visit: Visit) -> web.StreamResponse:
    """All procedures by field of law."""
    fields = visit.portal.service.knowledge.catalogue.fields()
    shown = {name: [each for each in found if each.administrative] for name, found in fields.items()}
    others = [each for found in fields.values() for each in found if not each.administrative]
    return visit.page("procedures.html", {"fields": {n: f for n, f in shown.items() if f}, "others": others})


async def one(visit: Visit) -> web.StreamResponse:
    """Everything public about one procedure."""
    procedure = found(visit)
    if procedure is None:
        return visit.missing()
    return visit.page("procedure.html", {"procedure": values(procedure), "filing": kind(procedure)})


def found(visit: Visit) -> Procedure | None:
    """The procedure that the address names."""
    return visit.portal.service.knowledge.catalogue.by_code(visit.request.match_info["code"])


def kind(procedure: Procedure) -> str:
    """What a filing by web is; a procedure without a form is handed off, or only described."""
    said = procedure.filing.on("web")
    if not procedure.form and said is not FilingKind.HAND_OFF:
        return FilingKind.HAND_OFF.value if procedure.online_url else ""
    return said.value


def values(procedure: Procedure) -> dict[str, Any]:
    """A procedure as plain JSON."""
    loaded: dict[str, Any] = json.loads(plain.dump(procedure))
    return loaded

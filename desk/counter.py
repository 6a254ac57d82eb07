"""Quầy: find what somebody brings by its code, or register a walk-in filing, and print its receipt."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import segno
from aiohttp import web

from core.desk_acts import WalkIn, by_receipt_link, can_accept, file_walk_in, receipt_link
from core.store.desk import DeskShelf, Filter
from core.store.dossiers import Record
from core.store.shelves import Shelves
from desk.dossiers import rows
from desk.errors import NotFound, Wrong
from desk.pages import HEADERS
from desk.visit import Visit
from procedures.problem import Problem
from procedures.readers.phones import read_phone

ONCE = "counter_once"
FORM_LIFE = timedelta(hours=12)
FOUND = 20


@dataclass(frozen=True, slots=True)
class Filed:
    """A filing that was just made; without a PIN where the same form was sent twice."""

    record: Record
    pin: str = ""
    messages: int = 0
    link: str = ""  # the opaque end of the address in its QR


async def counter_page(visit: Visit) -> web.StreamResponse:
    return _page(visit)


def _page(visit: Visit, status: int = 200, **values: Any) -> web.Response:
    shown: dict[str, Any] = {"faults": {}, "typed": {}, "found": None, "code": ""}
    fields = visit.desk.knowledge.catalogue.fields()
    return visit.page(
        "counter.html", status, **{**shown, "fields": fields, "once": visit.desk.world.new_id(), **values}
    )


async def find(visit: Visit) -> web.StreamResponse:
    """By code, or the QR on a receipt, straight to the dossier; by name to a short list."""
    code, now, knowledge = visit.form.get("code", "")[:200], visit.now, visit.desk.knowledge

    def look(shelves: Shelves) -> tuple[Record | None, list[Record]]:
        record = _brought(shelves, code, now)
        if record is not None or not code:
            return record, []
        return None, DeskShelf(shelves.connection).dossiers(Filter(text=code), FOUND)

    record, others = await visit.desk.database.read(look)
    if record is not None:
        return visit.go(f"/ho-so/{record.id}")
    return _page(visit, code=code, found=rows(others, knowledge, now))


def _brought(shelves: Shelves, text: str, now: datetime) -> Record | None:
    """What a paper says: a scanner types the whole address of its QR, a person one of its codes."""
    scanned = re.search(r"/hs/([\w-]{16,})", text)
    if scanned is not None:
        return by_receipt_link(shelves, scanned.group(1), now)
    return shelves.dossiers.by_code(text) if any(sign.isdigit() for sign in text) else None


async def file(visit: Visit) -> web.StreamResponse:
    """Register a walk-in filing. The receipt with the PIN is the answer itself: the PIN is told once."""
    form = visit.form
    visitor, faults = _visitor(visit)
    if faults:
        return _page(visit, 422, faults=faults, typed=form)
    now, login, once = visit.now, visit.login, form.get("once", "")[:40]

    def write(shelves: Shelves) -> Filed:
        casework = visit.desk.casework(shelves, now)
        before = shelves.tokens.look(ONCE, login, once, now)
        if before is not None:
            known = shelves.dossiers.get(int(before["dossier"]))
            if known is not None:
                return Filed(known, link=receipt_link(casework, known))
        record, pin = file_walk_in(casework, visitor, login)
        if form.get("accept") == "yes" and can_accept(casework, record):
            record = casework.act(record, "accept", by=login)
        shelves.tokens.issue(ONCE, login, once, FORM_LIFE, now, {"dossier": record.id})
        shelves.tasks.record(login, "counter.file", record.dossier.code, now, {"seen": visitor.seen})
        told = len(shelves.outbox.about(record.dossier.code))
        return Filed(record, pin, told, receipt_link(casework, record))

    filed = await visit.desk.database.write(write)
    await visit.desk.signals.ring("outbox")
    return visit.page("receipt.html", **_receipt(visit, filed))


def _visitor(visit: Visit) -> tuple[WalkIn, Mapping[str, str]]:
    """Who stands there, and what is wrong with what was typed."""
    form, faults = visit.form, {}
    catalogue = visit.desk.knowledge.catalogue
    code, name = form.get("procedure", ""), " ".join(form.get("name", "").split())[:120]
    if code not in catalogue.procedures:
        faults["procedure"] = "missing"
    if len(name) < 2:
        faults["name"] = "missing"
    phone: str | Problem = read_phone(form["phone"]) if form.get("phone") else ""
    if isinstance(phone, Problem):
        faults["phone"] = "wrong"
        phone = ""
    if not form.get("once"):
        raise Wrong("form")
    return WalkIn(code, name, phone, form.get("seen") == "yes"), faults


def _receipt(visit: Visit, filed: Filed) -> Mapping[str, Any]:
    """What form 01 of Circular 03/2025/TT-VPCP carries, as far as a short registration knows it."""
    knowledge, dossier = visit.desk.knowledge, filed.record.dossier
    return {
        "record": filed.record,
        "dossier": dossier,
        "pin": filed.pin,
        "link": filed.link,
        "told": filed.messages,
        "procedure": knowledge.catalogue.procedures[dossier.procedure],
        "state": knowledge.catalogue.states[dossier.state],
        "receiver": visit.who.official.name,
        "lookup": f"{knowledge.portal}/tra-cuu",
    }


async def qr_code(visit: Visit) -> web.StreamResponse:
    """The QR of a receipt (ISO/IEC 18004): the portal's page of this dossier, without a PIN."""
    secret, now = visit.part("secret"), visit.now
    record = await visit.desk.database.read(lambda shelves: by_receipt_link(shelves, secret, now))
    if record is None:
        raise NotFound("dossier")
    drawn = io.BytesIO()
    code = segno.make(f"{visit.desk.knowledge.portal}/hs/{secret}", error="m", micro=False)
    code.save(drawn, kind="svg", scale=4, border=2, xmldecl=False, svgclass=None, lineclass=None)
    return web.Response(body=drawn.getvalue(), content_type="image/svg+xml", headers=HEADERS)

"""Quầy: find what somebody brings by its code, or register a walk-in filing, and print its receipt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web

from core.desk_acts import WalkIn, can_accept, file_walk_in
from core.store.desk import DeskShelf, Filter
from core.store.dossiers import Record
from core.store.shelves import Shelves
from desk.dossiers import rows
from desk.errors import Wrong
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


async def counter_page(visit: Visit) -> web.StreamResponse:
    return _page(visit)


def _page(visit: Visit, status: int = 200, **values: Any) -> web.Response:
    shown: dict[str, Any] = {"faults": {}, "typed": {}, "found": None, "code": ""}
    fields = visit.desk.knowledge.catalogue.fields()
    return visit.page(
        "counter.html", status, **{**shown, "fields": fields, "once": visit.desk.world.new_id(), **values}
    )


async def find(visit: Visit) -> web.StreamResponse:
    """By code or phone code straight to the dossier; by name to a short list."""
    code, now, knowledge = _scanned(visit.form.get("code", "")[:200]), visit.now, visit.desk.knowledge

    def look(shelves: Shelves) -> tuple[Record | None, list[Record]]:
        record = shelves.dossiers.by_code(code) if any(sign.isdigit() for sign in code) else None
        wanted = Filter(text=code)
        return record, DeskShelf(shelves.connection).dossiers(
            wanted, FOUND
        ) if code and record is None else []

    record, others = await visit.desk.database.read(look)
    if record is not None:
        return visit.go(f"/ho-so/{record.id}")
    return _page(visit, code=code, found=rows(others, knowledge, now))


def _scanned(text: str) -> str:
    """What a scanner types is the whole address of the QR code; the code is in it."""
    found = re.search(r"[?&]ma=(\w+)", text)
    return found.group(1) if found else text


async def file(visit: Visit) -> web.StreamResponse:
    """Register a walk-in filing. The receipt with the PIN is the answer itself: the PIN is told once."""
    form = visit.form
    visitor, faults = _visitor(visit)
    if faults:
        return _page(visit, 422, faults=faults, typed=form)
    now, login, once = visit.now, visit.login, form.get("once", "")[:40]

    def write(shelves: Shelves) -> Filed:
        before = shelves.tokens.look(ONCE, login, once, now)
        if before is not None:
            known = shelves.dossiers.get(int(before["dossier"]))
            if known is not None:
                return Filed(known)
        casework = visit.desk.casework(shelves, now)
        record, pin = file_walk_in(casework, visitor, login)
        if form.get("accept") == "yes" and can_accept(casework, record):
            record = casework.act(record, "accept", by=login)
        shelves.tokens.issue(ONCE, login, once, FORM_LIFE, now, {"dossier": record.id})
        shelves.tasks.record(login, "counter.file", record.dossier.code, now, {"seen": visitor.seen})
        return Filed(record, pin, len(shelves.outbox.about(record.dossier.code)))

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
        "told": filed.messages,
        "procedure": knowledge.catalogue.procedures[dossier.procedure],
        "state": knowledge.catalogue.states[dossier.state],
        "receiver": visit.who.official.name,
        "lookup": f"{knowledge.portal}/tra-cuu",
    }

"""What the office offers, as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core import plain
from core.answering.context import Context
from core.office import Knowledge
from core.talk import needs
from core.talk.needs import Finding
from procedures.form import Form
from procedures.procedure import FilingKind, Procedure

CHOICES = 3
# Asked for most, by the published figures of commune offices; the first that the catalogue has are offered by key.
COMMON = ("2.000815", "1.001193", "1.004873", "1.004222", "1.000894", "1.001612")


def find(context: Context, need: needs.FindProcedure) -> Finding:
    """The procedures that these words may mean; a question that names none is about the one in hand."""
    found = context.knowledge.search.find(need.words)
    aspect = str(found.aspect or "")
    catalogue = context.knowledge.catalogue
    if found.empty and need.last in catalogue.procedures:
        return Finding("answer", (card(catalogue.procedures[need.last]),), aspect)
    procedures = [catalogue.procedures[match.code] for match in found.matches]
    if need.filing:
        procedures = [each for each in procedures if fileable(each, context.talk.medium)]
    outcome = found.outcome.value if procedures else "unknown"
    return Finding(outcome, tuple(card(each) for each in procedures[:CHOICES]), aspect)


def read(context: Context, need: needs.ReadProcedure) -> Mapping[str, Any] | None:
    """Everything public about one procedure."""
    procedure = context.knowledge.catalogue.by_code(need.code)
    return None if procedure is None else values_of(procedure)


def common(context: Context, need: needs.CommonProcedures) -> Sequence[Mapping[str, Any]]:
    """The procedures most asked for."""
    catalogue = context.knowledge.catalogue
    known = [catalogue.procedures[code] for code in COMMON if code in catalogue.procedures]
    return [card(each) for each in (known or list(catalogue.list()))[: need.limit]]


def form(context: Context, need: needs.ReadForm) -> Form | None:
    """The form of a procedure."""
    procedure = context.knowledge.catalogue.by_code(need.procedure)
    return None if procedure is None else context.knowledge.catalogue.form_of(procedure)


def filings(context: Context, need: needs.ListFilings) -> Sequence[Mapping[str, Any]]:
    """What can be filed here by this medium."""
    procedures = [each for each in context.knowledge.catalogue.list() if fileable(each, need.medium)]
    return [{**card(each), "kind": each.filing.on(need.medium).value} for each in procedures]


def fileable(procedure: Procedure, medium: str) -> bool:
    """Has it a form, and is it more than a link to the national portal?"""
    return bool(procedure.form) and procedure.filing.on(medium) is not FilingKind.HAND_OFF


def office_now(context: Context, _need: needs.OfficeNow) -> Mapping[str, Any]:
    """Where the office is, and whether it is open."""
    return office_values(context.knowledge, context)


def office_values(knowledge: Knowledge, context: Context) -> Mapping[str, Any]:
    settings, calendar = knowledge.settings, knowledge.calendar
    opened = calendar.is_open(knowledge.local(context.at))
    opening = None if opened else calendar.next_open(knowledge.local(context.at))
    return {
        "name": settings.name,
        "address": settings.address,
        "address_spoken": settings.address,
        "hours": settings.hours,
        "hours_spoken": settings.hours_spoken,
        "hotline": settings.hotline,
        "portal": knowledge.portal,
        "open": opened,
        "next": None if opening is None else knowledge.local(opening).isoformat(),
    }


def card(procedure: Procedure) -> Mapping[str, Any]:
    """A procedure in a list."""
    return {"code": procedure.code, "short_name": procedure.short_name, "name": procedure.name}


def values_of(procedure: Procedure) -> Mapping[str, Any]:
    """A procedure as plain JSON: what a template may show."""
    plain_values: Mapping[str, Any] = json.loads(plain.dump(procedure))
    return plain_values

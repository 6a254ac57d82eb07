"""One question a page: asked, read, kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from core.selffiling import Written, papers_of
from portal.filing import MEDIUM, Desk, desk, dropped_titles
from portal.visit import Visit
from procedures.form_field import Field, Kind
from procedures.form_reading import read_answer
from procedures.problem import Problem

LONGEST = 4000  # characters of one answer
ID = "value"  # the id of the answer's field on the page

# What the keyboard of a telephone shows, and what a browser may fill in (HTML autofill).
INPUT_MODES = {
    Kind.IDENTITY: "numeric", Kind.PHONE: "tel", Kind.EMAIL: "email", Kind.NUMBER: "decimal", Kind.MONEY: "numeric",
}  # fmt: skip
AUTOFILL = {Kind.PHONE: "tel", Kind.EMAIL: "email"}


async def ask(visit: Visit) -> web.StreamResponse:
    """The page of one question."""
    here, field = await here_and_field(visit)
    if here is None:
        return visit.missing()
    if field is None or here.draft is None:
        return visit.go(here.path)
    return show(visit, here, field)


async def answer(visit: Visit) -> web.StreamResponse:
    """Read the answer; keep it and go on, or say what would do."""
    form = await visit.form()
    if form is None:
        return visit.error(403)
    here, field = await here_and_field(visit)
    if here is None or field is None or here.draft is None:
        return visit.missing() if here is None else visit.go(here.path)
    if str(here.draft.revision) != form.get("revision"):
        return show(visit, here, field, newer=True, status=409)
    skipped = form.get("skip") == "1" and not field.required
    read = read_answer(
        field, None if skipped else _raw(field, form), MEDIUM, visit.portal.service.now().date()
    )
    if isinstance(read, Problem):
        said = visit.portal.service.explain(read, visit.language)
        return show(visit, here, field, {ID: said}, form, status=422)
    written = await visit.portal.filing.answer(visit.citizen, here.draft, here.form, field.name, read.value)
    return after(visit, here, field, written)


def after(visit: Visit, here: Desk, field: Field, written: Written, stay: bool = False) -> web.Response:
    """The next page; who lost the race is shown the newer state."""
    here.draft = written.draft
    if not written.done:
        return show(visit, here, field, newer=True, status=409)
    if stay:
        return visit.go(f"{here.path}/cau/{field.name}")
    dropped = f"?bo={','.join(written.dropped)}" if written.dropped else ""
    return visit.go(here.next_path() + dropped)


def show(
    visit: Visit,
    here: Desk,
    field: Field,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    *,
    newer: bool = False,
    status: int = 200,
) -> web.Response:
    """The question with its hint, one field, one button."""
    fields = here.shown()
    names = [each.name for each in fields]
    number = names.index(field.name)
    open_before = field.name in here.answers and here.next_path().endswith("/kiem-tra")
    before = f"{here.path}/cau/{names[number - 1]}" if number else here.path
    values = {
        "desk": here,
        "field": field,
        "number": number + 1,
        "total": len(fields),
        "typed": _typed(field, here.answers.get(field.name), typed),
        "papers": papers_of(here.draft, field.name) if here.draft is not None else [],
        "most": most(field),
        "mode": INPUT_MODES.get(field.kind, ""),
        "autofill": AUTOFILL.get(field.kind, "off"),
        "back": f"{here.path}/kiem-tra" if open_before else before,
        "dropped": dropped_titles(visit, here),
        "newer": newer,
        "problems": problems or {},
    }
    return visit.page("question.html", values, status=status, personal=True)


async def here_and_field(visit: Visit) -> tuple[Desk | None, Field | None]:
    here = await desk(visit)
    name = visit.request.match_info["field"]
    field = None if here is None else next((each for each in here.shown() if each.name == name), None)
    return here, field


def _raw(field: Field, form: Mapping[str, str]) -> str:
    """What was typed. A date has three fields; whoever writes all of it into the first is understood too."""
    if field.kind is Kind.DATE:
        parts = [form.get(name, "").strip()[:40] for name in ("day", "month", "year")]
        return "/".join(part for part in parts if part)
    return form.get("value", "")[:LONGEST].strip()


def _typed(field: Field, value: Any, form: Mapping[str, str] | None) -> Mapping[str, str]:
    """What stands in the fields: what was just typed, or the answer that is kept."""
    if form is not None:
        return {name: form.get(name, "") for name in ("value", "day", "month", "year")}
    if field.kind is Kind.DATE and isinstance(value, str):
        year, month, day = value.split("-")
        return {"value": "", "day": day, "month": month, "year": year}
    text = "yes" if value is True else "no" if value is False else "" if value is None else str(value)
    if isinstance(value, list | dict):
        text = ""
    return {"value": text, "day": "", "month": "", "year": ""}


def most(field: Field) -> int:
    return int(field.max) if isinstance(field.max, int | float) else 1

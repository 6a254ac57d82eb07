"""Filing: what it will be, the answers once more, sending, what was received."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import segno
from aiohttp import web

from core.selffiling import DraftState
from portal import catalogue
from portal.visit import Visit
from procedures.form import Form, missing, next_question, visible
from procedures.form_field import Field, Kind, askable
from procedures.form_reading import Answer, read_answer
from procedures.form_summary import summary
from procedures.procedure import FilingKind, Procedure

MEDIUM = "web"
GROUPS = (FilingKind.PRE_DECLARATION, FilingKind.NOTICE, FilingKind.NOT_A_PROCEDURE)


class Desk:
    """A procedure with its form and the visitor's draft: what every page of a filing begins with."""

    def __init__(self, procedure: Procedure, form: Form, draft: DraftState | None) -> None:
        self.procedure = procedure
        self.form = form
        self.draft = draft
        self.path = f"/nop/{procedure.code}"
        self.kind = procedure.filing.on(MEDIUM).value

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.draft.answers if self.draft is not None else {}

    def shown(self) -> list[Field]:
        """The questions that these answers call for and that a page can ask."""
        return [each for each in visible(self.form, self.answers) if askable(each, MEDIUM) is None]

    def next_path(self) -> str:
        """The first open question, or the summary."""
        field = next_question(self.form, self.answers, MEDIUM)
        return f"{self.path}/cau/{field.name}" if field is not None else f"{self.path}/kiem-tra"

    def titles(self, names: tuple[str, ...] | list[str]) -> list[str]:
        """Fields as citizens know them."""
        return [each.title for each in self.form.fields if each.name in names]


async def desk(visit: Visit) -> Desk | None:
    """What is filed here; None where the procedure has no form or is only handed off."""
    procedure = catalogue.found(visit)
    if procedure is None or procedure.filing.on(MEDIUM) is FilingKind.HAND_OFF:
        return None
    form = visit.portal.service.knowledge.catalogue.form_of(procedure)
    if form is None:
        return None
    return Desk(procedure, form, await visit.portal.filing.draft(visit.citizen, procedure.code))


async def listed(visit: Visit) -> web.StreamResponse:
    """Everything that can be filed here, by what such a filing is."""
    knowledge = visit.portal.service.knowledge
    offered = [each for each in knowledge.catalogue.list() if each.form]
    groups = {kind.value: [each for each in offered if each.filing.on(MEDIUM) is kind] for kind in GROUPS}
    return visit.page("filings.html", {"groups": {k: v for k, v in groups.items() if v}})


async def start(visit: Visit) -> web.StreamResponse:
    """What this filing is in law, before the first question."""
    here = await desk(visit)
    if here is None:
        procedure = catalogue.found(visit)
        return visit.missing() if procedure is None else visit.go(f"/thu-tuc/{procedure.code}")
    questions = [each for each in here.shown() if each.required]
    values = {"desk": here, "questions": questions, "count": len(here.answers)}
    return visit.page("file_start.html", values, personal=True)


async def begin(visit: Visit) -> web.StreamResponse:
    """Open the draft and go to its first open question."""
    form = await visit.form()
    here = await desk(visit)
    if form is None or here is None:
        return visit.error(403 if form is None else 404)
    if here.draft is None and not visit.portal.limits.allow(
        "file", visit.visitor.identity, visit.visitor.network
    ):
        return visit.error(429)
    fresh = form.get("fresh") == "1"
    here.draft = await visit.portal.filing.begin(visit.citizen, here.procedure.code, fresh=fresh)
    return visit.go(here.next_path())


async def check(visit: Visit) -> web.StreamResponse:
    """All answers, each with a link to change it, before anything is sent."""
    here = await desk(visit)
    if here is None or here.draft is None:
        return _gone(visit, here)
    if next_question(here.form, here.answers, MEDIUM) is not None:
        return visit.go(here.next_path())
    return await check_page(visit, here, {})


async def check_page(
    visit: Visit, here: Desk, problems: Mapping[str, str], status: int = 200
) -> web.Response:
    """The summary, with what stands in the way of sending."""
    rows = [
        row for row in summary(here.form, here.answers) if askable(here.form.field(row.name), MEDIUM) is None
    ]
    values = {
        "desk": here,
        "rows": rows,
        "files": {row.name: row.value for row in rows if row.kind == "file" and isinstance(row.value, list)},
        "warnings": _warnings(visit, here, visit.portal.service.now().date()),
        "numbers": await visit.portal.service.numbers(visit.citizen),
        "dropped": dropped_titles(visit, here),
        "problems": problems,
    }
    return visit.page("check.html", values, status=status, personal=True)


def dropped_titles(visit: Visit, here: Desk) -> list[str]:
    """The questions whose answers fell away with the last one, named once."""
    return here.titles(visit.request.query.get("bo", "").split(","))


def _warnings(visit: Visit, here: Desk, today: date) -> Mapping[str, str]:
    """What deserves a second look and stands in nobody's way."""
    found = {}
    for field in here.shown():
        value = here.answers.get(field.name)
        if field.kind is Kind.IDENTITY and isinstance(value, str):
            read = read_answer(field, value, MEDIUM, today)
            if isinstance(read, Answer) and read.warnings:
                found[field.name] = visit.portal.service.explain(read.warnings[0], visit.language)
    return found


async def send(visit: Visit) -> web.StreamResponse:
    """Hand it in, once; a second press leads to the same receipt."""
    form = await visit.form()
    if form is None:
        return visit.error(403)
    here = await desk(visit)
    wanted = form.get("draft", "")
    if here is None or here.draft is None or here.draft.id != wanted:
        return await _already(visit, here, wanted)
    if str(here.draft.revision) != form.get("revision"):
        return await check_page(visit, here, {"send": visit.text["check"]["stale"]}, 409)
    return await _send(visit, here, here.draft, anyway=form.get("anyway") == "1")


async def _send(visit: Visit, here: Desk, draft: DraftState, *, anyway: bool) -> web.StreamResponse:
    filed = await visit.portal.filing.file(visit.citizen, draft, anyway=anyway, veil=veil(visit, draft.id))
    match filed.outcome:
        case "filed":
            return visit.go(f"/da-nop/{draft.id}")
        case "again":
            return visit.page(
                "again.html", {"desk": here, "draft": draft, "twin": filed.values}, personal=True
            )
        case "stale":
            return await _already(visit, await desk(visit), draft.id)
    names = here.titles([each.name for each in missing(here.form, here.answers)])
    said = visit.text["check"]["missing"].format(names=", ".join(names))
    return await check_page(visit, here, {"send": said}, 422)


async def _already(visit: Visit, here: Desk | None, draft: str) -> web.StreamResponse:
    """The draft is not there as it was shown: it was sent a moment ago, or somebody changed it."""
    receipt = await visit.portal.filing.receipt(visit.citizen, draft, 0)
    if receipt is not None:
        return visit.go(f"/da-nop/{draft}")
    if here is not None and here.draft is not None:
        return await check_page(visit, here, {"send": visit.text["check"]["stale"]}, 409)
    return _gone(visit, here)


def veil(visit: Visit, draft: str) -> int:
    """A number that only this browser can make again; the PIN is kept under it while the receipt is shown."""
    return int(visit.visitor.digest(f"receipt|{draft}"), 16)


def _gone(visit: Visit, here: Desk | None) -> web.Response:
    if here is None:
        return visit.missing()
    return visit.page("gone.html", {"desk": here}, status=404, personal=True)


async def done(visit: Visit) -> web.StreamResponse:
    """What was received: the codes, the PIN, the QR, what happens next."""
    draft = visit.request.match_info["draft"]
    receipt = await visit.portal.filing.receipt(visit.citizen, draft, veil(visit, draft))
    if receipt is None:
        return visit.page("done_gone.html", status=404, personal=True)
    procedure = visit.portal.service.knowledge.catalogue.procedures[str(receipt["procedure_code"])]
    link = f"{visit.portal.public_url}/hs/{receipt['link']}"
    values = {
        "receipt": receipt,
        "procedure": catalogue.values(procedure),
        "qr": qr(link),
        "numbers": await visit.portal.service.numbers(visit.citizen),
    }
    return visit.page("done.html", values, personal=True)


def qr(text: str) -> str:
    """A QR code as inline SVG, without styles of its own (ISO/IEC 18004, error correction M)."""
    made: str = segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True)
    return made

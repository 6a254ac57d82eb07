"""Hồ sơ: the list that officials work from. Filters are sentences with their counts; search is one field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from core.office import Knowledge
from core.store.desk import DeskShelf, Filter
from core.store.dossiers import Record
from core.store.shelves import Shelves
from desk.clock import Dial, dial
from desk.visit import Visit
from procedures.dossier import Clock

PAGE = 50
FILTERS = ("open", "mine", "new", "today", "late", "waiting", "ready", "closed", "all")
MEDIA = ("web", "sms", "ivr", "chat", "counter")
NEW, READY, CLOSED = (1,), (9,), (3, 7, 8, 10)
WAITING = (5, 6)  # the national states in which the citizen must do something


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    record: Record
    procedure: str
    state: str
    steps: tuple[str, ...]
    dial: Dial


def filters(login: str, knowledge: Knowledge, now: datetime) -> dict[str, Filter]:
    """What each sentence above the list means."""
    states = knowledge.catalogue.states
    running = tuple(number for number, state in states.items() if state.clock is Clock.RUNS)
    today = knowledge.local(now)
    midnight = datetime.combine(today.date() + timedelta(days=1), time(), today.tzinfo)
    alive = tuple(number for number, state in states.items() if state.clock is not Clock.ENDED)
    return {
        "open": Filter(states=alive),
        "mine": Filter(states=alive, assignee=login),
        "new": Filter(states=NEW),
        "today": Filter(states=running, due_from=now, due_before=midnight),
        "late": Filter(states=running, due_before=now),
        "waiting": Filter(states=WAITING),
        "ready": Filter(states=READY),
        "closed": Filter(states=CLOSED),
        "all": Filter(),
    }


async def list_page(visit: Visit) -> web.StreamResponse:
    knowledge, now = visit.desk.knowledge, visit.now
    text, medium = visit.asked("q"), visit.asked("kenh")
    named = filters(visit.login, knowledge, now)
    chosen = visit.asked("loc") if visit.asked("loc") in named else ("all" if text else "open")
    narrowed = {
        name: replace(each, text=text, medium=medium if medium in MEDIA else "")
        for name, each in named.items()
    }
    page = max(1, int(visit.asked("trang"))) if visit.asked("trang").isdecimal() else 1

    def look(shelves: Shelves) -> Mapping[str, Any]:
        shelf = DeskShelf(shelves.connection)
        records = shelf.dossiers(narrowed[chosen], PAGE, (min(page, 10_000) - 1) * PAGE)
        names = {official.login: official.name for official in shelves.officials.all()}
        return {"records": records, "counts": shelf.counts(narrowed), "names": names}

    found = await visit.desk.database.read(look)
    total = found["counts"][chosen]
    return visit.page(
        "dossiers.html",
        rows=rows(found["records"], knowledge, now),
        names=found["names"],
        counts=found["counts"],
        total=total,
        chosen=chosen,
        filters=FILTERS,
        media=MEDIA,
        medium=medium,
        text=text,
        number=page,
        pages=max(1, -(-total // PAGE)),
        first=(page - 1) * PAGE + 1,
        address=_address(text, medium),
    )


def rows(records: Sequence[Record], knowledge: Knowledge, now: datetime) -> list[Row]:
    """Dossiers as lines of a list."""
    return [_row(record, knowledge, now) for record in records]


def _row(record: Record, knowledge: Knowledge, now: datetime) -> Row:
    dossier, catalogue = record.dossier, knowledge.catalogue
    procedure = catalogue.procedures.get(dossier.procedure)
    table = catalogue.processes[dossier.process]
    return Row(
        record=record,
        procedure=procedure.short_name if procedure is not None else dossier.procedure,
        state=catalogue.states[dossier.state].short,
        steps=tuple(table.step(code).title for code in dossier.steps),
        dial=dial(record, knowledge, now),
    )


def _address(text: str, medium: str) -> Any:
    """Makes the address of this list with another filter or page."""

    def make(chosen: str, number: int = 1) -> str:
        parts = {"loc": chosen, "q": text, "kenh": medium, "trang": str(number) if number > 1 else ""}
        return "/ho-so?" + urlencode({name: value for name, value in parts.items() if value})

    return make

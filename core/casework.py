"""File, act, decide. A dossier moves, and the news of it leave, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.channel import Traits
from core.disclosure import lines
from core.messages import Address, Say
from core.notify import told
from core.office import Knowledge
from core.pins import hash_pin
from core.post.notices import NOTICES
from core.store.dossiers import Follower, Record
from core.store.drafts import Draft
from core.store.shelves import Shelves
from core.store.tasks import Task
from core.world import World
from procedures import process
from procedures.codes import make_official_code, make_phone_code, make_pin
from procedures.dossier import Clock, Dossier, Event, EventKind, move
from procedures.form import Form, missing, prune
from procedures.procedure import FilingKind, Procedure
from procedures.process import NotAllowed
from procedures.words import fold

AGAIN = timedelta(days=30)  # the same thing filed within this time is asked about


@dataclass(frozen=True, slots=True)
class Casework:
    """The acts on dossiers, inside one open write transaction."""

    shelves: Shelves
    knowledge: Knowledge
    world: World
    traits: Mapping[str, Traits]
    at: datetime

    # -- filing ---------------------------------------------------------------------------------------------------

    def twins(self, draft: Draft) -> list[Record]:
        """Open filings that look like the same thing."""
        return self.shelves.dossiers.twins(twin_of(draft), self.at - AGAIN)

    def ready(self, draft: Draft, form: Form) -> list[str]:
        """The names of required questions without an answer; a paper counts only when it is kept or on its way."""
        return [field.name for field in missing(form, draft.answers)]

    def file(
        self, draft: Draft, contact: Sequence[Address], medium: str, by: str = "applicant"
    ) -> tuple[Record, str]:
        """Make a dossier of a draft. Returns it with its PIN, which is told once and kept only as a hash."""
        procedure = self.knowledge.catalogue.procedures[draft.procedure]
        kind = procedure.filing.on(medium)
        pin = make_pin(self.world.chance)
        record = self._record(draft, procedure, kind, medium, pin)
        record = replace(record, id=self.shelves.dossiers.add(record))
        self.shelves.dossiers.happened(
            record.id, [Event(EventKind.FILED, self.at, by, values={"medium": medium})]
        )
        for number, address in enumerate(dict.fromkeys(contact)):
            request = f"{record.id}-{number}"
            self.shelves.dossiers.register(
                Follower(record.id, str(address), "applicant", "active", request), self.at
            )
        self.shelves.papers.hand_over(draft.id, record.id)
        return record, pin

    def _record(self, draft: Draft, procedure: Procedure, kind: FilingKind, medium: str, pin: str) -> Record:
        catalogue = self.knowledge.catalogue
        table = catalogue.processes[procedure.process]
        steps = process.begin(table)
        form = catalogue.form_of(procedure)
        answers = prune(form, draft.answers)[0] if form is not None else dict(draft.answers)
        dossier = Dossier(
            code=self._official_code(),
            short_code=self._phone_code(),
            procedure=procedure.code,
            procedure_version=procedure.version,
            process=table.code,
            process_version=table.version,
            term=procedure.term(),
            steps=steps.active,
            state=process.national_state(table, steps),
            applicant=draft.person,
            answers=answers,
            filed_at=self.at,
            papers=tuple(paper.id for paper in self.shelves.papers.of_draft(draft.id)),
        )
        return Record(
            id=0,
            dossier=dossier,
            kind=kind.value,
            agency=self.knowledge.settings.agency,
            applicant=draft.person,
            applicant_name=_name_in(answers, form),
            medium=medium,
            pin_digest=hash_pin(pin),
            twin=twin_of(draft),
        )

    def _official_code(self) -> str:
        """Agency, date, number of the day; per agency and day (Circular 01/2018/TT-VPCP, article 19)."""
        agency, day = self.knowledge.settings.agency, self.knowledge.local(self.at).date()
        return make_official_code(agency, day, self.shelves.dossiers.next_number(f"dossier/{agency}/{day}"))

    def _phone_code(self) -> str:
        while True:
            code = make_phone_code(self.world.chance)
            if not self.shelves.dossiers.phone_code_taken(code):
                return code

    # -- acts -----------------------------------------------------------------------------------------------------

    def act(self, record: Record, action: str, *, by: str, note: str = "", step: str = "") -> Record:
        """Take one action of the process. Raises `NotAllowed`, or `Moved` where somebody was quicker."""
        workplace = self.knowledge.workplace(record.dossier.process)
        history = self.shelves.dossiers.history(record.id)
        before = process.Progress(record.dossier.steps)
        _, chosen = process.find(workplace.process, before, action, step)
        dossier, happened = move(
            record.dossier, history, workplace, action, by=by, at=self.at, note=note, step=step
        )
        ended = workplace.states[dossier.state].clock is Clock.ENDED
        closed = record.closed_at or (self.at if ended else None)
        changed = replace(record, dossier=dossier, closed_at=closed)
        self.shelves.dossiers.write(changed, record.dossier.revision)
        self.shelves.dossiers.happened(record.id, happened)
        if chosen.notice:
            self.tell(changed, chosen.notice, note)
        return changed

    def note(self, record: Record, text: str, by: str) -> None:
        """A remark of the office's own; nobody outside hears it."""
        self.shelves.dossiers.happened(record.id, [Event(EventKind.NOTED, self.at, by, note=text)])

    # -- news -----------------------------------------------------------------------------------------------------

    def tell(self, record: Record, notice: str, note: str = "") -> None:
        """Tell everybody whom it concerns: the applicant once, on the first way that is open; who is authorised, and
        each follower, once too."""
        key = f"notice.{notice}"
        active = [f for f in self.shelves.dossiers.followers(record.id) if f.state == "active"]
        applicant = [Address.parse(f.address) for f in active if f.role == "applicant"]
        sent = self._tell_one(record, key, applicant, note, own=True)
        for follower in active:
            if follower.role != "applicant":
                own = follower.role == "authorised"
                told_too = self._tell_one(record, key, [Address.parse(follower.address)], note, own=own)
                sent = sent or (own and told_too)
        if not sent and notice in NOTICES and NOTICES[notice].must_arrive:
            self._hand_to_officer(record, key)

    def _tell_one(
        self, record: Record, key: str, addresses: Sequence[Address], note: str, *, own: bool
    ) -> bool:
        say = Say(key, self.news(record, note if own else "", own=own))
        language = self.shelves.talks.language([str(address) for address in addresses])
        sent = told(self, addresses, say, language=language, about=record.dossier.code, own=own)
        self.shelves.outbox.put(sent, self.at)
        return bool(sent)

    def news(self, record: Record, note: str, *, own: bool) -> Mapping[str, Any]:
        """The values of a notice: no name, no address; the procedure's name only where it is not sensitive."""
        dossier, settings = record.dossier, self.knowledge.settings
        procedure = self.knowledge.catalogue.procedures.get(dossier.procedure)
        named = own and procedure is not None and not procedure.sensitive
        return {
            "office": settings.name,
            "place": settings.address,
            "hotline": settings.hotline,
            "code": dossier.code,
            "phone_code": dossier.short_code,
            "procedure": procedure.short_name if named and procedure is not None else "",
            "due": None if dossier.due_at is None else self.knowledge.local(dossier.due_at).isoformat(),
            "missing": lines(note),
            "reason": note,
            "link": f"{self.knowledge.portal}/tra-cuu",
        }

    def _hand_to_officer(self, record: Record, notice: str) -> None:
        values = {"notice": notice, "code": record.dossier.code, "error": "no way to reach the applicant"}
        self.shelves.tasks.put(Task(self.world.new_id(), "undelivered", values, self.at, dossier=record.id))


def no_news(knowledge: Knowledge) -> Mapping[str, Any]:
    """The values of a notice that is about no dossier."""
    settings = knowledge.settings
    return {
        "office": settings.name,
        "place": settings.address,
        "hotline": settings.hotline,
        "code": "",
        "phone_code": "",
        "procedure": "",
        "due": None,
        "missing": [],
        "reason": "",
        "link": f"{knowledge.portal}/tiep-tuc",
    }


def twin_of(draft: Draft) -> str:
    """What makes two filings the same thing: the procedure and the answers, however they are written. Papers do not
    count: the same photograph sent twice is two papers. Nor does a question that was skipped."""
    answers = {
        name: fold(value) if isinstance(value, str) else value
        for name, value in draft.answers.items()
        if value is not None and not isinstance(value, list)
    }
    text = json.dumps([draft.procedure, answers], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _name_in(answers: Mapping[str, Any], form: Form | None) -> str:
    """The first name among the answers: how officials find the dossier in a list."""
    names = [field.name for field in form.fields if field.kind.value == "name"] if form is not None else []
    return next((str(answers[name]) for name in names if answers.get(name)), "")


__all__ = ["Casework", "NotAllowed", "twin_of"]

"""What a sound library keeps to. Each rule yields key, problem and remedy; the file follows from the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from procedures import process_rules
from procedures.definition import Fault
from procedures.dossier import SHORT_LABEL, State
from procedures.procedure import CODE, OWN_CODE, PHRASES, SHORT_NAME, Confidence, FilingKind, Procedure, Way
from procedures.words import fold

if TYPE_CHECKING:
    from procedures.catalogue import Catalogue

STATES = "states.yaml"
FILINGS = "filings.yaml"
ONE_SMS = 160  # characters without marks
SPOKEN = ("name", "short_name", "field", "level", "agency", "summary", "result", "where")


def check(catalogue: Catalogue) -> Iterator[Fault]:
    for code, found in catalogue.procedures.items():
        file = f"procedures/{code}.yaml"
        for rule in (_names, _times_and_money, _honesty, _references):
            yield from (Fault(file, *fault) for fault in rule(found, code, catalogue))
    yield from _clashes(catalogue)
    for code, table in catalogue.processes.items():
        if table.code != code:
            yield Fault(f"processes/{code}.yaml", "code", "differs from the file name", f"write {code}")
        yield from (Fault(f"processes/{code}.yaml", *fault) for fault in process_rules.faults(table))
    for code, questions in catalogue.forms.items():
        if questions.code != code:
            yield Fault(f"forms/{code}.yaml", "code", "differs from the file name", f"write {code}")
    yield from _state_faults(catalogue.states)
    for kind in FilingKind:
        if kind not in catalogue.filings:
            yield Fault(FILINGS, kind, "is missing", "say what such a filing is")
        elif len(catalogue.filings[kind].sms) > ONE_SMS or not catalogue.filings[kind].sms.isascii():
            yield Fault(
                FILINGS, f"{kind}.sms", "does not fit one text", f"{ONE_SMS} characters without marks"
            )


Rule = Iterator[tuple[str, str, str]]


def _names(found: Procedure, code: str, _: Catalogue) -> Rule:
    if found.code != code:
        yield "code", f"{found.code} differs from the file name", f"write {code} or rename the file"
    shape = CODE if found.administrative else OWN_CODE
    if not shape.fullmatch(found.code):
        yield (
            "code",
            f"{found.code!r} has the wrong shape",
            "write n.nnnnnn, or a plain word if it has no number",
        )
    for key in SPOKEN:
        if not getattr(found, key):
            yield key, "is empty", "write what the citizen is to read"
    if len(found.short_name) > SHORT_NAME:
        yield "short_name", f"{len(found.short_name)} characters", f"shorten to {SHORT_NAME} for one SMS"
    folded = [fold(phrase) for phrase in found.phrases]
    if len(set(folded)) < PHRASES:
        yield "phrases", f"{len(set(folded))} different phrases", f"add up to {PHRASES}, as citizens say them"
    for phrase in sorted({phrase for phrase in folded if folded.count(phrase) > 1}):
        yield "phrases", f"{phrase!r} twice", "remove one"


def _times_and_money(found: Procedure, _: str, __: Catalogue) -> Rule:
    if not found.cases:
        yield "cases", "no case", "add at least one with its term"
    if not found.fees:
        yield "fees", "nothing about money", "add a fee, or kind: free with its source"
    if not found.offers:
        yield "offers", "no way of filing", "add counter, online or post"
    for name, values in (("cases", [c.code for c in found.cases]), ("offers", [o.way for o in found.offers])):
        if len(set(values)) < len(values):
            yield name, "one entry twice", "keep one of each"


def _honesty(found: Procedure, _: str, __: Catalogue) -> Rule:
    """A reader must be able to judge the text: from where, how sure, and what filing it here means."""
    if not found.source.startswith("https://") and found.administrative:
        yield "source", "no address", "give the https address where the facts were read"
    if found.confidence is Confidence.CONFLICT and not found.conflicts:
        yield "conflicts", "sources disagree but nothing is shown", "list what differs and each version"
    if found.conflicts and found.confidence is not Confidence.CONFLICT:
        yield "confidence", f"is {found.confidence.value} beside a conflict", "write conflict"
    if found.administrative and not found.legal_basis and not found.remark:
        yield "legal_basis", "no document", "add the documents, or say in remark why there is none"
    if found.form and found.filing.kind is FilingKind.HAND_OFF:
        yield "form", "a hand-off asks no questions", "remove the form or change filing.kind"
    if found.filing.kind is FilingKind.HAND_OFF and not found.online_url:
        yield "online_url", "a hand-off leads nowhere", "give the page of the procedure on the portal"
    for medium in sorted(set(found.filing.by or {}) - {"sms", "ivr", "chat", "web"}):
        yield f"filing.by.{medium}", "no such medium", "use sms, ivr, chat or web"


def _references(found: Procedure, _: str, catalogue: Catalogue) -> Rule:
    if found.form and found.form not in catalogue.forms:
        yield "form", f"no form {found.form!r}", f"add forms/{found.form}.yaml or remove the key"
    if found.process not in catalogue.processes:
        yield "process", f"no process {found.process!r}", f"use one of {', '.join(catalogue.processes)}"
    if found.offer(Way.ONLINE) is not None and not found.online_url:
        yield (
            "online_url",
            "offered online without an address",
            "give the page of the procedure on the portal",
        )


def _clashes(catalogue: Catalogue) -> Iterator[Fault]:
    """Two procedures that a citizen could not tell apart by name or phrase."""
    owner: dict[str, str] = {}
    for code, found in catalogue.procedures.items():
        for text in {fold(found.short_name), *map(fold, found.phrases)}:
            first = owner.setdefault(text, code)
            if first != code:
                problem = f"{text!r} also belongs to {first}"
                yield Fault(
                    f"procedures/{code}.yaml", "phrases", problem, "keep it where most people mean it"
                )


def _state_faults(states: Mapping[int, State]) -> Iterator[Fault]:
    for number in sorted(set(range(1, 11)) - set(states)):
        yield Fault(STATES, "states", f"state {number} is missing", "the national portal knows ten: add it")
    for number, state in states.items():
        if len(state.short) > SHORT_LABEL:
            problem = f"{len(state.short)} characters for state {number}"
            yield Fault(STATES, "short", problem, f"shorten to {SHORT_LABEL}")

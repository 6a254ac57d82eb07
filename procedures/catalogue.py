"""The library as one thing: every procedure, form, process and state, read together and checked together.

Nothing is used half-checked: `read` gives a Catalogue or raises LibraryError with every fault found, each
with its file, key and remedy, so that an editor can mend the whole library in one go.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from procedures import dossier, form, procedure, process, search_text
from procedures.definition import Fault, LibraryError, read_yaml
from procedures.dossier import SHORT_LABEL, State
from procedures.form import Form
from procedures.procedure import CODE, OWN_CODE, PHRASES, SHORT_NAME, Confidence, FilingKind, Procedure, Way
from procedures.process import Process
from procedures.search_text import Lexicon
from procedures.words import fold

LIBRARY = Path(__file__).parent / "library"
STATES = "states.yaml"
LEXICON = "lexicon.yaml"
SPOKEN = ("name", "short_name", "field", "level", "agency", "summary", "result", "where")
NO_LEXICON = Lexicon({}, {}, (), {}, ())

T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """What the office offers. Keys are codes; `states` are the ten by number; `lexicon` how citizens ask."""

    procedures: Mapping[str, Procedure]
    forms: Mapping[str, Form]
    processes: Mapping[str, Process]
    states: Mapping[int, State]
    lexicon: Lexicon

    def by_code(self, code: str) -> Procedure | None:
        """The procedure of that code; a case suffix ("1.001193.01") or local copy is cut off first."""
        found = CODE.match(code.strip())
        return self.procedures.get(found.group() if found else code.strip())

    def by_short_name(self, name: str) -> Procedure | None:
        """The procedure with that short name, however its marks and capitals are written."""
        wanted = fold(name)
        return next((found for found in self.list() if fold(found.short_name) == wanted), None)

    def list(self) -> tuple[Procedure, ...]:
        """All procedures, by field and short name."""
        return tuple(sorted(self.procedures.values(), key=lambda found: (found.field, found.short_name)))

    def fields(self) -> dict[str, tuple[Procedure, ...]]:
        """The procedures of each field (lĩnh vực)."""
        names = sorted({found.field for found in self.procedures.values()})
        return {name: tuple(found for found in self.list() if found.field == name) for name in names}

    def form_of(self, wanted: Procedure) -> Form | None:
        """The questions for filing it through us, None where there are none."""
        return self.forms.get(wanted.form)

    def process_of(self, wanted: Procedure) -> Process:
        """The way its dossiers walk through the office."""
        return self.processes[wanted.process]


def read(directory: Path = LIBRARY) -> Catalogue:
    """The catalogue in a directory. Raises LibraryError with every fault in it."""
    catalogue, faults = examine(directory)
    if faults:
        raise LibraryError(faults)
    return catalogue


def examine(directory: Path = LIBRARY) -> tuple[Catalogue, tuple[Fault, ...]]:
    """What can be read of a directory, and everything that is wrong with it."""
    faults: list[Fault] = []
    catalogue = Catalogue(
        procedures=_folder(directory, "procedures", procedure.load, faults),
        forms=_folder(directory, "forms", _load_form, faults),
        processes=_folder(directory, "processes", process.load, faults),
        states=_file(directory, STATES, dossier.load_states, faults) or {},
        lexicon=_file(directory, LEXICON, search_text.load, faults) or NO_LEXICON,
    )
    if not catalogue.procedures and not faults:
        faults.append(Fault("procedures", "", "no procedure at all", "add a definition, one file each"))
    return catalogue, (*faults, *_check(catalogue))


def _folder(directory: Path, name: str, load: Callable[[Path, str], T], faults: list[Fault]) -> dict[str, T]:
    """Every definition of a folder under the name of its file."""
    found: dict[str, T] = {}
    for path in sorted((directory / name).glob("*.yaml")):
        try:
            found[path.stem] = load(path, f"{name}/{path.name}")
        except LibraryError as error:
            faults += error.faults
    return found


def _file(directory: Path, name: str, load: Callable[[Path, str], T], faults: list[Fault]) -> T | None:
    try:
        return load(directory / name, name)
    except LibraryError as error:
        faults += error.faults
        return None


def _load_form(path: Path, shown: str) -> Form:
    return form.read(read_yaml(path, shown), shown)


def _check(catalogue: Catalogue) -> Iterator[Fault]:
    for code, found in catalogue.procedures.items():
        file = f"procedures/{code}.yaml"
        for rule in (_names, _times_and_money, _honesty, _references):
            yield from (Fault(file, *fault) for fault in rule(found, code, catalogue))
    yield from _clashes(catalogue)
    for code, table in catalogue.processes.items():
        if table.code != code:
            yield Fault(f"processes/{code}.yaml", "code", "differs from the file name", f"write {code}")
        yield from (Fault(f"processes/{code}.yaml", *fault) for fault in process.faults(table))
    for code, questions in catalogue.forms.items():
        if questions.code != code:
            yield Fault(f"forms/{code}.yaml", "code", "differs from the file name", f"write {code}")
    yield from _state_faults(catalogue.states)


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

"""The library as one thing: every procedure, form, process and state, read together and checked together.

Nothing is used half-checked: `read` gives a Catalogue or raises LibraryError with every fault found, each
with its file, key and remedy, so that an editor can mend the whole library in one go.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import Any, TypeVar

from procedures import catalogue_rules, dossier, form
from procedures.catalogue_rules import FILINGS, STATES
from procedures.definition import Fault, LibraryError, parse, read_yaml
from procedures.dossier import State
from procedures.form import Form
from procedures.procedure import CODE, FilingKind, FilingText, Procedure
from procedures.process import Process
from procedures.search_text import Lexicon
from procedures.words import fold

LIBRARY = Path(__file__).parent / "library"
LEXICON = "lexicon.yaml"
SINGLE = (STATES, LEXICON, FILINGS)
FOLDERS = ("procedures", "forms", "processes")
NO_LEXICON = Lexicon({}, {}, (), {}, ())

T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """What the office offers. Keys are codes; `states` are the ten by number; `lexicon` how citizens ask;
    `filings` what is said about each kind of filing."""

    procedures: Mapping[str, Procedure]
    forms: Mapping[str, Form]
    processes: Mapping[str, Process]
    states: Mapping[int, State]
    lexicon: Lexicon
    filings: Mapping[FilingKind, FilingText]

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
    plain, unreadable = contents(directory)
    catalogue, faults = assemble(plain)
    missing = {fault.file for fault in unreadable}
    return catalogue, (*unreadable, *(fault for fault in faults if fault.file not in missing))


def contents(directory: Path = LIBRARY) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Every definition, plain, under its file name ("forms/birth.yaml"); and the files that are no YAML."""
    plain: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in (*SINGLE, *(f"{folder}/*.yaml" for folder in FOLDERS)):
        for path in sorted(directory.glob(name)):
            shown = path.relative_to(directory).as_posix()
            try:
                plain[shown] = read_yaml(path, shown)
            except LibraryError as error:
                faults += error.faults
    return plain, tuple(faults)


def assemble(plain: Mapping[str, Any]) -> tuple[Catalogue, tuple[Fault, ...]]:
    """A catalogue from plain definitions by file name, wherever they are kept; and what is wrong with it."""
    faults: list[Fault] = []
    catalogue = Catalogue(
        procedures=_all(plain, "procedures", partial(parse, Procedure), faults),
        forms=_all(plain, "forms", form.read, faults),
        processes=_all(plain, "processes", partial(parse, Process), faults),
        states=_one(plain, STATES, dossier.read_states, faults) or {},
        lexicon=_one(plain, LEXICON, partial(parse, Lexicon), faults) or NO_LEXICON,
        filings=_one(plain, FILINGS, partial(parse, dict[FilingKind, FilingText]), faults) or {},
    )
    if not catalogue.procedures and not faults:
        faults.append(Fault("procedures", "", "no procedure at all", "add a definition, one file each"))
    return catalogue, (*faults, *catalogue_rules.check(catalogue))


def _all(
    plain: Mapping[str, Any], folder: str, read: Callable[[Any, str], T], faults: list[Fault]
) -> dict[str, T]:
    """Every definition of a folder under its code, which is the name of its file."""
    names = sorted(name for name in plain if name.startswith(f"{folder}/"))
    found = {PurePath(name).stem: _one(plain, name, read, faults) for name in names}
    return {code: definition for code, definition in found.items() if definition is not None}


def _one(plain: Mapping[str, Any], name: str, read: Callable[[Any, str], T], faults: list[Fault]) -> T | None:
    if name not in plain:
        faults.append(Fault(name, "", "is missing", "restore the file"))
        return None
    try:
        return read(plain[name], name)
    except LibraryError as error:
        faults += error.faults
        return None

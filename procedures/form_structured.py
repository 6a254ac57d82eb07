"""One message that answers many questions: ``Nguyen Van A#5/3/1990#0912345678`` or ``ten=...; sdt=...``.

Values stand in the order of the questions or carry a name; what is missing or wrong is asked afterwards, one
short question at a time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from procedures.form import Answers, Form, find_field, missing, put, visible
from procedures.form_field import TEXTS, Field, askable
from procedures.form_reading import Answer, read_answer
from procedures.problem import JSON, Problem, wrong
from procedures.words import clean

_SEPARATORS = ("#", ";", "\n", ",")  # the first one that occurs is the one that separates
_NAMED = re.compile(r"^\s*([^=:#;\n]{1,40}?)\s*=\s*(.*)$", re.DOTALL)


@dataclass(frozen=True)
class Structured:
    """What one message gave. ``problems`` go by field name, by an unknown name as typed, or "#": too many."""

    answers: Mapping[str, JSON]
    problems: Mapping[str, Problem]
    missing: tuple[str, ...]
    warnings: Mapping[str, tuple[Problem, ...]]


def looks_structured(text: str) -> bool:
    """Does a message hold several values rather than one answer? A comma alone proves nothing."""
    typed = clean(text)
    return any(typed.count(sign) >= 1 for sign in "#;") or len(re.findall(r"\w\s*=", typed)) >= 1


def read_structured(
    form: Form, text: str, today: date, answers: Answers | None = None, medium: str = "sms"
) -> Structured:
    """Read all that a message says about a form, on top of ``answers``."""
    known: dict[str, JSON] = dict(answers or {})
    problems: dict[str, Problem] = {}
    warnings: dict[str, tuple[Problem, ...]] = {}
    parts = _parts(clean(text))
    for index, part in enumerate(parts):
        named = _NAMED.match(part)
        if named and _by_name(form, named[1], known) is None:
            problems[named[1]] = wrong("value_unknown_name", name=named[1])
            continue
        field = _by_name(form, named[1], known) if named else _next(form, known, problems, medium)
        if field is None:
            problems["#"] = wrong("values_too_many", expected=index, count=len(parts))
            break
        spilled = _takes_the_rest(form, field, parts[index:], known, problems, medium)
        raw = ", ".join(parts[index:]) if spilled else named[2] if named else part
        read = read_answer(field, raw, medium, today, known)
        if isinstance(read, Problem):
            problems[field.name] = read
        else:
            known = _keep(form, known, field, read, problems, warnings)
        if spilled:
            break
    left = tuple(field.name for field in missing(form, known) if field.name not in problems)
    return Structured(known, problems, left, warnings)


def _keep(
    form: Form,
    known: dict[str, JSON],
    field: Field,
    read: Answer,
    problems: dict[str, Problem],
    warnings: dict[str, tuple[Problem, ...]],
) -> dict[str, JSON]:
    kept, dropped = put(form, known, field.name, read.value)
    problems.pop(field.name, None)
    for name in dropped:
        warnings.pop(name, None)
    if read.warnings and field.name in kept:
        warnings[field.name] = read.warnings
    return kept


def _takes_the_rest(
    form: Form, field: Field, parts: list[str], known: Answers, problems: Mapping[str, Problem], medium: str
) -> bool:
    """The last question, if it wants text, keeps what the separators cut: an address holds commas."""
    last = _next(form, {**known, field.name: parts[0]}, problems, medium) is None
    return last and field.kind in TEXTS and len(parts) > 1 and not any(map(_NAMED.match, parts))


def _parts(text: str) -> list[str]:
    sign = next((sign for sign in _SEPARATORS if sign in text.strip(" #;,\n")), "\n")
    parts = [part.strip() for part in text.strip().split(sign)]
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _by_name(form: Form, words: str, answers: Answers) -> Field | None:
    exact = next((field for field in form.fields if field.name == words.strip().lower()), None)
    return exact or find_field(form, words, answers)


def _next(form: Form, answers: Answers, problems: Mapping[str, Problem], medium: str) -> Field | None:
    for field in visible(form, answers):
        if field.name not in answers and field.name not in problems and askable(field, medium) is None:
            return field
    return None

"""A form: one definition that is a page on the web, buttons in chat, questions by SMS, keys on the telephone.

Answers are a plain mapping from field name to JSON. A name that is present has been dealt with; None says
that an optional question was skipped. Nothing here keeps state: every function takes the answers and gives
new ones.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from procedures.definition import STRICT, Fault, LibraryError, parse
from procedures.form_field import Condition, Field, Kind, Op, Reason, askable
from procedures.form_limits import faulty_limit
from procedures.problem import JSON
from procedures.words import syllables

Answers = Mapping[str, JSON]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDS_BEFORE = frozenset(
    ("sua", "doi", "chinh", "thay", "lai", "sai", "cau", "muc", "so", "thu", "o", "phan", "cho", "toi", "em")
)


@dataclass(frozen=True)
class Form:
    """The questions of one filing, in the order in which they are asked."""

    __pydantic_config__: ClassVar = STRICT

    code: str
    version: str
    title: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def read(content: Any, shown: str = "form") -> Form:
    """A form from plain JSON or YAML. Raises definition.LibraryError with every fault, each with its key."""
    form = parse(Form, content, shown)
    found = [Fault(shown, *fault) for fault in faults(form)]
    if found:
        raise LibraryError(found)
    return form


def faults(form: Form) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a form that is well-shaped: key, problem, remedy."""
    if not form.fields:
        yield "fields", "no question at all", "write at least one field"
    earlier: dict[str, Field] = {}
    for index, field in enumerate(form.fields):
        at = f"fields[{index}]"
        if not _NAME.fullmatch(field.name):
            yield f"{at}.name", f"{field.name!r} is no name", "use small letters, digits and _"
        if field.name in earlier:
            yield f"{at}.name", f"{field.name!r} is used twice", "give each field its own name"
        yield from ((f"{at}.{key}", problem, remedy) for key, problem, remedy in _field_faults(field))
        for key, name in (("after", field.after), ("born", field.born)):
            if name and (name not in earlier or earlier[name].kind is not Kind.DATE):
                yield f"{at}.{key}", f"{name!r} is no earlier date", "name a date that is asked before"
        for place, condition in enumerate(field.only_if):
            for problem, remedy in _condition_faults(condition, earlier):
                yield f"{at}.only_if[{place}]", problem, remedy
        earlier[field.name] = field


def visible(form: Form, answers: Answers) -> tuple[Field, ...]:
    """The fields that these answers call for. An answer to a hidden field does not open others."""
    seen: dict[str, JSON] = {}
    shown = []
    for field in form.fields:
        if field.holds(seen):
            shown.append(field)
            if field.name in answers:
                seen[field.name] = answers[field.name]
    return tuple(shown)


def next_question(form: Form, answers: Answers, medium: str) -> Field | None:
    """The first open question that this medium can ask; None when it has nothing more to ask."""
    for field in visible(form, answers):
        if field.name not in answers and askable(field, medium) is None:
            return field
    return None


def missing(form: Form, answers: Answers) -> tuple[Field, ...]:
    """The required fields that stand between these answers and filing, whatever the medium."""
    return tuple(
        field for field in visible(form, answers) if field.required and answers.get(field.name) is None
    )


def unaskable(form: Form, medium: str, answers: Answers | None = None) -> tuple[tuple[Field, Reason], ...]:
    """The fields that this medium cannot ask, with the reason; with `answers`, only those still open."""
    fields = form.fields
    if answers is not None:
        fields = tuple(field for field in visible(form, answers) if field.name not in answers)
    return tuple((field, reason) for field in fields if (reason := askable(field, medium)) is not None)


def put(form: Form, answers: Answers, name: str, value: JSON) -> tuple[dict[str, JSON], tuple[str, ...]]:
    """The answers with one set, in the order of the form, and the names of those that no longer apply.

    Raises KeyError for a name that the form does not have.
    """
    form.field(name)
    return prune(form, {**answers, name: value})


def prune(form: Form, answers: Answers) -> tuple[dict[str, JSON], tuple[str, ...]]:
    """The answers that these answers call for, and the names of the others (conditions, older versions)."""
    names = [field.name for field in visible(form, answers)]
    kept = {name: answers[name] for name in names if name in answers}
    return kept, tuple(name for name in answers if name not in kept)


def find_field(form: Form, words: str, answers: Answers | None = None) -> Field | None:
    """The field that a citizen means by its number in the summary or its name ("3", "sua ngay sinh").

    None where nothing or more than one field fits.
    """
    fields = visible(form, answers or {})
    said = syllables(words)
    while said:
        found = _meant(fields, said)
        if found is not None or said[0] not in _WORDS_BEFORE:
            return found
        said = said[
            1:
        ]  # "số điện thoại" is a title, the "số" of "số 3" is not: so shorten only what was not found
    return None


def _meant(fields: tuple[Field, ...], said: tuple[str, ...]) -> Field | None:
    if len(said) == 1 and said[0].isdecimal():
        number = int(said[0][:4])
        return fields[number - 1] if 1 <= number <= len(fields) else None
    wanted = " ".join(said)
    titles = {field.name: " ".join(syllables(field.title)) for field in fields}
    return _only([f for f in fields if wanted in (f.name.replace("_", " "), titles[f.name])]) or _only(
        [field for field in fields if f" {wanted} " in f" {titles[field.name]} "]
    )


def _only(fields: list[Field]) -> Field | None:
    return fields[0] if len(fields) == 1 else None


def _field_faults(field: Field) -> Iterator[tuple[str, str, str]]:
    if not field.ask.get("default"):
        yield "ask.default", "is missing", "write the question for every medium"
    if field.kind is Kind.CHOICE and len(field.choices) < 2:
        yield "choices", "fewer than two", "list the choices or use another kind"
    if field.kind not in (Kind.CHOICE, Kind.YESNO) and field.choices:
        yield "choices", f"a {field.kind} has none", "remove them"
    values = [choice.value for choice in field.choices]
    if len(set(values)) < len(values):
        yield "choices", "a value is used twice", "give each choice its own value"
    if field.kind is Kind.YESNO and field.choices and sorted(values) != ["no", "yes"]:
        yield (
            "choices",
            "of a yesno must have the values yes and no",
            "write both, or none for the usual words",
        )
    if field.after and field.kind is not Kind.DATE:
        yield "after", f"a {field.kind} has none", "only a date can come after another"
    if field.born and field.kind is not Kind.IDENTITY:
        yield "born", f"a {field.kind} has none", "only an identity number holds a birth year"
    for key in ("min", "max"):
        problem = faulty_limit(field, getattr(field, key))
        if problem:
            yield key, problem, "see form_field.Field for what a limit means"


def _condition_faults(condition: Condition, earlier: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    asked = earlier.get(condition.field)
    if asked is None:
        yield f"{condition.field!r} is no earlier field", "name a field that is asked before"
        return
    many = condition.op in (Op.IN, Op.NOT_IN)
    if many and not isinstance(condition.value, list):
        yield f"{condition.op} needs a list", "write value: [a, b]"
    values = condition.value if isinstance(condition.value, list) else [condition.value]
    known = {choice.value for choice in asked.choices}
    by_value = many or condition.op in (Op.EQ, Op.NE)
    if asked.kind is Kind.CHOICE and by_value and not known.issuperset(values):
        yield f"{condition.value!r} is no choice of {asked.name}", f"use {', '.join(sorted(known))}"
    if asked.kind is Kind.YESNO and by_value and not all(isinstance(value, bool) for value in values):
        yield f"{asked.name} is answered by true or false", "write value: true or value: false"

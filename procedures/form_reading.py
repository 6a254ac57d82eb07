"""From what came in (words, keys, a file, a recording) to the answer of one field, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from procedures.definition import read_yaml
from procedures.form_field import TEXTS, Choice, Field, Kind, Manner, askable, manner
from procedures.form_limits import check_limits, role
from procedures.places import Places, load_places
from procedures.problem import JSON, Problem, wrong
from procedures.readers.addresses import read_address
from procedures.readers.choices import read_choice
from procedures.readers.dates import read_date
from procedures.readers.email import read_email
from procedures.readers.identity import read_identity
from procedures.readers.money import read_money
from procedures.readers.names import read_name
from procedures.readers.numbers import read_number
from procedures.readers.phones import national, read_phone
from procedures.readers.times import read_time
from procedures.readers.yesno import read_yesno
from procedures.words import clean, fold

SKIPS = frozenset({"bo qua", "bo", "skip", "-", "khong co", "ko co", "k co", "khong", "ko", "#"})
_ZERO_WORDS = frozenset({"khong", "ko"})  # "không" is a number too
_SHOWN = Path(__file__).parent / "library" / "answers.yaml"


@dataclass(frozen=True)
class Answer:
    """An answer as it is kept: plain JSON. ``warnings`` ask for a second look and do not stand in the way."""

    value: JSON
    warnings: tuple[Problem, ...] = ()


def read_answer(
    field: Field, raw: JSON, medium: str, today: date, answers: Mapping[str, JSON] | None = None
) -> Answer | Problem:
    """The answer to a field from what a medium delivered; ``answers`` are those before, to compare with.

    ``raw`` is text, a file ({"id", "name", "type"}, or a list of them) or a recording ({"recording": id}).
    """
    reason = askable(field, medium)
    if reason is not None:
        return wrong("not_here", reason=reason.value)
    if isinstance(raw, Mapping | list):
        return _received(field, raw, medium)
    text = clean("" if raw is None else str(raw))
    if not text or (not field.required and _is_skip(field, text)):
        return wrong("required") if field.required else Answer(None)
    known = answers or {}
    read = _read(field, text, medium, today, _date_of(known.get(field.born)))
    if isinstance(read, Problem):
        return read
    first = _date_of(known.get(field.after))
    if first and str(read.value) < first.isoformat():
        return wrong("date_too_early", min=first.isoformat())
    return check_limits(field, read.value, today) or read


def shown(field: Field, value: JSON, masked: bool = False) -> str:
    """An answer as a citizen or an officer reads it; ``masked`` hides what is sensitive."""
    if value is None:
        return ""
    text = _shown(field, value)
    return mask(text) if masked and field.sensitive else text


def mask(text: str) -> str:
    """All but the last three letters and digits as stars; short texts entirely."""
    keep = 3 if len(text) > 6 else 0
    cut = len(text) - keep
    return "".join("*" if sign.isalnum() else sign for sign in text[:cut]) + text[cut:]


def _read(field: Field, text: str, medium: str, today: date, born: date | None) -> Answer | Problem:
    value: Any
    match field.kind:
        case Kind.DATE | Kind.TIME:
            value = read_date(text, today, role(field)) if field.kind is Kind.DATE else read_time(text)
            if isinstance(value, Problem):
                return value
            return Answer(value.isoformat() if field.kind is Kind.DATE else value.isoformat("minutes"))
        case Kind.IDENTITY:
            found = read_identity(text, today, _places().birthplaces, born)
            return found if isinstance(found, Problem) else Answer(found.number, found.warnings)
        case Kind.ADDRESS:
            place = read_address(text, _places())
            return place if isinstance(place, Problem) else Answer(place.text)
        case Kind.CHOICE:
            value = read_choice(text, field.choices)
        case Kind.YESNO:
            value = _yesno(field, text, medium)
        case Kind.NUMBER:
            value = read_number(text, field.whole)
        case Kind.MONEY:
            value = int(text) if medium == "ivr" and text.isascii() and text.isdigit() else read_money(text)
        case Kind.PHONE:
            value = read_phone(text)
        case Kind.EMAIL:
            value = read_email(text)
        case Kind.NAME:
            value = read_name(text)
        case Kind.FILE:
            value = wrong("file_expected")
        case _:
            value = text
    return value if isinstance(value, Problem) else Answer(value)


def _yesno(field: Field, text: str, medium: str) -> bool | Problem:
    """The field's own words for yes and no first; on the telephone đúng, sai and keys."""
    if field.choices and medium != "ivr":
        own = read_choice(text, field.choices)
        if not isinstance(own, Problem):
            return own == "yes"
    if field.choices and text.strip() in ("1", "2"):
        return field.choices[int(text) - 1].value == "yes"
    return read_yesno(text, voice=medium == "ivr")


def _received(field: Field, raw: Mapping[str, JSON] | list[JSON], medium: str) -> Answer | Problem:
    if isinstance(raw, Mapping) and "recording" in raw:
        spoken = manner(field, medium) is Manner.RECORDED and field.kind in TEXTS
        return Answer({"recording": raw["recording"]}) if spoken else wrong("not_here", reason="not_keyed")
    files: list[JSON] = list(raw) if isinstance(raw, list) else [dict(raw)]
    if (
        field.kind is not Kind.FILE
        or not files
        or not all(isinstance(f, dict) and f.get("id") for f in files)
    ):
        return wrong("file_expected")
    most = int(field.max) if isinstance(field.max, int | float) else 1
    if len(files) > most:
        return wrong("file_too_many", max=most)
    if field.accept and not all(isinstance(f, dict) and _accepted(field, f) for f in files):
        return wrong("file_type", accepted=list(field.accept))
    return Answer(files)


def _accepted(field: Field, file: Mapping[str, JSON]) -> bool:
    kind = str(file.get("type") or "")
    return not kind or any(
        part in kind for part in field.accept
    )  # "image" in image/jpeg, "pdf" in application/pdf


def _date_of(value: JSON) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _is_skip(field: Field, text: str) -> bool:
    said = fold(text).strip(" .!")
    if field.kind is Kind.YESNO or (field.kind in (Kind.NUMBER, Kind.MONEY) and said in _ZERO_WORDS):
        return False
    if field.kind is Kind.CHOICE and any(
        said == fold(words) for c in field.choices for words in (c.label, *c.words)
    ):
        return False
    return said in SKIPS


def _shown(field: Field, value: JSON) -> str:
    words = _wording()
    if isinstance(value, Mapping):
        return words["recording"]
    if isinstance(value, list):
        return words["files"].format(count=len(value))
    if isinstance(value, bool):
        return _label(field.choices, "yes" if value else "no") or words["yes" if value else "no"]
    match field.kind:
        case Kind.CHOICE:
            return _label(field.choices, str(value)) or str(value)
        case Kind.DATE:
            return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
        case Kind.MONEY:
            return f"{value:,} đ".replace(",", ".")
        case Kind.NUMBER:
            return str(value).replace(".", ",")
        case Kind.PHONE:
            return national(str(value))
    return str(value)


def _label(choices: tuple[Choice, ...], value: str) -> str:
    return next((choice.label for choice in choices if choice.value == value), "")


@cache
def _places() -> Places:
    return load_places()


@cache
def _wording() -> dict[str, str]:
    return dict(read_yaml(_SHOWN, _SHOWN.name))

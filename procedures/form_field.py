"""One question of a form: what is asked, of what kind, when, and by which media it can be answered at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from procedures.definition import STRICT

KEYED_CHOICES = 9  # one key a choice; 0 is the officer's everywhere on the telephone


class Kind(StrEnum):
    """What an answer is. Answers are plain JSON; dates and times are ISO 8601 texts, money is whole đồng."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    EMAIL = "email"
    IDENTITY = "identity"
    CHOICE = "choice"
    YESNO = "yesno"
    NUMBER = "number"
    MONEY = "money"
    ADDRESS = "address"
    FILE = "file"


class Manner(StrEnum):
    """How a medium takes an answer. A field may overrule its medium: `media: {ivr: recorded}`."""

    TYPED = "typed"
    KEYED = "keyed"
    RECORDED = "recorded"  # spoken and kept as a voice note; an officer writes it down
    UPLOADED = "uploaded"
    SKIPPED = "skipped"  # not asked by this medium, even if it could be


class Reason(StrEnum):
    """Why a medium cannot answer a field."""

    NO_FILES = "no_files"
    NOT_KEYED = "not_keyed"
    TOO_MANY_CHOICES = "too_many_choices"
    SKIPPED = "skipped"


class Op(StrEnum):
    """How a condition compares the earlier answer; a missing answer fulfils none but `unanswered`."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"


TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.NAME, Kind.ADDRESS})
KEYS = frozenset(
    {Kind.DATE, Kind.TIME, Kind.PHONE, Kind.IDENTITY, Kind.CHOICE, Kind.YESNO, Kind.NUMBER, Kind.MONEY}
)


@dataclass(frozen=True)
class Choice:
    """One possible answer. `words` are what citizens say instead of the label."""

    __pydantic_config__: ClassVar = STRICT

    value: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Condition:
    """Ask only if the answer to an earlier `field` compares so with `value`."""

    __pydantic_config__: ClassVar = STRICT

    field: str
    op: Op = Op.EQ
    value: Any = None

    def holds(self, answers: Mapping[str, Any]) -> bool:
        given = answers.get(self.field)
        if self.op is Op.ANSWERED or self.op is Op.UNANSWERED:
            return (given is not None) == (self.op is Op.ANSWERED)
        return given is not None and _compare(self.op, given, self.value)


@dataclass(frozen=True)
class Field:
    """One question.

    `ask` maps media to wording, `default` speaks to all others. `min` and `max` mean: the value for numbers
    (money in đồng); characters for texts; a date (ISO, `today`, `today-18y`, `today+30d`) or HH:MM; how many
    files. `after` names an earlier date that this one must not precede; `born` the earlier date of birth that
    an identity number is compared with.
    """

    __pydantic_config__: ClassVar = STRICT

    name: str
    kind: Kind
    title: str
    ask: Mapping[str, str]
    help: str = ""
    required: bool = True
    choices: tuple[Choice, ...] = ()
    only_if: tuple[Condition, ...] = ()
    min: int | float | str | None = None
    max: int | float | str | None = None
    after: str = ""
    born: str = ""
    whole: bool = True  # numbers: no fractions
    accept: tuple[str, ...] = ()  # files: image, pdf, audio
    confirm: bool = False  # read back before going on
    sensitive: bool = False  # masked in summaries and logs
    media: Mapping[str, Manner] = field(default_factory=dict)

    def question(self, medium: str) -> str:
        """The wording of the question for a medium."""
        return self.ask.get(medium) or self.ask["default"]

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Do all conditions hold, given these answers?"""
        return all(condition.holds(answers) for condition in self.only_if)


def manner(field: Field, medium: str) -> Manner:
    """How this medium takes the answer to this field."""
    if medium in field.media:
        return field.media[medium]
    if field.kind is Kind.FILE:
        return Manner.UPLOADED
    return Manner.KEYED if medium == "ivr" else Manner.TYPED


def askable(field: Field, medium: str) -> Reason | None:
    """Why `medium` cannot ask this field; None where it can."""
    how = manner(field, medium)
    if how is Manner.SKIPPED:
        return Reason.SKIPPED
    if field.kind is Kind.FILE:
        return Reason.NO_FILES if medium in ("sms", "ivr") else None
    if medium != "ivr" or (how is Manner.RECORDED and field.kind in TEXTS):
        return None
    if field.kind not in KEYS:
        return Reason.NOT_KEYED
    crowded = field.kind is Kind.CHOICE and len(field.choices) > KEYED_CHOICES
    return Reason.TOO_MANY_CHOICES if crowded else None


def _compare(op: Op, given: Any, value: Any) -> bool:
    match op:
        case Op.EQ:
            return bool(given == value)
        case Op.NE:
            return bool(given != value)
        case Op.IN:
            return given in value
        case Op.NOT_IN:
            return given not in value
    try:
        return bool(
            {Op.LT: given < value, Op.LE: given <= value, Op.GT: given > value, Op.GE: given >= value}[op]
        )
    except TypeError:
        return False

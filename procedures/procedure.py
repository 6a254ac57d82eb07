"""What the office publishes about one administrative procedure (thủ tục hành chính).

Nouns: Procedure → Case (time limit) and Offer (fee and time limit by way of filing), Fee, Paper, Basis,
Conflict, Filing. A procedure is data: `library/procedures/<code>.yaml`, one file each. Where published
sources contradict each other the contradiction is kept and shown (`conflicts`); nothing is averaged.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from procedures.definition import STRICT
from procedures.term import Term

SHORT_NAME = 40  # characters: two of them and a date must fit one SMS of 160
PHRASES = 5
CODE = re.compile(r"\d\.\d{6}")  # mã thủ tục on the national portal
OWN_CODE = re.compile(r"[a-z][a-z0-9_]*")  # of things that are no administrative procedure


class Way(StrEnum):
    """How papers reach the office; the three channels of the national catalogue."""

    COUNTER = "counter"
    ONLINE = "online"
    POST = "post"


class FilingKind(StrEnum):
    """What something sent through us *is* in law. The citizen is told before the first question."""

    PRE_DECLARATION = "pre_declaration"  # checked by an officer, completed at the counter
    HAND_OFF = "hand_off"  # we only lead to the national portal, where filing needs an e-ID login
    NOTICE = "notice"  # the law itself allows telephone or e-mail
    NOT_A_PROCEDURE = "not_a_procedure"  # an appointment, feedback: no legal form demanded


class FeeKind(StrEnum):
    """What is known about an amount. "0" on the portal alone is never FREE."""

    FIXED = "fixed"
    FREE = "free"
    PROVINCE = "province"  # set by the provincial council (HĐND cấp tỉnh)
    BY_LAW = "by_law"  # set elsewhere; `note` says where
    NOT_STATED = "not_stated"


class Confidence(StrEnum):
    """How well the facts are supported."""

    SOURCED = "sourced"  # two sources agree, or one and the procedure's own text
    ONE_SOURCE = "one_source"
    CONFLICT = "conflict"  # sources disagree; see `conflicts`
    LISTED = "listed"  # code, name, field and agency only; the rest needs a check


class ProofOf(StrEnum):
    """In which shape a paper is handed in."""

    ORIGINAL = "original"
    COPY = "copy"
    SHOWN = "shown"  # shown only, or its number given; nothing is kept
    FORM = "form"  # filled in: on paper at the counter, on the screen online


@dataclass(frozen=True)
class Case:
    """A situation (trường hợp) with its own time limit."""

    __pydantic_config__: ClassVar = STRICT

    code: str
    title: str
    term: Term
    note: str = ""


@dataclass(frozen=True)
class Fee:
    """One amount. `amount` is in đồng; `per` what it is paid for ("bản", "trang", "người")."""

    __pydantic_config__: ClassVar = STRICT

    kind: FeeKind
    amount: int | None = None
    per: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if (self.kind is FeeKind.FIXED) != (self.amount is not None):
            raise ValueError("an amount goes with kind fixed, and with no other kind")


@dataclass(frozen=True)
class Offer:
    """One way of filing. Without a term of its own the case's holds; without a fee the procedure's."""

    __pydantic_config__: ClassVar = STRICT

    way: Way
    term: Term | None = None
    fee: Fee | None = None
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper of the dossier; `only_if` is the condition in words, empty where everyone needs it."""

    __pydantic_config__: ClassVar = STRICT

    name: str
    shape: ProofOf = ProofOf.ORIGINAL
    only_if: str = ""


@dataclass(frozen=True)
class Basis:
    """A legal document: its number, and since and until when it holds, where that is known."""

    __pydantic_config__: ClassVar = STRICT

    number: str
    title: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Conflict:
    """Published sources that disagree: about what, and what each says."""

    __pydantic_config__: ClassVar = STRICT

    what: str
    versions: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.versions) < 2:
            raise ValueError("a conflict needs at least two versions")


@dataclass(frozen=True)
class Filing:
    """What a filing through us is; `by` where one medium (sms, ivr, chat, web) differs; `note` our words."""

    __pydantic_config__: ClassVar = STRICT

    kind: FilingKind
    note: str = ""
    by: dict[str, FilingKind] | None = None

    def on(self, medium: str) -> FilingKind:
        """What a filing by this medium is."""
        return (self.by or {}).get(medium, self.kind)


@dataclass(frozen=True)
class FilingText:
    """What is said about a kind of filing before the first question; `sms` without marks, in one message."""

    __pydantic_config__: ClassVar = STRICT

    title: str
    text: str
    sms: str


@dataclass(frozen=True)
class Procedure:
    """A published procedure. `as_of` is the day its facts were read at `source`."""

    __pydantic_config__: ClassVar = STRICT

    code: str
    name: str
    short_name: str
    field: str
    level: str
    agency: str
    summary: str
    cases: tuple[Case, ...]
    offers: tuple[Offer, ...]
    fees: tuple[Fee, ...]
    papers: tuple[Paper, ...]
    result: str
    where: str
    phrases: tuple[str, ...]
    filing: Filing
    process: str
    source: str
    as_of: date
    confidence: Confidence
    exemptions: tuple[str, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    online_url: str = ""
    form: str = ""
    sensitive: bool = False
    remark: str = ""
    version: int = 1

    @property
    def administrative(self) -> bool:
        """False for an appointment or feedback: things without a code in the national catalogue."""
        return self.filing.kind is not FilingKind.NOT_A_PROCEDURE

    def case(self, code: str) -> Case:
        """The case of that code. Raises KeyError."""
        return {case.code: case for case in self.cases}[code]

    def offer(self, way: Way) -> Offer | None:
        """The offer for that way of filing, None where the office does not take it."""
        return next((offer for offer in self.offers if offer.way is way), None)

    def term(self, case: str = "", way: Way = Way.COUNTER) -> Term:
        """The time limit of a case (the first where none is named) when filed that way."""
        offer = self.offer(way)
        if offer is not None and offer.term is not None:
            return offer.term
        return (self.case(case) if case else self.cases[0]).term

    def fees_for(self, way: Way) -> tuple[Fee, ...]:
        """What is paid when filed that way. Show `exemptions` with it, always."""
        offer = self.offer(way)
        return (offer.fee,) if offer is not None and offer.fee is not None else self.fees

    def in_force(self, day: date) -> tuple[Basis, ...]:
        """The legal documents that hold on that day."""
        return tuple(
            basis
            for basis in self.legal_basis
            if (basis.since is None or basis.since <= day) and (basis.until is None or day <= basis.until)
        )

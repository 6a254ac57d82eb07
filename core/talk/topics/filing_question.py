"""One question of a filing: what is said, and what is awaited, on any medium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.messages import Choice, Expect, ExpectKind, Say
from core.talk.conversation import Conversation
from core.talk.needs import DraftState
from core.talk.script import Turn, go, stay
from core.talk.topics.offers import asking
from procedures.form import Form, visible
from procedures.form_field import Field, Kind, Manner, manner
from procedures.problem import Problem
from procedures.words import fold

DIGITS: dict[Kind, int] = {
    Kind.TIME: 4,
    Kind.PHONE: 12,
    Kind.IDENTITY: 12,
    Kind.NUMBER: 9,
    Kind.MONEY: 12,
}
DATE_DIGITS = 8
TELLS_KEYS = "bam 1"  # a question worded for the ear that names its keys itself


@dataclass(frozen=True, slots=True)
class Sheet:
    """A draft on the table: the talk, what was answered, and the form that asks."""

    talk: Conversation
    draft: DraftState
    form: Form

    @property
    def medium(self) -> str:
        return self.talk.medium

    @property
    def title(self) -> str:
        return self.draft.title or self.form.title

    def titles(self, names: tuple[str, ...] | list[str]) -> list[str]:
        """Fields by the names that citizens know."""
        return [field.title for field in self.form.fields if field.name in names]

    def memory(self, **more: Any) -> dict[str, Any]:
        """What must be remembered until the answer comes; the answers themselves stay in the draft."""
        return {
            "draft": self.draft.id,
            "procedure": self.draft.procedure,
            "revision": self.draft.revision,
            "title": self.title,
            **more,
        }


def ask_field(sheet: Sheet, field: Field, *says: Say) -> Turn:
    """Ask for one field, after `says`."""
    fields = visible(sheet.form, sheet.draft.answers)
    values = {
        "question": field.question(sheet.medium),
        "number": 1 + [each.name for each in fields].index(field.name) if field in fields else 1,
        "total": len(fields),
        "optional": not field.required,
        "kind": field.kind.value,
        "recorded": _recorded(field, sheet.medium),
    }
    say = Say("filing.question", values, expectation(field, sheet.medium))
    return go(sheet.talk, "filing", *says, say, **sheet.memory(step="ask", field=field.name))


def ask_again(sheet: Sheet, field: Field, problem: Problem) -> Turn:
    """What does not fit, what would, and the same question."""
    question = field.question(sheet.medium)
    values = {**problem.values, "problem": problem.code, "help": field.help, "question": question}
    say = Say("filing.retry", values, expectation(field, sheet.medium))
    return stay(sheet.talk, say, stumbled=True)


def expectation(field: Field, medium: str) -> Expect:
    """What is awaited for a field."""
    if _recorded(field, medium):
        return asking(ExpectKind.RECORDING)
    match field.kind:
        case Kind.CHOICE | Kind.YESNO:
            return _choices(field, medium)
        case Kind.DATE:
            return asking(ExpectKind.DATE, DATE_DIGITS)
        case Kind.FILE:
            return asking(ExpectKind.FILE)
        case kind if kind in DIGITS:
            return asking(ExpectKind.DIGITS, DIGITS[kind])
    return asking(ExpectKind.TEXT)


def _recorded(field: Field, medium: str) -> bool:
    return medium == "ivr" and manner(field, medium) is Manner.RECORDED


def _choices(field: Field, medium: str) -> Expect:
    told = medium == "ivr" and TELLS_KEYS in fold(field.question(medium))
    say = "answer.unspoken" if told else "answer.label"
    kind = ExpectKind.CHOICE if field.kind is Kind.CHOICE else ExpectKind.YES_NO
    if field.choices:
        return Expect(kind, tuple(Choice(each.value, each.label, say) for each in field.choices))
    plain = ("answer.unspoken",) * 2 if told else ("answer.yes", "answer.no")
    return Expect(kind, (Choice("yes", say=plain[0]), Choice("no", say=plain[1])))

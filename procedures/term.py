"""How long the office may take, as the law says it: an amount, a unit, or a rule instead of both."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from procedures.definition import STRICT


class Unit(StrEnum):
    """What a time limit is counted in; all four occur in published procedures."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"  # working hours: the clock stands still when the office is closed
    MONTH = "month"


class Rule(StrEnum):
    """How the amount is meant."""

    COUNT = "count"  # `quantity` units after acceptance
    SAME_DAY = "same_day"  # the day of acceptance; accepted after 15:00, the next working day
    ON_RECEIPT = "on_receipt"  # no single figure is published: the receipt tells the date
    CAMPAIGN = "campaign"  # a yearly review: a single dossier has no due date


@dataclass(frozen=True)
class Term:
    """A time limit. Only COUNT carries an amount; a bare "1" without a unit is ON_RECEIPT, never one day."""

    __pydantic_config__: ClassVar = STRICT

    quantity: int | None = None
    unit: Unit | None = None
    rule: Rule = Rule.COUNT

    def __post_init__(self) -> None:
        counted = self.quantity is not None and self.unit is not None
        if self.rule is Rule.COUNT and not (counted and (self.quantity or 0) > 0):
            raise ValueError("a counted term needs a quantity above 0 and a unit; else give a rule")
        if self.rule is not Rule.COUNT and (self.quantity is not None or self.unit is not None):
            raise ValueError(f"a term by rule {self.rule.value} carries neither quantity nor unit")

"""What is wrong with an answer, as a value that wording can turn into help.

A reader never raises for what a citizen typed. It returns a ``Problem``; its code becomes the wording key
``problem.<code>``. The table below is the whole list, so that wording can be verified at start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"

CODES: Mapping[str, tuple[str, ...]] = {
    # any field
    "required": (),  # nothing was answered and the question cannot be skipped
    "too_short": ("min",),  # characters
    "too_long": ("max", "length"),  # characters
    "not_here": ("reason",),  # this medium cannot answer it; reason is a form_field.Reason
    # dates
    "date_unreadable": (),
    "date_impossible": ("text",),  # 31/2, month 13, a year that nobody alive has seen
    "date_incomplete": (),  # only a month or a year
    "date_no_year": ("day", "month"),
    "date_lunar": (),  # âm lịch, rằm, tết: ask for the solar date
    "date_in_future": ("date",),  # ISO dates throughout
    "date_in_past": ("date",),
    "date_too_early": ("min",),
    "date_too_late": ("max",),
    # times of day
    "time_unreadable": (),
    "time_impossible": ("text",),
    "time_which_half": ("hour",),  # "2 giờ": morning or afternoon?
    "time_too_early": ("min",),  # HH:MM
    "time_too_late": ("max",),
    # numbers and money
    "number_unreadable": (),
    "number_several": (),
    "number_not_whole": (),
    "number_too_small": ("min",),
    "number_too_large": ("max",),
    "money_unreadable": (),
    "money_slang": ("word",),
    "money_unit": ("amount",),  # "50": fifty đồng or fifty thousand?
    "money_too_small": ("min",),  # đồng
    "money_too_large": ("max",),
    # names, addresses, mail
    "name_digits": (),
    "name_characters": ("characters",),
    "address_too_vague": (),
    "email_unreadable": (),
    # telephone numbers
    "phone_unreadable": (),
    "phone_length": ("count",),  # digits that were given
    "phone_several": (),
    "phone_prefix": ("prefix",),
    "phone_short": ("number",),  # a service number, nobody's own
    "phone_foreign": (),
    "phone_is_code": ("code",),  # the check digits say: a dossier's phone code
    # identity papers; the last four are warnings that travel with an accepted number
    "identity_unreadable": (),
    "identity_length": ("count",),
    "identity_birth_future": ("year",),
    "identity_place_unknown": ("place",),
    "identity_birth_differs": ("year", "stated"),
    "identity_sex_differs": (),
    "identity_old_card": (),
    # choices
    "choice_unknown": ("count", "labels"),
    "choice_number": ("count",),
    "choice_several": ("labels",),
    "yesno_unreadable": (),
    # files and recordings
    "file_expected": (),
    "file_too_many": ("max",),
    "file_type": ("accepted",),
    # one structured message
    "values_too_many": ("expected", "count"),
    "value_unknown_name": ("name",),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one answer; ``values`` are plain JSON for the wording.

    Raises ValueError for a code or a value name that the table does not know: that is a bug, not an answer.
    """

    code: str
    values: Mapping[str, JSON]

    def __post_init__(self) -> None:
        if set(self.values) != set(CODES.get(self.code, ("a code of the table",))):
            raise ValueError(f"problem {self.code!r} with values {sorted(self.values)}")

    @property
    def key(self) -> str:
        """The wording key."""
        return f"problem.{self.code}"


def wrong(code: str, /, **values: JSON) -> Problem:
    """A Problem, written briefly."""
    return Problem(code, values)

"""Numbers of identity papers: the 12-digit personal number (CCCD, căn cước) and the old 9-digit CMND.

Twelve digits are three for the place where the birth was registered, one for century and sex, two for the
birth year and six at random (Nghị định 137/2015/NĐ-CP art. 13; codes of places in Thông tư 59/2021/TT-BCA).
There is no check digit, so what looks odd is a warning beside the value, not a refusal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from procedures.problem import Problem, wrong
from procedures.readers.numbers import spoken_digits
from procedures.words import clean

PERSONAL, OLD_CARD = "cccd", "cmnd"
# Codes from 100 on are countries: the birth was registered abroad.
FIRST_COUNTRY = 100

# Letters count as figures only in the company of figures: the "o" of "so 001..." does not.
_DIGIT = r"(?:[0-9]|(?<![A-Za-z])[oOlI](?=[0-9oOlI]*[0-9])|(?<=[0-9oOlI])[oOlI](?![A-Za-z]))"
_ROW = re.compile(rf"{_DIGIT}(?:[ .\-*]?{_DIGIT}){{4,}}")
_LIKE_DIGITS = str.maketrans("oOlI", "0011")


@dataclass(frozen=True)
class Identity:
    """A number as read. ``warnings`` are for the reader of the dossier and for asking once more."""

    number: str
    kind: str
    place: str = ""
    birth_year: int | None = None
    female: bool | None = None
    warnings: tuple[Problem, ...] = ()


def read_identity(
    text: str,
    today: date,
    places: Mapping[str, str],
    birth: date | None = None,
    female: bool | None = None,
) -> Identity | Problem:
    """A number; ``places`` maps known three-digit codes to names; ``birth`` and ``female`` were stated."""
    typed = clean(text)
    typed = typed if any(sign.isdigit() for sign in typed) else spoken_digits(typed)
    rows = [re.sub(r"[ .\-*]", "", row).translate(_LIKE_DIGITS) for row in _ROW.findall(typed)]
    if len(rows) != 1:
        return wrong("identity_unreadable")
    number = rows[0]
    if len(number) == 9:
        return Identity(number, OLD_CARD, warnings=(wrong("identity_old_card"),))
    if len(number) != 12:
        return wrong("identity_length", count=len(number))
    return _personal(number, today, places, birth, female)


def _personal(
    number: str, today: date, places: Mapping[str, str], birth: date | None, female: bool | None
) -> Identity | Problem:
    place, century, year = number[:3], int(number[3]), int(number[4:6])
    born = 1900 + century // 2 * 100 + year
    if born > today.year:
        return wrong("identity_birth_future", year=born)
    warnings = []
    if int(place) < FIRST_COUNTRY and place not in places:
        warnings.append(wrong("identity_place_unknown", place=place))
    if birth is not None and birth.year != born:
        warnings.append(wrong("identity_birth_differs", year=born, stated=birth.year))
    if female is not None and female != bool(century % 2):
        warnings.append(wrong("identity_sex_differs"))
    return Identity(number, PERSONAL, place, born, bool(century % 2), tuple(warnings))

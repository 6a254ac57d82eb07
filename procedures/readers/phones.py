"""Telephone numbers of Vietnam in any spelling, to E.164 (+84…); mobile numbers of before 2018 are mapped.

Eleven-digit mobile prefixes became ten-digit ones in autumn 2018 (the ministry's change of the number plan).
Landlines have had the prefix 02 and eleven digits since 2017 and are not old mobiles.
"""

import re

from procedures.codes import spoken_groups, valid_phone_code
from procedures.problem import Problem, wrong
from procedures.readers.numbers import spoken_digits
from procedures.words import clean

OLD_MOBILES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",  # MobiFone
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",  # VinaPhone
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037",  # Viettel
    "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",  # Vietnamobile, Gmobile
}  # fmt: skip

_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])\d{7}")
_LANDLINE = re.compile(r"02\d{9}")
_SERVICE = re.compile(r"1\d{2,3}|1[89]00\d{4,6}|[689]\d{3}")  # 113, 1022, 18001096, 19001009, 8088
# An o counts as a zero beside a figure, but not as the end of a word such as the "so" of "so 0912345678".
_DIGIT = r"(?:[0-9]|(?<![A-Za-z])[oO](?=[0-9])|(?<=[0-9])[oO](?![A-Za-z]))"
_ROW = re.compile(rf"(?:\+|00)?{_DIGIT}(?:[ .\-()/*]{{0,3}}{_DIGIT}){{2,}}")


def read_phone(text: str) -> str | Problem:
    """One number as E.164. A row whose check digits make it a dossier's phone code is not taken for one."""
    typed = clean(text)
    typed = typed if any(sign.isdigit() for sign in typed) else spoken_digits(typed)
    rows = [row for row in _ROW.findall(typed) if sum(sign.isdigit() for sign in row) > 2]
    if not rows:
        return wrong("phone_unreadable")
    row = re.sub(r"[ .\-()/*]", "", rows[0]).replace("o", "0").replace("O", "0")
    if valid_phone_code(row):
        return wrong("phone_is_code", code=" ".join(spoken_groups(row)))
    if len(rows) > 1:
        return wrong("phone_several")
    return _national(row)


def national(number: str) -> str:
    """A number of ours as it is dialled at home: +84912345678 gives 0912345678."""
    return "0" + number[3:] if number.startswith("+84") else number


def _national(row: str) -> str | Problem:
    number = _home_prefix(row)
    if number is None:
        return wrong("phone_foreign")
    if _SERVICE.fullmatch(number):
        return wrong("phone_short", number=number)
    number = OLD_MOBILES.get(number[:4], number[:4]) + number[4:] if len(number) == 11 else number
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return "+84" + number[1:]
    expected = 11 if number.startswith("02") else 10
    if len(number) != expected:
        return wrong("phone_length", count=len(number))
    return wrong("phone_prefix", prefix=number[:3])


def _home_prefix(row: str) -> str | None:
    """The number with its leading 0; None for another country."""
    digits = row.lstrip("+")
    if row.startswith(("+", "00")):
        digits = digits[2:] if row.startswith("00") else digits
        return "0" + digits[2:].lstrip("0") if digits.startswith("84") else None
    if digits.startswith("84") and len(digits) in (11, 12, 13):
        return "0" + digits[2:].lstrip("0")
    if len(digits) == 9 and digits[0] in "35789":
        return "0" + digits  # a table calculation has eaten the zero
    return digits

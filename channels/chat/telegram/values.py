"""Single values of an update, read strictly: what has another type than documented is `Malformed`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any


class Malformed(ValueError):
    """Not an update as the Bot API documents it. The reason never repeats what was sent."""


def update_id(raw: Any) -> int:
    """The number of an update. Raises `Malformed`."""
    number = raw.get("update_id") if isinstance(raw, Mapping) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
        raise Malformed("no update_id")
    return number


def integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("not a number where one must be")
    return value


def string(value: Any) -> str:
    """Text in NFC; people's keyboards send both forms, and they must compare equal."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed("not a text where one must be")
    return unicodedata.normalize("NFC", value)


def scrub(value: Any) -> Any:
    """JSON without NUL and half surrogates, which no database would take."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {scrub(key): scrub(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [scrub(item) for item in value]
    return value


def phone(text: str) -> str:
    """A number as the platform gives it ("84912345678", "+84 912 345 678", "0912345678") in E.164; what is no
    number comes back as it was. The leading 0 is Vietnam's."""
    digits = re.sub(r"[^0-9]", "", text)
    if digits.startswith("0") and len(digits) in (10, 11):
        digits = "84" + digits[1:]
    return f"+{digits}" if 8 <= len(digits) <= 15 and not digits.startswith("0") else text

"""Names of persons, kept as typed: one-word names, H'Hen Niê, Y Bhăm and foreign names are all names."""

import re
import unicodedata

from procedures.problem import Problem, wrong
from procedures.words import clean

LONGEST = 100
_SIGNS = "'’-. "
_INTRODUCTION = re.compile(
    r"^(?:(?:tôi|toi|em|mình|minh|cháu|chau)\s+)?(?:họ\s+(?:và\s+)?tên|ho\s+(?:va\s+)?ten|tên|ten)"
    r"(?:\s+(?:tôi|toi|em|của\s+tôi|cua\s+toi))?\s*(?:là|la|:)\s*",
    re.IGNORECASE,
)


def read_name(text: str) -> str | Problem:
    """A name: letters with any marks, apostrophe, hyphen, stop and blank; its parts are not judged."""
    name = " ".join(_INTRODUCTION.sub("", clean(text)).strip(' ,;:!"').split())
    if not name:
        return wrong("required")
    if any(sign.isdigit() for sign in name):
        return wrong("name_digits")
    odd = "".join(dict.fromkeys(sign for sign in name if not _allowed(sign)))
    if odd or not any(sign.isalpha() for sign in name):
        return wrong("name_characters", characters=odd or name[:10])
    if len(name) > LONGEST:
        return wrong("too_long", max=LONGEST, length=len(name))
    return name


def _allowed(sign: str) -> bool:
    return sign in _SIGNS or unicodedata.category(sign)[0] in "LM"

"""Mail addresses: what can be delivered to, not everything that RFC 5322 would allow."""

import re

from procedures.problem import Problem, wrong
from procedures.words import clean

_ADDRESS = re.compile(
    r"(?<![^\s<:,;])([A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_+\-])?)@"
    r"((?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})(?![A-Za-z0-9@])"
)
_LONGEST = 254  # RFC 5321, 4.5.3.1.3


def read_email(text: str) -> str | Problem:
    """One address, its domain in lower case; words around it do not matter."""
    typed = re.sub(r"\s*@\s*", "@", clean(text))
    found = _ADDRESS.findall(typed)
    if len(found) != 1 or ".." in found[0][0] or len("@".join(found[0])) > _LONGEST:
        return wrong("email_unreadable")
    local, domain = found[0]
    return f"{local}@{domain.lower()}"

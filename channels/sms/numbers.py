"""Telephone numbers between SMPP's address fields and ours.

A subscriber is E.164 with a plus ("+84912345678"); short numbers and brand names stay as they are. Type of
number and numbering plan: SMPP 3.4 §5.2.5 and §5.2.6.
"""

from __future__ import annotations

from typing import NamedTuple

from core.messages import Address

_INTERNATIONAL, _NATIONAL, _NETWORK, _ALPHANUMERIC = 1, 2, 3, 5
_SHORT = 6
"""Short numbers of services have at most this many digits (6xxx, 8xxx, 19001xxx are dialled, not texted)."""


class Party(NamedTuple):
    """An address as it stands in a PDU."""

    number: str
    ton: int
    npi: int


def sender(number: str, ton: int, country: str = "84") -> Address:
    """Who wrote. Never raises.

    >>> str(sender("0912345678", 0)), str(sender("84912345678", 1)), str(sender("8088", 0))
    ('tel|+84912345678', 'tel|+84912345678', 'tel|8088')
    """
    digits = number.removeprefix("+")
    if ton == _ALPHANUMERIC or not (digits.isascii() and digits.isdigit()):
        return Address("tel", number)
    if number.startswith("+") or (ton == _INTERNATIONAL and len(digits) > _SHORT and digits[0] != "0"):
        return Address("tel", "+" + digits)
    if digits.startswith("00"):
        return Address("tel", "+" + digits[2:])
    if digits.startswith("0") and len(digits) > _SHORT:
        return Address("tel", f"+{country}{digits[1:]}")
    if digits.startswith(country) and len(digits) >= len(country) + 9:
        return Address("tel", "+" + digits)
    if ton == _NATIONAL and len(digits) > _SHORT:
        return Address("tel", f"+{country}{digits}")
    return Address("tel", number)


def destination(identity: str, *, national: bool = False, country: str = "84") -> Party:
    """Whom to send to, without the plus; `national` writes home numbers as 0…. Raises ValueError for no
    number."""
    digits = identity.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 2 < len(digits) <= 20):
        raise ValueError("not a telephone number")
    if not identity.startswith("+"):
        return Party(digits, 0, 1)
    if national and digits.startswith(country):
        return Party("0" + digits.removeprefix(country), _NATIONAL, 1)
    return Party(digits, _INTERNATIONAL, 1)


def source(name: str) -> Party:
    """From whom: a short number, a long one, or a brand name of at most 11 characters. Raises ValueError."""
    digits = name.removeprefix("+")
    if digits.isascii() and digits.isdigit():
        if len(digits) <= _SHORT + 2:
            return Party(digits, _NETWORK, 0)
        return Party(digits, _INTERNATIONAL if name.startswith("+") else 0, 1)
    if not name.isascii() or len(name) > 11 or not name.strip():
        raise ValueError("a brand name has 1 to 11 plain characters")
    return Party(name, _ALPHANUMERIC, 0)

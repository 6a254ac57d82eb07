"""Numbers: the product's own, with the addresses to call, and telephones that answer by a script."""

from __future__ import annotations

from dataclasses import dataclass

VIETNAM = "84"


@dataclass(frozen=True, slots=True)
class Line:
    """A number of the product's as it is set up at the provider: addresses, and who signs."""

    number: str
    voice_url: str
    status_url: str = ""
    fallback_url: str = ""


@dataclass(frozen=True, slots=True)
class Answering:
    """How a telephone answers that nobody holds.

    `how` is answers, rings (until somebody takes it or the time is over), busy, no-answer or failed. Of an
    officer's telephone, `seconds` is how long the talk is; 0: until the test or the page says so. `bridged`
    False is a voice box that took the call. `sip` is told with a failure.
    """

    how: str = "rings"
    seconds: int = 60
    bridged: bool = True
    sip: int = 404


def subscriber(number: str) -> str:
    """One spelling for one telephone: Vietnamese numbers as +84…, short numbers as they are."""
    digits = number.lstrip("+")
    if not digits.isdigit():
        return number
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("0") and len(digits) >= 9:
        return "+" + VIETNAM + digits[1:]
    return "+" + digits if number.startswith("+") or len(digits) >= 11 else digits

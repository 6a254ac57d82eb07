"""What many stories begin with: a dossier that somebody filed by text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.stories.people import Phone


def birth(phone: Phone) -> str:
    """A birth in one text; the mother's number is nobody else's, so that no two filings are the same."""
    return f"Nguyen Minh An#5/3/2026#nam#001190{phone.number[-6:]}#chua#Benh vien Tu Du"


@dataclass(frozen=True)
class Receipt:
    """What the applicant was told: the code to key in, and the PIN."""

    code: str
    pin: str

    @property
    def written(self) -> str:
        """The code as texts write it."""
        return f"{self.code[:3]} {self.code[3:6]} {self.code[6:]}"


def receipt(told: str) -> Receipt:
    """Read it from the confirmation."""
    code = re.search(r"\b[1-9]\d{2} \d{3} \d{4}\b", told)
    pin = re.search(r"PIN:? (\d{6})\b", told)
    assert code and pin, told
    return Receipt(code[0].replace(" ", ""), pin[1])


async def file_birth(phone: Phone) -> Receipt:
    """File a birth in one text."""
    await phone.texts("nop khai sinh", "(1/7)")
    await phone.texts(birth(phone), "1. Gui")
    return receipt(await phone.texts("1", "Da nhan Khai sinh"))

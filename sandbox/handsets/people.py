"""Who lives in the town: the citizens whose devices the page shows. Texts and names stand in people.json."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.voice.lines import subscriber

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Person:
    """`phone` as +84…; `chat` the number of the account at the chat platform."""

    id: str
    name: str
    about: str
    phone: str
    chat: int
    mail: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def guest(number: str) -> Person | None:
    """Somebody with any other number, as it is dialled (09…, 84…, +84…); None where it is none."""
    phone = subscriber(re.sub(r"[ .-]", "", number))
    if not re.fullmatch(r"\+[1-9][0-9]{8,14}", phone):
        return None
    return Person(phone, phone, "", phone, int(phone) % 2**40, "")


def people() -> tuple[Person, ...]:
    """Everybody, in the order of the picker."""
    given = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
    return tuple(Person(**person) for person in given["people"])


def samples() -> dict[str, Any]:
    """Typical messages, by device. One that ends with … is put into the typing line to be finished."""
    given = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = given["samples"]
    return found

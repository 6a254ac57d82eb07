"""Who lives in the town: the citizens whose devices the page shows. Texts and names stand in people.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

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


def people() -> tuple[Person, ...]:
    """Everybody, in the order of the picker."""
    given = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
    return tuple(Person(**person) for person in given["people"])


def samples() -> dict[str, Any]:
    """Typical messages, by device. One that ends with … is put into the typing line to be finished."""
    given = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = given["samples"]
    return found

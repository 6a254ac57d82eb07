"""What leads from one document to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


class HungUp(Exception):
    """The call is over, whoever ended it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The next document: where, how, and what is told beside the fields of every request.

    `text` is the document itself where it is here already.
    """

    url: str
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict)
    text: bytes = b""

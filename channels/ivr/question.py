"""What a caller was just asked: written into the address that the exchange calls back.

The address is signed with the request, so that nobody else can write it; and with the question in it any
process can understand the answer without having asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from channels.webhooks import BadInput
from core.messages import Expect, ExpectKind

OPEN = "open"  # nothing in particular is waited for: a key or words


@dataclass(frozen=True, slots=True)
class Question:
    """The `step` counts the turns of a call: a repeated request has the same one. `kind` is that of the
    expectation; `keys` are telephone keys and the payload that each stands for. `tries` counts the fillers in
    a row."""

    step: int
    kind: str = OPEN
    keys: tuple[tuple[str, str], ...] = ()
    language: str = "vi"
    tries: int = 0

    @classmethod
    def of(cls, expect: Expect | None, step: int, language: str) -> Question:
        """The question that an expectation puts."""
        if expect is None:
            return cls(step, language=language)
        keys = tuple((choice.key, choice.payload) for choice in expect.choices if choice.key)
        return cls(step, expect.kind.value, keys, language)

    def query(self) -> str:
        """As the query of an address."""
        pairs = [("step", str(self.step)), ("as", self.kind), ("in", self.language)]
        pairs += [("k", f"{key}.{payload}") for key, payload in self.keys]
        return urlencode(pairs + ([("try", str(self.tries))] if self.tries else []))

    @classmethod
    def parse(cls, query: Mapping[str, str], keys: list[str]) -> Question:
        """Read back what `query()` wrote; `keys` are all its k. Raises `BadInput`."""
        kind, language = query.get("as", OPEN), query.get("in", "vi")
        if kind != OPEN and kind not in set(ExpectKind):
            raise BadInput("no such kind of question")
        if not re.fullmatch(r"[a-z]{2,3}", language):
            raise BadInput("no such language")
        pairs = tuple((key, payload) for key, _, payload in (k.partition(".") for k in keys))
        return cls(_count(query, "step"), kind, pairs, language, _count(query, "try"))

    def payload_of(self, digits: str) -> str:
        """The payload behind the keys that were pressed, or ""."""
        return dict(self.keys).get(digits, "")


def _count(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "0")
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise BadInput(f"{name} is not a number")
    return int(text)

"""What can go wrong with a request, as pages: a status, and the values that the page words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Wrong(Exception):
    """A request that cannot be done. `why` names the sentence in templates/desk/error.html."""

    status = 400

    def __init__(self, why: str = "", **values: Any) -> None:
        super().__init__(why)
        self.why = why
        self.values: Mapping[str, Any] = values


class Forbidden(Wrong):
    """The right, or the proof that the form is ours, is missing."""

    status = 403


class NotFound(Wrong):
    """There is no such thing."""

    status = 404


class Stale(Wrong):
    """Somebody else was quicker: nothing was written."""

    status = 409


class TooLarge(Wrong):
    """The request is longer than any form of ours."""

    status = 413


class TooMany(Wrong):
    """Too much at once: later."""

    status = 429

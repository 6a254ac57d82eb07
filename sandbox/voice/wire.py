"""What went over the wire and what happens on the lines, for a live page: a bounded history and listeners."""

from __future__ import annotations

import time
from typing import Any

from sandbox.listening import Tap

HISTORY = 1_000
Event = dict[str, Any]


class Wire(Tap[Event]):
    """Events are plain JSON with `at` (seconds since 1970) and `kind`.

    `webhook`: direction out, url, fields, status, body, error. `rest`: direction in, method, path, fields,
    status, body. `line`: what (ringing, in-progress, said, listens, key, spoke, bridged, completed …), call, and
    what belongs to it. A listener that does not keep up misses the oldest events.
    """

    def __init__(self) -> None:
        super().__init__(HISTORY)

    def note(self, kind: str, **fields: Any) -> None:
        self.tell({"at": round(time.time(), 3), "kind": kind, **fields})

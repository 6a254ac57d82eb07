"""What cannot be computed: the time, a new id, chance. Passed in, so that a test can freeze it."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: an id can be read aloud


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    """26 characters that sort by time: 48 bits of milliseconds, 80 bits of chance."""
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


@dataclass(frozen=True, slots=True)
class World:
    """The clock, the ids and the dice of one process. `holder` names the process in leases and locks."""

    now: Callable[[], datetime] = _utc_now
    new_id: Callable[[], str] = _new_id
    chance: random.Random = field(default_factory=secrets.SystemRandom)
    holder: str = field(default_factory=lambda: f"p{secrets.token_hex(6)}")

    def secret(self) -> str:
        """An unguessable text that may stand in a link."""
        return secrets.token_urlsafe(24)

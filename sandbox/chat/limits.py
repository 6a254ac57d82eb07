"""How many messages the platform takes before it says "too many".

The public figures: about 30 a second over all chats, about one a second in one chat, short bursts pass.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.chat.refusals import too_many


@dataclass(slots=True)
class Limits:
    """`overall` messages in any second; `burst` at once in one chat, which then refill at one a second.

    `None` means without limit. A call over the limit is answered 429 with the seconds to wait.
    """

    overall: int | None = None
    burst: int | None = None
    pause: int = 1  # seconds named when the overall limit is passed
    _recent: deque[float] = field(default_factory=deque)
    _chats: dict[int, tuple[float, float]] = field(default_factory=dict)

    def check(self, chat_id: int, clock: Callable[[], float]) -> None:
        now = clock()
        self._check_overall(now)
        self._check_chat(chat_id, now)
        self._recent.append(now)

    def _check_overall(self, now: float) -> None:
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if self.overall is not None and len(self._recent) >= self.overall:
            raise too_many(self.pause)

    def _check_chat(self, chat_id: int, now: float) -> None:
        if self.burst is None:
            return
        left, since = self._chats.get(chat_id, (float(self.burst), now))
        left = min(float(self.burst), left + now - since)
        if left < 1:
            raise too_many(max(1, math.ceil(1 - left)))
        self._chats[chat_id] = (left - 1, now)

"""What is under way on one bind: submit_sm without an answer, at most so many, each with its own timer."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

from channels.sms.pdu import Frame
from core.channel import Doubtful


class _Flight(NamedTuple):
    answer: asyncio.Future[Frame]
    deadline: float


class Window:
    """Slots of one bind. A slot is taken before a request is written and given back with its answer, its
    time-out or the end of the line, never earlier: a caller that gives up does not make room at the SMSC.

    Times are those of the event loop.
    """

    def __init__(self, size: int, answer_time: float) -> None:
        self.size = size
        self.taken = 0
        self._answer_time = answer_time
        self._flights: dict[int, _Flight] = {}
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def free(self) -> int:
        return max(0, self.size - self.taken)

    @property
    def under_way(self) -> int:
        return len(self._flights)

    async def enter(self) -> None:
        """Take a slot, in the order of asking."""
        if self.taken < self.size and not self._waiting:
            self.taken += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn  # the slot is handed over, still taken
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a slot back that was not used, or whose answer came."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.taken -= 1

    def sent(self, sequence: int) -> asyncio.Future[Frame]:
        """A request is about to be written: its answer, or `Doubtful`."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Frame] = loop.create_future()
        self._flights[sequence] = _Flight(answer, loop.time() + self._answer_time)
        return answer

    def answered(self, frame: Frame) -> bool:
        """Bring an answer home. False where nobody waits for it (late, or never asked)."""
        flight = self._flights.pop(frame.sequence, None)
        if flight is None:
            return False
        if not flight.answer.done():
            flight.answer.set_result(frame)
        self.leave()
        return True

    def expire(self, now: float) -> int:
        """End what waits too long; returns how many. The oldest come first: all wait equally long."""
        late = 0
        for sequence, flight in list(self._flights.items()):
            if flight.deadline > now:
                break
            self._fail(sequence, "no answer in time", "smpp:timeout")
            late += 1
        return late

    def cut(self) -> None:
        """The line is gone. Whether the SMSC took what is under way cannot be known (SMPP has no way to
        ask)."""
        for sequence in list(self._flights):
            self._fail(sequence, "the line was cut before the answer", "smpp:cut")

    def _fail(self, sequence: int, shown: str, code: str) -> None:
        answer = self._flights.pop(sequence).answer
        if not answer.done():
            answer.set_exception(Doubtful(shown, code=code))
            answer.exception()  # a caller that has left does not make this an unheard error
        self.leave()

"""The load generator: many handsets text at once and each waits for its answer."""

import asyncio
import time
from dataclasses import dataclass, field

from sandbox.smpp.handsets import Received
from sandbox.smpp.server import Smsc

FIRST_NUMBER = 84_900_000_000


@dataclass
class Load:
    """`count` texts from distinct numbers: `rate` a second, or with rate 0 `window` open at a time."""

    smsc: Smsc
    count: int
    text: str
    to: str
    rate: float = 0.0
    window: int = 1
    first_number: int = FIRST_NUMBER
    _sent: dict[str, float] = field(default_factory=dict)
    _times: list[float] = field(default_factory=list)
    _extra: int = 0
    _last: float = 0.0

    async def run(self, patience: float = 60.0) -> dict[str, object]:
        """Send all, wait at most `patience` seconds for the last answers; the figures."""
        self._room = asyncio.Semaphore(self.window)
        self._all = asyncio.Event()
        begin = time.perf_counter()
        self.smsc.handsets.listeners.add(self._answered)
        try:
            async with asyncio.timeout(patience + (self.count / self.rate if self.rate else 0.0)):
                await (self._open_loop(begin) if self.rate else self._closed_loop())
                await self._all.wait()
        except TimeoutError:
            pass
        finally:
            self.smsc.handsets.listeners.discard(self._answered)
        return self._figures((self._last or time.perf_counter()) - begin)

    async def _closed_loop(self) -> None:
        for turn in range(self.count):
            await self._room.acquire()
            await self._text(turn)

    async def _open_loop(self, begin: float) -> None:
        for turn in range(self.count):
            wait = begin + turn / self.rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            await self._text(turn)

    async def _text(self, turn: int) -> None:
        number = str(self.first_number + turn)
        self._sent[number] = time.perf_counter()
        await self.smsc.text(number, self.to, self.text)

    def _answered(self, received: Received) -> None:
        sent = self._sent.pop(received.number, None)
        if sent is None:
            self._extra += 1
            return
        self._last = time.perf_counter()
        self._times.append(self._last - sent)
        self._room.release()
        if len(self._times) == self.count:
            self._all.set()

    def _figures(self, seconds: float) -> dict[str, object]:
        times = sorted(self._times)
        answered = len(times)

        def at(share: float) -> float | None:
            """Milliseconds, nearest rank."""
            return round(times[min(answered - 1, int(share * answered))] * 1000, 3) if times else None

        return {
            "sent": answered + len(self._sent),
            "answered": answered,
            "missing": len(self._sent),
            "extra": self._extra,
            "acknowledged": self.smsc.texts.acknowledged_count,
            "seconds": round(seconds, 3),
            "per_second": round(answered / seconds, 1) if seconds > 0 else None,
            "p50_ms": at(0.50),
            "p95_ms": at(0.95),
            "p99_ms": at(0.99),
            "max_ms": at(1.0),
        }

"""From the command to "is open", and the memory of a house that waits: SMPP, hotline, portal and desk."""

from __future__ import annotations

import asyncio
import time

from bench.measuring import Figure, memory_mb
from bench.surroundings import carrier, pid_of, product

TIMES = 3


async def measure() -> list[Figure]:
    """The middle of a few starts on a fresh store; the first has to fill the file cache."""
    starts: list[float] = []
    memory = 0.0
    async with carrier() as smsc:
        for _ in range(TIMES):
            began = time.perf_counter()
            async with product(smsc.port) as running:
                starts.append(time.perf_counter() - began)
                await asyncio.sleep(1)
                memory = memory_mb(pid_of(running))
    return [
        Figure("start", {"seconds": sorted(starts)[TIMES // 2]}, "3 s"),
        Figure("memory idle", {"MB": memory}),
    ]

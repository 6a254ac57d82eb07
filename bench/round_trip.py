"""SMS in → answer out: over real SMPP, through the whole product, with a durable store.

A carrier's process texts from distinct numbers and takes the time until each handset has its answer, once as
fast as answers come (closed loop) and once at an even rate (open loop).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.measuring import Figure, cpu_seconds, memory_mb
from bench.surroundings import SHORT_NUMBER, Carrier, bound, pid_of
from tests.running.product import Product

TEXT = "MENU"
WARM = 300
FIRST = 84_900_000_000


async def measure(count: int = 6000, rate: int = 500, seconds: int = 10) -> list[Figure]:
    """The figures of both ways."""
    async with bound() as (running, smsc):
        await _load(smsc, FIRST, WARM, window=20)
        fast = await _costed(running, smsc, FIRST + 1_000_000, count, window=100)
        even = await _costed(running, smsc, FIRST + 2_000_000, rate * seconds, rate=rate)
        memory = memory_mb(pid_of(running))
    return [
        Figure("SMS round trip, 100 open", fast, "1,000/s"),
        Figure(f"SMS round trip at {rate}/s", even, "p99 < 50 ms"),
        Figure("memory after it", {"MB": memory}),
    ]


async def _load(smsc: Carrier, first: int, count: int, **how: int) -> Mapping[str, Any]:
    return await smsc.do(do="load", count=count, text=TEXT, to=SHORT_NUMBER, first_number=first, **how)


async def _costed(running: Product, smsc: Carrier, first: int, count: int, **how: int) -> dict[str, float]:
    """A load's figures, with what it cost the product and the carrier in processor time."""
    pids = {"CPU ms": pid_of(running), "carrier's CPU ms": smsc.process.pid}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    told = await _load(smsc, first, count, **how)
    cost = {name: (cpu_seconds(pid) - before[name]) * 1000 / count for name, pid in pids.items()}
    return {
        "/s": told["per_second"] or 0.0,
        "p50 ms": told["p50_ms"] or 0.0,
        "p99 ms": told["p99_ms"] or 0.0,
        "missing": told["missing"],
        **cost,
    }

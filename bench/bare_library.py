"""The same echo without our core: what the SMPP library can do by itself, and what our wire can.

Nothing is kept, nothing is understood: a text comes, is answered, and a text goes back. The product's round trip
is judged as a share of this. Both run in this process, against a bare SMSC in another.
"""

from __future__ import annotations

from bench.measuring import Figure
from bench.smpp_wire import measure as on_the_wire

WINDOW = 100


async def measure(count: int = 8000) -> list[Figure]:
    """The library's echo, and that of our adapter with a house that forgets."""
    library = await on_the_wire("library", "echo", count, WINDOW)
    adapter = await on_the_wire("adapter", "echo", count, WINDOW)
    return [
        _figure("bare library echo, nothing kept", library),
        _figure("our adapter's echo, nothing kept", adapter),
    ]


def _figure(name: str, told: dict[str, float]) -> Figure:
    values = {"/s": told["per_second"], "p50 ms": told["p50_ms"], "p99 ms": told["p99_ms"]}
    return Figure(name, {**values, "CPU ms": told["cpu_us"] / 1000})

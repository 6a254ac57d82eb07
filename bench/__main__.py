"""`python -m bench [NAME …]`: measure, and print figures and ratios. Nothing is asserted.

Figures of one run belong together: the machine may be busy with other things, and is named for that.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bench import bare_library, mobile_terminated, round_trip, start, telephone
from bench.measuring import Figure, machine, table

MEASUREMENTS: Mapping[str, Callable[[], Awaitable[list[Figure]]]] = {
    "bare_library": bare_library.measure,
    "round_trip": round_trip.measure,
    "mobile_terminated": mobile_terminated.measure,
    "telephone": telephone.measure,
    "start": start.measure,
}
LIMIT = 90  # seconds for one measurement


async def _measured(names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        try:
            async with asyncio.timeout(LIMIT):
                figures += await MEASUREMENTS[name]()
        except TimeoutError:
            figures.append(Figure(f"{name}: not done in {LIMIT} s"))
    return figures


def ratios(figures: Sequence[Figure]) -> str:
    """The product's round trip, as a share of what is possible where nothing is kept."""
    by_name = {figure.name: figure.values.get("/s", 0.0) for figure in figures}
    mine = next((rate for name, rate in by_name.items() if name.startswith("SMS round trip, ")), 0.0)
    echoes = {name: rate for name, rate in by_name.items() if "echo" in name and rate and mine}
    return "\n".join(f"round trip / {name}: {mine / rate:.2f}" for name, rate in echoes.items())


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(MEASUREMENTS)}")
    given = parser.parse_args()
    unknown = set(given.names) - set(MEASUREMENTS)
    if unknown:
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    logging.disable(logging.WARNING)
    facts = machine()
    figures = asyncio.run(_measured(given.names or list(MEASUREMENTS)))
    after = f"load at the end {os.getloadavg()[0]:.1f}: above the number of cores, others slowed us down"
    sys.stdout.write(f"{facts}\n\n{table(figures)}\n\n{ratios(figures)}\n{after}\n")


if __name__ == "__main__":
    main()

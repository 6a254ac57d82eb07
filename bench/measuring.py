"""What every measurement shares: a row of figures, the machine it was taken on, and what a process costs."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what was measured, its figures by name, and the floor it is judged by."""

    name: str
    values: Mapping[str, float] = field(default_factory=dict)
    floor: str = ""


def machine() -> str:
    """What must be known to judge the figures: cores, how busy they are with others, the interpreter."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, load before we began {load:.1f}, "
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()}"
    )


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, its threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def memory_mb(pid: int) -> float:
    """Memory of a process that lies in RAM (resident set size), in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def at_share(times: Sequence[float], share: float) -> float:
    """The time that this share of all stayed within, nearest rank."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text."""
    width = max(len(figure.name) for figure in figures) + 2
    return "\n".join(_line(figure, width) for figure in figures)


def _line(figure: Figure, width: int) -> str:
    told = "   ".join(f"{name} {_number(value)}" for name, value in figure.values.items())
    floor = f"   (floor: {figure.floor})" if figure.floor else ""
    return f"{figure.name:<{width}}{told}{floor}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"

"""Reads a story: a conversation as an officer would write it down.

    # what the story shows
    @sms                          the medium: sms, ivr, chat or web; it may change in the middle
    @after 25h                    time goes by (m, h)
    @office closed                a fact of the world: see `FACTS`
    Công dân: khai sinh           what the citizen says; [in brackets] what the citizen does
    Một Cửa: Thời hạn … Lệ phí    pieces of the answer, in this order; marks and case do not matter
    Một Cửa: (im lặng)            nothing is said

What a citizen can do: [gọi đến], [mở liên kết TOKEN], [gác máy], [im lặng], [nút 2], [nút cũ], [tệp ten.jpg
image/jpeg], [ghi âm], [chia sẻ số], [20 lần: chao].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CITIZEN, HOUSE = "Công dân:", "Một Cửa:"


@dataclass(frozen=True)
class Line:
    """One line: kind `fact`, `citizen` or `house`."""

    number: int
    kind: str
    text: str


@dataclass(frozen=True)
class Story:
    """A story by its file and title."""

    name: str
    lines: tuple[Line, ...]


def read(folder: Path) -> list[Story]:
    """All stories of a folder; one file may tell several, each begun by its title."""
    return [story for path in sorted(folder.glob("*.story")) for story in _stories(path)]


def _stories(path: Path) -> Iterator[Story]:
    title, lines = "", list[Line]()
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.startswith("# "):
            if lines:
                yield Story(f"{path.stem}: {title}", tuple(lines))
            title, lines = text[2:].strip(), []
        elif text.strip():
            lines.append(_line(path, number, text.strip()))
    if lines:
        yield Story(f"{path.stem}: {title}", tuple(lines))


def _line(path: Path, number: int, text: str) -> Line:
    for mark, kind in (("@", "fact"), (CITIZEN, "citizen"), (HOUSE, "house")):
        if text.startswith(mark):
            return Line(number, kind, text[len(mark) :].strip())
    raise ValueError(f"{path.name}:{number}: begin the line with @, {CITIZEN} or {HOUSE}")


def pieces(expected: str) -> list[str]:
    """What an answer must hold, in this order."""
    return [piece.strip() for piece in re.split(r"…|\.\.\.", expected) if piece.strip()]

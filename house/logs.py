"""The log: text or JSON, one line an event, and never a citizen's words.

An exception's own message may quote what somebody wrote (a validation error does), so only its type and the places
in our code are logged.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from types import TracebackType

from core.config import LogSettings

_Trouble = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Text(logging.Formatter):
    """A line for a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: _Trouble) -> str:
        return where(ei)


class Json(Text):
    """A line for a machine."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "name": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trouble"] = where(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def where(trouble: _Trouble) -> str:
    """The type of an exception and of what caused it, each with the places it passed."""
    lines: list[str] = []
    error: BaseException | None = trouble[1]
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines.append(type(error).__name__)
        error = error.__cause__
    return "\n".join(lines)


def begin(settings: LogSettings) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if settings.format == "json" else Text())
    logging.basicConfig(level=settings.level, handlers=[handler], force=True)

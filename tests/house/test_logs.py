"""The log tells where something went wrong and never what somebody wrote."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from house.logs import Json, Text


def _record(words: str) -> logging.LogRecord:
    try:
        try:
            raise ValueError(words)
        except ValueError as cause:
            raise RuntimeError(f"again {words}") from cause
    except RuntimeError:
        return logging.LogRecord(
            "x", logging.ERROR, "f", 1, "turn of message %d failed", (7,), sys.exc_info()
        )


@pytest.mark.parametrize("formatter", [Text(), Json()])
def test_an_exception_is_told_without_its_words(formatter: logging.Formatter) -> None:
    line = formatter.format(_record("0912345678 Nguyễn Văn An"))
    assert "0912345678" not in line and "Nguyễn" not in line
    assert "RuntimeError" in line and "ValueError" in line and "test_logs.py" in line
    assert "turn of message 7 failed" in line


def test_json_is_one_line_an_event() -> None:
    line = Json().format(_record("x"))
    assert "\n" not in line and json.loads(line)["level"] == "ERROR"

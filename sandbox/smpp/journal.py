"""The judge of kill tests: an append-only file, one JSON object a line, of what the SMSC sent and got.

Every line has `n` (1, 2, 3 … without gaps), `at` (seconds since 1970) and `what`:

    bound, unbound  bind, system_id
    mo              id, from, to, text, parts: a handset has texted; from now on it is owed to the ESME
    deliver         id, part, kind (mo or receipt), bind, attempt: one deliver_sm was sent
    deliver_resp    id, part, kind, bind, status: and answered; status 0 means the ESME has taken it over
    submit          id, bind, from, to, text, place, hex: the SMSC has taken a submit_sm over
    refused         bind, sequence, status: it has not
    submit_resp     id, bind, sequence: the answer has left; without it a repeated submit is excused
    received        number, from, text, segments, ids: a whole text on a handset
    receipt         id, state, told_id: a delivery receipt was written; from now on it is owed to the ESME

Lines reach the file at the end of the loop's turn in which they were made: they outlive a killed process,
not a power cut.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, BinaryIO


class Journal:
    """Opened by the first note or at start; `close` writes what is left."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO = path.open("ab")
        self._lines: list[str] = []
        self._number = 0
        self._due = False

    def note(self, what: str, **fields: object) -> None:
        """Append one line; it is on its way to the file when the loop's turn ends."""
        self._number += 1
        line = {"n": self._number, "at": round(time.time(), 6), "what": what} | fields
        self._lines.append(json.dumps(line, ensure_ascii=False))
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Hand every line to the operating system."""
        self._due = False
        if self._lines and not self._file.closed:
            self._file.write(("\n".join(self._lines) + "\n").encode())
            self._file.flush()
            self._lines.clear()

    def close(self) -> None:
        self.flush()
        self._file.close()


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Every whole line of a journal, in order."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]

"""A process with a Telegram channel and a house that is one file: `python -m ...keeper URL FILE`.

Each accepted message is a line, written through to the disk before `accept` returns, so that what the file
holds after a kill is what the house had promised to keep.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from channels.chat.telegram import TelegramChannel
from core.channel import Note
from core.messages import InboundMessage
from tests.channels.chat.street import BOT, TOKEN
from tests.channels.reception import MemoryReception


class FileReception(MemoryReception):
    """Keeps messages in a file; its notebook is forgotten with the process, which is the harder case."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        lines = whole_lines(file)
        file.write_text("".join(lines), encoding="utf-8")
        self._known = {json.loads(line)["id"] for line in lines}
        self._file = file.open("a", encoding="utf-8")

    async def accept(self, message: InboundMessage, *, notes: Sequence[Note] = ()) -> bool:
        await asyncio.sleep(0.002)  # what a commit takes; a kill falls into it
        new = await super().accept(message, notes=notes)
        if new:
            line = {"id": message.external_id, "text": message.text}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        return new


def whole_lines(file: Path) -> list[str]:
    """The lines that were finished; a kill may leave half a one."""
    if not file.exists():
        return []
    return [
        line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")
    ]


async def run(url: str, file: Path) -> None:
    given = {"token": TOKEN, "bot": BOT, "base_url": url, "poll_seconds": 1, "timeout": 5}
    async with TelegramChannel("telegram", given).open(FileReception(file)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], Path(sys.argv[2])))

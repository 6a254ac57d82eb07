"""The product as a real process, to be used, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
OFFICE = {
    "name": "Trung tâm Phục vụ hành chính công phường Mẫu",
    "agency": "H99.18",
    "address": "Số 1 phố Một Cửa, phường Mẫu",
    "hours": "thứ Hai đến thứ Sáu, 7:30-11:30 và 13:30-17:00",
    "hours_spoken": "từ thứ Hai đến thứ Sáu, từ 7 giờ 30 đến 17 giờ",
    "hotline": "19009999",
    "short_number": "8099",
    "keywords": ["HCC", "MC"],
}


def settings(folder: Path, smsc: int, url: str = "", **others: Any) -> dict[str, Any]:
    """A whole configuration with one SMPP bind; `others` are further top-level sections."""
    bind = {"name": "carrier", "host": "127.0.0.1", "port": smsc, "system_id": "motcua", "password": "secret"}
    return {
        "office": OFFICE,
        "store": {"url": url or f"sqlite:///{folder}/motcua.db", "files": f"{folder}/papers"},
        "http": {"public": "127.0.0.1:0", "desk": "127.0.0.1:0"},
        "channels": {"sms": {"use": "smpp", "sender": "8099", "marks": "save", "binds": [bind]}},
        **others,
    }


@dataclass
class Product:
    """One process of ours. `start` returns when it says that it is open."""

    folder: Path
    settings: Mapping[str, Any]
    name: str = "one"
    program: Path = ROOT / "main.py"
    environment: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    lines: list[str] = field(default_factory=list)

    async def start(self) -> None:
        config = self.folder / f"{self.name}.yaml"
        config.write_text(yaml.safe_dump(dict(self.settings), allow_unicode=True), encoding="utf-8")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(self.program),
            "--config",
            str(config),
            "run",
            cwd=ROOT,
            env={
                **os.environ,
                "MOTCUA_PRIVATE": str(self.folder / "private.env"),
                "PYTHONUNBUFFERED": "1",
                **self.environment,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=(self.folder / f"{self.name}.log").open("ab"),
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(30):
            while True:
                line = (await self.process.stdout.readline()).decode()
                if not line:
                    raise AssertionError(f"it ended at the start: {self.log()[-2000:]}")
                self.lines.append(line)
                if "is open" in line:
                    return

    async def door(self, name: str) -> str:
        """An address that it prints once it is open, in the order in which it prints them."""
        assert self.process is not None and self.process.stdout is not None
        async with asyncio.timeout(5):
            while line := (await self.process.stdout.readline()).decode():
                self.lines.append(line)
                if line.strip().startswith(f"{name}  "):
                    return line.split()[-1]
        raise AssertionError(f"it printed no {name}")

    async def kill(self) -> None:
        """As a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """As Ctrl-C would; returns the exit status."""
        return await self._end(signal.SIGINT)

    async def _end(self, how: signal.Signals) -> int:
        if self.process is None or self.process.returncode is not None:
            return self.process.returncode or 0 if self.process else 0
        self.process.send_signal(how)
        async with asyncio.timeout(20):
            return await self.process.wait()

    def log(self) -> str:
        """What it wrote to its log."""
        return (self.folder / f"{self.name}.log").read_text("utf-8")

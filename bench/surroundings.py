"""The product as a process, and beside it a carrier as another: what a measurement runs against."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.running.product import ROOT, Product, settings

SHORT_NUMBER = "8099"
WINDOW = 50  # submits without an answer


@dataclass
class Carrier:
    """A running `python -m sandbox.smpp`; commands are given over its control port."""

    process: asyncio.subprocess.Process
    port: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def do(self, **command: Any) -> Mapping[str, Any]:
        """One command and its answer. Raises `RuntimeError` where the carrier says no."""
        self.writer.write((json.dumps(command) + "\n").encode())
        answer: Mapping[str, Any] = json.loads(await self.reader.readline())
        if not answer["ok"]:
            raise RuntimeError(str(answer["error"]))
        return answer


@contextlib.asynccontextmanager
async def carrier() -> AsyncIterator[Carrier]:
    """A carrier while the context lasts."""
    command = ("-m", "sandbox.smpp", "--account", "motcua:secret")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    try:
        told = json.loads(await process.stdout.readline())
        reader, writer = await asyncio.open_connection("127.0.0.1", told["control"])
        yield Carrier(process, told["port"], reader, writer)
        writer.write_eof()
        await reader.read()  # it has hung up too
        writer.close()
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def product(port: int = 0, **channels: Any) -> AsyncIterator[Product]:
    """The product on a fresh SQLite store, bound to the carrier at `port` (0: no SMS), while the context lasts."""
    with tempfile.TemporaryDirectory(prefix="motcua-bench-") as name:
        folder = Path(name)
        given = settings(folder, port)
        if port:
            given["channels"]["sms"]["binds"][0]["window"] = WINDOW
        else:
            del given["channels"]["sms"]
        given["channels"].update(channels)
        running = Product(folder, given)
        await running.start()
        try:
            yield running
        finally:
            await running.stop()


@contextlib.asynccontextmanager
async def bound() -> AsyncIterator[tuple[Product, Carrier]]:
    """Both, with the bind up."""
    async with carrier() as smsc, product(smsc.port) as running:
        await smsc.do(do="bound", count=1, timeout=20)
        yield running, smsc


def pid_of(running: Product) -> int:
    """The product's process id."""
    assert running.process is not None
    return running.process.pid

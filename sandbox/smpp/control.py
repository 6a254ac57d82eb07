"""Commands to a running SMSC, one JSON object a line; each is answered by one line.

    {"do": "text", "from": "84901234567", "to": "8088", "text": "…", …}   every argument of Smsc.text; → id
    {"do": "acknowledged", "id": "mo1", "timeout": 5}                     → statuses
    {"do": "inbox", "number": "84901234567"}                              → texts
    {"do": "received", "number": "…", "count": 1, "timeout": 5}           → texts, once there are so many
    {"do": "script", "throttle_every": 3, …}                              fields of behaviour.Script
    {"do": "behave"}                                                      a good SMSC again
    {"do": "receipts", "states": ["UNDELIV"], …}                          fields of behaviour.Receipts
    {"do": "switch", "number": "84901234567", "on": false}                a handset is switched off: UNDELIV
    {"do": "raw", "hex": "00000010…", "bind": ""}                         → sent: to how many connections
    {"do": "drop", "bind": ""}                                            cut the connections
    {"do": "bound", "count": 1, "timeout": 5}                             → binds, once there are so many
    {"do": "status"}                                                      → binds, owed, texts, acknowledged
    {"do": "wire", "last": 50}                                            → events
    {"do": "load", "count": 1000, "text": "…", "to": "8088", "rate": 0, "window": 50, "patience": 60}
    {"do": "flush"}                                                       the journal is in its file
    {"do": "stop"}                                                        the process ends

An answer has "ok": true, or "ok": false and "error". Commands of one connection run one after the other.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from types import TracebackType
from typing import Any

from sandbox.smpp.load import FIRST_NUMBER, Load
from sandbox.smpp.server import Smsc

Answer = dict[str, object]


class Control:
    """Listens on a loopback TCP port, and on standard input when asked."""

    def __init__(self, smsc: Smsc, over: asyncio.Event, port: int = 0) -> None:
        self.port = port
        self._smsc = smsc
        self._over = over
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._commands: dict[str, Callable[..., Awaitable[Answer]]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }

    async def __aenter__(self) -> "Control":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()

    async def take_stdin(self) -> None:
        """Take commands from standard input as well; its end is the end."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        task = asyncio.create_task(self._stdin(reader))
        self._tasks.add(task)

    async def _stdin(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            sys.stdout.write(await self.answer(line))
            sys.stdout.flush()
        self._over.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        while line := await reader.readline():
            writer.write((await self.answer(line)).encode())
        writer.close()

    async def answer(self, line: bytes | str) -> str:
        """Run one command; its answer as a line of JSON. Never raises."""
        try:
            given = json.loads(line)
            answer = {"ok": True} | await self._commands[given.pop("do")](**_python(given))
        except Exception as error:
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
        return json.dumps(answer, ensure_ascii=False) + "\n"

    async def _do_text(self, from_: str, to: str, text: str, **more: Any) -> Answer:
        return {"id": await self._smsc.text(from_, to, text, **more)}

    async def _do_acknowledged(self, id: str, timeout: float = 5.0) -> Answer:
        return {"statuses": await self._smsc.acknowledged(id, timeout)}

    async def _do_inbox(self, number: str) -> Answer:
        return {"texts": [asdict(text) for text in self._smsc.inbox(number)]}

    async def _do_received(self, number: str, count: int = 1, timeout: float = 5.0) -> Answer:
        return {"texts": [asdict(text) for text in await self._smsc.received(number, count, timeout)]}

    async def _do_script(self, **changes: Any) -> Answer:
        self._smsc.misbehave(**changes)
        return {"script": asdict(self._smsc.script)}

    async def _do_behave(self) -> Answer:
        self._smsc.behave()
        return {}

    async def _do_receipts(self, **changes: Any) -> Answer:
        self._smsc.receipts = replace(self._smsc.receipts, **changes)
        return {"receipts": asdict(self._smsc.receipts)}

    async def _do_switch(self, number: str, on: bool) -> Answer:
        self._smsc.handsets.switch(number, on)
        return {}

    async def _do_raw(self, hex: str, bind: str = "") -> Answer:
        return {"sent": self._smsc.raw(bytes.fromhex(hex), bind)}

    async def _do_drop(self, bind: str = "") -> Answer:
        self._smsc.drop(bind)
        return {}

    async def _do_bound(self, count: int = 1, timeout: float = 5.0) -> Answer:
        return {"binds": [session.label for session in await self._smsc.bound(count, timeout)]}

    async def _do_status(self) -> Answer:
        texts = self._smsc.texts
        return {
            "binds": list(self._smsc.sessions),
            "owed": {name: len(esme.owed) for name, esme in self._smsc.esmes.items()},
            "texts": texts.made,
            "acknowledged": texts.acknowledged_count,
        }

    async def _do_wire(self, last: int = 50) -> Answer:
        return {"events": [event.as_json() for event in list(self._smsc.wire.history)[-last:]]}

    async def _do_load(
        self,
        count: int,
        text: str,
        to: str = "8088",
        rate: float = 0.0,
        window: int = 1,
        patience: float = 60.0,
        first_number: int = FIRST_NUMBER,
    ) -> Answer:
        load = Load(self._smsc, count, text, to, rate=rate, window=window, first_number=first_number)
        return await load.run(patience)

    async def _do_flush(self) -> Answer:
        if self._smsc.journal is not None:
            self._smsc.journal.flush()
        return {}

    async def _do_stop(self) -> Answer:
        self._over.set()
        return {}


def _python(given: dict[str, Any]) -> dict[str, Any]:
    """JSON's names and lists as Python's: from_ for from, tuples for lists."""
    named = {"from_" if name == "from" else name: value for name, value in given.items()}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in named.items()}

"""What the SMPP adapter alone can carry, beside what the bare library can: figures and ratios, nothing
asserted.

`python -m bench.smpp_wire [--count N] [--window W]`. A bare SMSC runs as a process of its own, on another
core; the house is a Reception that forgets. Compare figures of one run only.

    MT            submit_sm answered, each with a delivery receipt taken and answered
    MO            deliver_sm taken and answered
    echo          deliver_sm → answer → submit_sm, `window` outstanding; p50 and p99 at the SMSC
    library echo  the same by aiosmpplib as it comes, with a hook that sends back and plain-dict correlation
"""

from __future__ import annotations

import argparse
import asyncio
import json
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from aiosmpplib import ESME, AbstractCorrelator, AbstractHook, SubmitSm  # type: ignore[import-untyped]
from aiosmpplib.state import NPI, TON, PhoneNumber  # type: ignore[import-untyped]
from pydantic import SecretStr

from channels.sms.adapter import SmppChannel
from channels.sms.settings import BindSettings, SmppSettings
from core.channel import Note, Page
from core.messages import Address, InboundMessage, OutboundMessage, Receipt, Say

_HEADER = struct.Struct(">IIII")
_RECEIPT = b"id:%s sub:001 dlvrd:001 submit date:2611230800 done date:2611230800 stat:DELIVRD err:000 text:"
_TEXT = b"HCC DN 00673810079"


class Peer(asyncio.Protocol):
    """A bare SMSC: binds, answers, writes receipts or keeps `window` texts outstanding."""

    def __init__(self, mode: str, count: int, window: int, done: asyncio.Future[dict[str, float]]) -> None:
        self.mode, self.count, self.window, self.done = mode, count, window, done
        self.buffer = b""
        self.out: list[bytes] = []
        self.sequence = self.sent = self.finished = self.ids = 0
        self.began: dict[int, float] = {}
        self.times: list[float] = []
        self.start = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data
        at = 0
        while len(data) - at >= 16:
            length, command, _, sequence = _HEADER.unpack_from(data, at)
            if len(data) - at < length:
                break
            self.pdu(command, sequence, data, at)
            at += length
        self.buffer = data[at:]
        self.transport.write(b"".join(self.out))
        self.out.clear()

    def pdu(self, command: int, sequence: int, data: bytes, at: int) -> None:
        if command == 0x04:
            self.submitted(sequence, data, at)
        elif command == 0x80000005:
            self.acknowledged()
        elif command in (0x01, 0x02, 0x09):
            self.out.append(_HEADER.pack(21, command | 0x80000000, 0, sequence) + b"peer\0")
            self.start = time.perf_counter()
            if self.mode != "mt":
                asyncio.get_running_loop().call_later(0.2, self.begin)
        elif not command & 0x80000000:
            self.out.append(_HEADER.pack(16, command | 0x80000000, 0, sequence))

    def begin(self) -> None:
        self.start = time.perf_counter()
        for _ in range(min(self.window, self.count)):
            self.text()
        self.transport.write(b"".join(self.out))
        self.out.clear()

    def text(self) -> None:
        """The next citizen writes."""
        self.began[self.sent] = time.perf_counter()
        self.deliver(b"%011d" % (84_900_000_000 + self.sent), 0, _TEXT)
        self.sent += 1

    def deliver(self, source: bytes, esm_class: int, text: bytes) -> None:
        self.sequence += 1
        middle = bytes((0, esm_class, 0, 0, 0, 0, 0, 0, 0, 0, len(text)))
        body = b"\0\1\1" + source + b"\0\3\0" + b"8088" + middle + text
        self.out.append(_HEADER.pack(16 + len(body), 5, 0, self.sequence) + body)

    def submitted(self, sequence: int, data: bytes, at: int) -> None:
        self.ids += 1
        identity = b"%010d" % self.ids
        self.out.append(_HEADER.pack(27, 0x80000004, 0, sequence) + identity + b"\0")
        if self.mode == "mt":
            self.deliver(b"84912345678", 4, _RECEIPT % identity)
            return
        target = data.index(b"849", at + 16)
        self.times.append(
            time.perf_counter() - self.began.pop(int(data[target : target + 11]) - 84_900_000_000)
        )
        self.count_one()

    def acknowledged(self) -> None:
        if self.mode != "echo":
            self.count_one()

    def count_one(self) -> None:
        self.finished += 1
        if self.mode != "mt" and self.sent < self.count:
            self.text()
        if self.finished == self.count and not self.done.done():
            times = sorted(self.times) or [0.0]
            self.done.set_result(
                {
                    "per_second": self.count / (time.perf_counter() - self.start),
                    "p50_ms": times[len(times) // 2] * 1000,
                    "p99_ms": times[int(len(times) * 0.99)] * 1000,
                }
            )


async def _peer(mode: str, count: int, window: int) -> None:
    """The peer's process: its port, then its figures, as lines of JSON."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[dict[str, float]] = loop.create_future()
    server = await loop.create_server(lambda: Peer(mode, count, window, done), "127.0.0.1", 0)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    sys.stdout.write(json.dumps(await done) + "\n")
    sys.stdout.flush()
    await asyncio.sleep(0.2)


class Forgetful:
    """A Reception and Notebook that keep nothing; `echo` sends every message back."""

    def __init__(self) -> None:
        self.notebook: Any = self
        self.echo: Callable[[InboundMessage], Awaitable[object]] | None = None
        self.tasks: set[asyncio.Task[object]] = set()

    async def accept(self, message: InboundMessage, *, notes: Sequence[Note] = ()) -> bool:
        if self.echo is not None:
            task = asyncio.ensure_future(self.echo(message))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return True

    async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
        return ()

    async def report(self, receipt: Receipt) -> None: ...

    async def get(self, key: str) -> Page | None:
        return None

    async def put(self, key: str, value: Any, *, keep: Any = None) -> None: ...

    async def find(self, prefix: str, *, after: str = "", limit: int = 1000) -> Sequence[Page]:
        return ()

    async def listen(self, key: str, *, limit: Any) -> bool:
        await asyncio.sleep(limit.total_seconds())
        return False

    async def drop(self, *keys: str) -> None: ...

    async def ring(self, key: str) -> None: ...


def _message(number: str) -> OutboundMessage:
    text = "Ho so 00673810079: da co ket qua. Moi ong/ba den bo phan mot cua nhan, gio hanh chinh."
    return OutboundMessage("id", "sms", Address("tel", number), text, Say("bench"))


async def _adapter(mode: str, port: int, count: int, window: int, finished: Awaitable[object]) -> None:
    bind = BindSettings(system_id="bench", password=SecretStr("bench"), port=port, window=window)
    channel = SmppChannel("sms", SmppSettings(binds=(bind,)), now=lambda: datetime.now(UTC))
    house = Forgetful()
    if mode == "echo":
        house.echo = lambda message: channel.send(_message(message.sender.identity))
    async with channel.open(house):
        await channel.bound()
        if mode == "mt":
            numbers = iter(range(count))

            async def worker() -> None:
                for number in numbers:
                    await channel.send(_message(f"+84{912_000_000 + number}"))

            await asyncio.gather(*(worker() for _ in range(window)))
        await finished


class PlainCorrelator(AbstractCorrelator):  # type: ignore[misc]
    """The library's own forgets nothing and searches everything; this is a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[int, Any] = {}

    async def put(self, smpp_message: Any) -> None:
        self.sent[smpp_message.sequence_num] = smpp_message

    async def get(self, smpp_message: Any) -> Any:
        return self.sent.pop(smpp_message.sequence_num, None)

    async def put_delivery(self, smsc_message_id: str, smpp_message: Any) -> None: ...

    async def get_delivery(self, smpp_message: Any) -> None: ...

    async def get_segmented(self, sequence_num: int, remove: bool = False) -> tuple[None, int]:
        return None, 0

    async def expired(self, smpp_message: Any) -> None: ...

    def get_cumulated_status(self, *given: Any) -> int:
        return 0

    async def put_delivery_segmented(self, deliver_sm: Any) -> Any:
        return deliver_sm


class EchoHook(AbstractHook):  # type: ignore[misc]
    """Sends every text back."""

    esme: Any = None

    async def sending(self, smpp_message: Any, pdu: bytes, client_id: str) -> None: ...

    async def send_error(self, smpp_message: Any, error: Exception, client_id: str) -> None: ...

    async def received(self, smpp_message: Any, pdu: bytes, client_id: str) -> None:
        if type(smpp_message).__name__ == "DeliverSm":
            source = PhoneNumber("8088", TON.NETWORK_SPECIFIC, NPI.UNKNOWN)
            text = _message("").text
            answer = SubmitSm(short_message=text, source=source, destination=smpp_message.source)
            await self.esme.broker.enqueue(answer)


async def _library(port: int, finished: Awaitable[object]) -> None:
    hook = EchoHook()
    esme = ESME(
        "127.0.0.1", port, "bench", "bench", hook=hook, correlator=PlainCorrelator(), log_level="CRITICAL"
    )
    hook.esme = esme
    task = asyncio.create_task(esme.start())
    await finished
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def measure(name: str, mode: str, count: int, window: int) -> dict[str, float]:
    arguments = ("--peer", mode, "--count", str(count), "--window", str(window))
    peer = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.smpp_wire", *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert peer.stdout is not None
    port = json.loads(await peer.stdout.readline())["port"]
    figures = asyncio.ensure_future(peer.stdout.readline())
    cpu = time.process_time()
    if name == "library":
        await _library(port, asyncio.shield(figures))
    else:
        await _adapter(mode, port, count, window, asyncio.shield(figures))
    cpu = time.process_time() - cpu
    await peer.wait()
    return {**json.loads(figures.result()), "cpu_us": cpu / count * 1e6}


async def _bench(count: int, window: int) -> None:
    rows = {
        "MT with receipts": await measure("adapter", "mt", count, window),
        "MO": await measure("adapter", "mo", count, window),
        "echo": await measure("adapter", "echo", count, window),
        "library echo": await measure("library", "echo", count, window),
    }
    write = sys.stdout.write
    write(f"SMPP wire, window {window}, {count} messages each\n")
    for name, row in rows.items():
        line = f"{name:18}{row['per_second']:9.0f}/s{row['cpu_us']:9.0f} µs CPU"
        write(
            line
            + (f"   p50 {row['p50_ms']:.1f} ms  p99 {row['p99_ms']:.1f} ms\n" if "echo" in name else "\n")
        )
    ratio = rows["echo"]["per_second"] / rows["library echo"]["per_second"]
    write(f"{'echo / library':18}{ratio:9.2f}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.smpp_wire", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--window", type=int, default=50)
    parser.add_argument("--peer", choices=("mt", "mo", "echo"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.peer:
        asyncio.run(_peer(given.peer, given.count, given.window))
    else:
        asyncio.run(_bench(given.count, given.window))


if __name__ == "__main__":
    main()

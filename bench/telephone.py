"""The hotline: how long a caller waits for each answer while 50 calls are on the line.

A small client signs its requests as the exchange does and plays short calls: the call comes in, keys are
pressed, the call ends. Every request is one webhook and one turn in one durable transaction.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from aiohttp import ClientSession, TCPConnector

from bench.measuring import Figure, at_share
from bench.surroundings import product

ACCOUNT = "AC" + "0" * 32
TOKEN = "bench-token"
OUTSIDE = "http://motcua.invalid"
PATH = "/hooks/voice/hotline"
KEYS = ("1", "7", "2", "7")  # doors of the main menu, and back
_ACTION = re.compile(r"<Gather[^>]* action=\"([^\"]+)\"")
HOTLINE = {
    "use": "twiml",
    "account_sid": ACCOUNT,
    "auth_tokens": [TOKEN],
    "number": "19009999",
    "public_url": OUTSIDE,
    "base_url": OUTSIDE,
}


async def measure(calls: int = 50, each: int = 8) -> list[Figure]:
    """`calls` callers at once, each of whom rings up `each` times."""
    async with product(hotline=HOTLINE) as running:
        while not (door := _door(running.lines)):
            assert running.process is not None and running.process.stdout is not None
            running.lines.append((await running.process.stdout.readline()).decode())
        async with ClientSession(connector=TCPConnector(limit=0)) as session:
            callers = [Caller(session, door, number) for number in range(calls)]
            began = time.perf_counter()
            await asyncio.gather(*(caller.ring_up(each) for caller in callers))
            seconds = time.perf_counter() - began
    times = [waited * 1000 for caller in callers for waited in caller.waited]
    values = {
        "/s": len(times) / seconds,
        "p50 ms": at_share(times, 0.5),
        "p99 ms": at_share(times, 0.99),
        "max ms": max(times),
        "not answered": float(sum(caller.unanswered for caller in callers)),
    }
    return [Figure(f"hotline, {calls} calls at once", values, "each within 1 s")]


def _door(lines: list[str]) -> str:
    """The public address, as the product told it."""
    found = (re.search(r"portal\s+(http\S+)", line) for line in lines)
    return next((match[1] for match in found if match), "")


@dataclass
class Caller:
    """Somebody with a telephone; remembers how long each answer took."""

    session: ClientSession
    door: str
    number: int
    waited: list[float] = field(default_factory=list)
    unanswered: int = 0

    async def ring_up(self, times: int) -> None:
        """Call again and again."""
        for call in range(times):
            await self._call(f"CA{self.number:08d}{call:08d}")

    async def _call(self, sid: str) -> None:
        document = await self._ask(PATH, sid, {"CallStatus": "ringing"})
        for key in KEYS:
            action = _ACTION.search(document)
            if action is None:
                break
            document = await self._ask(unescape(action[1]).removeprefix(OUTSIDE), sid, {"Digits": key})
        await self._ask(f"{PATH}/status", sid, {"CallStatus": "completed"})

    async def _ask(self, path: str, sid: str, fields: Mapping[str, str]) -> str:
        """One webhook of the exchange; its answer. What is no answer is counted."""
        common = {"CallSid": sid, "AccountSid": ACCOUNT, "From": f"+84{912_000_000 + self.number}"}
        form = {**common, "To": "19009999", "Direction": "inbound", "CallStatus": "in-progress", **fields}
        headers = {"X-Twilio-Signature": _signature(OUTSIDE + path, form)}
        began = time.perf_counter()
        async with self.session.post(self.door + path, data=form, headers=headers) as answer:
            text = await answer.text()
        self.waited.append(time.perf_counter() - began)
        if answer.status not in (200, 204) or "/wait?" in text:
            self.unanswered += 1
        return text


def _signature(url: str, form: Mapping[str, str]) -> str:
    """Twilio's: HMAC-SHA1 over the address and the sorted fields (their "Security" page)."""
    told = url + "".join(name + value for name, value in sorted(form.items()))
    return base64.b64encode(hmac.new(TOKEN.encode(), told.encode(), hashlib.sha1).digest()).decode()

"""The town in which the stories happen: the product as real processes, and everybody that it speaks with beside it:
a carrier, an exchange, a chat platform, a mail server. All over real sockets; only the clock can be moved."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.chat import BotAccount, ChatPlatform
from sandbox.mail import MailCatcher
from sandbox.smpp.esme import Account
from sandbox.smpp.server import Smsc, Timings
from sandbox.voice import Exchange
from tests.running.product import ROOT, Product, settings
from tests.stories.browser import Visitor
from tests.stories.desk import Desk
from tests.stories.people import Caller, Chatter, Phone

PUBLIC = "http://motcua.test"  # what is signed and what stands in links; nobody asks a name server for it
SHORT_NUMBER, HOTLINE, OFFICER = "8099", "19009999", "+842499990000"
ACCOUNT, TOKEN = "AC" + "5" * 32, "the-token"
BOT = BotAccount("4711:" + "b" * 35, "motcua_test_bot")
PROGRAM = ROOT / "tests" / "running" / "moved_clock.py"
# Wednesday, nine in the morning in Hanoi, after the Culture Day of 24 November: an ordinary working day.
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
EVENING, NEXT_MORNING = MORNING + timedelta(hours=11), MORNING + timedelta(hours=24)


class Clock:
    """The time of the whole town: it runs, and can be set forward. The processes read it from a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._ahead = timedelta()
        self.set(MORNING)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def set(self, at: datetime) -> None:
        self._ahead = at - datetime.now(UTC)
        new = self.file.with_suffix(".new")
        new.write_text(str(self._ahead.total_seconds()), "ascii")
        new.replace(self.file)  # never half written when a process reads it


@dataclass
class Town:
    """Who and what a story can use. `doors` are the public addresses of the processes."""

    folder: Path
    clock: Clock
    smsc: Smsc
    exchange: Exchange
    platform: ChatPlatform
    mail: MailCatcher
    products: list[Product] = field(default_factory=list)
    doors: list[str] = field(default_factory=list)
    desks: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def phone(self) -> Phone:
        """Somebody new with a telephone that texts."""
        return Phone(self.smsc, f"+8491{next(self._numbers):07d}", SHORT_NUMBER)

    async def call(self, caller: str) -> Caller:
        """Somebody dials the hotline."""
        return Caller(await self.exchange.dial(caller, HOTLINE))

    async def rings(self, number: str) -> Caller:
        """The telephone of somebody rings, and they take the call."""
        call = await self.exchange.rings(number, timeout=10)
        await call.answer()
        return Caller(call)

    def chatter(self, name: str, phone: str = "") -> Chatter:
        """Somebody new with the chat app."""
        return Chatter(self.platform.user(7_000_000 + next(self._numbers), name, phone=phone.lstrip("+")))

    def browser(self, process: int = -1) -> Visitor:
        """Somebody new with a browser, at the portal of one of the processes."""
        return Visitor(self.doors[process])

    @asynccontextmanager
    async def official(self, login: str = "lan") -> AsyncIterator[Desk]:
        """An official who signs in at the desk."""
        async with Desk(self.desks[0]) as desk:
            await desk.sign_in(login)
            yield desk

    async def start(self, product: Product) -> None:
        """Start a process; where it is the first one, the exchange is told where it listens."""
        await product.start()
        door, desk = await product.door("Citizens' portal"), await product.door("Desk")
        place = self.products.index(product)
        self.doors[place : place + 1], self.desks[place : place + 1] = [door], [desk]
        if place == 0:
            self.exchange.reach(PUBLIC, door)

    async def stop(self) -> None:
        """Stop all processes. Whatever happened in the stories, none of them may have stumbled."""
        await asyncio.gather(*(product.stop() for product in self.products))
        for product in self.products:
            stumbled = [
                line for line in product.log().splitlines() if " ERROR " in line or "Traceback" in line
            ]
            assert stumbled == []


@asynccontextmanager
async def open_town(folder: Path, processes: int, url: str = "", redis: str = "") -> AsyncIterator[Town]:
    """A town for as long as the context lasts, with its officials already at their desks."""
    clock = Clock(folder / "clock")
    town = Town(
        folder,
        clock,
        Smsc((Account("motcua", "secret"),), timings=Timings(patience=3, redeliver=0.3), clock=clock),
        Exchange(ACCOUNT, TOKEN, now=clock),
        ChatPlatform([BOT], clock=lambda: clock().timestamp()),
        MailCatcher(now=clock),
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(town.smsc)
        await stack.enter_async_context(town.exchange)
        await stack.enter_async_context(town.platform.serve())
        await stack.enter_async_context(town.mail.serve())
        hotline = f"{PUBLIC}/hooks/voice/hotline"
        town.exchange.line(
            HOTLINE, hotline, status_url=f"{hotline}/status", fallback_url=f"{hotline}/fallback"
        )
        stack.push_async_callback(town.stop)
        whole = _settings(town, url, redis)
        for name in ("one", "two")[:processes]:
            product = Product(folder, whole, name, PROGRAM, {"MOVED_CLOCK": str(clock.file)})
            town.products.append(product)
            await town.start(product)
        await _officials(town)
        await town.smsc.bound(processes)
        yield town


async def _officials(town: Town) -> None:
    """The first administrator comes in by the printed link, and invites who works here."""
    link = await town.products[0].door("Desk, first visit")
    async with Desk(town.desks[0]) as admin:
        await admin.come_in(link, login="admin", name="Quản trị")
        for login, name, roles in (
            ("lan", "Nguyễn Thị Lan", ("reception", "handler", "leader")),
            ("minh", "Trần Văn Minh", ("reception",)),
        ):
            invitation = await admin.invite(login, name, roles)
            async with Desk(town.desks[0]) as new:
                await new.come_in(invitation)


def _settings(town: Town, url: str, redis: str) -> dict[str, Any]:
    """What an operator would write for this town."""
    more: dict[str, Any] = {"redis": {"url": redis}} if redis else {}
    whole = settings(town.folder, town.smsc.port, url, **more)
    whole["office"] = {**whole["office"], "officer_number": OFFICER, "hotline": HOTLINE}
    whole["http"] = {**whole["http"], "public_url": PUBLIC}
    whole["channels"] |= {
        "hotline": {
            "use": "twiml",
            "account_sid": ACCOUNT,
            "auth_tokens": [TOKEN],
            "number": HOTLINE,
            "base_url": town.exchange.base_url,
        },
        "telegram": {
            "use": "telegram",
            "token": BOT.token,
            "bot": BOT.username,
            "base_url": town.platform.base_url,
            "file_url": town.platform.file_url,
            "poll_seconds": 2,
            "burst": 20,  # stories talk faster than people
        },
        "web": {"use": "web"},
        "mail": {
            "use": "mail",
            "host": "127.0.0.1",
            "port": town.mail.port,
            "tls": "none",
            "sender": "motcua@example.org",
        },
    }
    return whole

"""A small house for the tests of pages: a real store on disk, the real loops, the chat box, and a telephone that
keeps the texts it is sent. The clock stands on a Monday morning until it is moved."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from channels.web import WebChannel
from core import config
from core.casework import Casework
from core.channel import Reception, Route, Traits
from core.courier import Courier
from core.gateway import Gateway
from core.intake import Intake
from core.learning import learn
from core.messages import OutboundMessage
from core.office import Knowledge, Office
from core.store.database import Database
from core.store.signals import InProcess
from core.turns import Stage
from core.undelivered import Undelivered
from core.world import World
from portal.app import build, mount
from portal.parts import Portal
from procedures.catalogue import LIBRARY, contents
from procedures.definition import plain

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
SECRETS = dict.fromkeys(("SMPP_PASSWORD", "HOTLINE_ACCOUNT", "HOTLINE_TOKEN", "TELEGRAM_TOKEN"), "1:x")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 9:00 in Hà Nội


@dataclass
class Clock:
    """Now, until it is moved. `running` lets it go on by itself, for browsers."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Telephone:
    """A channel that keeps what it is sent."""

    name: str = "sms"
    traits: Traits = field(default_factory=lambda: Traits("sms", ("tel",)))
    texts: list[OutboundMessage] = field(default_factory=list)

    def routes(self) -> Sequence[Route]:
        return ()

    @asynccontextmanager
    async def open(self, reception: Reception) -> AsyncIterator[None]:
        yield

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        self.texts.append(message)
        return (f"sms-{len(self.texts)}",)

    async def one_time_code(self) -> str:
        """The code in the latest text."""
        async with asyncio.timeout(5):
            while True:
                for message in reversed(self.texts):
                    found = re.search(r"(?<!\d)\d{6}(?!\d)", message.text)
                    if found:
                        return found.group()
                await asyncio.sleep(0.02)


@dataclass
class Town:
    """What a test may reach."""

    url: str
    portal: Portal
    database: Database
    office: Office
    world: World
    clock: Clock
    chat: WebChannel
    telephone: Telephone
    traits: dict[str, Traits]
    signals: InProcess

    async def said(self, identity: str, after: int) -> None:
        """Until the chat says something to a visitor, for at most a second; it may have said it already."""
        await self.signals.wait(f"{self.chat.name}/talk/{identity}", timedelta(seconds=1 if after else 0.2))

    async def act(self, code: str, action: str, note: str = "") -> None:
        """An official takes an action on a dossier."""

        def work(shelves: Any) -> None:
            record = shelves.dossiers.by_code(code)
            casework = Casework(shelves, self.office.knowledge, self.world, self.traits, self.world.now())
            casework.act(record, action, by="official:an", note=note)

        await self.database.write(work)


@cache
def knowledge() -> Knowledge:
    """What the office knows by the seeds; frozen, so one for all tests."""
    settings = config.read(ROOT / "config.yaml", SECRETS)
    files, _ = contents(LIBRARY)
    definitions = {name: plain(document) for name, document in files.items()}
    return learn(settings, TEMPLATES, "http://127.0.0.1", 0, definitions)


@asynccontextmanager
async def town(folder: Path, *, clock: Clock | None = None, port: int = 0) -> AsyncIterator[Town]:
    """Everything open, on a free port of loopback."""
    clock = clock or Clock()
    world = World(now=clock, chance=random.Random(7))
    database = Database(f"sqlite:///{folder}/store.db")
    database.create()
    database.open()
    signals = InProcess()
    chat = WebChannel("web", {"uploads": str(folder / "arriving"), "ping_seconds": 1}, now=clock)
    telephone = Telephone()
    traits = {chat.name: chat.traits, telephone.name: telephone.traits}
    application = web.Application()
    for route in chat.routes():
        application.router.add_route(route.method, route.path, route.handler)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        office = Office(knowledge())
        portal = build(
            database=database, office=office, world=world, traits=traits, signals=signals,
            files=folder / "papers", templates=TEMPLATES, public_url="http://127.0.0.1",
            visitors=chat.visitors, chat=chat,
        )  # fmt: skip
        mount(application, portal)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        stack.push_async_callback(runner.cleanup)
        stage = Stage(office, traits, world)
        gateway = Gateway(database, signals, stage, traits, world)
        undelivered = Undelivered(database, office, traits, world)
        courier = Courier(database, signals, (chat, telephone), undelivered, world)
        await stack.enter_async_context(chat.open(gateway.reception(chat.name)))
        stack.push_async_callback(courier.finish)
        for loop in (Intake(database, signals, stage, world).run(), courier.run(), courier.bell()):
            stack.push_async_callback(_stop, asyncio.create_task(loop))
        host, bound = runner.addresses[0][:2]
        yield Town(
            f"http://{host}:{bound}", portal, database, office, world, clock, chat, telephone, traits, signals
        )


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

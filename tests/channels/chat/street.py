"""What the Telegram tests stand on: the platform on loopback, a house in memory, and a channel between
them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from channels.chat.telegram import TelegramChannel
from core.messages import Address, Choice, Expect, ExpectKind, OutboundMessage, Say
from sandbox.chat import BotAccount, ChatPlatform, Handset, Limits
from tests.channels.reception import MemoryReception

TOKEN = "4242:street-token-AAbbccddee"
BOT = "motcua_bot"
SECRET = "street-secret_1"


@dataclass
class Street:
    """One platform, one house, one open channel."""

    platform: ChatPlatform
    house: MemoryReception
    channel: TelegramChannel

    def user(self, id: int = 7001, name: str = "Nguyễn Thị Hoa", **more: Any) -> Handset:
        return self.platform.user(id, name, **more)


def settings(platform: ChatPlatform, **more: Any) -> dict[str, Any]:
    return {
        "token": TOKEN,
        "bot": BOT,
        "base_url": platform.base_url,
        "file_url": platform.file_url,
        "poll_seconds": 1,
        "timeout": 2,
        "rate": 1000,
        "burst": 100,
        **more,
    }


def new_platform(limits: Limits | None = None) -> ChatPlatform:
    return ChatPlatform([BotAccount(TOKEN, BOT)], limits=limits, push_pause=0.02)


@asynccontextmanager
async def street(
    *, house: MemoryReception | None = None, limits: Limits | None = None, **more: Any
) -> AsyncIterator[Street]:
    """A street with a polling channel."""
    platform, house = new_platform(limits), house or MemoryReception()
    async with platform.serve():
        channel = TelegramChannel("telegram", settings(platform, **more))
        async with channel.open(house):
            yield Street(platform, house, channel)


@asynccontextmanager
async def hooked_street(
    *, house: MemoryReception | None = None, open_channel: bool = True, **more: Any
) -> AsyncIterator[tuple[Street, str]]:
    """A street with a webhook channel behind a real server; also gives the hook's address."""
    platform, house = new_platform(), house or MemoryReception()
    app = web.Application()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    late: dict[str, Callable[[web.Request], Any]] = {}

    async def hook(request: web.Request) -> web.StreamResponse:
        response: web.StreamResponse = await late["handler"](request)
        return response

    app.router.add_post("/hooks/telegram/telegram", hook)
    async with platform.serve(), AsyncExitStack() as stack:
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        given = settings(platform, mode="webhook", public_url=address, secret=SECRET, **more)
        channel = TelegramChannel("telegram", given)
        late["handler"] = channel.routes()[0].handler
        if open_channel:
            await stack.enter_async_context(channel.open(house))
        yield Street(platform, house, channel), address + channel.hook_path


async def eventually(true: Callable[[], Any], seconds: float = 5) -> None:
    """Wait for something that no event tells of."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not true():
        assert asyncio.get_running_loop().time() < deadline, "it never came true"
        await asyncio.sleep(0.01)


def letter(
    text: str, to: int = 7001, *, id: str = "d-1", expect: Expect | None = None, bot: str = BOT
) -> OutboundMessage:
    return OutboundMessage(
        id,
        "telegram",
        Address(f"telegram:{bot}", str(to)),
        text,
        Say("menu.show", expect=expect),
        expect=expect,
    )


def choices(*labels: str, kind: ExpectKind = ExpectKind.CHOICE) -> Expect:
    """Choices whose payloads are "p1", "p2" …"""
    options = tuple(Choice(f"v{n}", label, payload=f"p{n}") for n, label in enumerate(labels, 1))
    return Expect(kind, options, id="q1")

"""The whole telephone world on loopback: a carrier, an exchange, a chat platform, a mail server, and their page."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from types import TracebackType

from sandbox.chat import BotAccount, ChatPlatform
from sandbox.handsets.page import Names, Page
from sandbox.mail import MailCatcher
from sandbox.smpp.esme import Account
from sandbox.smpp.server import Smsc
from sandbox.voice import Exchange

NO_BOT = BotAccount("1:" + "0" * 35, "nobody_bot")


@dataclass(frozen=True, slots=True)
class Hotline:
    """The product's account and number at the exchange; `path` is where its webhooks are mounted."""

    account: str
    token: str
    number: str
    path: str = "/hooks/voice/hotline"


class Town:
    """`async with Town(...) as town:`, then point the product at `smsc.port`, `exchange.base_url`,
    `platform.base_url` and `file_url`, `mail.port`; and tell the town where the product is: `meet`.

    Numbers that providers give (message ids, update ids, SIDs) do not repeat after a restart: a product that
    remembers would take the new for the old.
    """

    def __init__(
        self,
        *,
        carriers: Sequence[Account] = (),
        hotline: Hotline | None = None,
        bot: BotAccount | None = None,
        names: Names | None = None,
        host: str = "127.0.0.1",
        page_port: int = 0,
        smsc_port: int = 0,
    ) -> None:
        self.hotline = hotline
        self.smsc = Smsc(carriers, host=host, port=smsc_port)
        self.exchange = (
            Exchange(hotline.account, hotline.token, host=host) if hotline else Exchange(host=host)
        )
        self.platform = ChatPlatform([bot or NO_BOT])
        self.mail = MailCatcher()
        self.page = Page(self.smsc, self.exchange, self.platform, self.mail)
        self.page.names = names or Names()
        self._where = host, page_port
        self._stack = AsyncExitStack()

    @property
    def page_url(self) -> str:
        """The address of the handsets page."""
        return self.page.url

    async def __aenter__(self) -> Town:
        first = int(time.time())
        self.smsc.renumber(first)
        self.platform.bot().renumber(first)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.smsc)
            await stack.enter_async_context(self.exchange)
            await stack.enter_async_context(self.platform.serve())
            await stack.enter_async_context(self.mail.serve())
            await stack.enter_async_context(self.page.serve(*self._where))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def meet(self, public_url: str, near: str = "", *, portal: str = "", desk: str = "") -> None:
        """Tell where the product is: `public_url` as its settings have it (that is what is signed), `near` where
        it listens, and its pages to link to."""
        if self.hotline is not None:
            base = public_url.rstrip("/") + self.hotline.path
            self.exchange.line(
                self.hotline.number, base, status_url=f"{base}/status", fallback_url=f"{base}/fallback"
            )
        if near and near.rstrip("/") != public_url.rstrip("/"):
            self.exchange.reach(public_url, near)
        self.page.names = replace(self.page.names, portal=portal or public_url, desk=desk)

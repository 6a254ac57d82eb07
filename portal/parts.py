"""What the pages are made of, as main.py hands it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

from core.messages import Address
from core.selffiling import SelfFiling
from core.selfservice import SelfService
from core.selfstatus import SelfStatus
from portal.limits import Limits
from portal.pages import Pages


class Visitor(Protocol):
    """One browser: a secret cookie, and what is derived from it."""

    @property
    def new(self) -> bool: ...

    @property
    def network(self) -> str: ...

    @property
    def identity(self) -> str: ...

    @property
    def address(self) -> Address: ...

    @property
    def token(self) -> str: ...

    def digest(self, purpose: str) -> str: ...


class Visitors(Protocol):
    """Who sits at the browser. The chat's channel keeps the same visitors, so that chat and pages are one
    person."""

    def of(self, request: web.Request) -> Any:
        """The `Visitor` who asks."""

    def remember(self, visitor: Any, response: web.StreamResponse, *, session: bool = False) -> None: ...

    def forget(self, response: web.StreamResponse) -> None: ...

    def genuine(self, request: web.Request, visitor: Any, token: str) -> bool: ...


class Chat(Protocol):
    """What the chat page must know of the web channel."""

    async def history(self, identity: str) -> list[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Portal:
    """The parts. `public_url` is the outside address without a slash at its end; `accounts` are chat
    accounts to show (label, address)."""

    service: SelfService
    filing: SelfFiling
    status: SelfStatus
    pages: Pages
    visitors: Visitors
    public_url: str
    chat: Chat | None = None
    accounts: Sequence[Mapping[str, str]] = ()
    limits: Limits = field(default_factory=Limits)

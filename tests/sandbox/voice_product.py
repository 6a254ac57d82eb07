"""A product that answers the exchange from a table: path to TwiML, with every request remembered and checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from sandbox.voice import Exchange

ACCOUNT = "AC" + "1" * 32
TOKEN = "the-token"
HOTLINE = "19009999"
CITIZEN = "+84912345678"
PUBLIC = "https://motcua.test"

Document = str | bytes | tuple[int, str]


@dataclass
class Product:
    """`documents` by path; a list is given one after another, its last again and again. `slow`: seconds."""

    documents: Mapping[str, Document | list[Document]]
    slow: Mapping[str, float] = field(default_factory=dict)
    content_type: str = "text/xml"
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    cuts: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append((request.path_qs, fields))
        self.tokens.append(request.headers["I-Twilio-Idempotency-Token"])
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(PUBLIC + request.raw_path, fields, signature):
            self.unsigned.append(request.path)
        if self.cuts and request.transport is not None:
            self.cuts -= 1
            request.transport.abort()
        await asyncio.sleep(self.slow.get(request.path, 0))
        return self._answer(request.path)

    def _answer(self, path: str) -> web.Response:
        found: Any = self.documents.get(path, (404, ""))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        status, body = found if isinstance(found, tuple) else (200, found)
        body = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=body, content_type=self.content_type, charset="utf-8")

    def asked(self, path: str) -> list[dict[str, str]]:
        """The fields of the requests to a path."""
        return [fields for where, fields in self.requests if where.partition("?")[0] == path]


@asynccontextmanager
async def exchange_with(product: Product, **how: Any) -> AsyncIterator[Exchange]:
    """An exchange whose first line belongs to the product: /voice, /status, /fallback where it has one."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", product.handle)
    counted = iter(range(1, 10_000))
    how = {"ids": lambda: f"{next(counted):032x}", **how}
    async with TestServer(app) as server, Exchange(ACCOUNT, TOKEN, **how) as exchange:
        exchange.reach(PUBLIC, str(server.make_url("")))
        fallback = f"{PUBLIC}/fallback" if "/fallback" in product.documents else ""
        status = f"{PUBLIC}/status" if "/status" in product.documents else ""
        exchange.line(HOTLINE, f"{PUBLIC}/voice", status_url=status, fallback_url=fallback)
        yield exchange
    assert product.unsigned == []


def response(inner: str) -> str:
    """A document around its verbs."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>'


def vi(text: str) -> str:
    """A Say in Vietnamese."""
    return f'<Say language="vi-VN" voice="Google.vi-VN-Wavenet-A">{text}</Say>'

"""A provider's REST interface on loopback that answers what a test tells it to, and remembers what came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass
class Provider:
    """`status` and `body` are the answer; `silent` never answers; `cut` drops the connection."""

    status: int = 201
    body: Any = field(default_factory=lambda: {"sid": "CA7"})
    silent: bool = False
    cut: bool = False
    url: str = ""
    requests: list[tuple[str, dict[str, list[str]], str]] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Any request."""
        form = await request.post()
        fields = {name: [str(value) for value in form.getall(name)] for name in form}
        self.requests.append((request.path, fields, request.headers.get("Authorization", "")))
        if self.cut and request.transport is not None:
            request.transport.abort()
        if self.silent:
            await self.released.wait()
        if isinstance(self.body, bytes):
            return web.Response(status=self.status, body=self.body, content_type="audio/x-wav")
        if isinstance(self.body, str):
            return web.Response(status=self.status, text=self.body, content_type="text/html")
        return web.json_response(self.body, status=self.status)


@asynccontextmanager
async def provider(**how: Any) -> AsyncIterator[Provider]:
    """A provider that listens."""
    told = Provider(**how)
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", told.answer)
    async with TestServer(app) as server:
        told.url = str(server.make_url("")).rstrip("/")
        try:
            yield told
        finally:
            told.released.set()

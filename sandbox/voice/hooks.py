"""Calls to the product's webhooks, as the provider makes them: signed, limited in time, repeated once."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import aiohttp
from yarl import URL

from sandbox.voice.faults import Code, Fault
from sandbox.voice.reading import LARGEST
from sandbox.voice.signature import sign, signed_form
from sandbox.voice.wire import Wire

CONNECT, WHOLE = 5.0, 15.0  # seconds
AGENT = "TwilioProxy/1.1"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_SPOKEN = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook answered."""

    status: int
    content_type: str
    body: bytes


class Hooks:
    """`near` maps public addresses to the ones that are reached here: https://motcua.example → http://127.0.0.1:…

    What is signed is always the public address.
    """

    def __init__(
        self, token: str, wire: Wire, *, limit: float = WHOLE, ids: Callable[[], str] = secrets.token_hex
    ) -> None:
        self.token = token
        self.near: dict[str, str] = {}
        self._wire = wire
        self._limit = limit
        self._ids = ids
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self._limit, sock_connect=CONNECT)
        self._session = aiohttp.ClientSession(timeout=timeout, auto_decompress=True)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def document(self, url: str, method: str, fields: Mapping[str, str]) -> bytes:
        """Ask for TwiML. Raises `Fault` where there is none."""
        answer = await self.call(url, method, fields)
        if answer.status != 200:
            raise Fault(Code.UNREACHABLE, f"HTTP {answer.status}", url)
        if answer.content_type not in _SPOKEN:
            raise Fault(Code.CONTENT_TYPE, answer.content_type, url)
        if len(answer.body) > LARGEST:
            raise Fault(Code.TOO_LARGE, "more than 64 KB", url)
        return answer.body

    async def call(self, url: str, method: str, fields: Mapping[str, str]) -> Answer:
        """One request, repeated once where no connection came about, with the same token. Raises `Fault`."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Fault(Code.UNREACHABLE, f"not an address: {url}", url)
        token = self._ids()
        began = time.monotonic()
        try:
            try:
                answer = await self._once(url, method, fields, token)
            except aiohttp.ClientConnectionError:
                answer = await self._once(url, method, fields, token)
        except (TimeoutError, aiohttp.ClientError) as error:
            why = "timed out" if isinstance(error, TimeoutError) else type(error).__name__
            self._note(url, method, fields, 0, why, began)
            raise Fault(Code.UNREACHABLE, why, url) from None
        self._note(url, method, fields, answer.status, answer.body.decode("utf-8", "replace"), began)
        return answer

    async def _once(self, url: str, method: str, fields: Mapping[str, str], token: str) -> Answer:
        assert self._session is not None
        headers = {"User-Agent": AGENT, "I-Twilio-Idempotency-Token": token, "Accept": "*/*"}
        url = signed_form(url)
        body: bytes | None = None
        if method == "GET":
            url += ("&" if urlsplit(url).query else "?") + urlencode(fields)
            headers["X-Twilio-Signature"] = sign(self.token, url, {})
        else:
            headers["X-Twilio-Signature"] = sign(self.token, url, fields)
            headers["Content-Type"] = FORM
            body = urlencode(fields).encode()
        target = URL(self._reached(url), encoded=True)
        async with asyncio.timeout(self._limit):
            sent = self._session.request(method, target, data=body, headers=headers, allow_redirects=False)
            async with sent as answer:
                content = await answer.content.read(LARGEST + 1)
                while len(content) <= LARGEST and (more := await answer.content.read(LARGEST)):
                    content += more
                return Answer(answer.status, answer.content_type, content)

    def _reached(self, url: str) -> str:
        for public, near in self.near.items():
            if url.startswith(public):
                return near + url.removeprefix(public)
        return url

    def _note(
        self, url: str, method: str, fields: Mapping[str, str], status: int, body: str, began: float
    ) -> None:
        took = round(time.monotonic() - began, 3)
        self._wire.note(
            "webhook",
            direction="out",
            method=method,
            url=url,
            fields=dict(fields),
            status=status,
            body=body,
            took=took,
        )

"""Read the body of a webhook: bounded, in time, and strictly."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError

from channels.webhooks.guard import BadInput, TooLarge, TooSlow

MAX_BODY = 64 * 1024  # bytes; the largest known webhook of our providers is below 20 KB
MAX_FIELDS = 200  # fields of a form
PATIENCE = 10.0  # seconds for a whole body

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Form(Mapping[str, str]):
    """The fields of a form. A field that we use must be there at most once: providers sign repeated fields
    as a set, so that their order and number prove nothing."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        values = self._values[name]
        if len(values) > 1:
            raise BadInput("a field is repeated")
        return values[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        """All values of a field, as signature checks want them."""
        return list(self._values[name])

    def text(self, name: str, *, most: int = 2000) -> str:
        """The value of a field, or "" where it is missing. Raises `BadInput` beyond `most` characters."""
        value = self.get(name, "")
        if len(value) > most:
            raise BadInput("a field is too long")
        return value


async def read_body(request: web.Request, *, limit: int = MAX_BODY, patience: float = PATIENCE) -> bytes:
    """The body, at most `limit` bytes after decompression, within `patience` seconds.

    Raises `TooLarge` before reading where the sender declares too much, `TooSlow`, and `BadInput` for a body
    that breaks its own encoding.
    """
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge("the declared body is too large")
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.content.iter_chunked(16 * 1024):
                body += chunk
                if len(body) > limit:
                    raise TooLarge("the body is too large")
    except TimeoutError:
        raise TooSlow("the body did not come") from None
    except (HttpProcessingError, ClientError, web.RequestPayloadError):
        raise BadInput("the body is broken") from None
    return bytes(body)


async def read_form(request: web.Request, *, limit: int = MAX_BODY) -> Form:
    """The body as application/x-www-form-urlencoded in UTF-8 (WHATWG URL, section 5), strictly."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise BadInput("not a form")
    if (request.charset or "utf-8").lower() != "utf-8":
        raise BadInput("another alphabet")
    return decode_form(await read_body(request, limit=limit))


def decode_form(body: bytes) -> Form:
    """Decode a form. Raises `BadInput` for broken escapes, other alphabets, NUL and too many fields."""
    try:
        text = body.decode("ascii")
        if _BROKEN_ESCAPE.search(text):
            raise BadInput("a broken escape")
        pairs = (
            parse_qsl(
                text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS
            )
            if text
            else []
        )
    except ValueError:  # UnicodeDecodeError is one of them
        raise BadInput("not a well-formed form") from None
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise BadInput("a NUL character")
    return Form(pairs)


async def read_json(request: web.Request, *, limit: int = MAX_BODY) -> dict[str, Any]:
    """The body as one JSON object (RFC 8259), strictly."""
    if request.content_type != "application/json":
        raise BadInput("not JSON")
    return decode_json(await read_body(request, limit=limit))


def decode_json(body: bytes) -> dict[str, Any]:
    """Decode one JSON object. Raises `BadInput` for anything that could not be written down again: other
    top values, NaN and endless numbers, repeated names, NUL, half surrogates, nesting without end."""
    try:
        value = json.loads(
            body.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_unique
        )
        written = json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise BadInput("not well-formed JSON") from None
    if not isinstance(value, dict):
        raise BadInput("not a JSON object")
    if b"\\u0000" in written.replace(b"\\\\", b""):  # an escaped backslash before it makes it text
        raise BadInput("a NUL character")
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found

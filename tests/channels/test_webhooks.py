"""Whatever is posted: an answer below 500, and nothing of it inside unless it was right."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.webhooks import (
    BadInput,
    Forbidden,
    Form,
    check_secret,
    e164,
    guarded,
    read_body,
    read_form,
    read_json,
    same_secret,
)
from channels.webhooks.reading import decode_form, decode_json
from core.channel import NotNow

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@asynccontextmanager
async def mounted(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[Any]:
    app = web.Application()
    app.router.add_post("/hook/{name}", guarded(handler))
    async with TestClient(TestServer(app)) as client:
        yield client


# name, content type, body, status: a reader that allows 100 bytes
BODIES: list[tuple[str, str, bytes, int]] = [
    ("a form", FORM, b"a=b&c=%C4%91", 200),
    ("an empty form", FORM, b"", 200),
    ("a form with its alphabet", FORM + "; charset=utf-8", b"a=b", 200),
    ("a form in another alphabet", FORM + "; charset=iso-8859-1", b"a=b", 400),
    ("an empty value", FORM, b"a=", 200),
    ("no value", FORM, b"a", 400),
    ("a broken escape", FORM, b"a=%zz", 400),
    ("a cut escape", FORM, b"a=%4", 400),
    ("another alphabet", FORM, b"a=%E9", 400),
    ("raw bytes", FORM, b"a=\xc4\x91", 400),
    ("a NUL", FORM, b"a=%00", 400),
    ("the known field twice", FORM, b"a=b&a=c", 400),
    ("an unknown field twice", FORM, b"a=b&x=1&x=2", 200),
    ("another kind", "text/plain", b"a=b", 400),
    ("no kind", "", b"a=b", 400),
    ("a file form", "multipart/form-data; boundary=x", b"--x--", 400),
    ("JSON", JSON, b'{"a": "\xc4\x91", "n": 1.5}', 200),
    ("a list", JSON, b"[]", 400),
    ("nothing", JSON, b"", 400),
    ("half of it", JSON, b'{"a": ', 400),
    ("two of them", JSON, b"{}{}", 400),
    ("a name twice", JSON, b'{"a": 1, "a": 2}', 400),
    ("not a number", JSON, b'{"a": NaN}', 400),
    ("endless", JSON, b'{"a": 1e999}', 400),
    ("half a surrogate", JSON, b'{"a": "\\ud800"}', 400),
    ("a NUL in JSON", JSON, b'{"a": "\\u0000"}', 400),
    ("a backslash and u0000 are text", JSON, b'{"a": "\\\\u0000"}', 200),
    ("UTF-16", JSON, '{"a": 1}'.encode("utf-16"), 400),
    ("too large", FORM, b"a=" + b"b" * 99, 413),
    ("just large enough", FORM, b"a=" + b"b" * 98, 200),
]


@pytest.mark.parametrize(("name", "kind", "body", "status"), BODIES, ids=[row[0] for row in BODIES])
async def test_bodies(name: str, kind: str, body: bytes, status: int) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.content_type == JSON:
            await read_json(request, limit=100)
        else:
            (await read_form(request, limit=100)).text("a")
        return web.Response()

    async with mounted(handler) as client:
        answer = await client.post("/hook/x", data=body, headers={"Content-Type": kind})
        assert answer.status == status
        assert await answer.text() == ""


async def test_nesting_without_end_is_bad_input() -> None:
    with pytest.raises(BadInput):
        decode_json(b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}")


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
async def test_a_small_body_that_swells_is_too_large(packed: Callable[[bytes], bytes]) -> None:
    async with mounted(_form) as client:
        encoding = "gzip" if packed is gzip.compress else "deflate"
        headers = {"Content-Type": FORM, "Content-Encoding": encoding}
        answer = await client.post("/hook/x", data=packed(b"a=" + b"b" * 2_000_000), headers=headers)
        assert answer.status == 413
        answer = await client.post("/hook/x", data=b"\x01\x02 not packed", headers=headers)
        assert answer.status == 400


async def test_a_body_of_unknown_length_is_read_no_further_than_allowed() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"a=" + b"b" * 60
        yield b"b" * 60

    async with mounted(_form) as client:
        assert (await client.post("/hook/x", data=chunks(), headers={"Content-Type": FORM})).status == 413


async def test_a_body_that_does_not_come() -> None:
    gate = asyncio.Event()

    async def chunks() -> AsyncIterator[bytes]:
        yield b"a="
        await gate.wait()

    async def handler(request: web.Request) -> web.Response:
        await read_body(request, patience=0.02)
        return web.Response()

    async with mounted(handler) as client:
        answer = await client.post("/hook/x", data=chunks(), headers={"Content-Type": FORM})
        assert answer.status == 408
        gate.set()


async def _form(request: web.Request) -> web.Response:
    await read_form(request, limit=100)
    return web.Response()


RAISED: list[tuple[Exception, int, str | None]] = [
    (NotNow(), 503, "5"),
    (BadInput("x"), 400, None),
    (Forbidden("x"), 403, None),
    (RuntimeError("a bug"), 503, "5"),
    (KeyError("a bug"), 503, "5"),
    (web.HTTPGone(), 410, None),
]


@pytest.mark.parametrize(("raised", "status", "after"), RAISED, ids=[repr(row[0]) for row in RAISED])
async def test_what_a_handler_raises(raised: Exception, status: int, after: str | None) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise raised

    async with mounted(handler) as client:
        answer = await client.post("/hook/x")
        assert (answer.status, answer.headers.get("Retry-After")) == (status, after)


async def test_nobody_writes_into_our_log(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise BadInput("a field is too long")

    async with mounted(handler) as client:
        await client.post("/hook/forged%0Aline?secret=1")
    assert "/hook/{name}: 400" in caplog.text
    assert "forged" not in caplog.text
    assert "secret" not in caplog.text


SECRETS: list[tuple[list[str], list[str], bool]] = [
    (["new"], ["new", "old"], True),
    (["old"], ["new", "old"], True),
    (["wrong"], ["new", "old"], False),
    (["new"], ["new", ""], True),
    ([""], ["new", ""], False),
    ([""], [], False),
    ([], ["new"], False),
    (["new", "new"], ["new"], False),
    (["\udce9"], ["new"], False),
    (["đ"], ["đ"], True),
]


@pytest.mark.parametrize(("given_", "known", "right"), SECRETS)
def test_secrets(given_: list[str], known: list[str], right: bool) -> None:
    if right:
        check_secret(given_, known)
    else:
        with pytest.raises(Forbidden):
            check_secret(given_, known)


def test_no_secret_at_all() -> None:
    assert not same_secret(None, ["a"])
    assert not same_secret(None, [""])


NUMBERS = [
    ("+84912345678", "+84912345678"),
    ("0912 345 678", "+84912345678"),
    ("(024) 3825-5555", "+842438255555"),
    ("0084.912.345.678", "+84912345678"),
    ("84912345678", "+84912345678"),
    ("+1 415 555 2671", "+14155552671"),
    ("8088", ""),
    ("1022", ""),
    ("+266696687", ""),
    ("anonymous", ""),
    ("client:alice", ""),
    ("+0912345678", ""),
    ("+84٩١٢٣٤٥٦٧٨", ""),
    ("", ""),
]


@pytest.mark.parametrize(("written", "number"), NUMBERS)
def test_numbers(written: str, number: str) -> None:
    assert e164(written) == number


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_bad_input(body: bytes) -> None:
    try:
        form = decode_form(body)
    except BadInput:
        return
    assert isinstance(form, Form)
    for name in form:
        "".join(form.getall(name)).encode("utf-8")


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='{}[]":,\\u0d8e1-.NaIfity ', max_size=60).map(str.encode))
def test_any_bytes_are_json_or_bad_input(body: bytes) -> None:
    try:
        decode_json(body)
    except BadInput:
        return

"""What the webhook answers to those who are not the platform, and to rubbish."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.chat.telegram.adapter import MAX_UPDATE, SECRET_HEADER
from tests.channels.chat.street import SECRET, Street, hooked_street
from tests.channels.chat.test_telegram_inbound import MESSAGE, message

GOOD = json.dumps(message(text="chào")).encode()
JSON = {"Content-Type": "application/json"}
SIGNED = {**JSON, SECRET_HEADER: SECRET}


@asynccontextmanager
async def hook(**more: Any) -> AsyncIterator[tuple[Street, aiohttp.ClientSession, str]]:
    async with hooked_street(**more) as (s, url), aiohttp.ClientSession() as client:
        yield s, client, url


CASES: list[tuple[str, dict[str, str], bytes, int]] = [
    ("the platform", SIGNED, GOOD, 200),
    ("nothing to us", SIGNED, b'{"update_id": 9, "poll": {}}', 200),
    ("no secret", JSON, GOOD, 403),
    ("an empty secret", {**JSON, SECRET_HEADER: ""}, GOOD, 403),
    ("a wrong secret", {**JSON, SECRET_HEADER: SECRET + "x"}, GOOD, 403),
    ("a secret that is no text", {**JSON, SECRET_HEADER: "\u00e9"}, GOOD, 403),
    ("rubbish without the secret says only 403", JSON, b"{", 403),
    ("not JSON", SIGNED, b"{", 400),
    ("not an object", SIGNED, b"[1]", 400),
    ("no number", SIGNED, b"{}", 400),
    ("a message that is none", SIGNED, b'{"update_id": 1, "message": 5}', 400),
    ("not UTF-8", SIGNED, b'{"update_id": 1, "message": "\xff"}', 400),
    ("a form", {SECRET_HEADER: SECRET, "Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 400),
    ("nested without end", SIGNED, b"[" * 50_000, 400),
    ("too large", SIGNED, b" " * (MAX_UPDATE + 1), 413),
]


async def test_answers() -> None:
    async with hook() as (s, client, url):
        for case, headers, body, status in CASES:
            async with client.post(url, data=body, headers=headers) as response:
                assert (case, response.status) == (case, status)
                assert await response.read() == b""
        assert [m.text for m in s.house.accepted] == ["chào"]


async def test_a_former_secret_is_good_while_it_is_being_changed() -> None:
    async with hook(former_secrets=["old-one"]) as (_, client, url):
        response = await client.post(url, data=GOOD, headers={**JSON, SECRET_HEADER: "old-one"})
        assert response.status == 200


async def test_a_repeat_is_one_message() -> None:
    async with hook() as (s, client, url):
        for _ in range(5):
            async with client.post(url, data=GOOD, headers=SIGNED) as response:
                assert response.status == 200
        assert len(s.house.accepted) == 1 and s.house.repeats == 4


async def test_not_now_is_said_with_a_time() -> None:
    async with hook() as (s, client, url):
        s.house.away = True
        async with client.post(url, data=GOOD, headers=SIGNED) as response:
            assert response.status == 503 and response.headers["Retry-After"]


async def test_a_channel_that_is_not_open_takes_nothing() -> None:
    async with hook(open_channel=False) as (_, client, url):
        response = await client.post(url, data=GOOD, headers=SIGNED)
        assert response.status == 503


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
kinds = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"])
bodies = (
    st.binary(max_size=200)
    | json_values.map(lambda v: json.dumps(v).encode())
    | st.builds(lambda k, v: json.dumps({"update_id": 7, k: v}).encode(), kinds, json_values)
    | st.builds(
        lambda m: json.dumps({"update_id": 7, "message": {**MESSAGE, **m}}).encode(),
        st.dictionaries(
            st.sampled_from(["text", "photo", "chat", "from", "contact", "sticker"]), json_values
        ),
    )
)


async def test_no_body_makes_it_stumble(caplog: pytest.LogCaptureFixture) -> None:
    """Answered 200, 400 or 413 whatever comes; never 500, nor 503, which would be a bug caught at the
    door."""
    async with hook() as (_, client, url):
        loop = asyncio.get_running_loop()

        async def ask(body: bytes) -> int:
            async with client.post(url, data=body, headers=SIGNED) as response:
                return response.status

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(bodies)
        def fuzz(body: bytes) -> None:
            status = asyncio.run_coroutine_threadsafe(ask(body), loop).result(10)
            assert status in (200, 400, 413)

        await asyncio.to_thread(fuzz)
    assert "fault of ours" not in caplog.text

"""The REST interface, asked by the provider's own library and by plain HTTP; and telephones that ring."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import BasicAuth, ClientSession
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sandbox.voice import Answering, CallEnded, Exchange
from tests.sandbox.voice_product import (
    ACCOUNT,
    CITIZEN,
    HOTLINE,
    PUBLIC,
    TOKEN,
    Document,
    Product,
    exchange_with,
    response,
    vi,
)

NOTICE: dict[str, Document | list[Document]] = {
    "/notice": response('<Gather action="/key" numDigits="1">' + vi("Trung tâm gọi") + "</Gather>"),
    "/key": response(vi("Hồ sơ đã xong")),
    "/ended": (204, ""),
}
CALL = {"to": CITIZEN, "from_": HOTLINE, "url": f"{PUBLIC}/notice", "status_callback": f"{PUBLIC}/ended"}
EVENTS = ["initiated", "ringing", "answered", "completed"]


class _Here(AsyncTwilioHttpClient):  # type: ignore[misc]
    def __init__(self, base: str) -> None:
        super().__init__()
        self._base = base

    async def request(self, method: str, url: str, **rest: Any) -> Any:
        return await super().request(method, url.replace("https://api.twilio.com", self._base), **rest)


@asynccontextmanager
async def library(exchange: Exchange, token: str = TOKEN, account: str = ACCOUNT) -> AsyncIterator[Client]:
    """The provider's library, pointed at the exchange."""
    http = _Here(exchange.base_url)
    try:
        yield Client(account, token, http_client=http, environment={"": ""})
    finally:
        await http.close()


async def test_a_call_that_is_placed_rings_and_is_answered() -> None:
    product = Product(NOTICE)
    async with exchange_with(product) as exchange, library(exchange) as client:
        placed = await client.calls.create_async(**CALL, status_callback_event=EVENTS)
        call = await exchange.rings("0912345678")
        assert (placed.sid, call.status) == (call.sid, "ringing")
        await call.answer()
        assert [spoken.text for spoken in await call.said()] == ["Trung tâm gọi"]
        await call.press("1")
        assert [spoken.text for spoken in await call.said()] == ["Hồ sơ đã xong"]
        await call.over()
        assert (await client.calls(call.sid).fetch_async()).status == "completed"
    assert [fields["CallStatus"] for fields in product.asked("/ended")] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [fields["SequenceNumber"] for fields in product.asked("/ended")] == ["0", "1", "2", "3"]
    assert product.asked("/notice")[0]["Direction"] == "outbound-api"


@pytest.mark.parametrize(
    ("does", "status", "sip"),
    [("decline", "busy", "486"), ("ignore", "no-answer", "480"), ("hang_up", "canceled", "487")],
)
async def test_a_call_that_is_not_taken(does: str, status: str, sip: str) -> None:
    product = Product(NOTICE)
    async with exchange_with(product) as exchange, library(exchange) as client:
        await client.calls.create_async(**CALL)
        call = await exchange.rings(CITIZEN)
        await getattr(call, does)()
        await call.over()
        with pytest.raises(CallEnded):
            await call.answer()
    (told,) = product.asked("/ended")
    assert (told["CallStatus"], told["SipResponseCode"], told["CallDuration"]) == (status, sip, "0")
    assert product.asked("/notice") == []


@pytest.mark.parametrize("how", ["busy", "no-answer", "failed"])
async def test_a_telephone_with_a_script(how: str) -> None:
    product = Product(NOTICE)
    async with exchange_with(product) as exchange, library(exchange) as client:
        exchange.telephones["0912345678"] = Answering(how)
        placed = await client.calls.create_async(**CALL)
        await exchange.calls[placed.sid].over()
    assert [fields["CallStatus"] for fields in product.asked("/ended")] == [how]


async def test_nobody_is_there_within_the_time() -> None:
    product = Product(NOTICE)
    async with exchange_with(product) as exchange, library(exchange) as client:
        placed = await client.calls.create_async(**CALL, timeout=0)
        await exchange.calls[placed.sid].over()
    assert product.asked("/ended")[0]["CallStatus"] == "no-answer"


async def test_twiml_can_come_along() -> None:
    async with exchange_with(Product({})) as exchange, library(exchange) as client:
        await client.calls.create_async(to=CITIZEN, from_=HOTLINE, twiml=response(vi("Xin chào")))
        call = await exchange.rings(CITIZEN)
        await call.answer()
        await call.over()
    assert [spoken.text for spoken in call.heard] == ["Xin chào"]


async def test_the_product_ends_a_call() -> None:
    product = Product(NOTICE)
    async with exchange_with(product) as exchange, library(exchange) as client:
        await client.calls.create_async(**CALL)
        call = await exchange.rings(CITIZEN)
        await call.answer()
        await call.settled()
        assert (await client.calls(call.sid).update_async(status="completed")).status == "completed"
        with pytest.raises(TwilioRestException) as refused:
            await client.calls(call.sid).update_async(status="completed")
    assert refused.value.code == 21220


REFUSED: list[tuple[str, dict[str, str], int, int]] = [
    ("a local number", {"to": "0912345678"}, 400, 21211),
    ("a name", {"to": "nguyenvana"}, 400, 21211),
    ("nobody", {"to": ""}, 400, 21201),
    ("a foreign number as ours", {"from_": "+15005550006"}, 400, 21212),
    ("no number of ours", {"from_": ""}, 400, 21213),
    ("no address", {"url": "motcua"}, 400, 21205),
    ("no address for the status", {"status_callback": "motcua"}, 400, 21609),
]


@pytest.mark.parametrize(("name", "change", "status", "code"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_refused(name: str, change: dict[str, str], status: int, code: int) -> None:
    async with exchange_with(Product(NOTICE)) as exchange, library(exchange) as client:
        with pytest.raises(TwilioRestException) as refused:
            await client.calls.create_async(**{**CALL, **change})
        assert exchange.calls == {}
    assert (refused.value.status, refused.value.code) == (status, code)


async def test_wrong_account_or_token() -> None:
    async with exchange_with(Product(NOTICE)) as exchange:
        for account, token in ((ACCOUNT, "wrong"), ("AC" + "2" * 32, TOKEN)):
            async with library(exchange, token, account) as client:
                with pytest.raises(TwilioRestException) as refused:
                    await client.calls.create_async(**CALL)
                assert (refused.value.status, refused.value.code) == (401, 20003)
        async with ClientSession() as session, session.get(f"{exchange.base_url}/anything") as answer:
            assert answer.status == 401


async def test_ordered_trouble() -> None:
    async with exchange_with(Product(NOTICE)) as exchange, library(exchange) as client:
        exchange.trouble(status=429, code=20429, message="Too Many Requests")
        exchange.trouble(html=True)
        exchange.trouble(cut=True)
        for code in (20429, 503, None):
            with pytest.raises(Exception) as refused:
                await client.calls.create_async(**CALL)
            assert getattr(refused.value, "code", None) == code
        assert exchange.calls == {}
        exchange.trouble(cut=True, taken=True)
        with pytest.raises(Exception):  # noqa: B017 the library has no error of its own for a cut line
            await client.calls.create_async(**CALL)
        assert len(exchange.calls) == 1
        assert (await client.calls.create_async(**CALL)).sid in exchange.calls


async def test_a_recording_is_fetched_and_deleted() -> None:
    product = Product(
        {"/voice": response('<Record action="/recorded"/>'), "/recorded": response("<Hangup/>")}
    )
    async with exchange_with(product) as exchange:
        exchange.recordings_late = 1
        call = await exchange.dial(CITIZEN)
        await call.settled()
        await call.record(seconds=2)
        await call.over()
        url = product.asked("/recorded")[0]["RecordingUrl"]
        async with ClientSession(auth=BasicAuth(ACCOUNT, TOKEN)) as session:
            assert await _get(session, url) == (404, b"")
            status, sound = await _get(session, url)
            assert (status, (await _get(session, url + ".wav"))[0]) == (200, 200)
            async with session.delete(url) as deleted:
                assert deleted.status == 204
            assert (await _get(session, url))[0] == 404
        async with ClientSession() as session:
            assert (await _get(session, url))[0] == 401
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getnframes()) == (8000, 16000)


async def _get(session: ClientSession, url: str) -> tuple[int, bytes]:
    async with session.get(url) as answer:
        return answer.status, await answer.read() if answer.status == 200 else b""


async def test_each_call_rings_once() -> None:
    async with exchange_with(Product(NOTICE)) as exchange, library(exchange) as client:
        first, second = [await client.calls.create_async(**CALL) for _ in range(2)]
        found = [await exchange.rings(CITIZEN), await exchange.rings(CITIZEN)]
        with pytest.raises(TimeoutError):
            await exchange.rings(CITIZEN, timeout=0.05)
        assert [call.sid for call in found] == [first.sid, second.sid]
        await asyncio.gather(*(call.decline() for call in found))

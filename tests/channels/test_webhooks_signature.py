"""Who may speak as the exchange: every trap of a signature, and the provider's own documented examples."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.webhooks import TwilioSignature, guarded, read_form
from channels.webhooks.reading import Form, decode_form

PUBLIC = "https://motcua.test"
CALL = {"CallSid": "CA1", "From": "+84912345678", "Digits": "1", "SpeechResult": "khai sinh đ ?&="}


def signed_by_hand(secret: str, url: str, pairs: list[tuple[str, str]], method: str = "sha1") -> str:
    """The signature written from the provider's description, without its library: the address, then every
    field, sorted by name, name and value run together; HMAC; base64."""
    text = url + "".join(name + value for name, value in sorted(pairs))
    digest = hmac.new(secret.encode(), text.encode(), getattr(hashlib, method)).digest()
    return base64.b64encode(digest).decode()


def test_the_example_of_the_provider() -> None:
    """The request that https://www.twilio.com/docs/usage/security works through, and its signature."""
    form = Form(
        [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
    )
    check = TwilioSignature("https://mycompany.com", ["12345"])
    assert check.signed("/myapp.php?foo=1&bar=2", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert check.signed(
        "/myapp.php?foo=1&bar=2",
        form,
        signed_by_hand(
            "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", [(name, form[name]) for name in form]
        ),
    )


@asynccontextmanager
async def checked(*tokens: str, keys: tuple[str, ...] = (), public: str = PUBLIC) -> AsyncIterator[Any]:
    check = TwilioSignature(public, tokens or ("t",), keys)

    async def handler(request: web.Request) -> web.Response:
        check.check(request, await read_form(request))
        return web.Response()

    app = web.Application()
    app.router.add_post("/{any:.*}", guarded(handler))
    async with TestClient(TestServer(app)) as client:
        yield client


def pairs(form: dict[str, str]) -> list[tuple[str, str]]:
    return list(form.items())


# name, what is signed (secret, address), what is posted to, headers beside it, status
REQUESTS: list[tuple[str, str, str, str, dict[str, str], int]] = [
    ("right", "t", "https://motcua.test/a?step=1&k=1.x", "/a?step=1&k=1.x", {}, 200),
    ("the token before", "old", "https://motcua.test/a", "/a", {}, 200),
    ("another token", "x", "https://motcua.test/a", "/a", {}, 403),
    ("another place", "t", "https://motcua.test/b", "/a", {}, 403),
    ("another query", "t", "https://motcua.test/a?step=1", "/a?step=2", {}, 403),
    ("without the query", "t", "https://motcua.test/a", "/a?step=2", {}, 403),
    ("a port that is usual", "t", "https://motcua.test:443/a", "/a", {}, 200),
    ("http for https", "t", "http://motcua.test/a", "/a", {}, 403),
    ("Host is not believed", "t", "https://evil.test/a", "/a", {"Host": "evil.test"}, 403),
    (
        "X-Forwarded-* is not believed",
        "t",
        "https://evil.test/a",
        "/a",
        {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https"},
        403,
    ),
    ("%20 as it was written", "t", "https://motcua.test/a?x=1%202", "/a?x=1%202", {}, 200),
    ("+ as it was written", "t", "https://motcua.test/a?x=1+2", "/a?x=1+2", {}, 200),
    ("an escape as it was written", "t", "https://motcua.test/a?x=%C4%91", "/a?x=%C4%91", {}, 200),
]


@pytest.mark.parametrize(
    ("name", "secret", "url", "place", "headers", "status"), REQUESTS, ids=[row[0] for row in REQUESTS]
)
async def test_requests(
    name: str, secret: str, url: str, place: str, headers: dict[str, str], status: int
) -> None:
    signature = signed_by_hand(secret, url, pairs(CALL))
    async with checked("t", "old") as client:
        assert await posted(client, place, {"X-Twilio-Signature": signature, **headers}) == status


async def posted(client: Any, place: str, headers: Any, form: dict[str, str] | None = None) -> int:
    from yarl import URL

    answer = await client.post(URL(place, encoded=True), data=CALL if form is None else form, headers=headers)
    return int(answer.status)


SIGNATURES: list[tuple[str, list[tuple[str, str]]]] = [
    ("missing", []),
    ("empty", [("X-Twilio-Signature", "")]),
    ("not base64", [("X-Twilio-Signature", "!!")]),
    ("not ASCII", [("X-Twilio-Signature", "ký")]),
    ("twice", [("X-Twilio-Signature", "RIGHT"), ("X-Twilio-Signature", "RIGHT")]),
    (
        "an unknown algorithm",
        [("X-Twilio-Signature", "RIGHT"), ("X-Twilio-Webhooks-Signature-Settings", "algorithm=MD5")],
    ),
    (
        "HMAC-SHA256 without a shared key",
        [
            ("X-Twilio-Signature", "RIGHT256"),
            ("X-Twilio-Webhooks-Signature-Settings", "algorithm=HMAC_SHA256"),
        ],
    ),
]


@pytest.mark.parametrize(("name", "headers"), SIGNATURES, ids=[row[0] for row in SIGNATURES])
async def test_strange_signatures_are_refused(name: str, headers: list[tuple[str, str]]) -> None:
    right = {
        "RIGHT": signed_by_hand("t", f"{PUBLIC}/a", pairs(CALL)),
        "RIGHT256": signed_by_hand("t", f"{PUBLIC}/a", pairs(CALL), "sha256"),
    }
    async with checked("t") as client:
        sent = [(header, right.get(value, value)) for header, value in headers]
        assert await posted(client, "/a", sent) == 403


async def test_a_shared_key_signs_with_sha256() -> None:
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    signature = signed_by_hand("key", f"{PUBLIC}/a", pairs(CALL), "sha256")
    async with checked("t", keys=("key",)) as client:
        headers = {"X-Twilio-Signature": signature, "X-Twilio-Webhooks-Signature-Settings": settings}
        assert await posted(client, "/a", headers) == 200
        assert await posted(client, "/a", {"X-Twilio-Signature": signature}) == 403


async def test_every_field_is_signed_unknown_ones_too() -> None:
    signature = signed_by_hand("t", f"{PUBLIC}/a", pairs(CALL))
    async with checked("t") as client:
        headers = {"X-Twilio-Signature": signature}
        assert await posted(client, "/a", headers, {**CALL, "New": "field"}) == 403
        assert await posted(client, "/a", headers, {**CALL, "Digits": "2"}) == 403
        new = {**CALL, "New": "field"}
        headers = {"X-Twilio-Signature": signed_by_hand("t", f"{PUBLIC}/a", pairs(new))}
        assert await posted(client, "/a", headers, new) == 200


def test_no_tokens_no_entry() -> None:
    form = decode_form(b"a=b")
    for token in ("", "t"):
        signature = signed_by_hand(token, f"{PUBLIC}/a", [("a", "b")])
        assert not TwilioSignature(PUBLIC, [""]).signed("/a", form, signature)


@pytest.mark.parametrize("path", ["http://evil.test/a", "evil.test/a", "*", ""])
def test_a_request_line_with_an_address_of_its_own_is_refused(path: str) -> None:
    signature = signed_by_hand("t", PUBLIC + path, [("a", "b")])
    assert not TwilioSignature(PUBLIC, ["t"]).signed(path, decode_form(b"a=b"), signature)


@settings(deadline=None)
@given(st.text(max_size=50), st.text(max_size=60), st.dictionaries(st.text(max_size=5), st.text(max_size=5)))
def test_anything_is_signed_or_not(path: str, signature: str, fields: dict[str, str]) -> None:
    assert TwilioSignature(PUBLIC, ["t"]).signed("/" + path, Form(pairs(fields)), signature) is False

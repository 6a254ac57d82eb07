"""What a provider's REST interface answers, and what that means for a message that we sent."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from channels.webhooks.account import TwilioAccount, TwilioSettings
from core.channel import Doubtful, Misconfigured, Refused, SendError, Throttled, Unreachable
from tests.channels.rest import provider


def settings(**more: Any) -> TwilioSettings:
    given: dict[str, Any] = {
        "account_sid": "AC1",
        "auth_tokens": (SecretStr("t"),),
        "number": "+842471000000",
    }
    return TwilioSettings(**{**given, "public_url": "https://motcua.test", **more})


def problem(code: int, status: int) -> dict[str, Any]:
    return {"status": status, "body": {"code": code, "message": "To +84912345678 is wrong", "status": status}}


ANSWERS: list[tuple[str, dict[str, Any], type[SendError], str]] = [
    ("a number that is none", problem(21211, 400), Refused, "21211"),
    ("wrong token", problem(20003, 401), Misconfigured, "20003"),
    ("no such account", problem(20404, 404), Misconfigured, "20404"),
    ("too fast", problem(20429, 429), Throttled, "20429"),
    ("of the medium's own table", problem(99001, 400), Unreachable, "99001"),
    ("an unknown 400", problem(99999, 400), Refused, "99999"),
    ("an unknown 403", problem(99999, 403), Misconfigured, "99999"),
    ("429 without a code", {"status": 429, "body": {}}, Throttled, "429"),
    ("503 as a page", {"status": 503, "body": "<h1>Service Unavailable</h1>"}, Unreachable, "503"),
    ("500 may have been taken", {"status": 500, "body": "<h1>Oops</h1>"}, Doubtful, "500"),
    ("502 may have been taken", {"status": 502, "body": "<h1>Bad Gateway</h1>"}, Doubtful, "502"),
    ("201 with a page", {"status": 201, "body": "<h1>Created</h1>"}, Doubtful, ""),
    ("201 with another document", {"status": 201, "body": {}}, Doubtful, ""),
    ("201 with a list", {"status": 201, "body": []}, Doubtful, ""),
    ("a redirect is not followed", {"status": 302, "body": ""}, Doubtful, "302"),
    ("no answer", {"silent": True}, Doubtful, ""),
    ("a cut connection", {"cut": True}, Doubtful, ""),
]


async def place(account: TwilioAccount) -> str:
    return await account.create(
        lambda client: client.calls.create_async(
            to="+84912345678", from_="+842471000000", url="https://x.test/"
        ),
        {99001: (Unreachable, "an error of this medium")},
    )


@pytest.mark.parametrize(("name", "how", "error", "code"), ANSWERS, ids=[row[0] for row in ANSWERS])
async def test_answers(name: str, how: dict[str, Any], error: type[SendError], code: str) -> None:
    async with provider(**how) as told:
        account = TwilioAccount(settings(base_url=told.url, send_timeout=0.3))
        async with account.opened():
            with pytest.raises(error) as raised:
                await place(account)
    assert type(raised.value) is error
    assert raised.value.code == code
    assert "912345678" not in raised.value.shown
    assert len(told.requests) == 1, "a send is never repeated by the library"


async def test_what_is_sent() -> None:
    async with provider() as told:
        account = TwilioAccount(settings(base_url=told.url))
        async with account.opened():
            assert await place(account) == "CA7"
    path, fields, authorization = told.requests[0]
    assert path == "/2010-04-01/Accounts/AC1/Calls.json"
    assert fields["To"] == ["+84912345678"]
    assert authorization == "Basic QUMxOnQ="


async def test_nobody_listens() -> None:
    async with provider() as told:
        pass
    account = TwilioAccount(settings(base_url=told.url))
    async with account.opened():
        with pytest.raises(Unreachable):
            await place(account)


async def test_the_channel_is_not_open() -> None:
    with pytest.raises(Unreachable):
        await place(TwilioAccount(settings()))


async def test_a_recording_is_brought_with_the_account() -> None:
    async with provider(status=200, body=b"RIFF" * 50_000) as told:
        account = TwilioAccount(settings(base_url=told.url))
        brought = b"".join([chunk async for chunk in account.download(told.url + "/Recordings/RE1")])
    assert brought == b"RIFF" * 50_000
    assert told.requests == [("/Recordings/RE1", {}, "Basic QUMxOnQ=")]


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.test/RE1",
        "{base}@elsewhere.test/RE1",
        "file:///etc/passwd",
        "//RE1",
        "https://127.0.0.1/RE1",
        "",
    ],
)
async def test_the_account_is_shown_to_nobody_else(url: str) -> None:
    async with provider(status=200, body=b"x") as told:
        account = TwilioAccount(settings(base_url=told.url))
        with pytest.raises(Refused):
            [chunk async for chunk in account.download(url.replace("{base}", told.url))]
    assert told.requests == []


@pytest.mark.parametrize("status", [404, 500, 302])
async def test_a_recording_that_is_not_there_yet(status: int) -> None:
    async with provider(status=status, body=b"") as told:
        account = TwilioAccount(settings(base_url=told.url))
        with pytest.raises(Unreachable):
            [chunk async for chunk in account.download(told.url + "/RE1")]


def test_without_a_base_address_it_is_the_provider_s_own() -> None:
    assert settings(base_url="").base_url == settings().base_url == "https://api.twilio.com"


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "motcua.test"},
        {"public_url": "https://motcua.test/?a=b"},
        {"public_url": "https://name:password@motcua.test"},
        {"base_url": "ftp://x"},
        {"unknown_key": "x"},
        {"account_sid": ""},
        {"auth_tokens": ()},
        {"auth_tokens": ("",)},
        {"auth_tokens": ("a", "b", "c")},
        {"country": "vn"},
        {"send_timeout": 0},
    ],
)
def test_settings_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)

"""What config.yaml leaves empty is filled by the town, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from core.config import ConfigError, Settings, read
from house.joining import with_sandbox
from house.private import fresh

CONFIG = Path(__file__).parents[2] / "config.yaml"
ANY_PORT = {"MOTCUA__SANDBOX__PORT": "0", "MOTCUA__SANDBOX__SMSC_PORT": "0"}


def settings(**overrides: str) -> Settings:
    """The project's own configuration, with some keys overridden."""
    return read(CONFIG, {**ANY_PORT, **overrides}, fresh())


def own(settings: Settings, name: str) -> dict[str, Any]:
    return settings.channels[name].own()


async def test_every_gap_is_filled() -> None:
    async with with_sandbox(settings()) as (pointed, page):
        assert own(pointed, "sms")["binds"][0]["port"] > 0
        assert own(pointed, "hotline")["base_url"].startswith("http://127.0.0.1:")
        assert own(pointed, "telegram")["base_url"].endswith("/bot")
        mail = own(pointed, "mail")
        assert (mail["host"], mail["tls"]) == ("127.0.0.1", "none") and mail["port"] > 0
        async with ClientSession() as session, session.get(f"{page}/api/state") as answer:
            names = (await answer.json())["names"]
    given = settings()
    assert (names["hotline"], names["short_number"]) == (given.office.hotline, given.office.short_number)
    assert names["portal"] == f"http://{given.http.public}"


async def test_what_is_set_stays() -> None:
    real = settings(
        MOTCUA__CHANNELS__HOTLINE__BASE_URL="https://voice.test",
        MOTCUA__CHANNELS__TELEGRAM__BASE_URL="https://chat.test/bot",
        MOTCUA__CHANNELS__MAIL__PORT="587",
    )
    async with with_sandbox(real) as (pointed, _):
        for name in ("hotline", "telegram", "mail", "web"):
            assert own(pointed, name) == own(real, name)


async def test_a_channel_that_is_off_is_left_alone() -> None:
    off = settings(MOTCUA__CHANNELS__TELEGRAM__ENABLED="false")
    async with with_sandbox(off) as (pointed, _):
        assert own(pointed, "telegram") == own(off, "telegram")


REAL = {"SMPP_PASSWORD": "secret", "HOTLINE_ACCOUNT": "AC1", "HOTLINE_TOKEN": "token"}


async def test_no_sandbox_no_page_and_no_chat_until_it_has_a_token() -> None:
    """In service a chat platform is an option: its made-up token switches it off."""
    off = read(CONFIG, {**ANY_PORT, "MOTCUA__SANDBOX__ENABLED": "false"}, {**fresh(), **REAL})
    async with with_sandbox(off) as (pointed, page):
        assert page == ""
        assert [name for name, channel in pointed.channels.items() if not channel.enabled] == ["telegram"]
    own_token = {**REAL, "TELEGRAM_TOKEN": "123456:abcdefghijklmnop"}
    given = read(CONFIG, {**ANY_PORT, "MOTCUA__SANDBOX__ENABLED": "false"}, {**fresh(), **own_token})
    async with with_sandbox(given) as (pointed, _):
        assert all(channel.enabled for channel in pointed.channels.values())


async def test_a_secret_made_for_the_sandbox_is_shown_to_no_provider() -> None:
    with pytest.raises(ConfigError, match="made for the sandbox"):
        async with with_sandbox(settings(MOTCUA__SANDBOX__ENABLED="false")):
            raise AssertionError("it started")

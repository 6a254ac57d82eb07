"""Settings are read strictly, and every one of them is explained."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from channels.chat.telegram import TelegramChannel, TelegramSettings

TOKEN = "4242:settings-token-AAbb"
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no token", {}, "token"),
    ("a token that is none", {"token": "abc"}, "token"),
    ("an unknown key", {"token": TOKEN, "tokken": "x"}, "tokken"),
    (
        "a webhook without a secret",
        {"token": TOKEN, "mode": "webhook", "public_url": "https://a.vn"},
        "secret",
    ),
    ("a webhook without an address", {"token": TOKEN, "mode": "webhook", "secret": "s"}, "public_url"),
    ("a secret that the platform refuses", {"token": TOKEN, "secret": "có dấu"}, "secret"),
    ("a command with a capital", {"token": TOKEN, "commands": {"Menu": "x"}}, "commands"),
    ("a command without words", {"token": TOKEN, "commands": {"menu": ""}}, "commands"),
    ("a proxy that needs another package", {"token": TOKEN, "proxy": "socks5://127.0.0.1:1"}, "proxy"),
    ("a mode of its own", {"token": TOKEN, "mode": "push"}, "mode"),
    ("no pace at all", {"token": TOKEN, "rate": 0}, "rate"),
]


@pytest.mark.parametrize(("case", "given", "named"), WRONG, ids=[c for c, *_ in WRONG])
def test_wrong_settings_are_named(case: str, given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        TelegramChannel("telegram", given)


def test_the_environment_gives_strings() -> None:
    settings = TelegramSettings.model_validate({"token": TOKEN, "rate": "12.5", "connections": "8"})
    assert (settings.rate, settings.connections) == (12.5, 8)


def test_secrets_do_not_show() -> None:
    settings = TelegramSettings.model_validate({"token": TOKEN, "secret": "hush-1"})
    assert "settings-token" not in repr(settings) and "hush-1" not in repr(settings)


def test_every_setting_is_explained() -> None:
    explained = {line.split()[0] for line in (TelegramSettings.__doc__ or "").splitlines() if line.strip()}
    assert set(TelegramSettings.model_fields) <= explained


def test_without_a_name_the_bot_is_called_as_the_channel() -> None:
    assert TelegramChannel("hoidap", {"token": TOKEN}).traits.kinds == ("telegram:hoidap",)


def test_addresses() -> None:
    official = TelegramSettings.model_validate({"token": TOKEN, "base_url": ""})
    assert official.calls == "https://api.telegram.org/bot"
    assert official.downloads == "https://api.telegram.org/file/bot"
    own = TelegramSettings.model_validate({"token": TOKEN, "base_url": "http://127.0.0.1:81/bot"})
    assert own.downloads == "http://127.0.0.1:81/file/bot"

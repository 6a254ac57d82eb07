"""config.yaml to settings: every key loads, what is wrong is named with its remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import config
from core.config import ConfigError, Settings
from house import private

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "config.yaml"
SECRETS = {"SMPP_PASSWORD": "p", "HOTLINE_ACCOUNT": "AC1", "HOTLINE_TOKEN": "t", "TELEGRAM_TOKEN": "1:x"}


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The shipped settings, with some of the environment's overrides."""
    return config.read(SHIPPED, environment or {}, SECRETS)


def broken(tmp_path: Path, change: Any, environment: Mapping[str, str] | None = None) -> list[str]:
    """The faults of the shipped file after `change` has been at it, as an operator reads them."""
    document = yaml.safe_load(SHIPPED.read_text("utf-8"))
    change(document)
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.read(path, environment or {}, SECRETS)
    return [str(fault) for fault in caught.value.faults]


def leaves(value: Any, key: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {
            k: v
            for name, below in value.items()
            for k, v in leaves(below, f"{key}.{name}".strip(".")).items()
        }
    return {key: value}


def test_every_key_of_the_shipped_file_loads_with_its_value() -> None:
    settings = load()
    written = leaves(yaml.safe_load(SHIPPED.read_text("utf-8")))
    read = leaves(settings.model_dump())
    for key, value in written.items():
        if "${" not in str(value):
            shown = list(read[key]) if isinstance(read[key], tuple) else read[key]
            assert shown == value, key


def test_the_shipped_file_shows_every_setting_with_its_default() -> None:
    """A setting that is not in the file is one that nobody finds."""
    written = leaves(yaml.safe_load(SHIPPED.read_text("utf-8")))
    sections = {
        name: field for name, field in Settings.model_fields.items() if name not in ("channels", "roles")
    }
    for name, field in sections.items():
        for key, setting in field.annotation.model_fields.items():  # type: ignore[union-attr]
            assert f"{name}.{key}" in written, f"{name}.{key} is missing in config.yaml"
            if not setting.is_required() and name not in ("office", "sandbox"):
                assert written[f"{name}.{key}"] == setting.default, f"{name}.{key}"


UNKNOWN = [
    (lambda d: d.update(stroe={}), "stroe"),
    (lambda d: d["store"].update(ulr="x"), "store.ulr"),
    (lambda d: d["http"].update(pubic="x"), "http.pubic"),
    (lambda d: d["privacy"].update(keep=1), "privacy.keep"),
]


@pytest.mark.parametrize("change, key", UNKNOWN)
def test_unknown_keys_are_refused_by_name(tmp_path: Path, change: Any, key: str) -> None:
    (fault,) = broken(tmp_path, change)
    assert fault == f"config.yaml: {key}: unknown key. Remove it, or correct its spelling"


WRONG = [
    (lambda d: d["store"].pop("url"), "store.url: missing"),
    (lambda d: d["store"].update(url="mysql://x"), "store.url: .*must begin with sqlite:///"),
    (lambda d: d["store"].update(url="postgresql://x"), "store.url: .*postgresql\\+psycopg://"),
    (lambda d: d["http"].update(public="localhost"), "http.public: .*must be host:port"),
    (lambda d: d["log"].update(level="LOUD"), "log.level: .*'INFO'"),
    (lambda d: d.update(roles=["wbe"]), "roles.0: .*'web'"),
    (lambda d: d["privacy"].update(keep_messages=0), "privacy.keep_messages: "),
    (lambda d: d["channels"].update(sms={}), "channels.sms.use: missing"),
]


@pytest.mark.parametrize("change, told", WRONG)
def test_what_is_wrong_is_named_with_its_key(tmp_path: Path, change: Any, told: str) -> None:
    (fault,) = broken(tmp_path, change)
    assert re.search(told, fault), fault


def test_every_fault_is_told_not_only_the_first(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        document["store"].pop("url")
        document["http"]["pubic"] = 1

    assert len(broken(tmp_path, change)) == 2


OVERRIDES = [
    ("MOTCUA__STORE__URL", "sqlite:///x.db", lambda s: s.store.url, "sqlite:///x.db"),
    ("MOTCUA__REDIS__URL", "redis://h:1/0", lambda s: s.redis.url, "redis://h:1/0"),
    ("MOTCUA__HTTP__PUBLIC_URL", "https://x", lambda s: s.http.public_url, "https://x"),
    ("MOTCUA__SANDBOX__ENABLED", "false", lambda s: s.sandbox.enabled, False),
    ("MOTCUA__SANDBOX__PORT", "9999", lambda s: s.sandbox.port, 9999),
    ("MOTCUA__ROLES", "[web]", lambda s: s.roles, ("web",)),
    ("MOTCUA__OFFICE__KEYWORDS", '["MC", "0123"]', lambda s: s.office.keywords, ["MC", "0123"]),
    ("MOTCUA__CHANNELS__SMS__BINDS", "[{name: a, port: 1}]", lambda s: s.channels["sms"].own()["binds"],
     [{"name": "a", "port": 1}]),
    ("MOTCUA__CHANNELS__SMS__ENABLED", "off", lambda s: s.channels["sms"].enabled, False),
    # What looks like a number to YAML is still what was written.
    ("MOTCUA__OFFICE__OFFICER_NUMBER", "+84912345678", lambda s: s.office.officer_number, "+84912345678"),
    ("MOTCUA__OFFICE__SHORT_NUMBER", "0123", lambda s: s.office.short_number, "0123"),
    ("MOTCUA__OFFICE__NAME", "a: b # c", lambda s: s.office.name, "a: b # c"),
    ("MOTCUA__REDIS__URL", "", lambda s: s.redis.url, ""),
]  # fmt: skip


@pytest.mark.parametrize("name, value, read, expected", OVERRIDES)
def test_any_key_can_be_overridden_in_the_environment(
    name: str, value: str, read: Any, expected: Any
) -> None:
    assert read(load({name: value})) == expected


def test_an_override_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"store\.ulr: unknown key"):
        load({"MOTCUA__STORE__ULR": "x"})


def test_an_override_that_is_no_yaml_is_named() -> None:
    with pytest.raises(ConfigError, match="MOTCUA__ROLES: not YAML"):
        load({"MOTCUA__ROLES": "[web"})


def test_a_missing_secret_is_named_with_its_key_and_remedy() -> None:
    with pytest.raises(ConfigError) as caught:
        config.read(SHIPPED, {}, {"TELEGRAM_TOKEN": "1:x"})
    told = [str(fault) for fault in caught.value.faults]
    assert told == [
        f"config.yaml: channels.{key}: the secret {name} is not set. "
        f"Set {name} in the environment or in the private file"
        for key, name in (
            ("sms.binds[0].password", "SMPP_PASSWORD"),
            ("hotline.account_sid", "HOTLINE_ACCOUNT"),
            ("hotline.auth_tokens[0]", "HOTLINE_TOKEN"),
        )
    ]


def test_a_channel_that_is_off_needs_no_secrets() -> None:
    secrets = {name: value for name, value in SECRETS.items() if name != "TELEGRAM_TOKEN"}
    environment = {"MOTCUA__CHANNELS__TELEGRAM__ENABLED": "false"}
    assert not config.read(SHIPPED, environment, secrets).channels["telegram"].enabled


def test_the_environment_stands_above_the_private_file() -> None:
    binds = load({"SMPP_PASSWORD": "other"}).channels["sms"].own()["binds"]
    assert binds[0]["password"] == "other"


@pytest.mark.parametrize(
    "content, told", [("- a\n- b\n", "no sections"), ("a: [", "not YAML"), (None, "no such file")]
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "config.yaml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError, match=told):
        config.read(path, {}, {})


ADDRESSES = [
    ("127.0.0.1:8080", ("127.0.0.1", 8080)),
    ("0.0.0.0:80", ("0.0.0.0", 80)),
    ("[::1]:8080", ("::1", 8080)),
    (":8080", ("127.0.0.1", 8080)),
]


@pytest.mark.parametrize("text, expected", ADDRESSES)
def test_listening_addresses(text: str, expected: tuple[str, int]) -> None:
    assert config.address(text) == expected


# -- the private file --------------------------------------------------------------------------------------------------


def test_secrets_are_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "private.env"
    private.ensure(path)
    first = config.private_secrets(path)
    assert set(first) == set(SECRETS)
    assert path.stat().st_mode & 0o777 == 0o600
    private.ensure(path)
    assert config.private_secrets(path) == first
    assert len(first["SMPP_PASSWORD"]) <= 8  # SMPP 3.4 4.1.1: password, at most nine octets with its end


def test_what_a_newer_version_needs_is_added_and_nothing_changes(tmp_path: Path) -> None:
    """Also where the file was written by hand: blanks round the sign, no end of line."""
    path = tmp_path / "private.env"
    path.write_text("# ours\nSMPP_PASSWORD = old\nMINE=1")
    private.ensure(path)
    known = config.private_secrets(path)
    assert (known["SMPP_PASSWORD"], known["MINE"]) == ("old", "1")
    assert set(known) == {*SECRETS, "MINE"}

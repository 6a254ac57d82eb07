"""config.yaml to typed settings. Unknown keys are refused by name, so that a typing error cannot hide.

Order of precedence: the file, then the private file's secrets, then the environment: `MOTCUA__STORE__URL` overrides
`store.url`; what begins with `[`, `{` or holds several lines is read as YAML, so that `MOTCUA__ROLES=[web]` is a list;
everything else is the text that it is, so that a number keeps its zeros and its plus. `${NAME}` in a value is taken
from the environment or the private file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

PREFIX = "MOTCUA__"
OFF = ("false", "off", "no", "0")  # how an override says it
_NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


Role = Literal["web", "intake", "courier"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a file: which file, which key, and what to do."""

    file: str
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.problem}. {self.remedy}"


class ConfigError(Exception):
    """The program cannot start like this. Carries every fault found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class Section(BaseModel):
    """A part of config.yaml: nothing unknown, nothing changed after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OfficeSettings(Section):
    """The office that answers. `agency` is the first part of new dossier codes (Decision 20/2020/QĐ-TTg)."""

    name: str
    agency: str
    address: str
    hours: str
    hours_spoken: str
    hotline: str
    officer_number: str = ""
    short_number: str = ""
    email: str = ""
    keywords: list[str] = Field(default_factory=list)
    language: str = "vi"


class StoreSettings(Section):
    """Where everything is kept: `sqlite:///path` or `postgresql+psycopg://user@host/name`."""

    url: str
    files: str

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return url


class RedisSettings(Section):
    """Signals between processes; empty: in this process alone."""

    url: str = ""


class HttpSettings(Section):
    """Listening addresses (host:port) and the address under which the world reaches us."""

    public: str
    desk: str
    public_url: str = ""
    desk_url: str = ""

    @field_validator("public", "desk")
    @classmethod
    def _host_and_port(cls, text: str) -> str:
        try:
            address(text)
        except ValueError:
            raise ValueError("must be host:port, like 127.0.0.1:8080") from None
        return text


class SandboxSettings(Section):
    """The telephone world on loopback. Never on in service."""

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = 8082
    smsc_port: int = 0


class ChannelSettings(BaseModel):
    """One channel: `use` names its kind; every other key belongs to that kind and is checked by it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    use: str
    enabled: bool = True

    def own(self) -> dict[str, Any]:
        """The keys that belong to the kind of channel."""
        return dict(self.model_extra or {})


class PrivacySettings(Section):
    """Limits on guessing (per sender) and how long things are kept, in days."""

    wrong_guesses_an_hour: int = Field(default=5, ge=0)
    wrong_guesses_a_day: int = Field(default=10, ge=0)
    keep_messages: int = Field(default=365, ge=1)
    keep_aside: int = Field(default=90, ge=1)


class LogSettings(Section):
    """`level` of the log; `format` is text or json. Personal data never goes in."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    format: Literal["text", "json"] = "text"


class Settings(Section):
    """The whole of config.yaml."""

    office: OfficeSettings
    store: StoreSettings
    redis: RedisSettings = RedisSettings()
    http: HttpSettings
    sandbox: SandboxSettings = SandboxSettings()
    channels: dict[str, ChannelSettings]
    privacy: PrivacySettings = PrivacySettings()
    log: LogSettings = LogSettings()
    roles: tuple[Role, ...] = ("web", "intake", "courier")


def read(path: Path, environment: Mapping[str, str], private: Mapping[str, str] | None = None) -> Settings:
    """The settings in a file, overridden by the environment. Raises `ConfigError` with every fault."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError as error:
        raise ConfigError([Fault(str(path), "-", "no such file", "Give another with --config")]) from error
    except yaml.YAMLError as error:
        raise ConfigError([Fault(str(path), "-", f"not YAML: {error}", "Mend the file")]) from error
    if not isinstance(document, dict):
        raise ConfigError(
            [Fault(path.name, "-", "no sections", "Write it like the config.yaml of the project")]
        )
    faults: list[Fault] = []
    for keys, value in _overrides(environment, faults):
        _set(document, keys, value)
    document = _filled(document, {**(private or {}), **environment}, path.name, "", faults)
    faults = [fault for fault in faults if not _of_a_channel_that_is_off(fault.key, document)]
    if faults:
        raise ConfigError(faults)
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise ConfigError(list(_faults(error, path.name))) from error


def _overrides(environment: Mapping[str, str], faults: list[Fault]) -> Iterator[tuple[list[str], Any]]:
    for name, value in sorted(environment.items()):
        if name.startswith(PREFIX):
            keys = [part.lower() for part in name.removeprefix(PREFIX).split("__")]
            structured = value.lstrip().startswith(("[", "{")) or "\n" in value
            try:
                yield keys, yaml.safe_load(value) if structured else value
            except yaml.YAMLError:
                remedy = "Write a list like [a, b], or quote what holds signs of YAML"
                faults.append(Fault("environment", name, "not YAML", remedy))


def _of_a_channel_that_is_off(key: str, document: Mapping[str, Any]) -> bool:
    """Nobody has to give the secrets of a channel that is not used."""
    parts = key.split(".")
    channels = document.get("channels")
    channel = channels.get(parts[1]) if parts[0] == "channels" and isinstance(channels, dict) else None
    return isinstance(channel, dict) and channel.get("enabled") in (False, *OFF)


def _set(document: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        below = document.setdefault(key, {})
        if not isinstance(below, dict):
            below = document[key] = {}
        document = below
    document[keys[-1]] = value


def _filled(value: Any, names: Mapping[str, str], file: str, key: str, faults: list[Fault]) -> Any:
    """Put secrets in the place of `${NAME}`."""
    if isinstance(value, dict):
        return {k: _filled(v, names, file, f"{key}.{k}".strip("."), faults) for k, v in value.items()}
    if isinstance(value, list):
        return [_filled(v, names, file, f"{key}[{n}]", faults) for n, v in enumerate(value)]
    if not isinstance(value, str):
        return value

    def secret(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            remedy = f"Set {name} in the environment or in the private file"
            faults.append(Fault(file, key, f"the secret {name} is not set", remedy))
        return names.get(name, "")

    return _NAME.sub(secret, value)


def _faults(error: ValidationError, file: str) -> Iterator[Fault]:
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            yield Fault(file, key, "unknown key", "Remove it, or correct its spelling")
        elif fault["type"] == "missing":
            yield Fault(file, key, "missing", "Add it; config.yaml of the project shows every key")
        else:
            yield Fault(file, key, fault["msg"], "Correct the value")


def private_secrets(path: Path) -> dict[str, str]:
    """The private file's `NAME=value` lines."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def address(text: str) -> tuple[str, int]:
    """ "127.0.0.1:8080" as host and port. Raises `ValueError`."""
    host, _, port = text.rpartition(":")
    return host.strip("[]") or "127.0.0.1", int(port)

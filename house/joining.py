"""Joins the sandbox to the settings: what config.yaml leaves empty points at the telephone world on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.config import ChannelSettings, ConfigError, Fault, Settings
from house.private import MADE_UP
from sandbox.chat import BotAccount
from sandbox.handsets.page import Names
from sandbox.smpp.esme import Account
from sandbox.town import Hotline, Town

Own = Mapping[str, Any]
BOT = "motcua_bot"


@contextlib.asynccontextmanager
async def with_sandbox(settings: Settings) -> AsyncIterator[tuple[Settings, str]]:
    """The settings with the sandbox's addresses filled in, and the address of the handsets page ("": none)."""
    if not settings.sandbox.enabled:
        settings = in_service(settings)
        faults = list(made_up(settings))
        if faults:
            raise ConfigError(faults)
        yield settings, ""
        return
    async with _town(settings) as town:
        near = f"http://{settings.http.public}"
        desk = settings.http.desk_url or f"http://{settings.http.desk}"
        town.meet(settings.http.public_url or near, near, desk=desk)
        yield _pointed(settings, _addresses(town)), town.page_url


def _addresses(town: Town) -> Addresses:
    platform = town.platform
    return Addresses(
        town.smsc.port, town.exchange.base_url, platform.base_url, platform.file_url, town.mail.port
    )


def _town(settings: Settings) -> Town:
    """The town that has what the settings leave to it."""
    office, sandbox = settings.office, settings.sandbox
    hotline = next(_open(settings, "twiml"), None)
    telegram = next(_open(settings, "telegram"), None)
    names = Names(office=office.name, short_number=office.short_number, hotline=office.hotline, bot=BOT)
    return Town(
        carriers=[
            Account(bind["system_id"], bind["password"])
            for _, own in _open(settings, "smpp")
            for bind in own["binds"]
            if not bind.get("port")
        ],
        hotline=_hotline(*hotline) if hotline else None,
        bot=BotAccount(telegram[1]["token"], telegram[1].get("bot") or BOT, office.name)
        if telegram
        else None,
        names=names,
        host=sandbox.host,
        page_port=sandbox.port,
        smsc_port=sandbox.smsc_port,
    )


def _hotline(name: str, own: Own) -> Hotline:
    path = own.get("path") or f"/hooks/voice/{name}"
    return Hotline(own["account_sid"], own["auth_tokens"][0], own["number"], path)


def _open(settings: Settings, use: str) -> Iterator[tuple[str, Own]]:
    """The channels of a kind that are left to the sandbox."""
    for name, channel in settings.channels.items():
        if channel.use == use and channel.enabled and _left(channel):
            yield name, channel.own()


def _left(channel: ChannelSettings) -> bool:
    own = channel.own()
    if channel.use == "smpp":
        return any(not bind.get("port") for bind in own["binds"])
    return not own.get("port" if channel.use == "mail" else "base_url")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the sandbox's providers listen."""

    smsc: int
    voice: str
    chat: str
    chat_files: str
    mail: int


# Any addresses: enough to check a configuration without starting the sandbox.
NOWHERE = Addresses(2775, "http://127.0.0.1:9", "http://127.0.0.1:9/bot", "http://127.0.0.1:9/file/bot", 25)


def assumed(settings: Settings) -> Settings:
    """The settings as they would be with the sandbox, without starting it."""
    return _pointed(settings, NOWHERE) if settings.sandbox.enabled else in_service(settings)


def in_service(settings: Settings) -> Settings:
    """Without the sandbox a chat platform is an option: off until somebody gives it a token of its own."""
    channels = {
        name: channel.model_copy(update={"enabled": False})
        if channel.use == "telegram" and MADE_UP in str(channel.own().get("token"))
        else channel
        for name, channel in settings.channels.items()
    }
    return settings.model_copy(update={"channels": channels})


def made_up(settings: Settings) -> Iterator[Fault]:
    """Channels that would show a secret made for the sandbox to a real provider."""
    if settings.sandbox.enabled:
        return
    for name, channel in settings.channels.items():
        if channel.enabled and MADE_UP in str(channel.own()):
            remedy = "Put the provider's own into the private file or the environment, or set enabled: false"
            yield Fault("config.yaml", f"channels.{name}", "the secret was made for the sandbox", remedy)


def _pointed(settings: Settings, where: Addresses) -> Settings:
    channels = {name: _point(channel, where) for name, channel in settings.channels.items()}
    return settings.model_copy(update={"channels": channels})


def _point(channel: ChannelSettings, where: Addresses) -> ChannelSettings:
    if not channel.enabled or not _left(channel):
        return channel
    own = dict(channel.own())
    match channel.use:
        case "smpp":
            own["binds"] = [_bind(bind, where.smsc) for bind in own["binds"]]
        case "twiml":
            own["base_url"] = where.voice
        case "telegram":
            own |= {"base_url": where.chat, "file_url": where.chat_files, "bot": own.get("bot") or BOT}
        case "mail":
            own |= {"host": "127.0.0.1", "port": where.mail, "tls": "none"}
    return ChannelSettings(use=channel.use, enabled=channel.enabled, **own)


def _bind(bind: Own, smsc: int) -> Own:
    return bind if bind.get("port") else {**bind, "host": "127.0.0.1", "port": smsc}

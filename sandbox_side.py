"""Joins the sandbox to the settings: what config.yaml leaves empty points at the telephone world on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.config import ChannelSettings, Settings
from sandbox.chat.platform import BotAccount, ChatPlatform
from sandbox.mail.catcher import MailCatcher
from sandbox.smpp.esme import Account
from sandbox.smpp.server import Smsc


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the sandbox's providers listen."""

    smsc: int
    voice: str
    chat: str
    mail: int


# Any addresses: enough to check a configuration without starting the sandbox.
NOWHERE = Addresses(smsc=2775, voice="http://127.0.0.1:1", chat="http://127.0.0.1:1/bot", mail=25)


@contextlib.asynccontextmanager
async def with_sandbox(settings: Settings) -> AsyncIterator[tuple[Settings, str]]:
    """The settings with the sandbox's addresses filled in, and the address of the handsets page ("": none)."""
    if not settings.sandbox.enabled:
        yield settings, ""
        return
    host = settings.sandbox.host
    async with (
        Smsc(accounts(settings), host=host, port=settings.sandbox.smsc_port) as smsc,
        ChatPlatform(bots(settings)) as chat,
        MailCatcher() as mail,
        chat.serve(),
        mail.serve(),
    ):
        yield pointed(settings, Addresses(smsc.port, NOWHERE.voice, chat.base_url, mail.port)), ""


def accounts(settings: Settings) -> list[Account]:
    """The SMSC's customers: the binds that name no port of their own."""
    return [
        Account(bind["system_id"], bind["password"])
        for channel in settings.channels.values()
        if channel.use == "smpp"
        for bind in channel.own()["binds"]
        if not bind.get("port")
    ]


def bots(settings: Settings) -> list[BotAccount]:
    """The chat platform's bots."""
    return [
        BotAccount(channel.own()["token"], channel.own().get("bot") or name)
        for name, channel in settings.channels.items()
        if channel.use == "telegram" and not channel.own().get("base_url")
    ]


def assumed(settings: Settings) -> Settings:
    """The settings as they would be with the sandbox, without starting it."""
    return pointed(settings, NOWHERE) if settings.sandbox.enabled else settings


def pointed(settings: Settings, where: Addresses) -> Settings:
    """What is left empty points at the sandbox."""
    channels = {name: _point(channel, where) for name, channel in settings.channels.items()}
    return settings.model_copy(update={"channels": channels})


def _point(channel: ChannelSettings, where: Addresses) -> ChannelSettings:
    own: dict[str, Any] = dict(channel.own())
    fill = FILLED.get(channel.use)
    if fill is not None:
        own = fill(own, where)
    return ChannelSettings(use=channel.use, enabled=channel.enabled, **own)


def _smpp(own: dict[str, Any], where: Addresses) -> dict[str, Any]:
    binds = [b if b.get("port") else {**b, "host": "127.0.0.1", "port": where.smsc} for b in own["binds"]]
    return {**own, "binds": binds}


def _based(address: Callable[[Addresses], str]) -> Callable[[dict[str, Any], Addresses], dict[str, Any]]:
    return lambda own, where: own if own.get("base_url") else {**own, "base_url": address(where)}


def _mail(own: dict[str, Any], where: Addresses) -> dict[str, Any]:
    return own if own.get("port") else {**own, "host": "127.0.0.1", "port": where.mail, "tls": "none"}


# Kind of channel to how its empty addresses are filled.
FILLED: Mapping[str, Callable[[dict[str, Any], Addresses], dict[str, Any]]] = {
    "smpp": _smpp,
    "twiml": _based(lambda where: where.voice),
    "twilio_sms": _based(lambda where: where.voice),
    "telegram": _based(lambda where: where.chat),
    "mail": _mail,
}

"""Joins the sandbox to the settings: what config.yaml leaves empty points at the telephone world on loopback."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any

from core.config import ChannelSettings, Settings
from sandbox.smpp.esme import Account
from sandbox.smpp.server import Smsc


@contextlib.asynccontextmanager
async def with_sandbox(settings: Settings) -> AsyncIterator[tuple[Settings, str]]:
    """The settings with the sandbox's addresses filled in, and the address of the handsets page ("": none)."""
    if not settings.sandbox.enabled:
        yield settings, ""
        return
    accounts = [
        Account(bind["system_id"], bind["password"])
        for channel in settings.channels.values()
        if channel.use == "smpp"
        for bind in channel.own()["binds"]
        if not bind.get("port")
    ]
    async with Smsc(accounts, host=settings.sandbox.host, port=settings.sandbox.smsc_port) as smsc:
        yield _pointed(settings, smsc.port), ""


def _pointed(settings: Settings, smsc: int) -> Settings:
    channels = {name: _point(channel, smsc) for name, channel in settings.channels.items()}
    return settings.model_copy(update={"channels": channels})


def _point(channel: ChannelSettings, smsc: int) -> ChannelSettings:
    own: dict[str, Any] = dict(channel.own())
    if channel.use == "smpp":
        own["binds"] = [_bind(bind, smsc) for bind in own["binds"]]
    return ChannelSettings(use=channel.use, enabled=channel.enabled, **own)


def _bind(bind: Mapping[str, Any], smsc: int) -> Mapping[str, Any]:
    return bind if bind.get("port") else {**bind, "host": "127.0.0.1", "port": smsc}

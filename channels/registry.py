"""The kinds of channel that config.yaml can name with `use`. A new channel is a new folder and a line here.

A kind is imported when a configuration names it: the libraries of providers that an office does not use cost it
neither memory nor start-up time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from core.channel import ChannelAdapter


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel is given beside its own settings: where the world reaches us, who takes over a call, words of
    its own (language to the content of `templates/<language>/channels.yaml`)."""

    public_url: str
    files: str
    officer_number: str
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """Where a kind of channel lives, and what it is given from its surroundings."""

    room: str
    channel: str
    settings: str
    given: Callable[[Surroundings], Mapping[str, Any]] = lambda _around: {}

    def make(self, name: str, keys: Mapping[str, Any], around: Surroundings) -> ChannelAdapter:
        """The adapter of that name. Raises pydantic's `ValidationError` where a key is wrong."""
        room = import_module(self.room)
        settings = getattr(room, self.settings).model_validate({**self.given(around), **keys})
        made: ChannelAdapter = getattr(room, self.channel)(name, settings)
        return made


def _reached(around: Surroundings) -> Mapping[str, Any]:
    return {"public_url": around.public_url}


def _hotline(around: Surroundings) -> Mapping[str, Any]:
    phrases = {language: words["hotline"] for language, words in around.words.items()}
    return {"public_url": around.public_url, "officer_number": around.officer_number, "phrases": phrases}


def _telegram(around: Surroundings) -> Mapping[str, Any]:
    return {"public_url": around.public_url, **around.words["vi"]["telegram"]}


def _web(around: Surroundings) -> Mapping[str, Any]:
    return {"public_url": around.public_url, "uploads": f"{around.files}/arriving"}


KINDS: Mapping[str, Kind] = {
    "smpp": Kind("channels.sms.smpp", "SmppChannel", "SmppSettings"),
    "twilio_sms": Kind("channels.sms.http", "TwilioSmsChannel", "TwilioSmsSettings", _reached),
    "twiml": Kind("channels.ivr", "TwimlChannel", "TwimlSettings", _hotline),
    "telegram": Kind("channels.chat.telegram", "TelegramChannel", "TelegramSettings", _telegram),
    "web": Kind("channels.web", "WebChannel", "WebSettings", _web),
    "mail": Kind("channels.mail", "MailChannel", "MailSettings"),
}

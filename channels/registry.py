"""The kinds of channel that config.yaml can name with `use`. A new channel is a new folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from channels.chat.telegram import TelegramChannel, TelegramSettings
from channels.ivr import TwimlChannel, TwimlSettings
from channels.sms.adapter import SmppChannel
from channels.sms.http import TwilioSmsChannel, TwilioSmsSettings
from channels.sms.settings import SmppSettings
from core.channel import ChannelAdapter


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel is given beside its own settings: where the world reaches us, and words of its own."""

    public_url: str
    files: str
    words: Mapping[str, Any]  # language to templates/<language>/channels.yaml


Maker = Callable[[str, Mapping[str, Any], Surroundings], ChannelAdapter]


def _smpp(name: str, keys: Mapping[str, Any], around: Surroundings) -> ChannelAdapter:
    return SmppChannel(name, SmppSettings.model_validate(keys))


def _twilio_sms(name: str, keys: Mapping[str, Any], around: Surroundings) -> ChannelAdapter:
    return TwilioSmsChannel(name, TwilioSmsSettings.model_validate({"public_url": around.public_url, **keys}))


def _twiml(name: str, keys: Mapping[str, Any], around: Surroundings) -> ChannelAdapter:
    phrases = {language: words["hotline"] for language, words in around.words.items()}
    given = {"public_url": around.public_url, "phrases": phrases, **keys}
    return TwimlChannel(name, TwimlSettings.model_validate(given))


def _telegram(name: str, keys: Mapping[str, Any], around: Surroundings) -> ChannelAdapter:
    words = around.words["vi"]["telegram"]
    given = {"public_url": around.public_url, **words, **keys}
    return TelegramChannel(name, TelegramSettings.model_validate(given))


KINDS: Mapping[str, Maker] = {
    "smpp": _smpp,
    "twilio_sms": _twilio_sms,
    "twiml": _twiml,
    "telegram": _telegram,
}

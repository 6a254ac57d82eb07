"""What an operator sets about a hotline."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, field_validator

from channels.webhooks.account import TwilioSettings

# What the channel itself must be able to say where the house does not answer. The wording comes from the
# templates, per language; each name with its meaning.
PHRASES: Mapping[str, str] = {
    "one_moment": "a filler of about three seconds: please wait, we are looking it up",
    "not_now": "the service is disturbed, please call again later; the call ends after it",
    "too_long": "this call has become too long, please call again; the call ends after it",
}


class TwimlSettings(TwilioSettings):
    """A hotline on Twilio or a service that takes TwiML."""

    path: str = Field(default="", pattern=r"^(/[A-Za-z0-9._~-]+)*$")
    """Where the webhooks are mounted; "" is /hooks/voice/<name of the channel>."""

    voice: str = Field(default="Google.vi-VN-Wavenet-A", min_length=1)
    """The provider's voice for Vietnamese."""

    voices: Mapping[str, str] = {"en": "Google.en-GB-Wavenet-A"}
    """The provider's voices for other languages."""

    phrases: Mapping[str, Mapping[str, str]]
    """Language, then name, then text of what the channel itself says (see `PHRASES`)."""

    speech: bool = True
    """Whether to listen for speech beside the keys; the provider charges for listening."""

    hints: tuple[str, ...] = ()
    """Words that callers are likely to say, for the recogniser; at most 500 of at most 100 characters."""

    first_key: int = Field(default=8, ge=3, le=30)
    """Seconds of silence after a question before it counts as no answer."""

    between_keys: int = Field(default=5, ge=2, le=15)
    """Seconds without a key that end the entry of several."""

    patience: float = Field(default=4.0, gt=0, le=10)
    """Seconds that a turn may take before the caller hears a filler; the provider hangs up after 15."""

    fillers: int = Field(default=6, ge=1, le=30)
    """How many fillers in a row before the call is ended with an apology."""

    max_turns: int = Field(default=200, ge=10, le=2000)
    """Turns of one call; a line left open must not go on for ever."""

    record_seconds: int = Field(default=60, ge=5, le=600)
    """The longest voice note."""

    officer_number: str = ""
    """Where a caller who asks for a person is put through to; "" answers that nobody is there."""

    officer_ring: int = Field(default=25, ge=5, le=120)
    """Seconds that the officer's telephone rings."""

    notice_ring: int = Field(default=30, ge=5, le=120)
    """Seconds that a citizen's telephone rings for a notice."""

    notice_seconds: int = Field(default=300, ge=30, le=3600)
    """The longest call for a notice."""

    notice_hours: int = Field(default=24, ge=1, le=168)
    """Hours after which the content of a notice that nobody heard is torn up."""

    @field_validator("phrases")
    @classmethod
    def _complete(cls, phrases: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
        if "vi" not in phrases:
            raise ValueError("phrases: Vietnamese (vi) is missing")
        for language, texts in phrases.items():
            wrong = set(PHRASES) ^ set(texts)
            if wrong:
                raise ValueError(f"phrases.{language}: missing or unknown: {', '.join(sorted(wrong))}")
        return phrases

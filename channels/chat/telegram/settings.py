"""Every setting of a Telegram channel, with its default."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")

OFFICIAL = "https://api.telegram.org/bot"

Command = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
Description = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class Mode(StrEnum):
    POLLING = "polling"  # we ask; for machines without a public address
    WEBHOOK = "webhook"  # the platform pushes to `public_url`


class TelegramSettings(BaseModel):
    """Settings of `channels.<name>` with `use: telegram`. Unknown keys are refused.

    token            the bot's token from @BotFather, "<id>:<letters>"; a secret
    bot              the bot's user name without @; it names the address kind; default: the channel's name
    mode             polling or webhook
    public_url       our outside address, needed for webhook: https, port 443, 80, 88 or 8443
    secret           what comes along with each push: 1–256 of A-Z a-z 0-9 _ -; needed for webhook
    former_secrets   still accepted while the secret is being changed
    base_url         where the Bot API is, up to the token; empty: https://api.telegram.org/bot
    file_url         where files are downloaded; empty: the base_url with /file before its last part
    proxy            an http:// or https:// proxy for all calls; empty: direct, whatever the environment says
    poll_seconds     how long one poll waits for news; another process replaces a dead poller 4 s later
    timeout          seconds to wait for the answer of any other call
    connections      sends at the same time
    rate             messages a second over all chats, in this process; the platform takes about 30
    burst            messages at once in one chat before it goes on at one a second
    commands         the bot's menu: command to description, as the citizen reads it
    contact_label    the label of the button that shares the phone number; empty: no such button
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr
    bot: str = Field(default="", pattern=r"^[A-Za-z0-9_]*$")
    mode: Mode = Mode.POLLING
    public_url: str = ""
    secret: SecretStr = SecretStr("")
    former_secrets: tuple[SecretStr, ...] = ()
    base_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    file_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    proxy: str = Field(default="", pattern=r"^(https?://.+)?$")
    poll_seconds: int = Field(default=8, ge=1, le=50)
    timeout: float = Field(default=10, gt=0)
    connections: int = Field(default=32, ge=1)
    rate: float = Field(default=25, gt=0)
    burst: int = Field(default=4, ge=1)
    commands: dict[Command, Description] = Field(default_factory=dict, max_length=100)
    contact_label: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", self.token.get_secret_value()):
            raise ValueError("token: must look like 123456:letters, as @BotFather gave it")
        for secret in (self.secret, *self.former_secrets):
            if secret.get_secret_value() and not _SECRET.fullmatch(secret.get_secret_value()):
                raise ValueError("secret: 1 to 256 of A-Z a-z 0-9 _ -")
        if self.mode is Mode.WEBHOOK:
            if urlsplit(self.public_url).scheme not in ("http", "https"):
                raise ValueError("public_url: needed for mode webhook")
            if not self.secret.get_secret_value():
                raise ValueError("secret: needed for mode webhook")
        return self

    @property
    def bot_id(self) -> str:
        """The number in front of the token; public."""
        return self.token.get_secret_value().partition(":")[0]

    @property
    def calls(self) -> str:
        """Where the Bot API is."""
        return self.base_url or OFFICIAL

    @property
    def downloads(self) -> str:
        """Where files are."""
        start, slash, last = self.calls.rpartition("/")
        return self.file_url or f"{start}{slash}file/{last}"

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(s.get_secret_value() for s in (self.secret, *self.former_secrets))

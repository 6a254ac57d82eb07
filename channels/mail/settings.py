"""Every setting of a mail channel, with its default."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator


class Tls(StrEnum):
    STARTTLS = "starttls"  # plain at first, encrypted before anything is said; refused if not offered
    TLS = "tls"  # encrypted from the first byte
    NONE = "none"  # for a server on the same machine only


class MailSettings(BaseModel):
    """Settings of `channels.<name>` with `use: mail`. Unknown keys are refused.

    sender        the address that letters come from
    sender_name   the name beside it
    host          the mail server that takes our letters
    port          its port; 0: 587 for starttls, 465 for tls, 25 for none
    tls           starttls, tls or none
    ca_file       trust this certificate file instead of the system's
    username      name to sign in with; empty: without signing in
    password      password to sign in with; a secret
    reply_to      where answers go; empty: to the sender
    unsubscribe   a mailto: or https: address for List-Unsubscribe (RFC 2369); empty: none
    hostname      how we greet, and the right half of Message-ID; empty: the sender's domain
    timeout       seconds to wait for each answer
    connections   letters under way at the same time
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: str = Field(pattern=r"^[^\s<>@,;:]+@[^\s<>@,;:]+$")
    sender_name: str = Field(default="", pattern=r"^[^\r\n]*$")
    host: str = "localhost"
    port: int = Field(default=0, ge=0, le=65535)
    tls: Tls = Tls.STARTTLS
    ca_file: str = ""
    username: str = ""
    password: SecretStr = SecretStr("")
    reply_to: str = Field(default="", pattern=r"^([^\s<>@,;:]+@[^\s<>@,;:]+)?$")
    unsubscribe: str = Field(default="", pattern=r"^((mailto:|https://)[^\s<>]+)?$")
    hostname: str = Field(default="", pattern=r"^[A-Za-z0-9.-]*$")
    timeout: float = Field(default=20, gt=0)
    connections: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError("username and password: give both or none")
        if self.username and self.tls is Tls.NONE and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("tls: a password must not travel in the clear; use starttls or tls")
        return self

    @property
    def greeting(self) -> str:
        """Our name towards the server, and the home of our message ids."""
        return self.hostname or self.sender.rpartition("@")[2]

    @property
    def real_port(self) -> int:
        return self.port or {Tls.STARTTLS: 587, Tls.TLS: 465, Tls.NONE: 25}[self.tls]

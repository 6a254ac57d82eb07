"""The channel: one letter, one dialogue with the mail server, stage by stage."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import aiosmtplib
from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPNotSupported, SMTPResponseException

from channels.mail.errors import Stage, reply_error
from channels.mail.letter import compose, recipient
from channels.mail.settings import MailSettings, Tls
from core.channel import Doubtful, Misconfigured, Reception, Refused, Route, SendError, Traits, Unreachable
from core.messages import OutboundMessage


class MailChannel:
    """Notices by mail. `settings` is a `MailSettings` or the mapping of config.yaml. Nothing comes in."""

    def __init__(
        self,
        name: str,
        settings: MailSettings | Mapping[str, Any],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not isinstance(settings, MailSettings):
            settings = MailSettings.model_validate(settings)
        self._name = name
        self._settings = settings
        self._now = now
        self._traits = Traits("mail", ("mail",), max_text=100_000)
        self._tls = _context(settings)
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = False

    @property
    def name(self) -> str:
        return self._name

    @property
    def traits(self) -> Traits:
        return self._traits

    def routes(self) -> Sequence[Route]:
        return ()

    @asynccontextmanager
    async def open(self, reception: Reception) -> AsyncIterator[None]:
        """Nothing to listen for; leaving waits for the letters under way."""
        self._open = True
        try:
            yield
        finally:
            self._open = False
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.timeout):
                    await self._idle.wait()

    def room(self) -> int:
        return max(0, self._settings.connections - self._busy) if self._open else 0

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Hand a letter to the mail server; the id is its Message-ID. Raises a `SendError`."""
        if not self._open:
            raise Unreachable("the channel is not open", code="closed")
        letter = compose(message, self._settings, self._now())
        self._busy += 1
        self._idle.clear()
        try:
            await self._deliver(recipient(message), letter.as_bytes())
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()
        return [str(letter["Message-ID"])]

    async def _deliver(self, to: str, content: bytes) -> None:
        """Connect, sign in, envelope, text. Only a line cut while the text is under way leaves a doubt."""
        client = self._client()
        stage = Stage.CONNECT
        try:
            await client.connect()
            stage = Stage.SIGN_IN
            if self._settings.username:
                await client.login(self._settings.username, self._settings.password.get_secret_value())
            stage = Stage.SENDER
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
            utf8 = self._utf8(client, to)
            await client.mail(self._settings.sender, options=utf8, encoding="utf-8" if utf8 else "ascii")
            stage = Stage.RECIPIENT
            await client.rcpt(to, encoding="utf-8" if utf8 else "ascii")
            stage = Stage.CONTENT
            await client.data(content)
        except SMTPException as error:
            raise _send_error(stage, error) from None
        except (OSError, TimeoutError) as error:
            raise _cut(stage, error) from None
        finally:
            await _leave(client)

    def _client(self) -> SMTP:
        settings = self._settings
        return SMTP(
            hostname=settings.host,
            port=settings.real_port,
            local_hostname=settings.greeting,
            timeout=settings.timeout,
            use_tls=settings.tls is Tls.TLS,
            start_tls=settings.tls is Tls.STARTTLS,
            tls_context=self._tls,
        )

    def _utf8(self, client: SMTP, to: str) -> list[str]:
        """An address with letters beyond ASCII needs a server that knows them (RFC 6531)."""
        if (to + self._settings.sender).isascii():
            return []
        if not client.supports_extension("smtputf8"):
            raise Refused("the mail server takes no such address", code="smtputf8")
        return ["SMTPUTF8"]


def _context(settings: MailSettings) -> ssl.SSLContext | None:
    if settings.tls is Tls.NONE:
        return None
    return ssl.create_default_context(cafile=settings.ca_file or None)


def _send_error(stage: Stage, error: SMTPException) -> SendError:
    if isinstance(error, SMTPAuthenticationError) and error.code < 500:
        return Unreachable("the mail server cannot check our password now", code=str(error.code))
    if isinstance(error, SMTPResponseException):
        return reply_error(
            Stage.SIGN_IN if isinstance(error, SMTPAuthenticationError) else stage, error.code, error.message
        )
    if (
        isinstance(error, SMTPNotSupported) or type(error) is SMTPException
    ):  # the bare one: no STARTTLS, no AUTH
        return Misconfigured("the mail server offers no encryption, or no way to sign in", code="unsupported")
    return _cut(stage, error)


def _cut(stage: Stage, error: Exception) -> SendError:
    if isinstance(error, ssl.SSLCertVerificationError) or isinstance(error.__cause__, ssl.SSLError):
        return Misconfigured("the mail server's certificate is not trusted", code="certificate")
    if stage is Stage.CONTENT:
        return Doubtful("the line was cut before the letter was confirmed", code="cut")
    return Unreachable(f"the mail server was lost at {stage}", code="connect")


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye if anybody is still there; the letter's fate is known by now."""
    if client.is_connected:
        with suppress(SMTPException, OSError, TimeoutError):
            await client.quit(timeout=2)
    client.close()

"""One account at Twilio, or at a service that speaks its language: how it is reached, what it answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any
from urllib.parse import urlsplit

from aiohttp import (
    BasicAuth,
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    web,
)
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    field_validator,
)
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]
from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from channels.webhooks.errors import Reasons, send_error
from channels.webhooks.guard import Forbidden
from channels.webhooks.reading import Form, read_form
from channels.webhooks.secrets import same_secret
from channels.webhooks.signature import TwilioSignature
from core.channel import Doubtful, Refused, Unreachable

API = "https://api.twilio.com"
_log = logging.getLogger(
    f"{__name__}.rest"
)  # the library tells every address and header there, eleven lines a message
_log.setLevel(logging.WARNING)
SID = TypeAdapter(Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)])


class TwilioSettings(BaseModel):
    """What is needed to be called by the provider and to call it. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: str = Field(min_length=1)
    """The account; requests that name another one are refused."""

    auth_tokens: tuple[SecretStr, ...] = Field(min_length=1, max_length=2)
    """The account's token, which signs what comes in and opens the REST interface. While it is being
    changed, the one before as the second: still accepted on what comes in."""

    webhook_key: SecretStr = SecretStr("")
    """Shared key for HMAC-SHA256 signatures, where the account uses one; "" refuses them."""

    number: str = Field(min_length=1)
    """Our own number or sender name, as the provider knows it: E.164, short code, or a brand name for SMS."""

    public_url: str
    """Scheme and host under which the provider reaches us; it is what the provider signs."""

    base_url: str = API
    """Base address of the REST interface, for the sandbox or a compatible provider; "" is Twilio's own."""

    send_timeout: float = Field(default=10.0, gt=0, le=60)
    """Seconds to wait for the REST interface; after that a message is in doubt."""

    country: str = Field(default="84", pattern=r"^[1-9][0-9]{0,2}$")
    """Country of numbers that come without one."""

    @field_validator("auth_tokens")
    @classmethod
    def _set(cls, tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if not all(token.get_secret_value() for token in tokens):
            raise ValueError("a token is empty")
        return tokens

    @field_validator("public_url", "base_url")
    @classmethod
    def _address(cls, url: str, about: ValidationInfo) -> str:
        if not url and about.field_name == "base_url":
            return API
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write an address such as https://motcua.example.vn")
        if parts.username is not None:
            raise ValueError("leave name and password out: the provider leaves them out when it signs")
        return url.rstrip("/")

    @property
    def token(self) -> str:
        """The token of today."""
        return self.auth_tokens[0].get_secret_value()

    def signature(self) -> TwilioSignature:
        """The check of what comes in."""
        tokens = [token.get_secret_value() for token in self.auth_tokens]
        return TwilioSignature(self.public_url, tokens, [self.webhook_key.get_secret_value()])


class _Elsewhere(AsyncTwilioHttpClient):  # type: ignore[misc]
    """The library's client, at another base address: it has no setting for one. Redirects are not followed
    and nothing is repeated: its own repetition would send a message again that was already taken."""

    def __init__(self, base: str) -> None:
        super().__init__(logger=_log)
        self._base = base

    async def request(self, method: str, url: str, **rest: Any) -> Any:
        return await super().request(method, self._base + url.removeprefix(API), **rest)


class TwilioAccount:
    """Both directions: the check of what comes in, and the REST interface while the channel is open."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._signature = settings.signature()
        self._client: Client | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Make the client in the running loop, and close it."""
        settings = self._settings
        http = _Elsewhere(settings.base_url)
        self._client = Client(
            settings.account_sid,
            settings.token,
            http_client=http,
            environment={"": ""},  # an empty one would be replaced by the process's own
        )
        try:
            yield
        finally:
            self._client = None
            await http.close()

    async def signed(self, request: web.Request, *, limit: int) -> Form:
        """The form of a webhook, at most `limit` bytes. Raises `BadInput`, and `Forbidden` unless the
        provider signed it for this account."""
        form = await read_form(request, limit=limit)
        self._signature.check(request, form)
        if not same_secret(form.text("AccountSid"), [self._settings.account_sid]):
            raise Forbidden("another account")
        return form

    async def create(self, make: Callable[[Client], Awaitable[Any]], reasons: Reasons) -> str:
        """Place a call or a message with `make`, once, and return its SID. Raises the `SendError` that fits.

        `reasons` are the medium's own error codes. No answer in time, or a connection that broke after it
        stood: `Doubtful`, because the provider may have taken it.
        """
        if self._client is None:
            raise Unreachable("the channel is not open")
        try:
            async with asyncio.timeout(self._settings.send_timeout):
                sid = (await make(self._client)).sid
                return SID.validate_python(sid)
        except TwilioException as refused:
            status, code = getattr(refused, "status", 0), getattr(refused, "code", None)
            raise send_error(int(status or 0), code, reasons) from None
        except ClientConnectorError:
            raise Unreachable("the provider was not reached") from None
        except (TimeoutError, ClientConnectionError):
            raise Doubtful("no answer from the provider") from None
        except (ClientError, ValueError, KeyError, AttributeError, TypeError):
            raise Doubtful("an answer that is none") from None

    async def download(self, url: str) -> AsyncIterator[bytes]:
        """Bring a recording in chunks. Raises `Refused` for an address that is not the account's,
        `Unreachable` where it is not (yet) there: a recording appears some seconds after the call."""
        base, asked = urlsplit(self._settings.base_url), urlsplit(url)
        if (asked.scheme, asked.netloc) != (base.scheme, base.netloc):
            raise Refused("a recording at a foreign address", code="foreign")
        auth = BasicAuth(self._settings.account_sid, self._settings.token)
        limit = ClientTimeout(total=120, sock_read=30)
        try:
            async with (
                ClientSession(auth=auth, timeout=limit) as session,
                session.get(url, allow_redirects=False) as answer,
            ):
                if answer.status != 200:
                    raise Unreachable("the recording is not there", code=str(answer.status))
                async for chunk in answer.content.iter_chunked(64 * 1024):
                    yield chunk
        except (TimeoutError, ClientError):
            raise Unreachable("the recording did not come") from None

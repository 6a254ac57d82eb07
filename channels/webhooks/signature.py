"""Twilio's signature: who may speak as the exchange.

https://www.twilio.com/docs/usage/security: HMAC-SHA1 with the account's token over the address that Twilio
was told, followed by all form fields, sorted. Newer accounts sign with a shared key and HMAC-SHA256 instead,
named in a second header.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from twilio.request_validator import (  # type: ignore[import-untyped]
    HMAC_SHA1,
    HMAC_SHA256,
    RequestValidator,
    get_signature_algorithm,
)

from channels.webhooks.guard import Forbidden
from channels.webhooks.reading import Form

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


class TwilioSignature:
    """Checks that a request was signed for our public address with one of our tokens.

    The address is built from `public_url` (scheme and host as the provider knows them, and a path only where
    the proxy strips it) and the raw path of the request. Host and X-Forwarded-* can be sent by anybody: they
    are not looked at. `tokens` are the account's auth tokens: two while they are being changed. `shared_keys`
    are secrets for HMAC-SHA256.
    """

    def __init__(self, public_url: str, tokens: Sequence[str], shared_keys: Sequence[str] = ()) -> None:
        self._base = public_url.rstrip("/")
        self._validators = {
            HMAC_SHA1: [RequestValidator(token) for token in tokens if token],
            HMAC_SHA256: [RequestValidator(key) for key in shared_keys if key],
        }

    def check(self, request: web.Request, form: Form) -> None:
        """Raises `Forbidden` unless `form`, all of it, was signed by the provider for this address."""
        given = request.headers.getall(SIGNATURE, ())
        settings = request.headers.getall(SETTINGS, ())
        if len(given) != 1 or len(settings) > 1 or not given[0].isascii():
            raise Forbidden("missing, repeated or strange signature")
        algorithm = get_signature_algorithm(settings[0] if settings else "").upper()
        if not self.signed(request.raw_path, form, given[0], algorithm):
            raise Forbidden("wrong signature")

    def signed(self, raw_path: str, form: Form, signature: str, algorithm: str = HMAC_SHA1) -> bool:
        """Whether the signature fits. Anything that the library stumbles over does not."""
        if not raw_path.startswith(
            "/"
        ):  # the absolute form of a request line: an address of the sender's making
            return False
        url = self._base + raw_path
        try:
            fits = [
                validator.validate(url, form, signature, algorithm)
                for validator in self._validators.get(algorithm, [])
            ]
        except (TypeError, ValueError, IndexError, AttributeError):
            return False
        return any(fits)

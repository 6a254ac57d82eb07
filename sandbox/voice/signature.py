"""How the exchange proves who it is: HMAC-SHA1, base64, over the address followed by all fields, sorted.

twilio.com/docs/usage/security. Name and password in an address and its fragment are not signed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit


def sign(token: str, url: str, fields: Mapping[str, str]) -> str:
    """The value of `X-Twilio-Signature` for a form posted to `url`."""
    text = signed_form(url) + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def signed_form(url: str) -> str:
    """The address as it is signed."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))

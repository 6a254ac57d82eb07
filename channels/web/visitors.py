"""Who sits at the browser: one cookie, from which the address and the form token are derived.

The cookie is a secret that only the browser has. What the house keeps, and officials see, is a digest of it,
so that nobody who reads the store can take over a visit. The same digest under another name is the token
that every form carries back (double submit, OWASP CSRF Prevention Cheat Sheet): another site can neither
read nor guess it.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from aiohttp import web

from core.messages import Address

COOKIE = "motcua"
IDLE = timedelta(days=30)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser. `new`: it has no cookie yet and must be given one. `network` is where it calls from,
    coarse."""

    secret: str
    network: str = ""
    new: bool = False

    @property
    def identity(self) -> str:
        """What the house calls this visitor."""
        return self.digest("visitor")[:32]

    @property
    def address(self) -> Address:
        return Address("web", self.identity)

    @property
    def token(self) -> str:
        """What every form carries."""
        return self.digest("form")[:40]

    def digest(self, purpose: str) -> str:
        """A digest that only the holder of the cookie can make again."""
        return hmac.new(self.secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


class Visitors:
    """Reads, gives and takes back the cookie. `public_url` decides whether it travels by https only."""

    def __init__(self, public_url: str = "", new_secret: Callable[[], str] = _new_secret) -> None:
        self._origin = _origin(public_url)
        self._secure = public_url.startswith("https://")
        self._new_secret = new_secret

    def of(self, request: web.Request) -> Visitor:
        """Who asks; a new visitor where there is no cookie or it is not ours."""
        secret = request.cookies.get(COOKIE, "")
        network = coarse(caller(request))
        if _SECRET.fullmatch(secret):
            return Visitor(secret, network)
        return Visitor(self._new_secret(), network, new=True)

    def remember(self, visitor: Visitor, response: web.StreamResponse, *, session: bool = False) -> None:
        """Give the cookie, or renew it. `session`: only until the browser closes (a kiosk)."""
        age = None if session else int(IDLE.total_seconds())
        response.set_cookie(
            COOKIE, visitor.secret, max_age=age, path="/", httponly=True, samesite="Lax", secure=self._secure
        )

    def forget(self, response: web.StreamResponse) -> None:
        """Take the cookie back."""
        response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=self._secure)

    def genuine(self, request: web.Request, visitor: Visitor, token: str) -> bool:
        """Was this posted by a page of ours? The browser's own word first, then the token."""
        if visitor.new or not same_site(request, self._origin):
            return False
        return hmac.compare_digest(token.encode(), visitor.token.encode())


def same_site(request: web.Request, origin: str) -> bool:
    """What the browser says of where a request comes from (Fetch Metadata; Origin for older browsers)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    said = request.headers.get("Origin")
    return said is None or said.lower() in (origin, _origin(f"{request.scheme}://{request.host}"))


def caller(request: web.Request) -> str:
    """The caller's network address; a proxy on this machine or network is believed about whom it speaks
    for."""
    remote = request.remote or ""
    behind = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return behind if behind and _is_near(remote) else remote


def coarse(address: str) -> str:
    """A network rather than a person: /24 of IPv4, /48 of IPv6; empty where it cannot be read."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def _is_near(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""

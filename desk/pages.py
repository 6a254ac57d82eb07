"""Templates of the desk, and the answers that carry them, with the headers that keep a page to itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.messages import Address
from core.office import HANOI
from procedures.codes import spoken_groups

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Pages:
    """Renders `templates/desk/*.html`, escaped, with nothing undefined."""

    def __init__(self, templates: Path) -> None:
        self.static = static_versions(STATIC)
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(local=local, masked=masked, reachable=reachable, groups=groups)
        self._environment.globals["static"] = self.static

    def html(self, template: str, values: Mapping[str, Any], status: int = 200) -> web.Response:
        text = self._environment.get_template(template).render(**values)
        return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def static_versions(folder: Path) -> dict[str, str]:
    """Each static file's address with the digest of its content, so that a browser never shows an old one."""
    return {
        path.name: f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def local(at: datetime) -> datetime:
    """A moment as the office's clock shows it."""
    return at.astimezone(HANOI)


def masked(address: str) -> str:
    """An address as a list shows it: enough to tell two apart, not enough to ring up."""
    parsed = Address.parse(address)
    if parsed.kind == "mail":
        name, _, host = parsed.identity.partition("@")
        return f"{name[:1]}…@{host}"
    return f"…{parsed.identity[-3:]}"


def reachable(address: str) -> str:
    """An address in full, a Vietnamese number as it is dialled at home."""
    parsed = Address.parse(address)
    if parsed.kind == "tel" and parsed.identity.startswith("+84"):
        digits = "0" + parsed.identity[3:]
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}".strip()
    return parsed.identity


def groups(code: str) -> str:
    """A phone code as it is printed: in groups."""
    return " ".join(spoken_groups(code))

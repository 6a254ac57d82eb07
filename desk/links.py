"""Addresses of pages. A talk's key hides the telephone number from a glance at the address line."""

from __future__ import annotations

import base64
import binascii

from core.messages import Address
from desk.errors import NotFound


def talk_key(address: Address, medium: str) -> str:
    """The key of a talk in an address."""
    return base64.urlsafe_b64encode(f"{medium}|{address}".encode()).decode().rstrip("=")


def read_talk_key(key: str) -> tuple[Address, str]:
    """Back again. Raises `NotFound`."""
    try:
        text = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    medium, _, address = text.partition("|")
    if medium not in ("sms", "ivr", "chat", "web", "mail") or "|" not in address or len(address) > 160:
        raise NotFound
    return Address.parse(address), medium


def number(text: str) -> int:
    """A row's number in an address. Raises `NotFound`."""
    if not text.isdecimal() or len(text) > 15:
        raise NotFound
    return int(text)

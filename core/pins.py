"""The PIN on a receipt is kept only as a salted, slow hash: who reads the database learns none."""

from __future__ import annotations

import hashlib
import hmac
import secrets

# A PIN has a million values, so only slowness protects it: scrypt with 2 MiB and about 5 ms a try.
_N, _R, _P = 2**11, 8, 1
_NOBODY = "00" * 16 + "$" + "00" * 32


def hash_pin(pin: str) -> str:
    """Salt and hash, as text."""
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_scrypt(pin, salt).hex()}"


def right_pin(given: str, kept: str | None) -> bool:
    """Is this the PIN? Takes the same time whether there is a dossier or not (`kept` None: there is none)."""
    salt, _, hashed = (kept or _NOBODY).partition("$")
    digits = "".join(ch for ch in given if ch.isdigit())
    same = hmac.compare_digest(_scrypt(digits, bytes.fromhex(salt)).hex(), hashed)
    return same and kept is not None


def _scrypt(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)

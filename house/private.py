"""The private file: secrets made once, at the first start, readable by the owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

MADE_UP = "sandbox-"  # in a secret of ours that a provider would have to know: it opens nothing outside
HEAD = "# Secrets of this installation, made at its first start. Keep this file to yourself.\n"


def fresh() -> dict[str, str]:
    """New secrets, in the shapes that the providers' protocols demand."""
    return {
        "SMPP_PASSWORD": secrets.token_hex(4),  # SMPP 3.4 takes at most eight characters
        "HOTLINE_ACCOUNT": "AC" + secrets.token_hex(16),
        "HOTLINE_TOKEN": MADE_UP + secrets.token_hex(12),
        "TELEGRAM_TOKEN": f"{secrets.randbelow(10**9) + 10**9}:{MADE_UP}{secrets.token_urlsafe(20)}",
    }


def ensure(path: Path) -> None:
    """Make the file where there is none, and add what a newer version needs. Nothing that is there changes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    known = {line.partition("=")[0].strip() for line in before.splitlines()}
    missing = {name: value for name, value in fresh().items() if name not in known}
    if not missing:
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(HEAD if not before else "" if before.endswith("\n") else "\n")
        file.writelines(f"{name}={value}\n" for name, value in missing.items())

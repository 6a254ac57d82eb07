"""Where papers lie: one file a content, named by its SHA-256, in a folder that all processes share.

What a paper is, is told by its content, never by its name or by what the sender says (OWASP File Upload Cheat
Sheet). Only what an official can open and a printer can print is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import puremagic

LARGEST = 20 * 1024 * 1024  # bytes; the limit of the chat platforms too, so that it is the same everywhere
HEAD = 8192  # bytes that tell what a file is
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# What is kept, by content; the value is how it is called from then on.
KINDS = {
    "application/pdf": "application/pdf",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/heic": "image/heic",
    "image/heif": "image/heic",
    "application/msword": "application/msword",
    "image/webp": "image/webp",
    "audio/ogg": "audio/ogg",  # voice notes of the chat platforms
    "application/ogg": "audio/ogg",
    "audio/mpeg": "audio/mpeg",
    "audio/wav": "audio/wav",  # recordings of telephone calls
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper that lies in the folder, durably."""

    sha256: str
    size: int
    content_type: str


class BadPaper(Exception):
    """Not kept. `problem`: too_large, empty or kind."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class PaperFolder:
    """The folder."""

    def __init__(self, root: Path, largest: int = LARGEST) -> None:
        self._root = root
        self._largest = largest

    async def keep(self, content: AsyncIterator[bytes]) -> Kept:
        """Write a paper down; when this returns it survives a crash. Raises `BadPaper`."""
        arriving = self._root / "keeping"
        await asyncio.to_thread(arriving.mkdir, parents=True, exist_ok=True)
        path = arriving / secrets.token_hex(16)
        try:
            digest, size = await self._write(path, content)
            kind = await asyncio.to_thread(kind_of, path)
            if kind is None:
                raise BadPaper("kind")
            await asyncio.to_thread(self._settle, path, digest)
        finally:
            path.unlink(missing_ok=True)
        return Kept(digest, size, kind)

    async def _write(self, path: Path, content: AsyncIterator[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with path.open("xb") as file:
            async for chunk in content:
                size += len(chunk)
                if size > self._largest:
                    raise BadPaper("too_large")
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_sync, file)
        if not size:
            raise BadPaper("empty")
        return digest.hexdigest(), size

    def _settle(self, path: Path, digest: str) -> None:
        final = self.path(digest)
        final.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, final)
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def forget(self, sha256: str) -> None:
        """Throw a content away. What is not there needs no throwing away."""
        self.path(sha256).unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where a paper lies."""
        return self._root / sha256[:2] / sha256


def kind_of(path: Path) -> str | None:
    """What a file is by its content, or None where it is nothing that we keep."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return WORD if _is_word(path) else None
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    return next((KINDS[match.mime_type] for match in found if match.mime_type in KINDS), None)


def _is_word(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return "word/document.xml" in package.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())

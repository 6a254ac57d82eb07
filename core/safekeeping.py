"""Papers on disk, under the hash of their content: written aside, synced, moved into place. Kept once, whoever sends
them how often."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import puremagic

LARGEST = 20 * 1024 * 1024  # bytes; what the platforms bring at most
# What may be handed in, by what the content is and not by what it is called: MIME type to file ending.
TAKEN = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/heic": ".heic",
    "image/webp": ".webp",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
}


class NotTaken(Exception):
    """This paper cannot be kept; `problem` says why: empty, too_large, wrong_type."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper on disk."""

    sha256: str
    size: int
    content_type: str


class Safe:
    """The folder of papers, shared between processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the content of that hash lies."""
        return self.folder / sha256[:2] / sha256

    async def keep(self, chunks: AsyncIterator[bytes]) -> Kept:
        """Write a paper down for good. Raises `NotTaken`; then nothing is left of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix="arriving-")
        try:
            with os.fdopen(handle, "wb") as file:
                digest, size = hashlib.sha256(), 0
                async for chunk in chunks:
                    size += len(chunk)
                    if size > LARGEST:
                        raise NotTaken("too_large")
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            return self._placed(Path(name), digest.hexdigest(), size)
        finally:
            Path(name).unlink(missing_ok=True)

    def _placed(self, written: Path, sha256: str, size: int) -> Kept:
        if size == 0:
            raise NotTaken("empty")
        content_type = type_of(written)
        if content_type not in TAKEN:
            raise NotTaken("wrong_type")
        place = self.path(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(written, place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return Kept(sha256, size, content_type)


def type_of(path: Path) -> str:
    """The MIME type by content; "" where it cannot be told."""
    try:
        found = puremagic.magic_file(str(path))
    except (puremagic.PureError, ValueError):
        return ""
    types = [match.mime_type for match in found if match.mime_type in TAKEN]
    return types[0] if types else (found[0].mime_type if found else "")

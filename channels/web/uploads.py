"""Papers on their way: streamed to a folder under a random name, until the house has fetched them."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from channels.webhooks import BadInput, TooLarge
from core.channel import Refused
from core.messages import Attachment

CHUNK = 64 * 1024
FORGOTTEN = 2 * 24 * 3600  # seconds after which a paper that nobody fetched is removed
NAME = 120  # characters of a file's own name that are kept
_POINTER = re.compile(r"[0-9a-f]{32}")


# What reading a form that breaks its own encoding raises.
BROKEN = (ValueError, LookupError, AssertionError, HttpProcessingError, web.RequestPayloadError)


async def parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    """The parts of a form with a paper. Raises `BadInput` where it is none."""
    if request.content_type != "multipart/form-data":
        raise BadInput("not a form with a paper")
    try:
        reader = await request.multipart()
    except BROKEN:
        raise BadInput("the form has no boundary") from None
    while True:
        try:
            part = await reader.next()
        except BROKEN:
            raise BadInput("the form is broken") from None
        if part is None:
            return
        if not isinstance(part, BodyPartReader):
            raise BadInput("a form within a form")
        yield part


async def read_chunk(part: BodyPartReader, size: int) -> bytes:
    """The next bytes of a part. Raises `BadInput` where it breaks off."""
    try:
        return await part.read_chunk(size)
    except BROKEN:
        raise BadInput("the form breaks off") from None


class Uploads:
    """The folder. `largest` is in bytes."""

    def __init__(self, folder: Path, largest: int) -> None:
        self._folder = folder
        self._largest = largest

    def open(self) -> None:
        """Make the folder, and remove what was left behind."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.iterdir():
            if path.is_file() and path.stat().st_mtime < time.time() - FORGOTTEN:
                path.unlink(missing_ok=True)

    async def take(self, part: BodyPartReader) -> Attachment:
        """Stream one file of a form to the folder. Raises `TooLarge`, or `BadInput` where it is empty."""
        pointer = secrets.token_hex(16)
        path = self._folder / pointer
        size = 0
        try:
            with path.open("xb") as file:
                while chunk := await read_chunk(part, CHUNK):
                    size += len(chunk)
                    if size > self._largest:
                        raise TooLarge("the paper is too large")
                    await asyncio.to_thread(file.write, chunk)
            if not size:
                raise BadInput("the paper is empty")
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Attachment(pointer, tidy_name(part.filename or ""), part.headers.get("Content-Type", ""), size)

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The content in chunks. Raises `Refused` where it is gone."""
        if not _POINTER.fullmatch(attachment.pointer):
            raise Refused("no such paper", code="gone")
        try:
            file = (self._folder / attachment.pointer).open("rb")
        except OSError:
            raise Refused("the paper is gone", code="gone") from None
        with file:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk


def tidy_name(name: str) -> str:
    """A file's own name without folders and signs that could mislead; its end, which tells the kind, is
    kept."""
    bare = re.split(r"[\\/]", name)[-1]
    clean = "".join(sign for sign in bare if sign.isprintable()).strip(" .")
    return clean[-NAME:]

"""The telephone with the chat app: write, press buttons, send papers, share the number."""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from sandbox.chat.people import Handset
from sandbox.chat.platform import ChatPlatform
from sandbox.handsets.people import Person
from sandbox.handsets.tape import Tape, of_bot_call, of_update


class Chats:
    """Every citizen's app, open at the product's bot."""

    def __init__(self, platform: ChatPlatform, tape: Tape) -> None:
        self._platform, self._tape = platform, tape
        self._apps: dict[int, Handset] = {}
        self._acts = {
            "start": lambda app, given: app.start(str(given.get("payload", ""))),
            "text": lambda app, given: app.text(str(given["text"])),
            "press": lambda app, given: app.press(str(given["data"])),
            "contact": lambda app, given: app.share_contact(),
            "photo": lambda app, given: app.photo(paper()),
            "block": lambda app, given: app.block(),
        }
        platform.listeners.add(self._called)

    def close(self) -> None:
        self._platform.listeners.discard(self._called)

    def _called(self, call: Any) -> None:
        self._tape.write(of_bot_call(call))

    def _app(self, person: Person) -> Handset:
        """The person's app, installed at the first look."""
        app = self._apps.get(person.chat)
        if app is None:
            phone = person.phone.lstrip("+")
            app = self._platform.user(person.chat, person.name, phone=phone, started=False)
            self._apps[person.chat] = app
        return app

    def act(self, person: Person, act: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Do something in the app. Raises LookupError for what is not there, ValueError, KeyError."""
        if act not in self._acts:
            raise LookupError(f"no such act: {act}")
        self._acts[act](self._app(person), given)
        self._updated()
        return self.screen(person)

    def send_file(self, person: Person, name: str, content_type: str, content: bytes) -> dict[str, Any]:
        """Send a file: a photograph as a photograph, anything else as a document."""
        app = self._app(person)
        if content_type in ("image/jpeg", "image/png"):
            app.photo(content)
        else:
            app.document(content, name, content_type)
        self._updated()
        return self.screen(person)

    def _updated(self) -> None:
        history = self._platform.bot().queue.history
        if history:
            self._tape.write(of_update(history[-1]))

    def screen(self, person: Person) -> dict[str, Any]:
        """What a person sees."""
        talk = self._app(person).chat
        keyboard = [[{"text": b.text, "contact": b.asks_contact} for b in row] for row in talk.keyboard]
        commands = self._platform.bot().commands
        menu = commands.get("", []) or next(iter(commands.values()), [])
        return {
            "started": talk.started,
            "blocked": talk.blocked,
            "messages": [message.as_json() for message in talk.messages[-100:]],
            "keyboard": keyboard,
            "menu": menu,
        }

    async def follow(self) -> None:
        """Tell what changes on the screens, until cancelled."""
        async for event in self._platform.watch():
            self._tape.tell("chat", chat=event["user"], what=event["kind"])


def paper(width: int = 60, height: int = 80) -> bytes:
    """A photograph of a paper: a small PNG, grey lines on white."""
    line = b"\x00" + b"\xff" * width
    written = b"\x00" + b"\xff" * 8 + b"\x99" * (width - 16) + b"\xff" * 8
    rows = b"".join(written if 10 < y < height - 10 and y % 6 < 2 else line for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", binascii.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body

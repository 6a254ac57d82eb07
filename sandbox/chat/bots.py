"""One bot on the platform: its chats, its files, its queue, and what its people see."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from sandbox.chat.limits import Limits
from sandbox.chat.updates import Queue
from sandbox.chat.world import BotAccount, Chat, Json, Keyboard, Person, Shown, StoredFile

Tell = Callable[[Json], None]


class Bot:
    """The platform's record of one bot. `tell` hands an event to whoever watches the screens."""

    def __init__(self, account: BotAccount, limits: Limits, clock: Callable[[], float], tell: Tell) -> None:
        self.account = account
        self.queue = Queue()
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[str, list[Json]] = {}
        self.changed = asyncio.Event()  # set whenever a screen changes
        self.presses: dict[str, Chat] = {}  # unanswered callback queries
        self.clock = clock
        self._limits = limits
        self._tell = tell
        self._numbers = itertools.count(1)

    def renumber(self, first: int) -> None:
        """Count messages, files and updates from here on: a restarted platform must not repeat a number."""
        self._numbers = itertools.count(first)
        self.queue.next_id = first

    def number(self) -> int:
        return next(self._numbers)

    def now(self) -> int:
        return int(self.clock())

    def meet(self, person: Person) -> Chat:
        """The person's chat with this bot, made at the first meeting."""
        return self.chats.setdefault(person.id, Chat(person))

    def limit(self, chat: Chat) -> None:
        self._limits.check(chat.person.id, self.clock)

    def tell(self, chat: Chat, kind: str, **more: Any) -> None:
        self.changed.set()
        self._tell({"kind": kind, "bot": self.account.username, "user": chat.person.id, **more})

    def show(
        self,
        chat: Chat,
        text: str,
        *,
        by_bot: bool = True,
        entities: list[Json] | None = None,
        buttons: Keyboard = (),
        file_id: str = "",
        name: str = "",
        extra: Json | None = None,
    ) -> Shown:
        """Put a message on the screen. `extra`: what its Message object holds besides (default: the text)."""
        at, number = self.now(), self.number()
        sender = self.account.as_json() if by_bot else chat.person.as_json()
        body: Json = {"text": text} if extra is None else extra
        wire: Json = {"message_id": number, "from": sender, "chat": chat.person.as_chat(), "date": at, **body}
        if entities:
            wire["caption_entities" if "caption" in wire else "entities"] = entities
        shown = Shown(number, by_bot, text, at, entities or [], buttons, file_id, name, wire=wire)
        chat.messages.append(shown)
        self.tell(chat, "message", message=shown.as_json())
        return shown

    def edited(self, chat: Chat, shown: Shown) -> None:
        shown.edited_at = self.now()
        self.tell(chat, "edit", message=shown.as_json())

    def keep_file(
        self, folder: str, name: str, content: bytes, claimed_size: int | None = None
    ) -> StoredFile:
        """Store a file. Its path has a number of the platform's and keeps only the ending of its name."""
        number = self.number()
        ending = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{number}.{ending}"
        stored = StoredFile(f"FILE-{self.account.id}-{number}", f"uniq{number}", path, content, claimed_size)
        self.files[stored.id] = stored
        return stored

    def file_at(self, path: str) -> StoredFile | None:
        return next((stored for stored in self.files.values() if stored.path == path), None)

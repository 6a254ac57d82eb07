"""The platform's world: bots, people, their chats, and what each person sees on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BotAccount:
    """A bot as its owner registered it. `token` is "<id>:<35 or so letters>", as the real ones are."""

    token: str
    username: str
    title: str = "Một Cửa"

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])

    def as_json(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.title, "username": self.username}


@dataclass(slots=True)
class Person:
    """Somebody with the app. `phone` is the number of the account, digits only, as the platform gives it."""

    id: int
    name: str
    phone: str = ""
    username: str = ""
    language: str = "vi"
    deactivated: bool = False

    def as_json(self) -> Json:
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}
        if self.username:
            user["username"] = self.username
        return user

    def as_chat(self) -> Json:
        chat: Json = {"id": self.id, "type": "private", "first_name": self.name}
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(frozen=True, slots=True)
class Button:
    """One button: inline ones carry `data` or `url`; those of a reply keyboard may ask for the phone."""

    text: str
    data: str = ""
    url: str = ""
    asks_contact: bool = False


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(slots=True)
class Shown:
    """A message on the person's screen. `at` is in Unix seconds."""

    id: int
    by_bot: bool
    text: str
    at: int
    entities: list[Json] = field(default_factory=list)
    buttons: Keyboard = ()
    file_id: str = ""
    file_name: str = ""
    edited_at: int = 0
    wire: Json = field(default_factory=dict)  # the documented Message object, without markup and edit date

    def as_json(self) -> Json:
        """What a page needs to draw it."""
        return {
            "id": self.id,
            "by_bot": self.by_bot,
            "text": self.text,
            "at": self.at,
            "entities": self.entities,
            "buttons": [
                [{"text": b.text, "data": b.data, "url": b.url} for b in row] for row in self.buttons
            ],
            "file": self.file_name,
            "file_id": self.file_id,
            "edited": bool(self.edited_at),
        }

    def as_message(self) -> Json:
        """The documented Message object as it is now."""
        message = dict(self.wire)
        if self.edited_at:
            message["edit_date"] = self.edited_at
        if self.buttons:
            message["reply_markup"] = {"inline_keyboard": [[_wire(b) for b in row] for row in self.buttons]}
        return message


def _wire(button: Button) -> Json:
    if button.url:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.data}


@dataclass(slots=True)
class Chat:
    """One person's talk with one bot. `keyboard` is the reply keyboard now under the typing line."""

    person: Person
    started: bool = False
    blocked: bool = False
    messages: list[Shown] = field(default_factory=list)
    keyboard: Keyboard = ()

    def find(self, message_id: int) -> Shown | None:
        return next((m for m in self.messages if m.id == message_id), None)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that somebody sent; `path` is what `getFile` tells and the download URL ends with."""

    id: str
    unique_id: str
    path: str
    content: bytes
    claimed_size: int | None = None  # a size told without the bytes, to play a huge file

    @property
    def size(self) -> int:
        return len(self.content) if self.claimed_size is None else self.claimed_size

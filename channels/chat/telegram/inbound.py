"""An update of the Bot API, as JSON, turned into ours. Pure.

The library's types read the documented shape; whatever they or we stumble over is `Malformed`. Only
private chats count: nobody's dossier is talked about before a group.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Contact, Message, Update, User

from channels.chat.telegram.values import Malformed, integer, phone, scrub, string, update_id
from core.messages import Address, Attachment, InboundMessage, Moment

BLOCKED = "blocked"  # payload of the BYE of somebody who blocked the bot

_START = re.compile(r"/start(?:@\w+)?(?:\s+(?P<payload>.*))?", re.DOTALL)
_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@\w+)?(?P<rest>\s.*)?", re.DOTALL)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")

# What we read of a message. The rest is not even given to the library: a member that it knows in another
# version than the platform would make it refuse the whole update.
_READ = ("message_id", "from", "chat", "date", "text", "caption", "media_group_id")
_PAPERS = ("photo", "document", "voice", "audio", "video", "video_note", "animation", "contact")
# What a person says by sending it, though we can make nothing of it: it deserves an answer. Everything else
# (pinned messages, timers, new titles) is the platform's own note.
_OTHERS = ("sticker", "location", "venue", "poll", "dice", "game", "story", "paid_media", "checklist")


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button press behind a message: the query to answer, and the message whose buttons are used up."""

    query: str
    chat: int
    message: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What an update says. `message_id` is the platform's number of a written message, which a later edit
    names again; `edits` is set where this update is that later edit."""

    message: InboundMessage
    message_id: int | None = None
    edits: bool = False
    pressed: Pressed | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who reads: the channel's name, the bot's user name, the time, and the bot's menu (command to label)."""

    channel: str
    bot: str
    now: datetime
    commands: Mapping[str, str] = field(default_factory=dict)

    def address(self, chat: int) -> Address:
        return Address(f"telegram:{self.bot}", str(chat))


def read(raw: Mapping[str, Any], desk: Desk) -> Reading | None:
    """What an update says to us; None for what is none of our business. Raises `Malformed`."""
    update_id(raw)
    kept = scrub(raw)
    try:
        return _read(Update.de_json(_reduced(kept), None), kept, desk)
    except Malformed:
        raise
    except Exception as error:  # the library trusts its server and raises whatever Python does
        raise Malformed(f"unreadable: {type(error).__name__}") from None


def _reduced(raw: dict[str, Any]) -> dict[str, Any]:
    """The update with no more than what we read."""
    update: dict[str, Any] = {"update_id": raw["update_id"]}
    for kind in ("message", "edited_message"):
        if kind in raw:
            update[kind] = {key: raw[kind][key] for key in (*_READ, *_PAPERS) if key in raw[kind]}
    if "callback_query" in raw:
        query = dict(raw["callback_query"])
        if query.get("message") is not None:
            query["message"] = {key: query["message"][key] for key in ("message_id", "chat", "date")}
        update["callback_query"] = query
    if "my_chat_member" in raw:
        update["my_chat_member"] = raw["my_chat_member"]
    return update


def _read(update: Update, raw: dict[str, Any], desk: Desk) -> Reading | None:
    if update.message is not None:
        return _written(update.message, raw, desk, edits=False)
    if update.edited_message is not None:
        return _written(update.edited_message, raw, desk, edits=True)
    if update.callback_query is not None:
        return _pressed(update.callback_query, raw, desk)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, raw, desk)
    return None


def _written(message: Message, raw: dict[str, Any], desk: Desk, *, edits: bool) -> Reading | None:
    if not _private(message.chat, message.from_user):
        return None
    whole = raw["edited_message" if edits else "message"]
    text = string(message.text) or string(message.caption)
    if not text and (edits or not any(kind in whole for kind in (*_PAPERS, *_OTHERS))):
        return None  # also the moving of a live location, which is an edit without words
    spoken = _menu(text, desk.commands)
    fields = _words(text, spoken) if message.text and not edits else _said(message, spoken, whole)
    album = string(message.media_group_id)
    heard = _inbound(raw, desk, integer(message.chat.id), session=album, **fields)
    return Reading(heard, message_id=integer(message.message_id), edits=edits)


def _words(text: str, spoken: str) -> dict[str, Any]:
    """A written line. `/start` opens the talk, with the payload of the deep link behind it."""
    start = _START.fullmatch(text.strip())
    if start is None:
        return {"text": spoken}
    payload = (start["payload"] or "").strip()
    return {"moment": Moment.HELLO, "text": text, "payload": payload if _PAYLOAD.fullmatch(payload) else ""}


def _menu(text: str, commands: Mapping[str, str]) -> str:
    """A slash is how this platform writes a word that means something: an entry of the menu says its
    label, any other command its name. What stands behind it stays: "/tracuu 123" is "Tra cứu hồ sơ 123"."""
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        return text
    name = command["name"]
    return commands.get(name.lower(), name) + (command["rest"] or "")


def _said(message: Message, text: str, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Everything but a plain line: papers, cards, pictures."""
    if message.contact is not None:
        return _shared(message, message.contact, whole)
    if "sticker" in whole:
        text = text or string(whole["sticker"].get("emoji"))
    return {"text": text, "attachments": _papers(message)}


def _shared(message: Message, contact: Contact, whole: Mapping[str, Any]) -> dict[str, Any]:
    """A contact card. It proves a number only if it is the sender's own and was sent by the sender:
    anybody can forward a card, or type one."""
    number = phone(string(contact.phone_number))
    sender = message.from_user
    own = sender is not None and contact.user_id is not None and contact.user_id == sender.id
    first_hand = whole.get("forward_origin") is None and whole.get("via_bot") is None
    proven = (Address("tel", number),) if own and first_hand and number.startswith("+") else ()
    return {"text": number, "proven": proven}


def _papers(message: Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: (integer(size.width), integer(size.height)))
        return (_paper(largest.file_id, "", "image/jpeg", largest.file_size),)
    for sent in (message.document, message.audio, message.video, message.animation):
        if sent is not None:
            return (_paper(sent.file_id, sent.file_name, sent.mime_type, sent.file_size),)
    if message.voice is not None:
        return (
            _paper(
                message.voice.file_id, "", message.voice.mime_type or "audio/ogg", message.voice.file_size
            ),
        )
    if message.video_note is not None:
        return (_paper(message.video_note.file_id, "", "video/mp4", message.video_note.file_size),)
    return ()


def _paper(pointer: Any, name: Any, content_type: Any, size: Any) -> Attachment:
    if not string(pointer):
        raise Malformed("a file without an id")
    return Attachment(
        string(pointer), string(name), string(content_type), None if size is None else integer(size)
    )


def _pressed(query: CallbackQuery, raw: dict[str, Any], desk: Desk) -> Reading | None:
    on = query.message  # None for inline results
    if on is None or not _private(on.chat, query.from_user):
        return None
    payload = raw["callback_query"].get(
        "data", ""
    )  # as it was sent, not as the library or Unicode would have it
    if not isinstance(payload, str) or not string(query.id):
        raise Malformed("a press without id or data")
    chat = integer(on.chat.id)
    seen = raw["callback_query"]["message"]["date"] != 0  # 0: too old to be touched
    number = integer(on.message_id) if seen else None
    heard = _inbound(raw, desk, chat, payload=payload)
    return Reading(heard, pressed=Pressed(string(query.id), chat, number))


def _membership(change: ChatMemberUpdated, raw: dict[str, Any], desk: Desk) -> Reading | None:
    """Blocking the bot closes the talk. Letting it in again says nothing by itself: the app sends /start
    with it, and two greetings would be one too many."""
    if not _private(change.chat, change.from_user):
        return None
    if change.new_chat_member.status != "kicked" or change.old_chat_member.status == "kicked":
        return None
    return Reading(_inbound(raw, desk, integer(change.chat.id), moment=Moment.BYE, payload=BLOCKED))


def _inbound(raw: dict[str, Any], desk: Desk, chat: int, **fields: Any) -> InboundMessage:
    return InboundMessage(
        channel=desk.channel,
        sender=desk.address(chat),
        external_id=str(raw["update_id"]),
        received_at=desk.now,
        addressed_to=desk.bot,
        raw=raw,
        **fields,
    )


def _private(chat: Chat, sender: User | None) -> bool:
    return chat.type == "private" and sender is not None and not sender.is_bot

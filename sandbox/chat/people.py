"""A person with the app in hand: writes, presses, sends papers, blocks; and sees what the bot answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

from sandbox.chat.bots import Bot
from sandbox.chat.world import Button, Json, Person, Shown

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Handset:
    """One person's app, open at one bot. Everything it does is in the bot's queue when the call returns."""

    def __init__(self, bot: Bot, person: Person) -> None:
        self._bot = bot
        self.person = person
        self.chat = bot.meet(person)

    @property
    def screen(self) -> list[Shown]:
        return self.chat.messages

    @property
    def answers(self) -> list[Shown]:
        """What the bot has said, oldest first."""
        return [shown for shown in self.screen if shown.by_bot]

    def as_json(self) -> Json:
        """All that a page needs to draw this app: the screen, the keyboard below, the menu."""
        below = [
            [{"text": b.text, "asks_contact": b.asks_contact} for b in row] for row in self.chat.keyboard
        ]
        menu = self._bot.commands.get(self.person.language) or self._bot.commands.get("", [])
        return {
            "user": self.person.id,
            "name": self.person.name,
            "bot": self._bot.account.username,
            "title": self._bot.account.title,
            "messages": [shown.as_json() for shown in self.screen],
            "keyboard": below,
            "menu": menu,
            "blocked": self.chat.blocked,
        }

    def start(self, payload: str = "") -> None:
        """Press START, perhaps by way of a deep link `t.me/<bot>?start=<payload>`."""
        if payload and not _PAYLOAD.fullmatch(payload):
            raise ValueError("a deep link carries 1 to 64 of A-Z a-z 0-9 _ -")
        if self.chat.blocked:
            self.unblock()
        self.text(f"/start {payload}".strip())

    def text(self, text: str, **more: Any) -> Shown:
        """Write a line. `more` are further members of the Message object."""
        extra: Json = {"text": text, **more}
        if text.startswith("/"):
            command = text.split()[0]
            extra["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return self._say(text, extra)

    def edit(self, shown: Shown, text: str) -> None:
        """Correct a line written before."""
        shown.text = text
        shown.wire["text"] = text
        self._bot.edited(self.chat, shown)
        self._bot.queue.put("edited_message", shown.as_message())

    def press(self, label: str, shown: Shown | None = None) -> str:
        """Press an inline button by its label, on the newest message that has it. Returns the query's id."""
        on, button = self._find(label, shown)
        query = f"{self._bot.account.id}{self._bot.number():06d}"
        self._bot.presses[query] = self.chat
        self._bot.queue.put(
            "callback_query",
            {
                "id": query,
                "from": self.person.as_json(),
                "message": on.as_message(),
                "chat_instance": str(self.person.id * 31),
                "data": button.data,
            },
        )
        return query

    def _find(self, label: str, shown: Shown | None) -> tuple[Shown, Button]:
        for message in [shown] if shown else reversed(self.screen):
            for row in message.buttons:
                for button in row:
                    if label in (button.text, button.data):
                        return message, button
        raise LookupError(f"no button {label!r} on the screen")

    def press_again(self, shown: Shown, button: Button) -> None:
        """Press a button that an old screen still shows, though it was edited away."""
        kept, shown.buttons = shown.buttons, ((button,),)
        try:
            self.press(button.text, shown)
        finally:
            shown.buttons = kept

    def photo(self, content: bytes, caption: str = "", album: str = "") -> Shown:
        """Send a photograph; the platform keeps it in two sizes, without a name."""
        small = self._bot.keep_file("photos", "small.jpg", content[: max(1, len(content) // 4)])
        large = self._bot.keep_file("photos", "large.jpg", content)
        sizes = [
            {
                "file_id": f.id,
                "file_unique_id": f.unique_id,
                "file_size": f.size,
                "width": w,
                "height": w * 4 // 3,
            }
            for f, w in ((small, 90), (large, 960))
        ]
        return self._say(caption, _with_caption({"photo": sizes}, caption, album), large.id, large.path)

    def document(
        self,
        content: bytes,
        name: str,
        content_type: str = "application/pdf",
        caption: str = "",
        album: str = "",
        claimed_size: int | None = None,
    ) -> Shown:
        """Send a file with its name. `claimed_size` plays a file larger than one wants to hold."""
        kept = self._bot.keep_file("documents", name, content, claimed_size)
        document = {"file_id": kept.id, "file_unique_id": kept.unique_id, "file_size": kept.size}
        document |= {"file_name": name, "mime_type": content_type}
        return self._say(caption, _with_caption({"document": document}, caption, album), kept.id, name)

    def voice(self, content: bytes, seconds: int = 3) -> Shown:
        kept = self._bot.keep_file("voice", "voice.oga", content)
        voice = {"file_id": kept.id, "file_unique_id": kept.unique_id, "file_size": kept.size}
        voice |= {"duration": seconds, "mime_type": "audio/ogg"}
        return self._say("", {"voice": voice}, kept.id, kept.path)

    def sticker(self, emoji: str) -> Shown:
        kept = self._bot.keep_file("stickers", "sticker.webp", b"RIFF")
        sticker: Json = {
            "file_id": kept.id,
            "file_unique_id": kept.unique_id,
            "type": "regular",
            "emoji": emoji,
        }
        sticker |= {"width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._say(emoji, {"sticker": sticker})

    def location(self, latitude: float, longitude: float) -> Shown:
        return self._say("", {"location": {"latitude": latitude, "longitude": longitude}})

    def share_contact(self, phone: str = "", *, of: int | None = None, **more: Any) -> Shown:
        """Share the own number, or with `of` somebody else's card (0: a card that is no user's)."""
        contact: Json = {"phone_number": phone or self.person.phone, "first_name": self.person.name}
        if of != 0:
            contact["user_id"] = self.person.id if of is None else of
        return self._say("", {"contact": contact, **more})

    def block(self) -> None:
        self.chat.blocked = True
        self._membership("member", "kicked")

    def unblock(self) -> None:
        self.chat.blocked = False
        self._membership("kicked", "member")

    def _membership(self, old: str, new: str) -> None:
        def standing(status: str) -> Json:
            more: Json = {"until_date": 0} if status == "kicked" else {}
            return {"user": self._bot.account.as_json(), "status": status} | more

        person, at = self.person, self._bot.now()
        change: Json = {"chat": person.as_chat(), "from": person.as_json(), "date": at}
        change |= {"old_chat_member": standing(old), "new_chat_member": standing(new)}
        self._bot.queue.put("my_chat_member", change)

    def _say(self, text: str, extra: Json, file_id: str = "", name: str = "") -> Shown:
        self.chat.started = True
        shown = self._bot.show(self.chat, text, by_bot=False, extra=extra, file_id=file_id, name=name)
        self._bot.queue.put("message", shown.as_message())
        return shown

    async def sees(self, seen: Callable[[list[Shown]], Any], seconds: float = 5) -> list[Shown]:
        """Wait until what the bot has said satisfies `seen`; returns it. Raises `TimeoutError`."""
        async with asyncio.timeout(seconds):
            while not seen(self.answers):
                self._bot.changed.clear()
                await self._bot.changed.wait()
        return self.answers


def _with_caption(extra: Json, caption: str, album: str) -> Json:
    return extra | ({"caption": caption} if caption else {}) | ({"media_group_id": album} if album else {})

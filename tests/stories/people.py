"""Citizens: somebody who texts, somebody who calls, somebody who chats. What they expect is written as in the
dialogues: pieces of the answer in their order, with … between; marks and case do not matter."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from procedures.words import fold
from sandbox.chat.people import Handset
from sandbox.chat.world import Shown
from sandbox.smpp.handsets import Received
from sandbox.smpp.server import Smsc
from sandbox.voice.acts import Wait
from sandbox.voice.call import Call
from tests.dialogues.stories import pieces

PATIENCE = 8.0  # seconds until an answer must be there


def lacks(text: str, expected: str) -> str:
    """The first piece that the text does not hold in its place, or ""."""
    rest = fold(text.replace("\u00a0", " "))
    for piece in pieces(expected):
        wanted = fold(piece)
        if wanted not in rest:
            return piece
        rest = rest[rest.index(wanted) + len(wanted) :]
    return ""


def plain(texts: Sequence[str]) -> str:
    """Several messages as one, with ordinary blanks."""
    return "\n".join(texts).replace("\u00a0", " ")


@dataclass
class Phone:
    """A telephone that texts the short number."""

    smsc: Smsc
    number: str
    to: str
    read: int = 0
    said: Counter[str] = field(default_factory=Counter)

    @property
    def unread(self) -> list[Received]:
        """What came since it was last looked at."""
        return self.smsc.inbox(self.number)[self.read :]

    async def texts(self, text: str, expected: str = "…") -> str:
        """Send a text; wait for the answer that holds what is expected; return all of it.

        What was said before is said with a blank more: nobody types as fast as a test, and what comes twice on two
        lines within two seconds is a carrier's copy.
        """
        self.read = len(self.smsc.inbox(self.number))
        await self.sends(text)
        return await self.hears(expected)

    async def sends(self, text: str) -> str:
        """Send a text without waiting; returns the carrier's id of it."""
        self.said[text] += 1
        return await self.smsc.text(self.number, self.to, text + " " * (self.said[text] - 1))

    async def hears(self, expected: str = "…") -> str:
        """Wait for texts that nobody asked for."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not self.unread or lacks(self._text, expected):
                    count = self.read + len(self.unread) + 1
                    await self.smsc.received(self.number, count, timeout=PATIENCE)
        except TimeoutError:
            lacking = lacks(self._text, expected) or "any answer"
            raise AssertionError(f"no {lacking!r} in:\n{self._text}") from None
        heard, self.read = self._text, self.read + len(self.unread)
        return heard

    @property
    def last(self) -> str:
        """The newest text."""
        return plain([text.text for text in self.smsc.inbox(self.number)[-1:]])

    @property
    def _text(self) -> str:
        return plain([text.text for text in self.unread])

    def switch(self, on: bool) -> None:
        self.smsc.handsets.switch(self.number, on)


@dataclass
class Caller:
    """Somebody on the line."""

    call: Call

    async def hears(self, expected: str = "…") -> str:
        """Listen until the line waits for something."""
        heard = plain([spoken.text for spoken in await self.call.said()])
        lacking = lacks(heard, expected)
        assert not lacking, f"no {lacking!r} in:\n{heard}"
        return heard

    async def presses(self, keys: str, expected: str = "…") -> str:
        await self.call.press(keys)
        return await self.hears(expected)

    async def says(self, text: str, expected: str = "…") -> str:
        await self.call.say(text)
        return await self.hears(expected)

    async def is_silent(self, expected: str = "…") -> str:
        await self.call.silence()
        return await self.hears(expected)

    async def records(self, expected: str = "…") -> str:
        """Hear the question out, and speak after the tone."""
        await self.call.settled()
        if self.call.waits is not None and self.call.waits.wait is not Wait.RECORDING:
            await self.call.silence()
            await self.call.settled()
        await self.call.record(b"RIFF a voice")
        return await self.hears(expected)


@dataclass
class Chatter:
    """Somebody with the chat app."""

    app: Handset
    read: int = 0

    @property
    def unread(self) -> list[Shown]:
        return self.app.answers[self.read :]

    async def starts(self, expected: str = "…", payload: str = "") -> str:
        self.app.start(payload)
        return await self.hears(expected)

    async def writes(self, text: str, expected: str = "…") -> str:
        self._look()
        self.app.text(text)
        return await self.hears(expected)

    async def presses(self, label: str, expected: str = "…", shown: Shown | None = None) -> str:
        self._look()
        self.app.press(label, shown)
        return await self.hears(expected)

    async def hears(self, expected: str = "…") -> str:
        try:
            await self.app.sees(lambda _: self.unread and not lacks(self._text, expected), PATIENCE)
        except TimeoutError:
            lacking = lacks(self._text, expected) or "any answer"
            raise AssertionError(f"no {lacking!r} in:\n{self._text}") from None
        heard = self._text
        self._look()
        return heard

    def _look(self) -> None:
        self.read = len(self.app.answers)

    @property
    def _text(self) -> str:
        return plain([shown.text for shown in self.unread])

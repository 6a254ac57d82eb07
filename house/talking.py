"""`main.py talk --as sms`: a conversation in the terminal over the real core. Nothing leaves the machine."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from channels.sms import segments
from core.channel import Marks, Reception, Route, Traits
from core.config import Settings, StoreSettings
from core.messages import Address, InboundMessage, Moment, OutboundMessage
from house.building import build, opened

TRAITS = {
    "sms": Traits("sms", ("tel",), marks=Marks.SAVE, parts=segments.count),
    "ivr": Traits("ivr", ("tel",), live=True, notices=False),
    "chat": Traits("chat", ("telegram:terminal",), buttons=8),
    "web": Traits("web", ("web",), buttons=8),
}


class Terminal:
    """A channel of one person at a keyboard."""

    def __init__(self, medium: str, sender: str) -> None:
        self.name = "terminal"
        self.traits = TRAITS[medium]
        self.address = Address(self.traits.kinds[0], sender)
        self._count = itertools.count(1)
        self._session = datetime.now(UTC).isoformat()
        self._reception: Reception | None = None
        self.shown: asyncio.Queue[OutboundMessage] = asyncio.Queue()

    def routes(self) -> Sequence[Route]:
        """None."""
        return ()

    def open(self, reception: Reception) -> AbstractAsyncContextManager[None]:
        return self._opened(reception)

    @contextlib.asynccontextmanager
    async def _opened(self, reception: Reception) -> AsyncIterator[None]:
        self._reception = reception
        yield

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        self.shown.put_nowait(message)
        return [message.id]

    async def say(self, text: str, moment: Moment = Moment.WORDS) -> None:
        """One line of the person; answers come to `shown`."""
        assert self._reception is not None
        now = datetime.now(UTC)
        message = InboundMessage(
            self.name,
            self.address,
            f"{self._session}/{next(self._count)}",
            now,
            moment,
            text,
            session=self._session,
        )
        if self.traits.live:
            for answer in await self._reception.converse(message):
                self.shown.put_nowait(answer)
        else:
            await self._reception.accept(message)


def show(message: OutboundMessage, traits: Traits) -> str:
    """An answer as the terminal shows it: text, buttons, and what an SMS would cost."""
    lines = [message.text]
    choices = message.expect.choices if message.expect is not None else ()
    if choices and traits.buttons:
        lines.append("   ".join(f"[{choice.key}] {choice.label}" for choice in choices))
    if traits.medium == "sms":
        lines.append(f"    ({traits.parts(message.text)} SMS)")
    return "\n".join(lines)


async def talk(settings: Settings, medium: str, sender: str) -> None:
    """Read lines until the end of the input; every line is a message."""
    with tempfile.TemporaryDirectory() as folder:
        store = StoreSettings(url=f"sqlite:///{folder}/talk.db", files=folder)
        own = settings.model_copy(update={"store": store, "roles": ["intake", "courier"]})
        terminal = Terminal(medium, sender)
        async with opened(build(own, channels=[terminal])):
            if medium != "sms":
                await terminal.say("", Moment.HELLO)
            await _print(terminal)
            while line := await asyncio.to_thread(sys.stdin.readline):
                await terminal.say(line.strip())
                await _print(terminal)


async def _print(terminal: Terminal) -> None:
    """Everything that is answered within a moment."""
    pause = 2.0
    with contextlib.suppress(TimeoutError):
        while True:
            message = await asyncio.wait_for(terminal.shown.get(), pause)
            print(f"\n{show(message, terminal.traits)}\n", flush=True)
            pause = 0.2

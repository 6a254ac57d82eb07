"""One call, and what the person at the telephone does and hears."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from sandbox.voice.acts import Act, Bridge, CallEnded, Key, Listening, Silence, Speech, VoiceNote, Wait
from sandbox.voice.recordings import tone
from sandbox.voice.speech import Spoken

KEYS = frozenset("0123456789*#")
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Call:
    """A person's side of a call. Time is virtual: it passes when the person does something, or nothing.

    `heard` is all that was spoken, `seconds` how long the call would have taken so far, `errors` the
    exchange's error numbers. `patience` is how many real seconds the product gets until the line waits for
    somebody.
    """

    def __init__(
        self,
        sid: str,
        caller: str,
        called: str,
        direction: str,
        *,
        patience: float = 20.0,
        tell: Callable[..., None] = lambda what, **more: None,
    ) -> None:
        self.sid, self.caller, self.called, self.direction = sid, caller, called, direction
        self.status = "queued"
        self.heard: list[Spoken] = []
        self.errors: list[int] = []
        self.seconds = 0.0
        self.answered_at: float | None = None  # in virtual seconds
        self.waits: Listening | None = None
        self.hung_up = asyncio.Event()  # by the person
        self.finished = asyncio.Event()  # everything told to everybody
        self._acts: deque[Act] = deque()
        self._changed = asyncio.Condition()
        self._told = 0
        self._patience = patience
        self._tell = tell

    # -- the person

    @property
    def inbound(self) -> bool:
        return self.direction == "inbound"

    @property
    def ended(self) -> bool:
        return self.status in OVER

    async def said(self) -> list[Spoken]:
        """Listen until the line waits for somebody: what was spoken since the last time.

        Keys of an entry that is still open are then all: while one listens, the time between keys runs out.
        """
        await self.settled()
        if self.waits is not None and self.waits.typed:
            await self.silence()
            await self.settled()
        said = self.heard[self._told :]
        self._told = len(self.heard)
        return said

    async def press(self, keys: str) -> None:
        """Press keys one after another, as soon as the line listens. Raises `CallEnded`, ValueError."""
        if not keys or set(keys) - KEYS:
            raise ValueError(f"no such keys: {keys!r}")
        await self._alive()
        for key in keys:
            self._tell("key", call=self.sid, key=key)
            await self.do(Key(key))

    async def say(self, text: str, confidence: float = 0.9) -> None:
        """Say something: understood so where the line listens for words, else lost. Raises `CallEnded`."""
        await self._alive()
        if self.waits is not None and self.waits.wait is Wait.KEYS and not self.waits.speech:
            self._tell("unheard", call=self.sid, text=text)
            return
        self._tell("spoke", call=self.sid, text=text, confidence=confidence)
        await self.do(Speech(text, confidence))

    async def silence(self) -> None:
        """Say and press nothing until the line gives up waiting. Raises `CallEnded`."""
        await self._alive()
        await self.do(Silence())

    async def record(self, audio: bytes = b"", *, seconds: int = 3, end: str = "#") -> None:
        """Speak after the tone; without `audio` a hum. `end`: a key, "hangup", or "" for a long silence.

        Raises `CallEnded`, and LookupError where nothing is being recorded.
        """
        await self._alive()
        if self.waits is None or self.waits.wait is not Wait.RECORDING:
            raise LookupError("nothing is being recorded")
        await self.do(VoiceNote(audio or tone(seconds), seconds, end))

    async def hang_up(self) -> None:
        """Put the receiver down, at whatever moment; returns when everybody has been told."""
        self.hung_up.set()
        async with self._changed:
            self._changed.notify_all()
        await self.over()

    async def over(self) -> None:
        """Wait until the call has ended and its status has been reported. Raises TimeoutError."""
        async with asyncio.timeout(self._patience):
            await self.finished.wait()

    # -- a telephone that rings

    async def answer(self) -> None:
        """Take the call. Raises `CallEnded` where it no longer rings."""
        await self._ring(Bridge(True))

    async def decline(self) -> None:
        """Press the red button: the caller is told that the line is busy."""
        await self._ring(Bridge(False))

    async def ignore(self) -> None:
        """Let it ring until the caller gives up."""
        await self._ring(Silence())

    async def _ring(self, act: Act) -> None:
        if self.ended or self.waits is None or self.waits.wait is not Wait.RINGING:
            raise CallEnded("it does not ring")
        await self.do(act)

    # -- an officer at the other end

    async def officer_comes(self) -> None:
        """Somebody takes the caller out of the queue, or answers a ringing officer's telephone."""
        await self._alive()
        await self.do(Bridge(True))

    async def officer_leaves(self) -> None:
        """The officer puts the receiver down, or does not take the call."""
        await self._alive()
        await self.do(Bridge(False))

    # -- what the exchange does with it

    async def do(self, act: Act) -> None:
        async with self._changed:
            self._acts.append(act)
            self._changed.notify_all()

    async def settled(self) -> None:
        """Wait until the line waits for somebody, or is dead. Raises TimeoutError."""
        async with asyncio.timeout(self._patience), self._changed:
            await self._changed.wait_for(lambda: self.ended or (self.waits is not None and not self._acts))

    async def _alive(self) -> None:
        await self.settled()
        if self.ended:
            raise CallEnded(f"the call is over: {self.status}")

    def next_is_key(self) -> bool:
        """Somebody has typed ahead."""
        return bool(self._acts) and isinstance(self._acts[0], Key)

    def forget_keys(self) -> None:
        """Drop what was typed ahead."""
        while self.next_is_key():
            self._acts.popleft()

    async def take(self, listening: Listening) -> Act | None:
        """What the person does next; None when the receiver was put down."""
        async with self._changed:
            self.waits = listening
            if not self._acts:
                self._tell("listens", call=self.sid, **listening.as_json())
            self._changed.notify_all()
            try:
                await self._changed.wait_for(lambda: self.hung_up.is_set() or bool(self._acts))
            finally:
                self.waits = None
            return None if self.hung_up.is_set() else self._acts.popleft()

    def hear(self, spoken: Spoken) -> None:
        self.heard.append(spoken)
        self.seconds += spoken.seconds
        self._tell("said", call=self.sid, **spoken.as_json())

    async def become(self, status: str, **more: Any) -> None:
        """Change the state, and let everybody know who waits for it."""
        self.status = status
        if status == "in-progress" and self.answered_at is None:
            self.answered_at = self.seconds
        async with self._changed:
            self._changed.notify_all()
        about = {"from": self.caller, "to": self.called, "direction": self.direction}
        self._tell(status, call=self.sid, **about, **more)

    @property
    def duration(self) -> int:
        """Seconds since it was answered; at least one, as bills have it."""
        return 0 if self.answered_at is None else max(1, round(self.seconds - self.answered_at))

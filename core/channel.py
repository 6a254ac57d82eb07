"""The contract that a channel fulfils: two facts, three verbs; and the errors of sending.

`accept` and `converse` are all of the difference between a text and a call. A text is written down,
acknowledged to the provider and answered later through `send`; a caller holds the line, so the turn runs now
and its messages are returned.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from core.messages import Attachment, InboundMessage, OutboundMessage, Receipt


class Marks(StrEnum):
    """What a route does with Vietnamese marks."""

    KEEP = "keep"
    SAVE = "save"  # strip them from the whole text where that saves parts
    STRIP = "strip"  # the route takes plain Latin only


def one_part(_text: str) -> int:
    """The measure of a medium that has no parts."""
    return 1


@dataclass(frozen=True, slots=True)
class Traits:
    """What a medium can carry, as far as wording and routing must know.

    `medium` is the family whose wording applies: sms, ivr, chat, web or mail. `kinds` are the address kinds that the
    channel can reach. `buttons` is how many choices it can show as buttons (0: numbered lines). `parts` measures a
    text in what the provider charges for (SMS segments). `live`: the person holds the line. `receipts`: the
    provider tells what became of a message, so that "arrived" can be waited for. `notices`: it may carry a message
    that answers nothing (a pushed status).
    """

    medium: str
    kinds: tuple[str, ...]
    buttons: int = 0
    max_text: int = 4096
    marks: Marks = Marks.KEEP
    parts: Callable[[str], int] = one_part
    live: bool = False
    receipts: bool = False
    notices: bool = True
    files: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """An HTTP route to mount; `handler` takes an `aiohttp.web.Request` and returns a response."""

    method: str
    path: str
    handler: Callable[[Any], Awaitable[Any]]
    max_body: int = 64 * 1024  # bytes; a larger request is answered 413 before it is read


@dataclass(frozen=True, slots=True)
class Page:
    """One durable page of a channel's notebook. `revision` counts its writes, starting with 1."""

    key: str
    value: Any  # plain JSON
    revision: int = 0
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A change to the notebook that is committed together with a message. `value` None tears the page out."""

    key: str
    value: Any = None
    keep: timedelta | None = None


class Notebook(Protocol):
    """A channel's own durable pages, shared by all processes: parts of long messages, polling offsets,
    single-use tokens, reply windows. Keys are the channel's; another channel cannot see them."""

    async def get(self, key: str) -> Page | None: ...

    async def put(self, key: str, value: Any, *, keep: timedelta | None = None) -> None:
        """Write a page durably; it is torn out `keep` from now."""

    async def swap(self, key: str, value: Any, *, revision: int, keep: timedelta | None = None) -> bool:
        """Write only if the page still has `revision` (0: only if there is none). False: somebody was quicker."""

    async def drop(self, *keys: str) -> None: ...

    async def find(self, prefix: str, *, after: str = "", limit: int = 1000) -> Sequence[Page]:
        """Pages whose key begins with `prefix` and is greater than `after`, in the order of their keys."""

    async def lock(self, name: str, *, hold: timedelta) -> bool:
        """Become, or stay, the one process that holds `name` for the next `hold`. For pollers."""

    async def ring(self, key: str) -> None:
        """Wake everybody, in every process, who listens for `key`. May be lost; what matters is on a page."""

    async def listen(self, key: str, *, limit: timedelta) -> bool:
        """Wait until somebody rings `key` (True) or the limit passes (False)."""


class NotNow(Exception):
    """The message could not be kept (disk full, database locked or away). Tell the provider "not now", never yes."""


class Reception(Protocol):
    """What a channel may ask of the house."""

    @property
    def notebook(self) -> Notebook:
        """The channel's own durable pages."""

    async def accept(self, message: InboundMessage, *, notes: Sequence[Note] = ()) -> bool:
        """Keep a message; when this returns it survives a crash and the provider may be told so.

        `notes` are written in the same commit. Returns False where the message was already known. Calls made
        at the same time share a commit. Raises `NotNow`.
        """

    async def converse(self, message: InboundMessage) -> Sequence[OutboundMessage]:
        """Run the turn in this breath. A repeat of the same external id gets the stored answer. Raises `NotNow`."""

    async def report(self, receipt: Receipt) -> None:
        """Say what became of a message. A receipt whose reference is not known yet is kept until it is.
        When this returns it survives a crash. Raises `NotNow`."""


@runtime_checkable
class ChannelAdapter(Protocol):
    """One way in and out. It turns a provider's messages into ours and back, and decides nothing else."""

    @property
    def name(self) -> str:
        """Its key in config.yaml: "sms", "hotline", "telegram"."""

    @property
    def traits(self) -> Traits: ...

    def routes(self) -> Sequence[Route]:
        """What to mount on the public server; may be empty."""

    def open(self, reception: Reception) -> AbstractAsyncContextManager[None]:
        """Start listening; leaving the context stops it, having finished what was begun."""

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Hand a message to the provider and return its ids, one a part. Raises a `SendError`."""


@runtime_checkable
class HasRoom(Protocol):
    """A channel that says how many sends it takes now, so that no more are claimed."""

    def room(self) -> int: ...


@runtime_checkable
class CanFetch(Protocol):
    """A channel that can bring an attachment."""

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]: ...


class SendError(Exception):
    """A message was not sent. `shown` is what an operator may read; it holds no text and no full number."""

    def __init__(self, shown: str = "", *, code: str = "") -> None:
        super().__init__(shown or code or type(self).__name__)
        self.shown = shown
        self.code = code


class Unreachable(SendError):
    """The provider was not reached, or failed on its side: try again later."""


class Throttled(SendError):
    """Too fast: try again after `after`."""

    def __init__(self, shown: str = "", *, code: str = "", after: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(shown, code=code)
        self.after = after


class Doubtful(SendError):
    """It may have been taken (cut while waiting for the answer): whether to repeat is policy, not the channel's."""


class Refused(SendError):
    """This message to this address will never be taken."""


class OptedOut(SendError):
    """The person does not want, or cannot get, messages on this address: no more on this way."""


class Misconfigured(SendError):
    """A person must act first (wrong password, no rights, no money); the message waits."""

"""The nouns that every channel speaks.

Everything here is a frozen value without behaviour that could touch the world. Times are aware
datetimes. A value that is stored turns into plain JSON and back without loss (`to_json`, `from_json` in
`core/plain.py`), because a conversation is written down between every two turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

# Plain JSON: what a template, a page or a row may hold.
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person can be reached, normalised.

    `kind` is `tel` (identity in E.164, "+84912345678"), `telegram:<bot>`, `zalo:<oa>`, `web` (an opaque
    visitor id) or `mail`. One telephone number is one address, whatever carries it: an SMS and a call from
    the same number come from the same address. An address is not a person, and a claim is not a proof: caller
    ID and SMS sender are hints.
    """

    kind: str
    identity: str

    def __str__(self) -> str:
        return f"{self.kind}|{self.identity}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read back what `str()` wrote."""
        kind, _, identity = text.partition("|")
        return cls(kind, identity)


class Moment(StrEnum):
    """What kind of event a message is in its talk."""

    HELLO = "hello"  # somebody came: a call was answered, a chat was opened, /start
    WORDS = "words"  # somebody said, typed, keyed or pressed something (or stayed silent)
    BYE = "bye"  # the line was cut, the chat was closed


class ExpectKind(StrEnum):
    """What we wait for, never how to ask for it."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    DIGITS = "digits"
    CODE = "code"  # a dossier code, official or for the telephone
    DATE = "date"
    TEXT = "text"
    FILE = "file"
    CONTACT = "contact"  # a telephone number shared by the platform
    RECORDING = "recording"  # a voice note
    OFFICER = "officer"  # a person is to take over; a telephone connects the call


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things that may be chosen.

    `value` is ours; `label` is what the citizen reads, either taken from a definition (a form's choice) or, if
    empty, worded from `say` by `core/post/wording.py`. `payload` is the opaque text a button sends back (at most 32
    bytes of ASCII); it is set by wording together with the number. `key` is the telephone key.
    """

    value: str
    label: str = ""
    say: str = ""
    payload: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Expect:
    """What we wait for. `id` names the question, so that a late answer or an old button is recognised."""

    kind: ExpectKind
    choices: tuple[Choice, ...] = ()
    digits: int | None = None  # how many keys are expected at most
    id: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """What we mean: no text, no channel, no language.

    `key` names the wording ("status.found"); `values` are plain JSON, never a domain object, so that no template
    can leak what it was not given. `ends` closes the talk (a telephone hangs up after it).
    """

    key: str
    values: Values = field(default_factory=dict)
    expect: Expect | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper, photograph or voice note, not yet fetched.

    `pointer` is the channel's own reference, understood by its `fetch`; `size` in bytes where the provider says so.
    """

    pointer: str
    name: str = ""
    content_type: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """Something a citizen did on a channel.

    `external_id` is unique per channel (a repeat is the same message). `session` ties the turns of one call.
    `payload` is a pressed button's value, given back exactly as it was sent. `proven` are addresses which the
    platform vouches belong to the sender too (a shared contact). `spoken` marks recognised speech, with the
    recogniser's confidence 0–1 in `confidence`. `raw` is the provider's own event, kept for the channel log.
    """

    channel: str
    sender: Address
    external_id: str
    received_at: datetime
    moment: Moment = Moment.WORDS
    text: str = ""
    payload: str = ""
    attachments: tuple[Attachment, ...] = ()
    session: str = ""
    addressed_to: str = ""  # the short number, the hotline, the bot
    proven: tuple[Address, ...] = ()
    spoken: bool = False
    confidence: float | None = None
    corrects: str = ""  # external id of an earlier message that this one edits
    incomplete: bool = False  # parts of a long message never came
    raw: Values = field(default_factory=dict)


class Priority(IntEnum):
    """Replies overtake notices, notices overtake broadcasts."""

    REPLY = 0
    NOTICE = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """A `Say` put into words for one address on one channel.

    `id` is the delivery's id, unique and stable over retries: a provider's idempotency key. `address` is whom it is
    for; `text` is final (numbered lines, marks and all); `say` travels along so that a page can draw it its own way;
    `expect` has its choices labelled. `good_until` is when it stops being worth sending. `answers` is the
    external id of the inbound message it replies to. `charge` is for premium short numbers: "charge" or "refund".
    """

    id: str
    channel: str
    address: Address
    text: str
    say: Say
    language: str = "vi"
    expect: Expect | None = None
    ends: bool = False
    priority: Priority = Priority.REPLY
    session: str = ""
    answers: str = ""
    addressed_from: str = ""  # the number or account to answer from, where there are several
    good_until: datetime | None = None
    charge: str = ""


class ReceiptState(StrEnum):
    """What a provider says became of a message, in our words."""

    ACCEPTED = "accepted"  # on its way; not final
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"  # will not arrive; final
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a sent message; `reference` is one of the ids that `send` returned."""

    channel: str
    reference: str
    state: ReceiptState
    at: datetime
    error: str = ""
    raw: Values = field(default_factory=dict)

"""What the tests of the core are made of: moments, messages, and a clock that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.messages import Address, InboundMessage, OutboundMessage, Priority, Receipt, ReceiptState, Say
from core.store.inbox import Arrival
from core.store.outbox import Queued

NINE = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # a Tuesday, nine in the morning in Hà Nội
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))
LEASE = timedelta(seconds=30)


@dataclass
class Clock:
    """Now, for `World`: stands still until a test moves it."""

    at: datetime = NINE

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


def lan(number: int = 1) -> Address:
    """A citizen's telephone."""
    return Address("tel", f"+8491234{number:04d}")


def text(
    id: str, sender: Address | None = None, words: str = "menu", channel: str = "sms", at: datetime = NINE
) -> InboundMessage:
    """A text as a channel hands it over."""
    return InboundMessage(channel, sender or lan(), id, at, text=words)


def arrival(id: str, sender: Address | None = None, channel: str = "sms", at: datetime = NINE) -> Arrival:
    return Arrival(text(id, sender, channel=channel, at=at), "sms")


def message(
    to: Address | None = None,
    words: str = "xin chao",
    priority: Priority = Priority.REPLY,
    channel: str = "sms",
    good_until: datetime | None = None,
) -> OutboundMessage:
    """A message that is to leave the house."""
    return OutboundMessage(
        "", channel, to or lan(), words, Say("menu.main"), priority=priority, good_until=good_until
    )


def queued(
    words: str = "xin chao",
    to: Address | None = None,
    *,
    turn: str = "",
    seq: int = 0,
    due: datetime = NINE,
    priority: Priority = Priority.REPLY,
    notice: str = "",
    must_arrive: bool = False,
    good_until: datetime | None = None,
) -> Queued:
    """A row for the outbox; a turn of its own unless one is named."""
    made = message(to, words, priority, good_until=good_until)
    return Queued(made, turn or f"turn/{words}", seq, due, notice=notice, must_arrive=must_arrive)


def receipt(
    reference: str, state: ReceiptState = ReceiptState.DELIVERED, error: str = "", channel: str = "sms"
) -> Receipt:
    return Receipt(channel, reference, state, NINE, error)

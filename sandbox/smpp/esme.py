"""One customer of the SMSC: its account, its binds, and what is owed to it until it says that it has it."""

import itertools
from collections import deque
from dataclasses import dataclass
from typing import Protocol

from sandbox.smpp.pdu import Message


@dataclass(frozen=True)
class Account:
    """Who may bind. `numbers`: the short numbers whose messages it gets; none: all that nobody else has."""

    system_id: str
    password: str
    numbers: frozenset[str] = frozenset()
    window: int = 50
    """deliver_sm without an answer at a time, per bind."""
    most_binds: int = 0
    """More are refused; 0: any number."""


@dataclass(slots=True, eq=False)
class Delivery:
    """One deliver_sm that is owed; `kind` is mo or receipt, `status` None until the ESME has settled it."""

    id: str
    part: int
    kind: str
    body: bytes
    message: Message
    attempts: int = 0
    status: int | None = None


class Receiver(Protocol):
    """A bind as its ESME sees it: something that may take a delivery now."""

    def has_room(self) -> bool: ...

    def deliver(self, delivery: Delivery) -> None: ...


class Esme:
    """Spreads what is owed over the receiving binds, in turns, within each bind's window."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.binds = 0
        self.owed: deque[Delivery] = deque()
        self._receivers: list[Receiver] = []
        self._turn = itertools.count()

    def join(self, receiver: Receiver) -> None:
        self._receivers.append(receiver)

    def leave(self, receiver: Receiver) -> None:
        if receiver in self._receivers:
            self._receivers.remove(receiver)

    def owe(self, delivery: Delivery) -> None:
        self.owed.append(delivery)
        self.pump()

    def owe_again(self, deliveries: list[Delivery]) -> None:
        """What was sent and not settled comes first, in the old order."""
        unsettled = dict.fromkeys(delivery for delivery in deliveries if delivery.status is None)
        self.owed.extendleft(reversed(unsettled))
        self.pump()

    def pump(self) -> None:
        """Send what the windows allow."""
        while self.owed:
            receiver = self._next()
            if receiver is None:
                return
            delivery = self.owed.popleft()
            if delivery.status is None:
                receiver.deliver(delivery)

    def _next(self) -> Receiver | None:
        count = len(self._receivers)
        for _ in range(count):
            receiver = self._receivers[next(self._turn) % count]
            if receiver.has_room():
                return receiver
        return None

"""The core without wires, over a real store: the real topics and words, channels that keep what they are given, and a
clock that stands still."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from core import config
from core.casework import Casework
from core.channel import SendError, Traits
from core.courier import Courier
from core.gateway import Gateway
from core.intake import Intake
from core.learning import learn
from core.messages import Address, OutboundMessage
from core.office import Knowledge, Office
from core.store.database import Database
from core.store.dossiers import Record
from core.store.drafts import Draft
from core.store.shelves import Shelves
from core.store.signals import InProcess
from core.store.tasks import Task
from core.turns import Stage
from core.undelivered import Undelivered
from core.world import World
from procedures.catalogue import LIBRARY, contents
from procedures.definition import plain
from tests.core.making import NINE, Clock, lan

ROOT = Path(__file__).parents[2]
SECRETS = dict.fromkeys(("SMPP_PASSWORD", "HOTLINE_ACCOUNT", "HOTLINE_TOKEN", "TELEGRAM_TOKEN"), "1:x")
TRAITS: Mapping[str, Traits] = {
    "sms": Traits("sms", ("tel",), receipts=True),
    "hotline": Traits("ivr", ("tel",), live=True, receipts=True),
    "telegram": Traits("chat", ("telegram:1",), buttons=8),
}
FEEDBACK = "feedback"


@cache
def knowledge() -> Knowledge:
    """What the office knows by the seeds; frozen, so one for all tests."""
    settings = config.read(ROOT / "config.yaml", {}, SECRETS)
    files, _ = contents(LIBRARY)
    definitions = {name: plain(document) for name, document in files.items()}
    return learn(settings, ROOT / "templates", "http://127.0.0.1", 0, definitions)


@dataclass
class Line:
    """A channel that keeps what it is given; `fate` is what happens to each sending, the last one for good;
    `takes` how many it takes at once."""

    name: str
    traits: Traits
    fate: list[SendError | None] = field(default_factory=list)
    sent: list[OutboundMessage] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    takes: int = 32

    def room(self) -> int:
        return self.takes

    def routes(self) -> Sequence[Any]:
        return ()

    def open(self, reception: Any) -> Any:
        raise AssertionError("the core never opens a line: the house does")

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        self.tried.append(message.text)
        error = self.fate.pop(0) if len(self.fate) > 1 else self.fate[0] if self.fate else None
        if error is not None:
            raise error
        self.sent.append(message)
        return (f"{self.name}-{message.id}",)


class Core:
    """One process of the house."""

    def __init__(self, database: Database, holder: str = "p1", clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        ids = count(1)
        self.world = World(
            now=self.clock.now,
            new_id=lambda: f"{holder}{next(ids):022d}",
            chance=random.Random(7),
            holder=holder,
        )
        self.database = database
        self.office = Office(knowledge())
        self.lines = {name: Line(name, traits) for name, traits in TRAITS.items()}
        self.stage = Stage(self.office, TRAITS, self.world)
        self.signals = InProcess()
        self.gateway = Gateway(database, self.signals, self.stage, TRAITS, self.world)
        self.intake = Intake(database, self.signals, self.stage, self.world)
        self.undelivered = Undelivered(database, self.office, TRAITS, self.world)
        self.courier = Courier(
            database, self.signals, list(self.lines.values()), self.undelivered, self.world
        )

    @property
    def sms(self) -> Line:
        return self.lines["sms"]

    async def work(self) -> None:
        """Turns until nothing waits."""
        while await self.intake.once():
            pass

    async def deliver(self) -> None:
        """Send what is due, until nothing is."""
        for line in self.lines.values():
            while await self.courier.once(line):
                await self.courier.finish()

    async def tasks(self) -> list[Task]:
        return await self.database.read(lambda s: s.tasks.open())

    # -- dossiers ------------------------------------------------------------------------------------------------------

    def casework(self, shelves: Shelves) -> Casework:
        return Casework(shelves, self.office.knowledge, self.world, TRAITS, self.world.now())

    async def filed(
        self, *contact: Address, procedure: str = "1.001193", answers: Mapping[str, Any] | None = None
    ) -> tuple[Record, str]:
        """A dossier with these addresses of its applicant, and its PIN."""
        draft = Draft("d" * 26, "p" * 26, procedure, "1", answers or {}, 1, "sms", NINE)
        return await self.database.write(lambda s: self.casework(s).file(draft, contact or (lan(),), "sms"))

    async def act(self, record: Record, action: str, note: str = "") -> Record:
        """An official takes an action on a dossier as it was read."""
        return await self.database.write(lambda s: self.casework(s).act(record, action, by="an", note=note))

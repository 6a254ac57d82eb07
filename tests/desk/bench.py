"""A desk over a real SQLite file: one office, its library, one SMS channel and one chat, officials of every role."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from core.access import Passwords, digest
from core.channel import Marks, Traits
from core.config import ChannelSettings, HttpSettings, OfficeSettings, Settings, StoreSettings
from core.desk_acts import WalkIn, file_walk_in
from core.learning import learn
from core.messages import Address
from core.office import Knowledge, Office
from core.rights import ROLES
from core.store.database import Database
from core.store.dossiers import Record
from core.store.drafts import Draft
from core.store.officials import Official
from core.store.shelves import Shelves
from core.store.signals import InProcess
from core.world import World
from desk.app import application
from desk.desk import Desk
from procedures.catalogue import LIBRARY, contents
from procedures.definition import plain

TEMPLATES = Path(__file__).parents[2] / "templates"
PASSWORD = "mot mat khau dai"
# The cheapest hash that argon2 makes: the tests are about who comes in, not about how slow it is.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
TRAITS: Mapping[str, Traits] = {
    "sms": Traits(
        "sms", ("tel",), marks=Marks.SAVE, parts=lambda text: -(-len(text) // 153) or 1, receipts=True
    ),
    "telegram": Traits("chat", ("telegram:motcua",), buttons=8),
}
# Wednesday 25 November 2026, nine in the morning in Hanoi: an ordinary working day.
MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time of a test; it goes on only when told."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@dataclass
class Ids:
    """Ids that count, sorted as they were made."""

    count: int = 0

    def __call__(self) -> str:
        self.count += 1
        return f"id{self.count:024d}"


@dataclass
class Bench:
    """A desk with its clock, ready to be visited."""

    desk: Desk
    clock: Clock
    client: TestClient[Any, Any]
    jars: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def write(self, work: Any) -> Any:
        return await self.desk.database.write(work)

    async def read(self, work: Any) -> Any:
        return await self.desk.database.read(work)

    async def official(self, login: str, *roles: str, name: str = "") -> Official:
        """An official who can sign in with `PASSWORD`."""
        official = Official(
            self.desk.world.new_id(), login, name or login.title(), roles, "H99.18", HASHER.hash(PASSWORD)
        )
        await self.write(lambda shelves: shelves.officials.add(official, self.clock.now))
        return official

    async def sign_in(self, login: str, password: str = PASSWORD) -> int:
        """Sign in as somebody; from now on `get` and `post` can be made in their name."""
        answer = await self.client.post(
            "/dang-nhap",
            data={"login": login, "password": password},
            headers={"Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
        )
        if answer.status == 303:
            cookie = answer.cookies["desk"].value
            rows = await self.read(lambda shelves: _csrf(shelves, cookie, self.clock.now))
            self.jars[login] = (cookie, rows)
        self.client.session.cookie_jar.clear()
        return answer.status

    async def get(self, login: str, path: str, /) -> tuple[int, str]:
        answer = await self.client.get(path, headers=self._headers(login), allow_redirects=False)
        return answer.status, await answer.text()

    async def post(self, login: str, path: str, /, **form: str) -> tuple[int, str]:
        """Send a form as the page would; returns the status and the page, or the place it leads to."""
        data = {"csrf": self.jars[login][1] if login in self.jars else "", **form}
        headers = {**self._headers(login), "Sec-Fetch-Site": "same-origin"}
        answer = await self.client.post(path, data=data, headers=headers, allow_redirects=False)
        return answer.status, answer.headers.get("Location") or await answer.text()

    def _headers(self, login: str) -> dict[str, str]:
        return {"Cookie": f"desk={self.jars[login][0]}"} if login in self.jars else {}

    async def walk_in(self, name: str, phone: str = "", procedure: str = "1.001193") -> Record:
        """A filing at the counter."""
        visitor = WalkIn(procedure, name, phone)

        def work(shelves: Shelves) -> Record:
            record, _pin = file_walk_in(self.desk.casework(shelves, self.clock.now), visitor, "lan")
            return record

        record: Record = await self.write(work)
        return record

    async def filed(
        self, procedure: str, answers: Mapping[str, Any], contact: str, medium: str = "sms"
    ) -> Record:
        """A filing that came in from outside."""
        world = self.desk.world

        def work(shelves: Shelves) -> Record:
            address = Address("tel", contact)
            person = shelves.people.know(address, world.new_id(), self.clock.now)
            draft = Draft(world.new_id(), person, procedure, "1", answers, 0, medium, self.clock.now)
            record, _pin = self.desk.casework(shelves, self.clock.now).file(draft, [address], medium)
            return record

        record: Record = await self.write(work)
        return record

    async def dossier(self, dossier: int) -> Record:
        record: Record | None = await self.read(lambda shelves: shelves.dossiers.get(dossier))
        assert record is not None
        return record

    async def sent(self, record: Record) -> list[Any]:
        """What waits in the outbox about a dossier."""
        rows: list[Any] = await self.read(lambda shelves: shelves.outbox.about(record.dossier.code))
        return rows


def _csrf(shelves: Shelves, cookie: str, now: datetime) -> str:
    session = shelves.officials.session(digest(cookie), now)
    assert session is not None
    return session.csrf


def settings(folder: Path) -> Settings:
    """An office that cannot be mistaken for a real one: H99 is not assigned."""
    return Settings(
        office=OfficeSettings(
            name="Trung tâm Phục vụ hành chính công phường Mẫu",
            agency="H99.18",
            address="Số 1 phố Một Cửa, phường Mẫu",
            hours="thứ Hai đến thứ Sáu, 7:30-11:30 và 13:30-17:00",
            hours_spoken="từ thứ Hai đến thứ Sáu",
            hotline="19009999",
            short_number="8099",
            keywords=["HCC"],
        ),
        store=StoreSettings(url=f"sqlite:///{folder}/desk.db", files=str(folder / "papers")),
        http=HttpSettings(public="127.0.0.1:0", desk="127.0.0.1:0"),
        channels={"sms": ChannelSettings(use="smpp")},
    )


@cache
def knowledge() -> Knowledge:
    """The shipped library and wording, read once for all tests."""
    files, faults = contents(LIBRARY)
    assert not faults
    definitions = {name: plain(document) for name, document in files.items()}
    return learn(settings(Path("unused")), TEMPLATES, "https://motcua.example", 0, definitions)


def make_desk(folder: Path, clock: Clock) -> Desk:
    """The desk of a test, its store open."""
    given = settings(folder)
    database = Database(given.store.url)
    database.create()
    world = World(now=clock, new_id=Ids(), chance=random.Random(7))
    office = Office(knowledge())
    database.open()
    return Desk(database, office, world, TRAITS, given, InProcess(), passwords=Passwords(HASHER))


@asynccontextmanager
async def open_bench(folder: Path) -> AsyncIterator[Bench]:
    """A desk with one official of each role, named after it, and nobody signed in."""
    clock = Clock()
    desk = make_desk(folder, clock)
    async with TestClient(TestServer(application(desk))) as client:
        made = Bench(desk, clock, client)
        for role in ROLES:
            await made.official(role, role)
        yield made
    await desk.database.close()

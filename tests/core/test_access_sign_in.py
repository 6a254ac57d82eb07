"""How officials come in: links that work once, passwords, lock-out, sessions that end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, create_engine

from core import access
from core.access import Invited, Passwords, TooBusy
from core.rights import ADMINISTRATOR
from core.store.officials import Official
from core.store.shelves import Shelves
from core.store.tables import metadata
from core.world import World

NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LAN = Official("lan-id", "lan", "Nguyễn Thị Lan", ("reception",), "H99.18", "hash")


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Shelves]:
    engine = create_engine(f"sqlite:///{tmp_path}/access.db")
    metadata.create_all(engine)
    connection: Connection
    with engine.begin() as connection:
        yield Shelves(connection)
    engine.dispose()


@pytest.fixture
def world() -> World:
    ids = (f"id{n:024d}" for n in range(1000))
    return World(now=lambda: NINE, new_id=lambda: next(ids), chance=random.Random(1))


def _parts(link: str) -> tuple[str, str]:
    subject, secret = link.split("/")[-2:]
    return subject, secret


def test_the_first_link_makes_an_administrator_once(shelves: Shelves, world: World) -> None:
    link = access.first_link(shelves, world, "http://127.0.0.1:8081/")
    assert link.startswith("http://127.0.0.1:8081/vao/first/")
    subject, secret = _parts(link)
    guest = access.invited(shelves, subject, secret, NINE)
    assert guest == Invited("first", None)
    made = access.come_in(shelves, world, guest, secret, "hash", login="an", name="An", agency="H99.18")
    assert made is not None and made.roles == (ADMINISTRATOR,)
    assert access.come_in(shelves, world, guest, secret, "hash", login="b", name="B") is None
    assert access.first_link(shelves, world, "http://127.0.0.1:8081") == ""


def test_two_printed_first_links_make_one_administrator(shelves: Shelves, world: World) -> None:
    links = [access.first_link(shelves, world, "http://x") for _ in range(2)]
    guest = Invited("first", None)
    one, two = (_parts(link)[1] for link in links)
    assert access.come_in(shelves, world, guest, one, "hash", login="an", name="An") is not None
    assert access.come_in(shelves, world, guest, two, "hash", login="ba", name="Ba") is None
    assert shelves.officials.count() == 1


@pytest.mark.parametrize(
    ("case", "later", "secret"),
    [("wrong", timedelta(), "wrong"), ("too old", timedelta(hours=25), "")],
)
def test_a_link_that_does_not_work(
    shelves: Shelves, world: World, case: str, later: timedelta, secret: str
) -> None:
    shelves.officials.add(LAN, NINE)
    subject, real = _parts(access.invite(shelves, world, "http://x", LAN.id))
    assert access.invited(shelves, subject, secret or real, NINE + later) is None, case


def test_a_link_for_a_closed_account_does_not_work(shelves: Shelves, world: World) -> None:
    shelves.officials.add(LAN, NINE)
    subject, secret = _parts(access.invite(shelves, world, "http://x", LAN.id))
    shelves.officials.set_roles(LAN.id, LAN.roles, active=False)
    assert access.invited(shelves, subject, secret, NINE) is None


def test_a_new_password_ends_every_session(shelves: Shelves, world: World) -> None:
    shelves.officials.add(LAN, NINE)
    signed = access.begin(shelves, LAN, NINE)
    subject, secret = _parts(access.invite(shelves, world, "http://x", LAN.id))
    guest = access.invited(shelves, subject, secret, NINE)
    assert guest is not None
    assert access.come_in(shelves, world, guest, secret, "new") is not None
    assert access.signed_in(shelves, signed.cookie, NINE) is None


@pytest.mark.parametrize(
    ("password", "again", "fault"),
    [
        ("ngan", "ngan", "short"),
        ("123456789", "123456789", "short"),
        ("1234567890", "1234567890", ""),
        ("toi ten la lan day", "toi ten la lan day", "login"),
        ("mot mat khau dai", "mot mat khau dao", "differs"),
        ("x" * 201, "x" * 201, "long"),
        ("mật khẩu có dấu", "mật khẩu có dấu", ""),
    ],
)
def test_passwords_that_may_be_chosen(password: str, again: str, fault: str) -> None:
    assert access.faults_of_password(password, again, "lan") == fault


@pytest.mark.parametrize(
    ("login", "fault"),
    [
        ("hung.tq", ""),
        ("lan", "taken"),
        ("Hùng", "shape"),
        ("a", "shape"),
        ("a b", "shape"),
        ("../x", "shape"),
    ],
)
def test_logins_that_may_be_chosen(shelves: Shelves, login: str, fault: str) -> None:
    shelves.officials.add(LAN, NINE)
    assert access.faults_of_login(shelves, login) == fault


def test_five_wrong_passwords_lock_for_fifteen_minutes(shelves: Shelves) -> None:
    shelves.officials.add(LAN, NINE)
    for minute in range(5):
        assert access.judge(shelves, "lan", False, NINE + timedelta(minutes=minute)) is None
    fifth = NINE + timedelta(minutes=4)
    assert access.judge(shelves, "lan", True, fifth + timedelta(minutes=14)) is None, (
        "locked: even the right one"
    )
    assert access.judge(shelves, "lan", True, fifth + timedelta(minutes=15, seconds=1)) is not None
    acts = [row.act for row in shelves.tasks.audit_of("lan")]
    assert acts == ["session.refused"] * 4 + ["session.locked", "session.refused"]


def test_a_right_password_forgives_the_wrong_ones(shelves: Shelves) -> None:
    shelves.officials.add(LAN, NINE)
    for right in (False, False, False, False, True, False, False, False, False, True):
        assert (access.judge(shelves, "lan", right, NINE) is not None) is right


def test_a_closed_account_never_comes_in(shelves: Shelves) -> None:
    shelves.officials.add(LAN, NINE)
    signed = access.begin(shelves, LAN, NINE)
    shelves.officials.set_roles(LAN.id, LAN.roles, active=False)
    assert access.judge(shelves, "lan", True, NINE) is None
    assert access.signed_in(shelves, signed.cookie, NINE) is None


@pytest.mark.parametrize(
    ("case", "clicks", "asked", "alive"),
    [
        ("fresh", [], 0, True),
        ("eight idle hours", [], 8.1, False),
        ("used at seven hours", [7], 12, True),
        ("a day of clicks ends after sixteen hours", [7, 14], 16.1, False),
    ],
)
def test_sessions_end(shelves: Shelves, case: str, clicks: list[float], asked: float, alive: bool) -> None:
    shelves.officials.add(LAN, NINE)
    cookie = access.begin(shelves, LAN, NINE).cookie
    for hours in clicks:
        at = NINE + timedelta(hours=hours)
        signed = access.signed_in(shelves, cookie, at)
        assert signed is not None and access.wants_refresh(signed.session, at)
        access.refresh(shelves, signed.session, at)
    assert (access.signed_in(shelves, cookie, NINE + timedelta(hours=asked)) is not None) is alive, case


def test_the_cookie_is_kept_nowhere(shelves: Shelves) -> None:
    shelves.officials.add(LAN, NINE)
    signed = access.begin(shelves, LAN, NINE)
    assert signed.cookie not in (signed.session.digest, signed.session.csrf)
    assert access.signed_in(shelves, signed.session.digest, NINE) is None


async def test_passwords_are_told_apart() -> None:
    passwords = Passwords(CHEAP)
    kept = await passwords.hash("mot mat khau dai")
    assert "mot mat khau" not in kept and kept.startswith("$argon2id$")
    assert await passwords.right(kept, "mot mat khau dai")
    assert not await passwords.right(kept, "mot mat khau dao")
    assert not await passwords.right(None, "nobody has this password")
    assert not await passwords.right("not a hash", "x")


async def test_too_many_at_once_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = asyncio.Event()

    async def slow(work: Callable[[], object]) -> object:
        await gate.wait()
        return work()

    monkeypatch.setattr(asyncio, "to_thread", slow)
    passwords = Passwords(CHEAP)
    waiting = [asyncio.create_task(passwords.hash("mot mat khau dai")) for _ in range(access.QUEUE)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await passwords.hash("one more")
    gate.set()
    assert len(await asyncio.gather(*waiting)) == access.QUEUE

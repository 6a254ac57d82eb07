"""How officials come in: one-time links, passwords, lock-out, sessions.

The first administrator comes in by a link that the program prints; every other official by a link that an
administrator hands over. After that it is login and password. A session is a row with a hash: it can be
listed and revoked, and who reads the database cannot sign in with it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.rights import ADMINISTRATOR, ROLES
from core.store.officials import Official, Session
from core.store.shelves import Shelves
from core.world import World

FAILURES = 5  # wrong passwords in a row
LOCKED = timedelta(minutes=15)
IDLE = timedelta(hours=8)  # a session nobody uses ends
LONGEST = timedelta(hours=16)  # and every session ends some day
LINK_LIFE = timedelta(hours=24)
SHORTEST = 10  # characters of a password
LONGEST_PASSWORD = 200  # hashing costs time: nobody sends us a book
AT_ONCE = 2  # hashes at the same time; each takes 64 MiB (RFC 9106, second recommendation)
QUEUE = 20  # who may wait for a hash; more is an attack
FIRST = "first"
_INVITE = "desk_invite"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")

T = TypeVar("T")


class TooBusy(Exception):
    """Too many want to sign in at this moment: try again in a minute."""


class Passwords:
    """Hashes and checks passwords beside the event loop, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobody = ""

    async def hash(self, password: str) -> str:
        """The argon2id hash. Raises `TooBusy`."""
        return await self._run(lambda: self._hasher.hash(password))

    async def right(self, kept: str | None, given: str) -> bool:
        """Is this the password? Without `kept` it takes as long, and is wrong. Raises `TooBusy`."""
        return await self._run(lambda: self._right(kept, given))

    def _right(self, kept: str | None, given: str) -> bool:
        if not kept:
            self._nobody = self._nobody or self._hasher.hash("nobody has this password")
        try:
            return self._hasher.verify(kept or self._nobody, given) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= QUEUE:
            raise TooBusy
        self._waiting += 1
        try:
            async with self._room:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


# -- links -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a one-time link is for. `official` None: the first administrator, who chooses a login."""

    subject: str
    official: Official | None


def first_link(shelves: Shelves, world: World, desk_url: str) -> str:
    """A link by which the first administrator comes in, or "" where there are officials already."""
    return "" if shelves.officials.count() else _link(shelves, world, desk_url, FIRST)


def invite(shelves: Shelves, world: World, desk_url: str, official: str) -> str:
    """A link by which an official sets a (new) password. It works once, within a day."""
    return _link(shelves, world, desk_url, official)


def _link(shelves: Shelves, world: World, desk_url: str, subject: str) -> str:
    secret = world.secret()
    shelves.tokens.issue(_INVITE, subject, secret, LINK_LIFE, world.now())
    return f"{desk_url.rstrip('/')}/vao/{subject}/{secret}"


def invited(shelves: Shelves, subject: str, secret: str, now: datetime) -> Invited | None:
    """Whom the link is for, leaving it unused; None where it is wrong, used or too old."""
    if shelves.tokens.look(_INVITE, subject, secret, now) is None:
        return None
    if subject == FIRST:
        return None if shelves.officials.count() else Invited(subject, None)
    official = shelves.officials.get(subject)
    return None if official is None or not official.active else Invited(subject, official)


def come_in(
    shelves: Shelves,
    world: World,
    guest: Invited,
    secret: str,
    password: str,
    *,
    login: str = "",
    name: str = "",
    agency: str = "",
) -> Official | None:
    """Use the link up and set the password (a hash). The first one becomes administrator. None: too late."""
    now = world.now()
    still = invited(shelves, guest.subject, secret, now)
    if still is None or shelves.tokens.use(_INVITE, guest.subject, secret, now) is None:
        return None
    if still.official is None:
        official = Official(world.new_id(), login, name, (ADMINISTRATOR,), agency, password)
        shelves.officials.add(official, now)
    else:
        official = replace(still.official, password=password)
        shelves.officials.set_password(official.id, password)
        shelves.officials.sign_out_all(official.id)
    shelves.tasks.record(official.login, "official.password", official.login, now)
    return official


# -- what may be chosen ----------------------------------------------------------------------------------


def faults_of_login(shelves: Shelves, login: str) -> str:
    """What is wrong with a login: "shape", "taken" or ""."""
    if not _LOGIN.fullmatch(login):
        return "shape"
    return "taken" if shelves.officials.by_login(login) is not None else ""


def faults_of_password(password: str, again: str, login: str) -> str:
    """What is wrong with a password: "short", "long", "login" (it contains the login), "differs" or ""."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    if login and login in password.lower():
        return "login"
    return "" if password == again else "differs"


def known_roles(roles: Sequence[str]) -> tuple[str, ...]:
    """Those of the given names that are roles, in our order."""
    return tuple(role for role in ROLES if role in roles)


# -- signing in ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signed:
    """Somebody who is signed in: who, by which session; `cookie` is told once, at sign-in."""

    official: Official
    session: Session
    cookie: str = ""


def digest(cookie: str) -> str:
    """What is kept of a session's cookie."""
    return hashlib.sha256(f"session|{cookie}".encode()).hexdigest()


def locked(official: Official | None, now: datetime) -> bool:
    """Is the account shut for a while, for too many wrong passwords?"""
    return official is not None and official.locked_until is not None and official.locked_until > now


def judge(shelves: Shelves, login: str, right: bool, now: datetime) -> Official | None:
    """Count a wrong password, or let the official in. While the account is locked even the right one is
    wrong, and nobody is told which of the two it was."""
    official = shelves.officials.by_login(login)
    if official is None or locked(official, now):
        shelves.tasks.record(login[:60], "session.refused", login[:60], now)
        return None
    if right and official.active:
        shelves.officials.failed(official.id, 0, None)
        return official
    failures = official.failures + 1
    until = now + LOCKED if failures >= FAILURES else None
    shelves.officials.failed(official.id, 0 if until else failures, until)
    shelves.tasks.record(
        official.login, "session.locked" if until else "session.refused", official.login, now
    )
    return None


def begin(shelves: Shelves, official: Official, now: datetime, agent: str = "") -> Signed:
    """A new session."""
    cookie = secrets.token_urlsafe(32)
    session = Session(
        digest(cookie), official.id, secrets.token_urlsafe(24), now, now, now + IDLE, agent[:200]
    )
    shelves.officials.sign_in(session)
    shelves.tasks.record(official.login, "session.begin", official.login, now)
    return Signed(official, session, cookie)


def signed_in(shelves: Shelves, cookie: str, now: datetime) -> Signed | None:
    """Who sends this cookie; None where the session ended or the account was shut."""
    session = shelves.officials.session(digest(cookie), now) if cookie else None
    official = shelves.officials.get(session.official) if session is not None else None
    if session is None or official is None or not official.active:
        return None
    return Signed(official, session)


def wants_refresh(session: Session, now: datetime) -> bool:
    """Whether the session's end should be moved: not at every click, each is a write."""
    return now - session.seen_at > timedelta(minutes=5)


def refresh(shelves: Shelves, session: Session, now: datetime) -> None:
    """Somebody is at work: the session goes on."""
    shelves.officials.seen(session.digest, now, min(now + IDLE, session.created_at + LONGEST))


__all__ = [
    "Invited", "Passwords", "Signed", "TooBusy", "begin", "come_in", "digest", "faults_of_login",
    "faults_of_password", "first_link", "invite", "invited", "judge", "known_roles", "locked", "refresh",
    "signed_in", "wants_refresh",
]  # fmt: skip

"""Tin nhắn: the shared inbox. Read a talk in both directions, take it over, answer, give it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from core.conversations import Conversation, Conversations, HeldByOther, NotHeld, NoWay, holder
from core.messages import Address
from core.store.desk import DeskShelf
from core.store.shelves import Shelves
from desk.errors import NotFound, Stale, Wrong
from desk.links import read_talk_key, talk_key
from desk.pages import HEADERS
from desk.visit import Visit

LISTS = ("recent", "waiting", "held")
LONGEST_ANSWER = 1000  # characters


async def list_page(visit: Visit) -> web.StreamResponse:
    chosen = visit.asked("loc") if visit.asked("loc") in LISTS else "recent"

    def look(shelves: Shelves) -> Mapping[str, Any]:
        shelf = DeskShelf(shelves.connection)
        found = {
            "recent": shelf.talks(),
            "waiting": shelf.talks(waiting=True),
            "held": [row for row in shelf.talks(held=True) if holder(row.talk, visit.now)],
        }
        rows = [
            (talk_key(row.talk.address, row.talk.medium), row, holder(row.talk, visit.now))
            for row in found[chosen]
        ]
        names = {official.login: official.name for official in shelves.officials.all()}
        return {"rows": rows, "counts": {name: len(each) for name, each in found.items()}, "names": names}

    values = await visit.desk.database.read(look)
    return visit.page("talks.html", chosen=chosen, lists=LISTS, **values)


async def talk_page(visit: Visit) -> web.StreamResponse:
    """One talk. Every look is written into the log."""
    key = visit.part("talk")
    address, medium = read_talk_key(key)

    def look(shelves: Shelves) -> Mapping[str, Any]:
        values = _seen(visit, shelves, address, medium)
        shelves.tasks.record(visit.login, "talk.read", _subject(address, medium), visit.now)
        return values

    values = await visit.desk.database.write(look)
    return visit.page("talk.html", key=key, done=visit.asked("xong"), typed="", **values)


def _seen(visit: Visit, shelves: Shelves, address: Address, medium: str) -> Mapping[str, Any]:
    talk = shelves.talks.get(address, medium)
    conversations = visit.desk.conversations(shelves, visit.now)
    lines = conversations.read(address)
    if talk.revision == 0 and not lines:
        raise NotFound("talk")
    tasks = [task for task in shelves.tasks.open() if task.address == str(address)]
    return {
        "talk": talk,
        "lines": lines,
        "holder": holder(talk, visit.now),
        "answer_on": _answer_medium(conversations, talk),
        "procedure": visit.desk.knowledge.catalogue.procedures.get(talk.procedure),
        "tasks": tasks,
        "dossiers": shelves.dossiers.registered(address),
        "names": {official.login: official.name for official in shelves.officials.all()},
        "longest": LONGEST_ANSWER,
    }


def _answer_medium(conversations: Conversations, talk: Conversation) -> str:
    """On which medium an answer would leave; "" where none can carry it."""
    try:
        return conversations.traits[conversations.channel_for(talk)].medium
    except NoWay:
        return ""


def _subject(address: Address, medium: str) -> str:
    """A talk in the log: with as much of the number as is needed to find it again."""
    return f"{medium}|{address.kind}|…{address.identity[-3:]}"


async def take(visit: Visit) -> web.StreamResponse:
    """From now on this official speaks; the machine is silent."""

    def work(conversations: Conversations, talk: Conversation) -> None:
        conversations.take(talk, visit.login)

    return await _do(visit, "talk.take", work, "taken")


async def answer(visit: Visit) -> web.StreamResponse:
    text = visit.form.get("text", "")
    if not text or len(text) > LONGEST_ANSWER:
        raise Wrong("empty_answer" if not text else "long_note", most=LONGEST_ANSWER)

    def work(conversations: Conversations, talk: Conversation) -> None:
        conversations.answer(talk, text, visit.login)

    return await _do(visit, "talk.answer", work, "answered")


async def give_back(visit: Visit) -> web.StreamResponse:
    """The machine speaks again, and asks what it had asked."""

    def work(conversations: Conversations, talk: Conversation) -> None:
        conversations.give_back(talk, visit.login)

    return await _do(visit, "talk.give_back", work, "given")


async def _do(visit: Visit, name: str, work: Any, done: str) -> web.StreamResponse:
    """Act on a talk that still stands as it was shown; else show what was said meanwhile."""
    key = visit.part("talk")
    address, medium = read_talk_key(key)

    def write(shelves: Shelves) -> None:
        talk = shelves.talks.get(address, medium)
        work(visit.desk.conversations(shelves, visit.now), talk)
        shelves.tasks.record(visit.login, name, _subject(address, medium), visit.now)

    try:
        await visit.desk.database.write(write)
    except HeldByOther as other:
        raise Stale("held", by=other.by) from other
    except NotHeld as error:
        raise Stale("not_held") from error
    except NoWay as error:
        raise Wrong("no_way") from error
    await visit.desk.signals.ring("outbox")
    return visit.go(f"/tin-nhan/{key}?xong={done}#cuoi")


async def measure(visit: Visit) -> web.StreamResponse:
    """How many parts the answer being typed would have; for the counter beside the field."""
    address, medium = read_talk_key(visit.part("talk"))
    text = visit.form.get("text", "")[:LONGEST_ANSWER]

    def look(shelves: Shelves) -> Mapping[str, Any]:
        conversations = visit.desk.conversations(shelves, visit.now)
        talk = shelves.talks.get(address, medium)
        parts, worded = conversations.measure(talk, text)
        bare = worded != text and worded.isascii() and not text.isascii()
        return {"parts": parts if text else 0, "length": len(worded), "bare": bare}

    try:
        values = await visit.desk.database.read(look)
    except NoWay as error:
        raise Wrong("no_way") from error
    return web.json_response(values, headers=HEADERS)

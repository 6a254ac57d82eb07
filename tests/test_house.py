"""The rules of the house: which room may import which, and which rooms know no clock, no chance, no wire."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("procedures", "core", "channels", "portal", "desk", "sandbox", "house")

# Room (the longest fitting prefix counts) to what of ours it may import.
RULES: Mapping[str, tuple[str, ...]] = {
    "procedures": ("procedures",),
    "core.messages": (),
    "core.channel": ("core.messages",),
    "core.plain": (),
    "core.world": (),
    "core.gather": (),
    "core.config": (),
    "core.talk": ("core.messages", "core.talk", "procedures"),
    "core.post": ("core.messages", "core.channel", "core.post", "procedures"),
    "core.store": (
        "core.messages",
        "core.channel",
        "core.plain",
        "core.talk.conversation",
        "core.store",
        "procedures",
    ),
    "core": ("core", "procedures"),
    "channels.webhooks": ("core.messages", "core.channel", "channels.webhooks"),
    "channels.sms": ("core.messages", "core.channel", "channels.webhooks", "channels.sms"),
    "channels.ivr": ("core.messages", "core.channel", "channels.webhooks", "channels.ivr"),
    "channels.chat": ("core.messages", "core.channel", "channels.webhooks", "channels.chat"),
    "channels.web": ("core.messages", "core.channel", "channels.webhooks", "channels.web"),
    "channels.mail": ("core.messages", "core.channel", "channels.webhooks", "channels.mail"),
    "channels.registry": ("core.channel", "channels"),
    "portal": ("core", "procedures", "portal"),
    "desk": ("core", "procedures", "desk"),
    "sandbox": ("sandbox",),
    "house": ("procedures", "core", "channels", "portal", "desk", "sandbox", "house"),
}
NEVER: Mapping[str, tuple[str, ...]] = {
    "portal": ("core.talk", "core.post"),
    "desk": ("core.talk", "core.post"),
}
# Rooms without a world: what they need is passed in.
PURE = ("procedures", "core/talk", "core/post")
WORLD = {"asyncio", "aiohttp", "sqlalchemy", "redis", "random", "secrets", "time", "socket", "threading"}
CLOCKS = {"now", "utcnow", "today", "monotonic", "time_ns"}


def _files() -> Iterator[Path]:
    for room in OURS:
        yield from sorted((ROOT / room).rglob("*.py"))


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(room + ".")


def _rule(module: str) -> tuple[str, ...]:
    fitting = [room for room in RULES if _within(module, room)]
    return RULES[max(fitting, key=len)] if fitting else ()


def broken(module: str, imported: str) -> bool:
    """Does this import run against the grain?"""
    if not any(_within(imported, room) for room in OURS):
        return False
    if any(_within(imported, room) for key, rooms in NEVER.items() if _within(module, key) for room in rooms):
        return True
    return not any(_within(imported, allowed) or _within(allowed, imported) for allowed in _rule(module))


@pytest.mark.parametrize("path", list(_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    wrong = sorted({name for name in _imports(path) if broken(_module(path), name)})
    assert wrong == []


def _pure_files() -> list[Path]:
    return [path for path in _files() if any(str(path.relative_to(ROOT)).startswith(room) for room in PURE)]


@pytest.mark.parametrize("path", _pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_pure_room_knows_no_clock_no_chance_and_no_wire(path: Path) -> None:
    worldly = {name for name in _imports(path) if name.partition(".")[0] in WORLD}
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    }
    assert (worldly, calls) == (set(), set())


def test_the_rules_themselves_can_be_broken() -> None:
    assert broken("channels.sms.adapter", "core.gateway")
    assert broken("core.talk.dialogue", "core.store.talks")
    assert broken("portal.app", "core.post.wording")
    assert broken("sandbox.smpp.pdu", "channels.sms.pdu")
    assert not broken("channels.sms.adapter", "core.messages")


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in _files()
        if (n := len(path.read_text("utf-8").splitlines())) > 320
    }
    assert long == {}

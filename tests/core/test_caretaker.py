"""What is forgotten and when; what the dead held is freed; files of papers that nobody filed are thrown away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.caretaker import LIFE, Caretaker
from core.config import PrivacySettings
from core.paper_folder import PaperFolder
from core.store.database import Database
from core.store.drafts import Draft
from core.store.papers import Paper
from tests.core.house import Core
from tests.core.making import DAY, NINE, SECOND, lan, queued, text

PRIVACY = PrivacySettings(keep_messages=100, keep_aside=10)


@pytest.fixture
def core(database: Database) -> Core:
    return Core(database)


def caretaker(core: Core, folder: PaperFolder | None = None) -> Caretaker:
    return Caretaker(core.database, core.signals, core.undelivered, core.world, PRIVACY, folder)


async def left(core: Core) -> tuple[int, int, int]:
    """How many messages in, messages out and talks are known of this citizen."""

    def read(s: Any) -> tuple[int, int, int]:
        return len(s.inbox.history(str(lan()))), len(s.outbox.history(str(lan()))), len(s.talks.recent())

    return await core.database.read(read)


async def test_messages_and_talks_are_kept_as_long_as_the_settings_say(core: Core) -> None:
    for n in range(3):
        await core.gateway.accept(text(f"m{n}", at=core.clock.at))
        await core.work()
        await core.deliver()
        core.clock.forward(DAY)
    core.clock.forward(97 * DAY)  # the first is 100 days old, to the hour
    await caretaker(core).clean()
    assert await left(core) == (3, 3, 1)
    core.clock.forward(SECOND)
    await caretaker(core).clean()
    assert await left(core) == (2, 2, 1)
    core.clock.forward(3 * DAY)
    await caretaker(core).clean()
    assert await left(core) == (0, 0, 0)


async def test_what_still_waits_is_never_forgotten(core: Core) -> None:
    await core.gateway.accept(text("a"))
    await core.database.write(lambda s: s.outbox.put([queued("b", due=NINE + 500 * DAY)], NINE))
    core.clock.forward(400 * DAY)
    await caretaker(core).clean()
    assert await left(core) == (1, 1, 0)


async def test_papers_of_a_draft_that_was_never_filed_go_with_it(core: Core, tmp_path: Path) -> None:
    """Also from the disk, but for a content that some dossier still holds."""
    folder = PaperFolder(tmp_path)
    contents = ["a" * 64, "b" * 64]
    for sha256 in contents:
        folder.path(sha256).parent.mkdir(parents=True)
        folder.path(sha256).write_bytes(b"x")

    def given(s: Any) -> None:
        s.drafts.begin(Draft("d1", "p", "feedback", "1", {"x": "secret"}, 1, "web", NINE))
        for n, sha256 in enumerate(contents):
            paper = Paper(f"p{n}", "photo", "web", f"kept:{n}", "x", "kept", "d1", sha256=sha256)
            s.papers.put(paper, NINE)
        s.papers.put(Paper("p9", "photo", "web", "kept:9", "x", "kept", "d9", 1, sha256="b" * 64), NINE)

    await core.database.write(given)
    core.clock.forward(31 * DAY)
    await caretaker(core, folder).clean()  # the draft ends, and its answers with it
    assert await core.database.read(lambda s: s.drafts.get("d1")) is None
    assert folder.path("a" * 64).exists()
    core.clock.forward(31 * DAY)
    await caretaker(core, folder).clean()
    assert [folder.path(sha256).exists() for sha256 in contents] == [False, True]
    assert await core.database.read(lambda s: s.papers.of_draft("d1")) == []
    assert await core.database.read(lambda s: s.papers.get("p9")) is not None


async def test_what_a_dead_process_held_is_freed_by_another(two: tuple[Database, Database]) -> None:
    dead, living = Core(two[0], "dead"), Core(two[1], "living")
    await caretaker(dead).begin()
    await caretaker(living).begin()
    await dead.gateway.accept(text("a"))
    await dead.database.write(lambda s: s.inbox.claim("dead", NINE, 10, 60 * SECOND))
    await dead.database.write(lambda s: s.outbox.put([queued("x", lan(2))], NINE))
    await dead.database.write(lambda s: s.outbox.claim("sms", "dead", NINE, 10, 60 * SECOND))
    await living.work()
    assert living.sms.tried == []
    living.clock.forward(LIFE + SECOND)
    await caretaker(living).round()
    await living.work()
    await living.deliver()
    assert len(living.sms.tried) == 2 and "x" in living.sms.tried


async def test_on_sqlite_whatever_was_held_at_the_start_was_held_by_the_dead(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path}/s.db")
    store.create()
    store.open()
    core = Core(store, "second life")
    await core.gateway.accept(text("a"))
    await store.write(lambda s: s.pages.beat("first life", NINE, LIFE))
    await store.write(lambda s: s.inbox.claim("first life", NINE, 10, 60 * SECOND))
    await caretaker(core).begin()
    assert await core.intake.once() == 1
    await store.close()

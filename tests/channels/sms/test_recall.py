"""The same deliver_sm twice is one message; the same words twice are two."""

from __future__ import annotations

import pytest

from channels.sms import recall
from channels.sms.pdu import Concat, Delivered
from channels.sms.recall import Ledger, Recall, Seen, digest_of
from tests.channels.reception import Clock, MemoryNotebook


def said(text: str = "1", source: str = "84912345678", concat: Concat | None = None) -> Delivered:
    return Delivered(source, 1, "8088", 0, 0, text.encode(), {}, concat, False)


class Process:
    """One process of the channel over a shared notebook, with one line."""

    def __init__(self, notebook: MemoryNotebook, clock: Clock) -> None:
        self.notebook, self.clock = notebook, clock
        self.recall = Recall(notebook)
        self.line = Ledger()
        self.taken = 0

    async def hear(self, delivered: Delivered, answered: bool = True) -> str:
        """A deliver_sm comes, is kept with its note, and is answered; its external id."""
        seen = await self.begin(delivered)
        if answered:
            self.answer(seen)
        return seen.external_id

    async def begin(self, delivered: Delivered) -> Seen:
        at = self.clock().timestamp()
        self.taken += 1
        self.line.unanswered[self.taken] = at
        seen = await self.recall.recognise(delivered, self.line, at)
        note = seen.note()
        self.notebook.write(note.key, note.value, note.keep)
        return seen

    def answer(self, seen: Seen) -> None:
        self.line.unanswered.clear()
        seen.answered = self.clock().timestamp()

    def cut(self) -> None:
        """The line ends; another one comes up."""
        self.line.ended = self.clock().timestamp()
        self.line = Ledger()

    async def seconds(self, count: int) -> None:
        for _ in range(count):
            self.clock.pass_(1)
            await self.recall.tick(iter([self.line]), self.clock().timestamp())


async def start(notebook: MemoryNotebook, clock: Clock) -> Process:
    process = Process(notebook, clock)
    await process.recall.open(clock().timestamp())
    return process


async def alone() -> Process:
    clock = Clock()
    return await start(MemoryNotebook(clock), clock)


async def test_the_same_answer_to_two_questions_is_two_messages() -> None:
    process = await alone()
    first = await process.hear(said("1"))
    process.clock.pass_(3)
    assert await process.hear(said("1")) != first


async def test_a_copy_before_the_answer_is_the_same_message() -> None:
    process = await alone()
    seen = await process.begin(said())
    process.clock.pass_(12)  # the store is slow; the SMSC asks again
    assert await process.hear(said(), answered=False) == seen.external_id


async def test_a_copy_after_a_cut_that_took_the_answer_with_it() -> None:
    process = await alone()
    first = await process.hear(said())
    process.clock.pass_(1)
    process.cut()
    process.clock.pass_(120)
    assert await process.hear(said()) == first
    process.clock.pass_(5)
    assert await process.hear(said()) != first  # answered now: the next one is the citizen's


async def test_the_line_lived_on_so_the_answer_arrived() -> None:
    process = await alone()
    first = await process.hear(said())
    process.clock.pass_(10)
    process.cut()
    process.clock.pass_(1)
    assert await process.hear(said()) != first


async def test_an_hour_later_it_is_a_new_message_whatever_happened() -> None:
    process = await alone()
    first = await process.hear(said(), answered=False)
    process.cut()
    await process.seconds(3600)
    assert await process.hear(said()) != first


async def test_within_ten_minutes_of_a_cut_it_is_a_copy_over_any_border_of_time() -> None:
    for offset in range(0, 600, 50):
        process = await alone()
        process.clock.pass_(offset)
        first = await process.hear(said(), answered=False)
        process.cut()
        process.clock.pass_(590)
        assert await process.hear(said()) == first


async def test_eleven_minutes_after_a_cut_it_is_a_new_message() -> None:
    process = await alone()
    first = await process.hear(said(), answered=False)
    process.cut()
    process.clock.pass_(660)
    assert await process.hear(said()) != first


async def test_a_process_that_could_not_read_all_at_its_start_asks_for_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recall, "_LOADED", 3)
    monkeypatch.setattr(recall, "_PAGEFUL", 1)
    clock = Clock()
    notebook = MemoryNotebook(clock)
    before = await start(notebook, clock)
    ids = [await before.hear(said(str(number)), answered=False) for number in range(10)]
    after = await start(notebook, clock)
    assert [await after.hear(said(str(number))) for number in range(10)] == ids
    clock.pass_(3600)
    reads = notebook.reads
    await after.hear(said("new"))
    assert notebook.reads == reads + 1  # the other process is still announced
    await notebook.drop(*[page.key for page in await notebook.find("process/")])
    await after.recall.meet()
    await after.hear(said("newer"))
    assert notebook.reads == reads + 1


async def test_ids_are_never_used_again() -> None:
    process = await alone()
    ids = []
    for _ in range(200):
        ids.append(await process.hear(said()))
        await process.seconds(7)
    assert len(set(ids)) == 200


async def test_another_process_knows_what_was_not_answered() -> None:
    clock = Clock()
    notebook = MemoryNotebook(clock)
    one, other = await start(notebook, clock), await start(notebook, clock)
    await one.recall.meet()
    first = await one.hear(said(), answered=False)
    assert await other.hear(said()) == first  # the bind of `one` was cut


async def test_another_process_knows_what_was_settled() -> None:
    clock = Clock()
    notebook = MemoryNotebook(clock)
    one, other = await start(notebook, clock), await start(notebook, clock)
    await one.recall.meet()
    first = await one.hear(said())
    await one.seconds(3)
    assert await other.hear(said()) != first  # the next "1", over another bind


async def test_after_a_crash_the_unanswered_is_a_copy_and_the_settled_is_not() -> None:
    clock = Clock()
    notebook = MemoryNotebook(clock)
    before = await start(notebook, clock)
    settled = await before.hear(said("yes"))
    await before.seconds(3)
    lost = await before.hear(said("no"), answered=False)
    after = await start(notebook, clock)  # kill -9, and up again
    assert await after.hear(said("no")) == lost
    assert await after.hear(said("yes")) != settled


async def test_two_processes_at_the_same_moment_come_to_the_same_id() -> None:
    clock = Clock()
    notebook = MemoryNotebook(clock)
    one, other = await start(notebook, clock), await start(notebook, clock)
    ours = await one.recall.recognise(said(), one.line, clock().timestamp())
    theirs = await other.recall.recognise(said(), other.line, clock().timestamp())
    assert ours.external_id == theirs.external_id


async def test_a_lone_process_does_not_ask_the_notebook() -> None:
    process = await alone()
    reads = process.notebook.reads
    for number in range(50):
        await process.hear(said(str(number)))
    assert process.notebook.reads == reads


async def test_memory_is_bounded_by_time() -> None:
    process = await alone()
    for number in range(30):
        await process.hear(said(str(number)))
    await process.seconds(1)
    process.clock.pass_(7200)
    await process.seconds(1)
    assert not process.recall._seen


def test_what_makes_two_pdus_copies() -> None:
    same = digest_of(said())
    different = [
        said("2"),
        said(source="84912345679"),
        said(concat=Concat("8", 1, 2, 1)),
        said()._replace(destination="8188"),
        said()._replace(data_coding=8),
    ]
    assert same == digest_of(said()._replace(esm_class=0x40))
    assert all(digest_of(other) != same for other in different)

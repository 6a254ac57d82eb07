"""Parts of long messages: any order, any numbering, any process."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta

import pytest

from channels.sms.alphabet import Alphabet
from channels.sms.parts import Joined, Parts
from channels.sms.pdu import Concat, Delivered
from channels.sms.recall import Ledger, Recall
from core.channel import NotNow
from tests.channels.reception import Clock, MemoryNotebook


class Table:
    """Parts over a notebook; what is handed over lies in `messages`, once an external id."""

    def __init__(self, clock: Clock | None = None, notebook: MemoryNotebook | None = None) -> None:
        self.clock = clock or Clock()
        self.notebook = notebook or MemoryNotebook(self.clock)
        self.recall = Recall(self.notebook)
        self.line = Ledger()
        self.away = False
        self.messages: dict[str, Joined] = {}
        self.parts = Parts(self.notebook, self.recall, self._deliver, wait=300, default=Alphabet.GSM)

    async def _deliver(self, joined: Joined) -> None:
        if self.away:
            raise NotNow
        for note in joined.notes:
            self.notebook.write(note.key, note.value, note.keep)
        self.messages.setdefault(joined.external_id, joined)

    async def come(self, number: int, total: int, octets: bytes, **more: object) -> None:
        """A part comes from 84912345678 under reference 7, but for what `more` says."""
        at = self.clock().timestamp()
        kind, reference = str(more.get("kind", "8")), int(str(more.get("reference", 7)))
        concat = Concat(kind, reference, total, number)
        source, coding = str(more.get("source", "84912345678")), int(str(more.get("coding", 0)))
        delivered = Delivered(source, 1, "8088", 0x40, coding, octets, {}, concat, False)
        await self.parts.add(delivered, concat, self.line.name, at)

    async def settle(self) -> None:
        """Everything taken until now is answered for sure."""
        for _ in range(3):
            self.clock.pass_(1)
            await self.recall.tick(iter([self.line]), self.clock().timestamp())

    @property
    def texts(self) -> list[str]:
        return [joined.text for joined in self.messages.values()]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
async def test_parts_come_in_any_order(order: tuple[int, ...]) -> None:
    table = Table()
    for number in order:
        await table.come(number, 3, b"abc"[number - 1 : number])
    assert table.texts == ["abc"]
    assert [key for key in table.notebook.pages if key.startswith("part/")] == []


async def test_defect_6_twelve_parts_are_put_in_the_order_of_numbers() -> None:
    table = Table()
    order = list(range(1, 13))
    random.Random(1).shuffle(order)
    for number in order:
        await table.come(number, 12, b"<%d>" % number)
    assert table.texts == ["".join(f"<{number}>" for number in range(1, 13))]


async def test_defect_6_two_citizens_with_one_reference_stay_apart() -> None:
    table = Table()
    await table.come(1, 2, b"A1", source="84911111111")
    await table.come(1, 2, b"B1", source="84922222222")
    await table.come(2, 2, b"B2", source="84922222222")
    await table.come(2, 2, b"A2", source="84911111111")
    assert sorted(table.texts) == ["A1A2", "B1B2"]


async def test_the_ways_of_numbering_do_not_mix() -> None:
    table = Table()
    for kind in ("8", "16", "sar"):
        await table.come(1, 2, kind.encode(), kind=kind)
    for kind in ("8", "16", "sar"):
        await table.come(2, 2, b"!", kind=kind)
    assert sorted(table.texts) == ["16!", "8!", "sar!"]


@pytest.mark.parametrize(
    ("coding", "first", "second", "text"),
    [
        (8, "d83d", "de0a", "😊"),  # defect 8: a surrogate pair cut at the border
        (0, "411b", "65", "A€"),  # an escape cut from its character
        (0, "48e1bb", "93", "Hồ"),  # UTF-8 under data_coding 0, cut within a letter
    ],
)
async def test_defect_8_a_character_cut_at_the_border(
    coding: int, first: str, second: str, text: str
) -> None:
    table = Table()
    await table.come(2, 2, bytes.fromhex(second), coding=coding)
    await table.come(1, 2, bytes.fromhex(first), coding=coding)
    assert table.texts == [text]


async def test_parts_of_different_codings_join_as_text() -> None:
    table = Table()
    await table.come(1, 2, b"Ho ", coding=0)
    await table.come(2, 2, bytes.fromhex("1ed3"), coding=8)
    assert table.texts == ["Ho ồ"]


async def test_defect_6_a_lost_part_times_out_and_what_came_is_not_lost() -> None:
    table = Table()
    await table.come(1, 3, b"one ")
    await table.come(3, 3, b"three")
    assert await table.parts.sweep(table.clock().timestamp() + 299) == 0
    assert await table.parts.sweep(table.clock().timestamp() + 301) == 1
    (joined,) = table.messages.values()
    assert (joined.text, joined.missing) == ("one \nthree", 1)
    assert await table.parts.sweep(table.clock().timestamp() + 900) == 0


async def test_a_part_that_comes_after_the_time_out_is_not_lost_either() -> None:
    table = Table()
    await table.come(1, 2, b"one ")
    table.clock.pass_(301)
    await table.parts.sweep(table.clock().timestamp())
    await table.settle()
    await table.come(2, 2, b"two")
    table.clock.pass_(301)
    await table.parts.sweep(table.clock().timestamp())
    assert table.texts == ["one ", "two"]


async def test_a_copy_of_a_part_changes_nothing() -> None:
    table = Table()
    await table.come(1, 2, b"one ")
    await table.come(1, 2, b"one ")
    await table.come(2, 2, b"two")
    await table.come(2, 2, b"two")  # its answer was lost in a cut
    await table.come(1, 2, b"one ")
    assert table.texts == ["one two"]
    assert not [key for key in table.notebook.pages if key.startswith("part/")]


async def test_the_same_long_message_again_is_a_second_one() -> None:
    table = Table()
    for _ in range(2):
        await table.come(1, 2, b"one ")
        await table.come(2, 2, b"two")
        await table.settle()
    assert table.texts == ["one two", "one two"]


async def test_a_reference_used_anew_closes_the_old_message() -> None:
    table = Table()
    await table.come(1, 2, b"old ")
    await table.come(1, 2, b"new ")
    await table.come(2, 2, b"two")
    assert [(joined.text, joined.missing) for joined in table.messages.values()] == [
        ("old ", 1),
        ("new two", 0),
    ]


async def test_the_parts_survive_a_crash_and_another_process_joins_them() -> None:
    one = Table()
    await one.come(1, 2, b"one ")
    other = Table(one.clock, one.notebook)
    await other.come(2, 2, b"two")
    assert other.texts == ["one two"]


async def test_a_whole_message_that_cannot_be_kept_now_is_kept_later() -> None:
    table = Table()
    await table.come(1, 2, b"one ")
    table.away = True
    with pytest.raises(NotNow):
        await table.come(2, 2, b"two")
    table.away = False
    await table.come(2, 2, b"two")  # the SMSC tries again
    assert table.texts == ["one two"]


async def test_a_whole_message_is_kept_even_if_nobody_tries_again() -> None:
    table = Table()
    await table.come(1, 2, b"one ")
    table.away = True
    with pytest.raises(NotNow):
        await table.come(2, 2, b"two")
    table.away = False
    table.clock.pass_(301)
    await table.parts.sweep(table.clock().timestamp())
    assert [(joined.text, joined.missing) for joined in table.messages.values()] == [("one two", 0)]


async def test_defect_12_references_that_come_round_again_mix_nothing() -> None:
    table = Table()
    for message in range(600):
        for number in (1, 2):
            await table.come(number, 2, b"%d.%d " % (message, number), reference=message % 256)
        await table.settle()
    assert table.texts == [f"{message}.1 {message}.2 " for message in range(600)]


async def test_what_lies_around_is_thrown_away_in_the_end() -> None:
    table = Table()
    await table.come(1, 2, b"one ")
    await table.come(2, 2, b"two")
    table.clock.pass_(timedelta(days=1).total_seconds())
    assert list(await table.notebook.find("")) == []

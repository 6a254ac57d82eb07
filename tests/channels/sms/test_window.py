"""Slots, timers and the pace of one bind."""

from __future__ import annotations

import asyncio

import pytest

from channels.sms.pace import Pace
from channels.sms.pdu import Command, Frame
from channels.sms.window import Window
from core.channel import Doubtful


def answer(sequence: int) -> Frame:
    return Frame(Command.SUBMIT_SM_RESP, 0, sequence, b"77\0")


async def test_a_slot_is_free_again_with_its_answer() -> None:
    window = Window(2, answer_time=10)
    await window.enter()
    await window.enter()
    third = asyncio.create_task(window.enter())
    await asyncio.sleep(0)
    assert (window.free, third.done()) == (0, False)
    first = window.sent(1)
    assert window.answered(answer(1))
    await third
    assert (await first).body == b"77\0"
    assert window.free == 0


async def test_who_waits_first_enters_first() -> None:
    window = Window(1, answer_time=10)
    await window.enter()
    order: list[int] = []

    async def enter(number: int) -> None:
        await window.enter()
        order.append(number)
        window.leave()

    tasks = [asyncio.create_task(enter(number)) for number in range(5)]
    await asyncio.sleep(0)
    window.leave()
    await asyncio.gather(*tasks)
    assert order == [0, 1, 2, 3, 4]
    assert window.free == 1


async def test_a_waiter_that_gives_up_takes_no_slot() -> None:
    window = Window(1, answer_time=10)
    await window.enter()
    waiting = asyncio.create_task(window.enter())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    window.leave()
    assert window.free == 1


async def test_a_waiter_cancelled_with_the_slot_in_hand_gives_it_on() -> None:
    window = Window(1, answer_time=10)
    await window.enter()
    waiting = asyncio.create_task(window.enter())
    await asyncio.sleep(0)
    window.leave()  # handed over, and in the same breath cancelled
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert window.free == 1


async def test_a_caller_that_gives_up_makes_no_room_at_the_smsc() -> None:
    window = Window(1, answer_time=10)
    await window.enter()
    sent = window.sent(1)
    sent.cancel()
    assert window.free == 0
    assert window.answered(answer(1))
    assert window.free == 1


async def test_defect_19_no_answer_in_time_is_doubt() -> None:
    window = Window(2, answer_time=10)
    await window.enter()
    sent = window.sent(1)
    now = asyncio.get_running_loop().time()
    assert window.expire(now + 9) == 0
    assert window.expire(now + 11) == 1
    with pytest.raises(Doubtful, match="in time"):
        await sent
    assert window.free == 2
    assert not window.answered(answer(1))  # too late: nobody is told another message's id


async def test_a_cut_leaves_everything_in_doubt() -> None:
    window = Window(3, answer_time=10)
    flights = []
    for sequence in (1, 2):
        await window.enter()
        flights.append(window.sent(sequence))
    window.cut()
    for flight in flights:
        with pytest.raises(Doubtful, match="cut"):
            await flight
    assert (window.free, window.under_way) == (3, 0)


def test_defect_24_the_rate_is_even() -> None:
    pace = Pace(10)
    waits = [pace.reserve(100.0) for _ in range(5)]
    assert waits == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert pace.reserve(200.0) == 0  # silence earns no burst
    assert pace.reserve(200.0) == pytest.approx(0.1)


def test_without_a_rate_nothing_waits() -> None:
    pace = Pace()
    assert [pace.reserve(1.0) for _ in range(1000)] == [0] * 1000


def test_defect_18_one_throttling_answer_is_a_short_pause() -> None:
    pace = Pace(chance=lambda: 0.5)
    assert pace.throttled(10.0) == pytest.approx(0.2)
    assert pace.throttled(10.1) == pytest.approx(0.1)  # sent before the pause: it is not longer for it
    assert pace.paused(10.1) == pytest.approx(0.1)
    assert pace.reserve(10.1) == pytest.approx(0.1)
    assert pace.throttled(10.3) == pytest.approx(0.4)  # again: twice as long
    pace.taken(10.8)
    assert pace.throttled(11.0) == pytest.approx(0.2)  # a success forgets


def test_pauses_have_an_end() -> None:
    pace, now = Pace(chance=lambda: 1.0), 0.0
    for _ in range(20):
        now += pace.throttled(now)
    assert pace.throttled(now + 1) == pytest.approx(12.5)

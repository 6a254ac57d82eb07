"""The even pace, on a clock that only moves when somebody sleeps."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels.chat.telegram.pace import PATIENCE, Pace
from core.channel import Throttled


class Time:
    """Virtual time: a sleep ends when every earlier one has."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def sent_at(pace: Pace, time: Time, chats: list[int]) -> list[float]:
    moments = []
    for chat in chats:
        await pace.turn(chat)
        moments.append(round(time.now - 1000, 3))
    return moments


async def test_many_chats_go_out_evenly() -> None:
    time = Time()
    moments = await sent_at(Pace(25, 4, time, time.sleep), time, list(range(50)))
    assert moments == [round(n * 0.04, 3) for n in range(50)]


async def test_one_chat_gets_a_burst_and_then_one_a_second() -> None:
    time = Time()
    moments = await sent_at(Pace(1000, 3, time, time.sleep), time, [7] * 6)
    assert [round(m) for m in moments] == [0, 0, 0, 1, 2, 3]


async def test_a_rested_chat_has_its_burst_again() -> None:
    time = Time()
    pace = Pace(1000, 3, time, time.sleep)
    await sent_at(pace, time, [7] * 3)
    time.now += 10
    begin = time.now
    await sent_at(pace, time, [7] * 3)
    assert time.now - begin < 0.1


async def test_who_would_wait_too_long_goes_back_to_the_queue() -> None:
    clock = Time()

    async def never(seconds: float) -> None:
        await asyncio.Event().wait()

    pace = Pace(8, 1000, clock, never)
    waiting = [asyncio.create_task(pace.turn(n)) for n in range(int(PATIENCE * 8) + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Throttled) as raised:
        await pace.turn(999)
    assert raised.value.after > timedelta(seconds=PATIENCE)
    for task in waiting:
        task.cancel()


async def test_a_refusal_pauses_its_chat_until_then() -> None:
    time = Time()
    pace = Pace(1000, 4, time, time.sleep)
    pace.refused(7, timedelta(seconds=3))
    with pytest.raises(Throttled) as raised:
        await pace.turn(7)
    assert raised.value.after == timedelta(seconds=3)
    await pace.turn(8)
    assert pace.paused() == 0
    time.now += 3
    await pace.turn(7)


async def test_two_refused_chats_pause_everything() -> None:
    time = Time()
    pace = Pace(1000, 4, time, time.sleep)
    pace.refused(7, timedelta(seconds=3))
    pace.refused(8, timedelta(seconds=5))
    assert pace.paused() == 5
    with pytest.raises(Throttled):
        await pace.turn(9)
    time.now += 5
    await pace.turn(9)

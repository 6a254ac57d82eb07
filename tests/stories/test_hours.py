"""What the hour changes: a closed office, and news that wait for the morning. The clock only ever goes forward."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.filings import file_birth
from tests.stories.town import EVENING, NEXT_MORNING, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_in_the_evening_a_caller_leaves_a_message_and_late_news_wait_for_the_morning(
    town: Town,
) -> None:
    mother, caller = town.phone(), town.phone()
    filed = await file_birth(mother)

    town.clock.set(EVENING)
    line = await town.call(caller.number)
    await line.hears("Xin chào")
    await line.presses(
        "0", "ngoài giờ làm việc … Mở lại lúc 7 giờ 30 … 26 tháng 11 … Để lại lời nhắn, nhấn phím 1"
    )
    await line.presses("1", "được ghi âm")
    await line.records("gọi lại cho ông bà")
    await caller.texts("gap can bo", "ngoai gio … 07:30, 26/11/2026")

    town.clock.set(EVENING + timedelta(hours=3))
    async with town.official() as lan:
        await lan.task("Có lời nhắn ghi âm", caller.number[-3:])
        await lan.opens(filed.code)
        page = await lan.does("Tiếp nhận")
        assert "26/11/2026 07:00 (ngoài giờ làm phiền)" in page.text
    await mother.texts("ho so toi toi dau", f"{filed.written}: Dang xu ly")  # an answer comes at any hour
    assert "da tiep nhan" not in mother.last

    town.clock.set(NEXT_MORNING)
    await mother.hears(f"{filed.written} da tiep nhan")

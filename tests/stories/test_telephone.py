"""The hotline: the whole service from a basic telephone."""

from __future__ import annotations

import re

import pytest

from sandbox.voice import Answering
from tests.stories.filings import file_birth, receipt
from tests.stories.town import OFFICER, Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


def spoken(code: str) -> str:
    """A phone code as it is read back: digit by digit, in groups."""
    return ", ".join(" ".join(group) for group in (code[:3], code[3:6], code[6:]))


async def test_a_code_is_keyed_read_back_told_and_texted(town: Town) -> None:
    filed = await file_birth(town.phone())
    caller = town.phone()
    line = await town.call(caller.number)
    await line.hears("Xin chào, đây là … nhấn phím 1 … Gặp cán bộ, nhấn phím 0")
    await line.presses("1", "10 chữ số … bấm phím thăng")
    await line.presses(f"{filed.code}#", f"{spoken(filed.code)} … nhấn phím 1")
    told = await line.presses("1", "Hồ sơ mới đăng ký … Nơi nhận … bằng tin nhắn, nhấn phím 1")
    assert "Minh An" not in told
    assert "khai sinh" not in told.lower()
    await line.presses("1", "Tin nhắn đang được gửi")
    await caller.hears(f"{filed.written}")
    await line.call.hang_up()


async def test_a_wrong_digit_is_noticed_before_anything_is_looked_up(town: Town) -> None:
    filed = await file_birth(town.phone())
    line = await town.call(town.phone().number)
    await line.presses("1")
    swapped = filed.code[:-1] + str((int(filed.code[-1]) + 1) % 10)
    await line.presses(f"{swapped}#", "Mã chưa đúng … Gặp cán bộ, nhấn phím 0")
    await line.call.hang_up()


async def test_zero_is_an_officer_in_office_hours(town: Town) -> None:
    town.exchange.telephones[OFFICER] = Answering("answers", seconds=30)
    line = await town.call(town.phone().number)
    await line.hears("Xin chào")
    await line.presses("0", "nối máy với cán bộ")
    await line.call.over()
    assert line.call.errors == []


async def test_where_no_officer_answers_a_message_is_left_and_heard_at_the_desk(town: Town) -> None:
    town.exchange.telephones[OFFICER] = Answering("no-answer")
    caller = town.phone()
    line = await town.call(caller.number)
    await line.hears("Xin chào")
    await line.presses("0", "chưa có cán bộ nghe máy … Để lại lời nhắn, nhấn phím 1")
    await line.presses("1", "Lời nhắn được ghi âm")
    await line.records("Đã nhận lời nhắn")
    async with town.official() as lan:
        await lan.task("Có lời nhắn ghi âm", caller.number[-3:], "/giay-to/")


async def test_an_absence_is_filed_by_keys_and_voice(town: Town) -> None:
    caller = town.phone()
    line = await town.call(caller.number)
    await line.presses("3", "Khai báo tạm vắng, nhấn phím")
    await line.presses("2", "thông báo theo luật … Sau tiếng bíp")
    await line.records("mười hai số căn cước")
    await line.presses("001190012345#", "0 0 1, 1 9 0 … Nếu đúng, nhấn phím 1")
    await line.presses("1", "Đi vắng từ ngày nào")
    await line.presses("05122026#", "ngày 5 tháng 12 năm 2026")
    await line.presses("1", "Dự kiến về ngày nào")
    await line.presses("05032027#", "ngày 5 tháng 3 năm 2027")
    await line.presses("1", "Đi làm bấm 1")
    await line.presses("1", "địa chỉ nơi đến")
    await line.records("Ông bà đã khai xong … Để gửi, nhấn phím 1")
    told = await line.presses("1", "Đã nhận thông báo Khai báo tạm vắng … tin nhắn")
    filed = receipt(await caller.hears("PIN"))
    assert spoken(filed.code) in told
    async with town.official() as lan:
        await lan.opens(filed.code)
        assert "Điện thoại" in lan.page.text
        await lan.until(lan.page.path, lambda page: len(re.findall(r'href="/giay-to/', page.html)) == 2)
    await line.call.hang_up()


async def test_a_cut_call_is_taken_up_where_it_was(town: Town) -> None:
    caller = town.phone()
    line = await town.call(caller.number)
    await line.presses("3")
    await line.presses("2", "Sau tiếng bíp")
    await line.records("mười hai số căn cước")
    await line.call.hang_up()
    again = await town.call(caller.number)
    await again.hears("đang khai dở Khai báo tạm vắng … Để khai tiếp, nhấn phím 1")
    await again.presses("1", "Khai tiếp Khai báo tạm vắng … mười hai số căn cước")
    await again.call.hang_up()


async def test_an_official_code_is_keyed_with_stars_and_opened_by_the_pin(town: Town) -> None:
    filed = await file_birth(town.phone())
    async with town.official() as lan:
        await lan.opens(filed.code)
        keys = lan.official_code.removeprefix("H").replace(".", "*").replace("-", "*")
    line = await town.call(town.phone().number)
    await line.presses("1", "bấm phím thăng")
    await line.presses(f"{keys}#", "Ông bà vừa bấm")
    await line.presses("1", "mã PIN 6 chữ số")
    await line.presses(f"{filed.pin}#", "Hồ sơ mới đăng ký … Thủ tục: Khai sinh")
    await line.call.hang_up()
    assert line.call.errors == []


async def test_a_caller_s_number_alone_opens_nothing_for_it_can_be_forged(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    await mother.texts(
        "ho so toi toi dau", f"{filed.written}"
    )  # this answer goes to her telephone, whoever asked
    line = await town.call(mother.number)
    heard = await line.presses("1", "Mời bấm mã tra cứu gồm 10 chữ số")
    heard += await line.says("hồ sơ của tôi tới đâu", "bấm mã tra cứu")
    assert spoken(filed.code) not in heard
    await line.call.hang_up()

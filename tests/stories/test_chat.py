"""Telegram: buttons, papers, a shared number, news."""

from __future__ import annotations

import re

import pytest

from tests.stories.filings import file_birth, receipt
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200


async def test_a_complaint_with_a_photograph_is_filed_by_buttons_and_answered(town: Town) -> None:
    hoa = town.chatter("Hoa")
    await hoa.starts("Xin chào ông/bà … phường Mẫu")
    await hoa.writes("nop phan anh", "không phải thủ tục hành chính … Phản ánh về việc gì")
    old = hoa.app.answers[-1]
    button = old.buttons[1][0]
    await hoa.presses("Hồ sơ chậm", "Sự việc thế nào")
    hoa.app.press_again(old, button)
    await hoa.hears("thuộc câu hỏi cũ … Sự việc thế nào")
    await hoa.writes("Sáng nay tại quầy 3 tôi chờ hai giờ", "Gửi ảnh")
    hoa.app.photo(PNG)
    await hoa.hears("Đã nhận 1 trên 5 tệp")
    await hoa.writes("xong", "trả lời")
    await hoa.presses("Có", "Họ tên")
    await hoa.writes("Nguyễn Thị Hoa", "Hình ảnh: 1 tệp")
    filed = receipt(await hoa.presses("Gửi", "Đã nhận: Phản ánh … Mã tra cứu"))
    async with town.official() as lan:
        page = await lan.opens(filed.code)
        await lan.until(page.path, lambda page: re.search(r'href="/giay-to/', page.html))
        await lan.does("Nhận trả lời")
    await hoa.hears("phản ánh")


async def test_a_shared_number_finds_what_was_filed_by_text(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    chat = town.chatter("Mẹ", mother.number)
    await chat.starts("Xin chào")
    await chat.writes("ho so cua toi", "Không thấy hồ sơ nào")
    await chat.writes("lien ket so", "chia sẻ số")
    chat.app.share_contact()
    await chat.hears("Đã xác nhận số điện thoại")
    await chat.writes("ho so cua toi", f"{filed.written} … Khai sinh")


async def test_a_contact_card_of_somebody_else_proves_nothing(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    thief = town.chatter("Lạ")
    await thief.starts("Xin chào")
    thief.app.share_contact(mother.number.lstrip("+"), of=0)
    told = await thief.writes("ho so cua toi", "Không thấy hồ sơ nào")
    assert filed.written not in told

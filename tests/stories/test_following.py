"""Who else is told, how, and who wants to be left in peace."""

from __future__ import annotations

import re

import pytest

from tests.portal.walks import answer, receipt
from tests.stories.filings import file_birth
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_aunt_follows_once_the_mother_allows_it(town: Town) -> None:
    mother, aunt = town.phone(), town.phone()
    filed = await file_birth(mother)
    await aunt.texts(f"theo doi {filed.code}", "Da hoi y kien nguoi nop")
    asked = re.search(r"DONG Y (\w+)", await mother.hears("Co nguoi xin nhan tin"))
    assert asked
    await mother.texts(f"dong y {asked[1]}", "Nguoi xin theo doi se duoc bao tin")
    async with town.official() as lan:
        await lan.opens(filed.code)
        await lan.does("Yêu cầu bổ sung", note="Giấy chứng sinh")
    await mother.hears("Can bo sung: Giay chung sinh")
    told = await aunt.hears(f"HS {filed.written}")
    assert "Giay chung sinh" not in told  # what is missing is the mother's business
    await aunt.texts(f"bo theo doi {filed.code}", "khong con nhan tin")


async def test_an_absence_filed_on_the_web_is_confirmed_by_letter(town: Town) -> None:
    away = {
        "full_name": {"value": "Trần Văn Bình"},
        "identity": {"value": "001088012345"},
        "leaves_on": {"day": "5", "month": "12", "year": "2026"},
        "returns_on": {"day": "5", "month": "3", "year": "2027"},
        "reason": {"value": "work"},
        "destination": {"value": "12 Lê Lợi, phường Bến Thành, TP Hồ Chí Minh"},
        "email": {"value": "binh@example.org"},
    }
    letters = len(town.mail.letters)
    async with town.browser() as web:
        await answer(web, away, "1.003677")
        told = receipt(await web.press("Gửi thông báo"))
    async with town.official() as lan:
        await lan.opens(told.phone_code)
        await lan.does("Ghi nhận")
        letter = (await town.mail.until(letters + 1))[-1]
        assert letter.recipients == ("binh@example.org",)
        assert "Khai báo tạm vắng" in letter.text
        await lan.until(lan.page.path, lambda page: "Thư điện tử" in page.text)


async def test_who_wants_no_news_at_all_is_still_told_what_must_arrive(town: Town) -> None:
    mother = town.phone()
    filed = await file_birth(mother)
    await mother.texts("DUNG TAT CA", "Da dung moi tin … BAT LAI")
    async with town.official() as lan:
        await lan.opens(filed.code)
        official_code = lan.official_code
        await lan.does("Yêu cầu bổ sung", note="Giấy chứng sinh")
        await lan.task("Tin không tới được", official_code)  # by a person, not by the machine
    assert len(mother.unread) == 0


async def test_who_floods_is_told_once_and_stands_on_the_list(town: Town) -> None:
    machine = town.phone()
    for n in range(62):
        await machine.sends(f"quang cao so {n}")
    await machine.hears("tam nghi 1 gio")
    async with town.official() as lan:
        await lan.task("Nhắn dồn dập", machine.number[-3:])
    heard = len(town.smsc.inbox(machine.number))
    assert await town.smsc.acknowledged(await machine.sends("con do khong")) == (0,)
    assert len(town.smsc.inbox(machine.number)) == heard

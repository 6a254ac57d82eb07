"""Filing by text, and what becomes of the dossier at the desk."""

from __future__ import annotations

import re

import pytest

from tests.stories.filings import birth, file_birth, receipt
from tests.stories.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_birth_is_filed_question_by_question_and_goes_its_way_at_the_desk(town: Town) -> None:
    mother = town.phone()
    await mother.texts("nop khai sinh", "mang ban chinh den quay … (1/7)")
    await mother.texts("Nguyen Thi Minh An", "(2/7)")
    await mother.texts("31/2/2026", "Khong co ngay 31/2/2026 … vi du")
    await mother.texts("5/3/2026", "1. Nam")
    await mother.texts("nu", "can cuoc")
    await mother.texts("123", "12 chu so")
    await mother.texts("001190012345", "ket hon")
    await mother.texts("chua", "Be sinh o")
    await mother.texts("Benh vien Tu Du, TP.HCM", "(1)Nguyen Thi Minh An (2)05/03/2026 (3)Nu … *345 … 1. Gui")
    await mother.texts("sua 2", "Be sinh ngay nao")
    await mother.texts("6/3/2026", "(2)06/03/2026")
    told = await mother.texts("1", "Da nhan Khai sinh. Ma tra cuu … PIN")
    assert re.search(r"\b\d{3} \d{3} \d{4}\b, PIN \d{6}\b", told)
    code = "".join(re.findall(r"\d{3} \d{3} \d{4}", told)[0].split())

    async with town.official() as lan:
        page = await lan.opens(code)
        assert "NGUYEN THI MINH AN" in page.text.upper()
        page = await lan.does("Tiếp nhận")
        assert "ngoài giờ" not in page.text
        await mother.hears("da tiep nhan. Hen tra")
        await lan.until(lan.page.path, lambda page: "Đã đến máy" in page.text)
        await lan.does("Yêu cầu bổ sung", note="Giấy chứng sinh bản chính\nCăn cước của mẹ")
        await mother.hears("moi bo sung. Can bo sung: Giay chung sinh ban chinh; Can cuoc cua me")
        await lan.does("Đã bổ sung")
        await lan.does("Đã ký, có kết quả")
        await mother.hears("da co ket qua")
        await lan.does("Trả kết quả")
        await mother.hears("da duoc trao")
        page = await lan.until(lan.page.path, lambda page: page.text.count("Đã đến máy") >= 4)
    await mother.texts(code, "Da tra ket qua")


async def test_one_text_with_all_answers_files_a_birth(town: Town) -> None:
    father = town.phone()
    await father.texts("nop khai sinh", "(1/7)")
    await father.texts(birth(father), "(1)Nguyen Minh An (2)05/03/2026 (3)Nam … 1. Gui")
    await father.texts("1", "Da nhan Khai sinh")


async def test_what_is_wrong_in_one_text_is_asked_again_and_the_rest_is_kept(town: Town) -> None:
    father = town.phone()
    await father.texts("nop khai sinh", "(1/7)")
    await father.texts("Nguyen Minh An#32/13/2026#nam", "Can tra loi lai: Ngay sinh cua be … (2/7)")
    await father.texts("5/3/2026", "(4/7)")


async def test_the_same_thing_is_filed_twice_only_knowingly(town: Town) -> None:
    father = town.phone()
    await file_birth(father)
    await father.texts("nop khai sinh", "(1/7)")
    await father.texts(birth(father), "1. Gui")
    await father.texts("1", "da gui Khai sinh voi noi dung nay … 1. Gui them lan nua")
    await father.texts("2", "Da luu ban khai")


async def test_a_long_text_with_marks_comes_in_parts_and_in_any_order(town: Town) -> None:
    mother = town.phone()
    await mother.texts("nộp phản ánh", "Phan anh ve viec gi")
    await mother.texts("1", "Su viec the nao")
    story = "Sáng nay tại quầy số 3 tôi chờ hai giờ mà không được gọi, " * 4 + "xin xem lại cách gọi số."
    mother.read = len(town.smsc.inbox(mother.number))
    await town.smsc.text(mother.number, mother.to, story, order=[4, 2, 1, 3])
    await mother.hears("muon duoc tra loi")
    await mother.texts("khong", "1. Gui")
    filed = receipt(await mother.texts("1", "Da nhan"))
    async with town.official() as lan:
        assert story in (await lan.opens(filed.code)).text

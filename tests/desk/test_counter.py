"""At the counter: what somebody brings is found by its code; a walk-in gets a receipt with the PIN, once."""

from __future__ import annotations

import re

import pytest

from core.pins import right_pin
from tests.desk.bench import Bench


async def test_a_pre_declaration_is_found_by_what_is_on_the_paper(bench: Bench) -> None:
    await bench.sign_in("reception")
    record = await bench.walk_in("Nguyễn Văn An")
    code = record.dossier.short_code
    for typed in (
        code,
        f"{code[:3]} {code[3:6]} {code[6:]}",
        record.dossier.code.lower(),
    ):
        assert await bench.post("reception", "/quay/tim", code=typed) == (303, f"/ho-so/{record.id}"), typed
    status, page = await bench.post("reception", "/quay/tim", code="nguyen van an")
    assert status == 200 and record.dossier.code in page
    status, page = await bench.post("reception", "/quay/tim", code="1234567890")
    assert status == 200 and "Không thấy" in page


async def test_a_walk_in_is_registered_accepted_and_told(bench: Bench) -> None:
    await bench.sign_in("reception")
    form = {"procedure": "1.001193", "name": "Trần Thị  Hoa", "phone": "0912 345 567", "seen": "yes"}
    status, page = await bench.post("reception", "/quay/nhan", **form, accept="yes", once="n1")
    assert status == 200
    dossier = int(page.split('href="/ho-so/')[1].split('"')[0])
    record = await bench.dossier(dossier)
    assert (record.applicant_name, record.kind, record.medium) == ("Trần Thị Hoa", "counter", "counter")
    assert record.dossier.state == 4 and record.dossier.accepted_at == bench.clock.now
    groups = re.findall(r'class="big">([\d ]+)<', page)
    assert groups[0].replace(" ", "") == record.dossier.short_code
    assert right_pin(groups[1], record.pin_digest)
    assert [row.notice for row in await bench.sent(record)] == ["notice.accepted"]
    person = await bench.read(lambda s: s.people.of(_phone(), bench.clock.now))
    assert person == (record.applicant, "counter")


def _phone() -> object:
    from core.messages import Address

    return Address("tel", "+84912345567")


async def test_the_same_form_twice_files_once_and_tells_no_pin_again(bench: Bench) -> None:
    await bench.sign_in("reception")
    form = {"procedure": "1.001193", "name": "Trần Thị Hoa", "once": "n1"}
    _, first = await bench.post("reception", "/quay/nhan", **form)
    _, second = await bench.post("reception", "/quay/nhan", **form)
    assert "Mã PIN (giữ kín)" in first and "Mã PIN (giữ kín)" not in second
    assert "đã được gửi trước đó" in second
    _, page = await bench.get("reception", "/ho-so?loc=all")
    assert page.count("data-row") == 1


@pytest.mark.parametrize(
    ("case", "change", "words"),
    [
        ("no procedure", {"procedure": ""}, "Hãy chọn thủ tục."),
        ("an invented procedure", {"procedure": "9.999999"}, "Hãy chọn thủ tục."),
        ("no name", {"name": "  "}, "Hãy ghi họ và tên."),
        ("a number that is none", {"phone": "12345"}, "Số này không đúng."),
        ("a number in words", {"phone": "gọi nhà"}, "Số này không đúng."),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    bench: Bench, case: str, change: dict[str, str], words: str
) -> None:
    await bench.sign_in("reception")
    form = {"procedure": "1.001193", "name": "Trần Thị Hoa", "phone": "", "once": "n1", **change}
    status, page = await bench.post("reception", "/quay/nhan", **form)
    assert status == 422 and words in page, case
    if form["name"].strip():
        assert 'value="Trần Thị Hoa"' in page


async def test_every_procedure_can_be_registered(bench: Bench) -> None:
    await bench.sign_in("reception")
    for number, code in enumerate(bench.desk.knowledge.catalogue.procedures):
        form = {"procedure": code, "name": "Người Nộp", "once": f"n{number}", "accept": "yes"}
        status, page = await bench.post("reception", "/quay/nhan", **form)
        assert status == 200 and "Mã PIN (giữ kín)" in page, code


async def test_the_qr_on_the_receipt_opens_the_dossier_at_the_counter(bench: Bench) -> None:
    await bench.sign_in("reception")
    form = {"procedure": "1.001193", "name": "Trần Thị Hoa", "once": "n1"}
    _, page = await bench.post("reception", "/quay/nhan", **form)
    (secret,) = re.findall(r"/quay/qr/([\w-]+)", page)
    status, drawn = await bench.get("reception", f"/quay/qr/{secret}")
    assert status == 200 and drawn.startswith("<svg")
    dossier = page.split('href="/ho-so/')[1].split('"')[0]
    typed = f"https://motcua.example/hs/{secret}"
    assert await bench.post("reception", "/quay/tim", code=typed) == (303, f"/ho-so/{dossier}")
    status, page = await bench.post("reception", "/quay/tim", code=typed[:-1] + "x")
    assert status == 200 and "Không thấy" in page


async def test_a_qr_that_nobody_made_is_not_drawn(bench: Bench) -> None:
    await bench.sign_in("reception")
    assert (await bench.get("reception", "/quay/qr/khong-co-that-dau-nhe"))[0] == 404

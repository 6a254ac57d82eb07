"""The list that officials live in: filters that mean what they say, search as people type, numbers hidden."""

from __future__ import annotations

import pytest

from core.store.shelves import Shelves
from tests.desk.bench import Bench

NAMES = ("Nguyễn Văn Ân", "Trần Thị Bích Ngọc", "Đặng Thu Hà", "Lê Hoàng Phương Anh")


async def _filled(bench: Bench) -> dict[str, int]:
    await bench.sign_in("reception")
    return {name: (await bench.walk_in(name, f"+8491234567{n}")).id for n, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen van an", ["Nguyễn Văn Ân"]),
        ("Nguyễn Văn Ân", ["Nguyễn Văn Ân"]),
        ("dang thu ha", ["Đặng Thu Hà"]),
        ("BICH NGOC", ["Trần Thị Bích Ngọc"]),
        ("anh", ["Lê Hoàng Phương Anh"]),
        ("H99.18-261125-0002", ["Trần Thị Bích Ngọc"]),
        ("h99182611250002", ["Trần Thị Bích Ngọc"]),
        ("0002", ["Trần Thị Bích Ngọc"]),
        ("H99.18", list(NAMES)),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("khong co ai", []),
    ],
)
async def test_search_as_people_type(bench: Bench, typed: str, found: list[str]) -> None:
    await _filled(bench)
    answer = await bench.client.get("/ho-so", params={"q": typed}, headers=bench._headers("reception"))
    page = await answer.text()
    assert [name for name in NAMES if f">{name}<" in page] == found


async def test_search_by_phone_code_in_groups(bench: Bench) -> None:
    made = await _filled(bench)
    code = (await bench.dossier(made["Đặng Thu Hà"])).dossier.short_code
    _, page = await bench.get("reception", f"/ho-so?q={code[:3]}+{code[3:6]}+{code[6:]}")
    assert ">Đặng Thu Hà<" in page and page.count("data-row") == 1


async def _act(bench: Bench, dossier: int, *actions: str) -> None:
    for action in actions:

        def work(shelves: Shelves, action: str = action) -> None:
            record = shelves.dossiers.get(dossier)
            assert record is not None
            bench.desk.casework(shelves, bench.clock.now).act(record, action, by="x", note="Giấy chứng sinh")

        await bench.write(work)


async def test_each_filter_shows_its_own(bench: Bench) -> None:
    made = await _filled(bench)
    an, ngoc, ha, anh = made.values()
    await _act(bench, ngoc, "accept")  # due today at five
    await _act(bench, ha, "accept", "ask_papers")
    await _act(bench, anh, "accept", "finish")
    expected = {
        "open": {an, ngoc, ha},
        "new": {an},
        "today": {ngoc},
        "late": set(),
        "waiting": {ha},
        "ready": {anh},
        "closed": set(),
        "all": {an, ngoc, ha, anh},
    }
    assert await _shown(bench, expected) == expected
    bench.clock.pass_(days=1, hours=1)
    await bench.sign_in("reception")
    later = expected | {"today": set(), "late": {ngoc}}
    assert await _shown(bench, later) == later


async def _shown(bench: Bench, names: dict[str, set[int]]) -> dict[str, set[int]]:
    """What each filter lists; its count must say the same."""
    found = {}
    for name in names:
        _, page = await bench.get("reception", f"/ho-so?loc={name}")
        ids = {int(part.split('"')[0]) for part in page.split('class="code"><a href="/ho-so/')[1:]}
        count = page.split('aria-current="true">')[1].split("</a>")[0]
        assert f">{len(ids)}<" in count, name
        found[name] = ids
    return found


async def test_late_is_told_by_a_word_and_a_mark(bench: Bench) -> None:
    made = await _filled(bench)
    await _act(bench, made["Đặng Thu Hà"], "accept")
    bench.clock.pass_(days=2)
    await bench.sign_in("reception")
    _, page = await bench.get("reception", "/ho-so?loc=late")
    assert "▲" in page and "Quá hạn 2 ngày" in page and "thứ Tư, 25/11/2026 17:00" in page


async def test_a_list_in_pages(bench: Bench) -> None:
    await bench.sign_in("reception")
    for n in range(53):
        await bench.walk_in(f"Người Thứ {n}")
    _, first = await bench.get("reception", "/ho-so?loc=all")
    assert first.count("data-row") == 50 and "đang xem 1–50" in first and "Trang 1 / 2" in first
    _, second = await bench.get("reception", "/ho-so?loc=all&trang=2")
    assert second.count("data-row") == 3 and "đang xem 51–53" in second
    status, third = await bench.get("reception", "/ho-so?loc=all&trang=999999999999")
    assert status == 200 and "Trang này không có hồ sơ" in third


async def test_an_empty_list_teaches(bench: Bench) -> None:
    await bench.sign_in("leader")
    for path, words in {
        "/ho-so": "Chưa có hồ sơ nào",
        "/ho-so?loc=mine": "Nhận hồ sơ này",
        "/ho-so?loc=late": "Không có hồ sơ quá hạn",
        "/tin-nhan": "Khi người dân nhắn SMS",
        "/tin-nhan?loc=waiting": "người chờ lâu nhất trước",
        "/": "Không có ai đang chờ",
    }.items():
        assert words in (await bench.get("leader", path))[1], path


async def test_lists_show_no_whole_number(bench: Bench) -> None:
    from core.store.tasks import Task

    await _filled(bench)
    task = Task("t1", "callback", {}, bench.clock.now, "tel|+84912345678", "ivr")
    await bench.write(lambda shelves: shelves.tasks.put(task))
    for path in ("/", "/ho-so", "/tin-nhan"):
        _, page = await bench.get("reception", path)
        assert "912345" not in page and "0912 345" not in page, path


@pytest.mark.parametrize("path", ["/ho-so?trang=x&loc=y&kenh=z", "/ho-so?trang=-1", "/tin-nhan?loc=x"])
async def test_nonsense_in_the_address_shows_the_plain_list(bench: Bench, path: str) -> None:
    await bench.sign_in("reception")
    assert (await bench.get("reception", path))[0] == 200

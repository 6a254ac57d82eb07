"""Coming in: the door, the one-time link, forms of other sites, sessions that are ended."""

from __future__ import annotations

import pytest

from core.access import first_link, invite
from tests.desk.bench import PASSWORD, Bench


async def test_without_a_sign_in_every_page_leads_to_the_door(bench: Bench) -> None:
    for path in ("/", "/ho-so", "/ho-so/1", "/tin-nhan", "/quay", "/can-bo", "/nhat-ky", "/giay-to/x"):
        assert (await bench.get("nobody", path))[0] == 303, path
    status, page = await bench.get("nobody", "/dang-nhap")
    assert status == 200 and "Đăng nhập" in page


async def test_sign_in_and_out(bench: Bench) -> None:
    assert await bench.sign_in("reception") == 303
    assert (await bench.get("reception", "/"))[0] == 200
    assert (await bench.post("reception", "/dang-xuat"))[0] == 303
    assert (await bench.get("reception", "/"))[0] == 303


@pytest.mark.parametrize(
    ("login", "password"), [("reception", "sai mat khau"), ("khongco", PASSWORD), ("", "")]
)
async def test_a_wrong_sign_in_does_not_say_what_was_wrong(bench: Bench, login: str, password: str) -> None:
    assert await bench.sign_in(login, password) == 403
    answer = await bench.client.post(
        "/dang-nhap",
        data={"login": login, "password": password},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert "Chưa đăng nhập được" in await answer.text()


async def test_the_sixth_try_is_refused_and_works_again_later(bench: Bench) -> None:
    for _ in range(5):
        assert await bench.sign_in("leader", "sai mat khau") == 403
    assert await bench.sign_in("leader") == 403
    bench.clock.pass_(minutes=15, seconds=1)
    assert await bench.sign_in("leader") == 303


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(bench: Bench) -> None:
    answer = await bench.client.post(
        "/dang-nhap",
        data={"login": "reception", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
        allow_redirects=False,
    )
    cookie = answer.cookies["desk"]
    assert cookie["httponly"] and cookie["samesite"] == "Strict"


@pytest.mark.parametrize(
    ("case", "headers", "status"),
    [
        ("another site's form", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("a sibling site's form", {"Sec-Fetch-Site": "same-site"}, 403),
        ("typed by hand", {"Sec-Fetch-Site": "none"}, 403),
        ("an old browser, another site", {"Origin": "https://evil.example"}, 403),
        ("an old browser, no word", {}, 403),
        ("our own page", {"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
async def test_forms_of_other_sites_are_refused(
    bench: Bench, case: str, headers: dict[str, str], status: int
) -> None:
    data = {"login": "reception", "password": PASSWORD}
    answer = await bench.client.post("/dang-nhap", data=data, headers=headers, allow_redirects=False)
    assert answer.status == status, case


async def test_an_old_browser_of_ours_is_known_by_its_origin(bench: Bench) -> None:
    origin = f"http://{bench.client.host}:{bench.client.port}"
    data = {"login": "reception", "password": PASSWORD}
    answer = await bench.client.post(
        "/dang-nhap", data=data, headers={"Origin": origin}, allow_redirects=False
    )
    assert answer.status == 303


@pytest.mark.parametrize("token", ["", "wrong", "ữ"])
async def test_a_form_without_its_token_changes_nothing(bench: Bench, token: str) -> None:
    await bench.sign_in("reception")
    record = await bench.walk_in("An")
    form = {"csrf": token, "revision": "0", "seen": "1", "note": "x"}
    status, page = await bench.post("reception", f"/ho-so/{record.id}/ghi-chu", **form)
    assert status == 403 and "phiên làm việc trước" in page
    history = await bench.read(lambda shelves: shelves.dossiers.history(record.id))
    assert [event.kind.value for event in history] == ["filed"]


async def test_an_official_sees_and_ends_own_sessions(bench: Bench) -> None:
    await bench.sign_in("handler")
    elsewhere = bench.jars["handler"]
    await bench.sign_in("handler")
    here = bench.jars["handler"]
    _, page = await bench.get("handler", "/tai-khoan")
    assert page.count("Bắt đầu") == 1 and page.count("<tr>") == 3
    assert (await bench.post("handler", "/tai-khoan/ket-thuc", session="others"))[0] == 303
    bench.jars["handler"] = elsewhere
    assert (await bench.get("handler", "/"))[0] == 303
    bench.jars["handler"] = here
    assert (await bench.get("handler", "/"))[0] == 200


async def test_nobody_ends_a_stranger_s_session(bench: Bench) -> None:
    from core.access import digest

    await bench.sign_in("handler")
    await bench.sign_in("leader")
    await bench.post("leader", "/tai-khoan/ket-thuc", session=digest(bench.jars["handler"][0]))
    assert (await bench.get("handler", "/"))[0] == 200


async def test_the_first_administrator_comes_in_by_the_printed_link(bench: Bench) -> None:
    await bench.write(lambda shelves: shelves.connection.exec_driver_sql("DELETE FROM officials"))
    link = await bench.write(lambda shelves: first_link(shelves, bench.desk.world, "http://desk"))
    path = link.removeprefix("http://desk")
    assert "Người quản trị đầu tiên" in (await bench.get("nobody", path))[1]
    form = {"name": "Hoàng Thị Quản", "login": "quan", "password": "ngan", "again": "ngan"}
    status, page = await bench.post("nobody", path, **form)
    assert status == 422 and "ít nhất 10 ký tự" in page and 'value="quan"' in page
    form |= {"password": PASSWORD, "again": PASSWORD}
    assert await bench.post("nobody", path, **form) == (303, "/")
    bench.client.session.cookie_jar.clear()
    assert (await bench.post("nobody", path, **form))[0] == 404
    assert await bench.sign_in("quan") == 303
    assert (await bench.get("quan", "/can-bo"))[0] == 200


async def test_an_administrator_adds_an_official_who_comes_in_once(bench: Bench) -> None:
    await bench.sign_in("administrator")
    status, page = await bench.post(
        "administrator", "/can-bo/them", name="Lê Mới", login="moi", role="handler"
    )
    assert status == 200
    path = "/vao/" + page.split("/vao/")[1].split('"')[0]
    answer = await bench.post("nobody", path, password=PASSWORD, again=PASSWORD)
    assert answer == (303, "/")
    bench.client.session.cookie_jar.clear()
    assert await bench.sign_in("moi") == 303
    assert (await bench.get("nobody", path))[0] == 404


async def test_a_closed_account_is_out_at_once(bench: Bench) -> None:
    await bench.sign_in("administrator")
    await bench.sign_in("handler")
    handler = await bench.read(lambda shelves: shelves.officials.by_login("handler"))
    assert (await bench.post("administrator", f"/can-bo/{handler.id}/vai-tro", role="handler"))[0] == 303
    assert (await bench.get("handler", "/"))[0] == 303
    assert await bench.sign_in("handler") == 403


async def test_the_last_administrator_stays(bench: Bench) -> None:
    await bench.sign_in("administrator")
    own = await bench.read(lambda shelves: shelves.officials.by_login("administrator"))
    for form in ({"role": "handler", "active": "yes"}, {"role": "administrator"}):
        status, page = await bench.post("administrator", f"/can-bo/{own.id}/vai-tro", **form)
        assert status == 400 and "người quản trị cuối cùng" in page


async def test_a_guessed_link_does_not_use_up_the_real_one(bench: Bench) -> None:
    handler = await bench.read(lambda shelves: shelves.officials.by_login("handler"))
    link = await bench.write(lambda shelves: invite(shelves, bench.desk.world, "", handler.id))
    for n in range(10):
        assert (await bench.get("nobody", f"/vao/{handler.id}/guess{n}"))[0] == 404
    assert (await bench.get("nobody", link))[0] == 200

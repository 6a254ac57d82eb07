"""Every page and act × every role: the server decides, whatever the page showed."""

from __future__ import annotations

import re

import pytest

from core.rights import RIGHTS, ROLES
from desk.app import TABLE
from desk.visit import PUBLIC
from tests.desk.bench import Bench

# Who may do what, in words of the pages: R reception, H handler, A approver, L leader, D administrator, U auditor.
EXPECTED = {
    ("POST", "/dang-xuat"): "RHALDU",
    ("GET", "/tai-khoan"): "RHALDU",
    ("POST", "/tai-khoan/ket-thuc"): "RHALDU",
    ("GET", "/"): "RHALDU",
    ("POST", "/viec/{task}/nhan"): "RHAL",
    ("POST", "/viec/{task}/xong"): "RHAL",
    ("POST", "/tin-hong/{message}"): "RL",
    ("GET", "/ho-so"): "RHALU",
    ("GET", "/ho-so/{id}"): "RHALU",
    ("POST", "/ho-so/{id}/lam"): "RHAL",
    ("POST", "/ho-so/{id}/ghi-chu"): "RHAL",
    ("POST", "/ho-so/{id}/nhan"): "RHAL",
    ("POST", "/ho-so/{id}/giao"): "L",
    ("POST", "/ho-so/{id}/theo-doi"): "R",
    ("GET", "/giay-to/{paper}"): "RHALU",
    ("GET", "/tin-nhan"): "RHLU",
    ("GET", "/tin-nhan/{talk}"): "RHLU",
    ("POST", "/tin-nhan/{talk}/nhan"): "RHL",
    ("POST", "/tin-nhan/{talk}/tra-loi"): "RHL",
    ("POST", "/tin-nhan/{talk}/do-dai"): "RHL",
    ("POST", "/tin-nhan/{talk}/tra-lai"): "RHL",
    ("GET", "/quay"): "R",
    ("POST", "/quay/tim"): "R",
    ("POST", "/quay/nhan"): "R",
    ("GET", "/quay/qr/{secret}"): "R",
    ("GET", "/can-bo"): "DU",
    ("POST", "/can-bo/them"): "D",
    ("POST", "/can-bo/{official}/vai-tro"): "D",
    ("POST", "/can-bo/{official}/lien-ket"): "D",
    ("GET", "/nhat-ky"): "U",
}
LETTERS = dict(zip(ROLES, "RHALDU", strict=True))


def test_the_table_names_every_guarded_page() -> None:
    guarded = {(method, path) for method, path, act, _ in TABLE if act != PUBLIC}
    assert guarded == set(EXPECTED)


def test_every_page_asks_for_a_right_that_exists() -> None:
    assert {act for _, _, act, _ in TABLE} - {PUBLIC} <= set(RIGHTS)


@pytest.mark.parametrize("role", ROLES)
async def test_what_a_role_reaches(bench: Bench, role: str) -> None:
    for (method, path), letters in EXPECTED.items():
        if path == "/dang-xuat":
            continue
        await bench.sign_in(role)
        where = re.sub(r"\{\w+\}", "999999", path)
        ask = bench.get(role, where) if method == "GET" else bench.post(role, where)
        status, page = await ask
        refused = status == 403 and "Vai trò của ông/bà không gồm việc này" in page
        assert refused is (LETTERS[role] not in letters), f"{role}: {method} {path} gave {status}"
        assert status < 500, f"{role}: {method} {path} gave {status}"


@pytest.mark.parametrize("role", ROLES)
async def test_the_navigation_shows_only_what_may_be_opened(bench: Bench, role: str) -> None:
    await bench.sign_in(role)
    _, page = await bench.get(role, "/tai-khoan")
    nav = page.split("<nav")[1].split("</nav>")[0]
    for path in ("/ho-so", "/quay", "/tin-nhan", "/can-bo", "/nhat-ky"):
        assert (f'href="{path}"' in nav) is (LETTERS[role] in EXPECTED["GET", path]), path

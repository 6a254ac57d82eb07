"""Coming in and going out: sign-in, the one-time link, one's own sessions."""

from __future__ import annotations

from aiohttp import web

from core.access import (
    Invited,
    Signed,
    begin,
    faults_of_login,
    faults_of_password,
    invited,
    judge,
)
from core.access import come_in as settle
from core.store.desk import DeskShelf
from core.store.officials import Official
from core.store.shelves import Shelves
from desk.errors import NotFound
from desk.pages import HEADERS
from desk.visit import COOKIE, Visit


async def sign_in_page(visit: Visit) -> web.StreamResponse:
    if visit.signed is not None:
        return visit.go("/")
    return visit.page("signin.html", failed=False, login="")


async def sign_in(visit: Visit) -> web.StreamResponse:
    """Login and password. What was wrong is not told apart, and takes the same time."""
    login, given = visit.form.get("login", "").lower(), visit.form.get("password", "")[:200]
    database, now = visit.desk.database, visit.now
    official = await database.read(lambda shelves: shelves.officials.by_login(login))
    right = await visit.desk.passwords.right(official.password if official is not None else None, given)
    agent = visit.request.headers.get("User-Agent", "")

    def enter(shelves: Shelves) -> Signed | None:
        welcome = judge(shelves, login, right, now)
        return None if welcome is None else begin(shelves, welcome, now, agent)

    signed = await database.write(enter)
    if signed is None:
        return visit.page("signin.html", 403, failed=True, login=login)
    return _with_cookie(visit, signed)


def _with_cookie(visit: Visit, signed: Signed) -> web.Response:
    """To the first page, with the session's cookie; an earlier one of this browser is replaced."""
    answer = visit.go("/")
    secure = visit.desk.secure
    answer.set_cookie(COOKIE, signed.cookie, httponly=True, samesite="Strict", secure=secure, path="/")
    return answer


async def invited_page(visit: Visit) -> web.StreamResponse:
    guest = await _guest(visit)
    return visit.page("join.html", guest=guest, faults={}, login="", name="")


async def _guest(visit: Visit) -> Invited:
    subject, secret, now = visit.part("subject"), visit.part("secret"), visit.now
    guest = await visit.desk.database.read(lambda shelves: invited(shelves, subject, secret, now))
    if guest is None:
        raise NotFound("link")
    return guest


async def come_in(visit: Visit) -> web.StreamResponse:
    """The password is chosen; the first administrator chooses login and name too."""
    guest, form = await _guest(visit), visit.form
    known = guest.official
    login = known.login if known is not None else form.get("login", "").lower()
    name = known.name if known is not None else form.get("name", "")[:120]
    faults = {"password": faults_of_password(form.get("password", ""), form.get("again", ""), login)}
    if known is None:
        faults["login"] = await visit.desk.database.read(lambda shelves: faults_of_login(shelves, login))
        faults["name"] = "" if name else "empty"
    faults = {field: fault for field, fault in faults.items() if fault}
    if faults:
        return visit.page("join.html", 422, guest=guest, faults=faults, login=login, name=name)
    return await _welcome(visit, guest, login, name)


async def _welcome(visit: Visit, guest: Invited, login: str, name: str) -> web.Response:
    password = await visit.desk.passwords.hash(visit.form["password"])
    secret, world, agency = visit.part("secret"), visit.desk.world, visit.desk.knowledge.settings.agency
    agent = visit.request.headers.get("User-Agent", "")

    def enter(shelves: Shelves) -> Signed | None:
        official: Official | None = settle(
            shelves, world, guest, secret, password, login=login, name=name, agency=agency
        )
        return None if official is None else begin(shelves, official, visit.now, agent)

    signed = await visit.desk.database.write(enter)
    if signed is None:
        raise NotFound("link")
    return _with_cookie(visit, signed)


async def sign_out(visit: Visit) -> web.StreamResponse:
    digest, login, now = visit.who.session.digest, visit.login, visit.now

    def leave(shelves: Shelves) -> None:
        shelves.officials.sign_out(digest)
        shelves.tasks.record(login, "session.end", login, now)

    await visit.desk.database.write(leave)
    answer = web.Response(
        status=303, headers={**HEADERS, "Location": "/dang-nhap", "Clear-Site-Data": '"cache"'}
    )
    answer.del_cookie(COOKIE, path="/")
    return answer


async def own_sessions(visit: Visit) -> web.StreamResponse:
    official, now = visit.who.official.id, visit.now
    rows = await visit.desk.database.read(
        lambda shelves: DeskShelf(shelves.connection).sessions(official, now)
    )
    return visit.page("sessions.html", sessions=rows, this=visit.who.session.digest, done=visit.asked("xong"))


async def end_session(visit: Visit) -> web.StreamResponse:
    """End one of one's own sessions, or all but this one."""
    official, login, now = visit.who.official.id, visit.login, visit.now
    wanted, this = visit.form.get("session", ""), visit.who.session.digest

    def end(shelves: Shelves) -> None:
        mine = [row.digest for row in DeskShelf(shelves.connection).sessions(official, now)]
        for digest in mine:
            if digest == wanted or (wanted == "others" and digest != this):
                shelves.officials.sign_out(digest)
                shelves.tasks.record(login, "session.end", login, now)

    await visit.desk.database.write(end)
    return visit.go("/tai-khoan?xong=1")

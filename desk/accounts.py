"""Cán bộ: who works here, in which roles; new ones come in by a one-time link."""

from __future__ import annotations

from aiohttp import web

from core.access import faults_of_login, invite, known_roles
from core.rights import ADMINISTRATOR, ROLES
from core.store.officials import Official
from core.store.shelves import Shelves
from desk.errors import NotFound, Wrong
from desk.visit import Visit


async def list_page(visit: Visit) -> web.StreamResponse:
    return await _page(visit, done=visit.asked("xong"))


async def _page(visit: Visit, status: int = 200, **values: object) -> web.Response:
    officials = await visit.desk.database.read(lambda shelves: shelves.officials.all())
    shown: dict[str, object] = {
        "faults": {},
        "typed": {},
        "given": (),
        "link": "",
        "invited": None,
        "done": "",
    }
    return visit.page("officials.html", status, **{**shown, "officials": officials, "roles": ROLES, **values})


async def add(visit: Visit) -> web.StreamResponse:
    """A new official and the link by which they come in. The link is shown once."""
    form, world = visit.form, visit.desk.world
    login, name = form.get("login", "").lower(), form.get("name", "")[:120]
    roles = known_roles(visit.lists.get("role", ()))
    fault = await visit.desk.database.read(lambda shelves: faults_of_login(shelves, login))
    faults = {"login": fault, "name": "" if name else "empty", "role": "" if roles else "empty"}
    faults = {field: found for field, found in faults.items() if found}
    if faults:
        return await _page(visit, 422, faults=faults, typed=form, given=roles)
    official = Official(world.new_id(), login, name, roles, visit.desk.knowledge.settings.agency)

    def write(shelves: Shelves) -> str:
        if faults_of_login(shelves, login):
            raise Wrong("login")
        shelves.officials.add(official, visit.now)
        shelves.tasks.record(visit.login, "official.add", login, visit.now, {"roles": list(roles)})
        return invite(shelves, world, visit.desk.url, official.id)

    link = await visit.desk.database.write(write)
    return await _page(visit, link=link, invited=official)


async def new_link(visit: Visit) -> web.StreamResponse:
    """A new one-time link: for who has forgotten the password, or let the first one lapse."""
    official_id, world = visit.part("official"), visit.desk.world

    def write(shelves: Shelves) -> tuple[Official, str]:
        official = _known(shelves, official_id)
        shelves.tasks.record(visit.login, "official.link", official.login, visit.now)
        return official, invite(shelves, world, visit.desk.url, official.id)

    official, link = await visit.desk.database.write(write)
    return await _page(visit, link=link, invited=official)


async def change(visit: Visit) -> web.StreamResponse:
    """Roles, and whether the account is open. The last administrator stays one."""
    official_id, roles = visit.part("official"), known_roles(visit.lists.get("role", ()))
    active = visit.form.get("active") == "yes"

    def write(shelves: Shelves) -> None:
        official = _known(shelves, official_id)
        keeps = active and ADMINISTRATOR in roles
        if not keeps and _administrators(shelves) == [official.id]:
            raise Wrong("last_administrator")
        shelves.officials.set_roles(official.id, roles, active)
        if not active:
            shelves.officials.sign_out_all(official.id)
        values = {"roles": list(roles), "before": list(official.roles), "active": active}
        shelves.tasks.record(visit.login, "official.change", official.login, visit.now, values)

    await visit.desk.database.write(write)
    return visit.go("/can-bo?xong=1")


def _known(shelves: Shelves, official_id: str) -> Official:
    official = shelves.officials.get(official_id)
    if official is None:
        raise NotFound("official")
    return official


def _administrators(shelves: Shelves) -> list[str]:
    return [each.id for each in shelves.officials.all() if each.active and ADMINISTRATOR in each.roles]

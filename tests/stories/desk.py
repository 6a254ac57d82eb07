"""An official with a browser at the desk: signs in, opens dossiers, presses the buttons of the pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.portal.browser import Page
from tests.stories.browser import Visitor

PASSWORD = "mot mat khau dai"


@dataclass(frozen=True)
class Handed:
    """A printed receipt: the secret in its QR, the code to key in as it is written, the PIN."""

    link: str
    written: str
    pin: str


class Desk(Visitor):
    """One official's browser. It says where its forms come from, as browsers do."""

    async def _go(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Page:
        return await super()._go(method, path, data, {**headers, "Sec-Fetch-Site": "same-origin"})

    # -- coming in

    async def come_in(self, link: str, **chosen: str) -> None:
        """Use a one-time link and set the password."""
        path = link[link.index("/vao/") :]
        await self.open(path)
        page = await self.post(path, {**chosen, "password": PASSWORD, "again": PASSWORD})
        assert page.status == 200, page.text

    async def sign_in(self, login: str) -> None:
        await self.open("/dang-nhap")
        page = await self.press("Đăng nhập", login=login, password=PASSWORD)
        assert page.path == "/", page.text

    async def invite(self, login: str, name: str, roles: Sequence[str]) -> str:
        """Add an official; returns the link for them."""
        await self.open("/can-bo")
        form = self.form("/can-bo/them")
        fields = [("csrf", form.fields["csrf"]), ("login", login), ("name", name)]
        page = await self._go("POST", form.action, fields + [("role", role) for role in roles], {})
        found = re.search(r'class="link" readonly value="([^"]+)"', page.html)
        assert found, page.text
        return unescape(found[1])

    # -- dossiers

    async def opens(self, code: str) -> Page:
        """Search a dossier by its code, and open it."""
        page = await self.open(f"/ho-so?loc=all&q={code}")
        found = re.findall(r'href="(/ho-so/\d+)"', page.html)
        assert found, f"the desk does not find {code}: {page.text}"
        return await self.open(found[0])

    @property
    def official_code(self) -> str:
        """The official code of the open dossier."""
        found = re.search(r"H99\.18-\d{6}-\d{4}", self.page.html)
        assert found, self.page.text
        return found[0]

    async def does(self, action: str, note: str = "") -> Page:
        """Take an action of the process on the open dossier, by what stands on its button."""
        page = await (self.press(action, note=note) if note else self.press(action))
        assert page.status == 200, page.text
        assert "Đã làm" in page.text, page.text
        return page

    async def receives(self, procedure: str, name: str, phone: str) -> Handed:
        """Take a walk-in's papers at the counter; what is printed for them."""
        await self.open("/quay")
        form = self.form("/quay/nhan")
        typed = {"procedure": procedure, "name": name, "phone": phone, "accept": "yes"}
        page = await self._go("POST", form.action, {**form.fields, **typed}, {})
        found = re.search(r"/quay/qr/([\w-]+)", page.html)
        codes = re.findall(r'class="big">([\d ]+)<', page.html)
        assert found and len(codes) == 2, page.text
        return Handed(found[1], codes[0], codes[1].replace(" ", ""))

    # -- tasks and talks

    async def task(self, *pieces: str) -> str:
        """The first task on the list that holds these pieces, once it is there."""
        page = await self.until("/", lambda page: _task(page, pieces) is not None)
        found = _task(page, pieces)
        assert found is not None
        return found

    async def open_talk_of(self, *pieces: str) -> Page:
        """From a task on the list to the talk of whoever it is about."""
        found = re.search(r'href="(/tin-nhan/[^"]+)"', await self.task(*pieces))
        assert found, "the task leads to no talk"
        return await self.open(found[1])


def _task(page: Page, pieces: Sequence[str]) -> str | None:
    """The markup of the first task with these pieces."""
    tasks = re.findall(r'(?s)<li class="task .*?</li>', page.html)
    return next((each for each in tasks if all(piece in unescape(each) for piece in pieces)), None)

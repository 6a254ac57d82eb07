"""A citizen's browser at the real portal: the one without JavaScript that the pages are tested with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

from aiohttp import ClientSession, CookieJar

from tests.portal.browser import Browser, Form, Page


class Visitor(Browser):
    """Somebody at an address of the product. Links that the product sends name its outside address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = ClientSession(
            cookie_jar=CookieJar(unsafe=True), headers={"Accept": "text/html", "Accept-Language": "vi"}
        )
        self.page = Page(0, "", "", {})

    async def __aenter__(self) -> Self:
        return self

    async def _press(self, button: str, typed: Mapping[str, str], paper: tuple[str, bytes]) -> Page:
        """Fill in and press; where there is no such button the page is shown."""
        offered = [name for form in self.page.read.forms for name in form.buttons]
        assert button in offered, f"no {button!r} among {offered} on {self.page.path}:\n{self.page.text}"
        return await super()._press(button, typed, paper)

    def form(self, action: str) -> Form:
        """The form of the open page that leads there."""
        return next(each for each in self.page.read.forms if re.fullmatch(action, each.action))

"""A citizen's browser at the real portal: the one without JavaScript that the pages are tested with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any, Self

from aiohttp import ClientSession, CookieJar

from tests.portal.browser import Browser, Form, Page

PATIENCE = 8.0  # seconds until a page must show what happened


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

    async def until(self, path: str, seen: Callable[[Page], Any]) -> Page:
        """Look at a page again and again, until it shows what is awaited."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not seen(page := await self.open(path)):
                    await asyncio.sleep(0.05)  # a page has no bell
        except TimeoutError:
            raise AssertionError(f"{path} never showed it:\n{self.page.text}") from None
        return page

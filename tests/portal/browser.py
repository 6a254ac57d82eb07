"""A browser without JavaScript, for tests that read like a visit: open an address, fill the form, press a button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from aiohttp import ClientSession, CookieJar, FormData
from yarl import URL

from tests.portal.town import Town

VOID = frozenset(("input", "meta", "link", "br", "hr", "img", "path", "rect"))


@dataclass
class Form:
    """A form of the page: where it goes, its fields, its buttons by what stands on them."""

    action: str
    method: str
    kind: str
    fields: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects the forms, headings and ids of a page, and complains where tags do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.stack: list[str] = []
        self.ids: list[str] = []
        self.crossed: list[str] = []
        self._button: tuple[str, str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag not in VOID:
            self.stack.append(tag)
        if tag == "form":
            self.forms.append(
                Form(given.get("action", ""), given.get("method", "get"), given.get("enctype", ""))
            )
        elif tag in ("input", "textarea") and "form" in self.stack:
            self._input(given)
        elif tag == "button":
            self._button, self._text = (given.get("name", ""), given.get("value", "")), ""

    def _input(self, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if given.get("type") == "radio":
            form.radios.setdefault(name, []).append(given["value"])
            if "checked" in given:
                form.fields[name] = given["value"]
        elif given.get("type") != "file":
            form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.stack or self.stack.pop() != tag:
            self.crossed.append(tag)
        if tag == "button" and self._button is not None and "form" in self.stack:
            self.forms[-1].buttons[" ".join(self._text.split())] = self._button
            self._button = None

    def handle_data(self, data: str) -> None:
        self._text += data


@dataclass
class Page:
    """A page as it came."""

    status: int
    path: str
    html: str
    headers: dict[str, str]

    @property
    def heading(self) -> str:
        """The first heading, without marks."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.html, re.DOTALL)
        return plain(found.group(1)) if found else ""

    @property
    def text(self) -> str:
        """What a reader reads in the main part."""
        return plain(re.sub(r"(?s)^.*<main[^>]*>|</main>.*$|<template.*?</template>", "", self.html))

    @property
    def problems(self) -> list[str]:
        """The lines of the summary of problems."""
        box = re.search(r'(?s)<div class="summary".*?</div>', self.html)
        return [plain(each) for each in re.findall(r"(?s)<li>(.*?)</li>", box.group())] if box else []

    @property
    def read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        return reader

    @property
    def links(self) -> list[str]:
        return [unescape(each) for each in re.findall(r'(?:href|src|action)="([^"]*)"', self.html)]


def plain(html: str) -> str:
    """Text without marks, blanks made one."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


class Browser:
    """Keeps cookies, follows redirects, sends forms as a browser does."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.url = town.url
        self._session = ClientSession(
            cookie_jar=CookieJar(unsafe=True), headers={"Accept": "text/html", "Accept-Language": "vi"}
        )
        self.page = Page(0, "", "", {})

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    @property
    def cookies(self) -> dict[str, str]:
        return {
            name: morsel.value
            for name, morsel in self._session.cookie_jar.filter_cookies(URL(self.url)).items()
        }

    def forget_cookies(self) -> None:
        self._session.cookie_jar.clear()

    async def open(self, path: str, **headers: str) -> Page:
        """Type an address."""
        return await self._go("GET", path, None, headers)

    async def press(self, button: str, **typed: str) -> Page:
        """Fill in what is given and press a button of the page."""
        return await self._press(button, typed, ("", b""))

    async def attach(self, button: str, name: str, content: bytes) -> Page:
        """Choose a file and press a button of its form."""
        return await self._press(button, {}, (name, content))

    async def _press(self, button: str, typed: Mapping[str, str], paper: tuple[str, bytes]) -> Page:
        form = next(each for each in self.page.read.forms if button in each.buttons)
        for name in typed:
            assert name in form.fields or name in form.radios, f"the form has no field {name!r}"
        name, value = form.buttons[button]
        fields = {**form.fields, **typed}
        if form.method != "post":
            return await self.open(str(URL(form.action).with_query(fields)))
        data: Any = {**fields, name: value} if name else fields
        if form.kind == "multipart/form-data":
            data = FormData(quote_fields=False)
            for each, text in fields.items():
                data.add_field(each, text)
            data.add_field("paper", paper[1], filename=paper[0], content_type="application/octet-stream")
            if name:
                data.add_field(name, value)
        return await self._go("POST", form.action, data, {})

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> Page:
        """Post what no page offers."""
        return await self._go("POST", path, fields, headers)

    async def send(self, path: str, body: bytes, headers: dict[str, str]) -> Page:
        """Post bytes as they are."""
        return await self._go("POST", path, body, headers)

    async def _go(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Page:
        async with self._session.request(method, self.url + path, data=data, headers=headers) as answer:
            html = await answer.text()
            self.page = Page(answer.status, answer.url.path_qs, html, dict(answer.headers))
        return self.page

"""The channel: posts from the chat box in, lines of the talk out, papers beside them.

It works without JavaScript too: a plain form posts, and is led back to the page that shows the talk.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from channels.web.pace import Pace
from channels.web.settings import WebSettings
from channels.web.stream import Streams
from channels.web.talk import Entry, Talk
from channels.web.uploads import Uploads, parts, read_chunk
from channels.web.visitors import Visitor, Visitors
from channels.webhooks import BadInput, Forbidden, guarded, read_form
from core.channel import NotNow, Reception, Refused, Route, Traits, Unreachable
from core.messages import Attachment, InboundMessage, Moment, OutboundMessage, Receipt, ReceiptState

PAGE = "/hoi-dap"  # where the portal shows the talk
LONGEST = 2000  # characters of one message
FORM = 64 * 1024
BUTTONS = 8
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


@dataclass(frozen=True, slots=True)
class Post:
    """What one request of the chat box says."""

    id: str
    text: str = ""
    payload: str = ""
    moment: Moment = Moment.WORDS
    attachment: Attachment | None = None


class WebChannel:
    """The chat box. `settings` is a `WebSettings` or the mapping of config.yaml."""

    def __init__(
        self,
        name: str,
        settings: WebSettings | Mapping[str, Any],
        *,
        visitors: Visitors | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        if not isinstance(settings, WebSettings):
            settings = WebSettings.model_validate(settings)
        self._name = name
        self._settings = settings
        self.visitors = visitors or Visitors(settings.public_url)
        self._now = now
        self._traits = Traits("web", ("web",), buttons=BUTTONS, receipts=True, files=True)
        self._keep = timedelta(days=settings.keep_days)
        self._streams = Streams(settings)
        self._uploads = Uploads(Path(settings.uploads), settings.largest_paper)
        self._sends = Pace(settings.sends_a_minute, 60)
        self._papers = Pace(settings.uploads_an_hour, 3600)
        self._papers_of_network = Pace(10 * settings.uploads_an_hour, 3600)
        self._reception: Reception | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def traits(self) -> Traits:
        return self._traits

    def routes(self) -> Sequence[Route]:
        return (
            Route("POST", "/chat/send", guarded(self._posted), max_body=FORM),
            Route(
                "POST", "/chat/upload", guarded(self._uploaded), max_body=self._settings.largest_paper + FORM
            ),
            Route("POST", "/chat/forget", guarded(self._forget), max_body=FORM),
            Route("GET", "/chat/stream", guarded(self._stream)),
            Route("GET", "/chat/since", guarded(self._since)),
        )

    @asynccontextmanager
    async def open(self, reception: Reception) -> AsyncIterator[None]:
        """Take posts and hold streams; leaving ends the streams, and pages go on elsewhere."""
        self._uploads.open()
        self._streams.open()
        self._reception = reception
        try:
            yield
        finally:
            self._streams.close()
            self._reception = None

    async def send(self, message: OutboundMessage) -> Sequence[str]:
        """Write the message into the talk; the id is "<visitor>:<number>". It has arrived once it was
        shown."""
        if message.address.kind != "web":
            raise Refused("not a visitor of ours")
        if self._reception is None:
            raise Unreachable("the channel is not open", code="closed")
        number, _ = await self._talk(message.address.identity).add(_said(message, self._now()))
        return (f"{message.address.identity}:{number}",)

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The content of an uploaded paper in chunks. Raises `Refused` where it is gone."""
        async for chunk in self._uploads.fetch(attachment):
            yield chunk

    async def history(self, identity: str) -> list[dict[str, Any]]:
        """A visitor's talk so far, for the page that shows it without JavaScript; what is shown has
        arrived."""
        if self._reception is None:
            return []
        talk = self._talk(identity)
        entries = await talk.read()
        await self._arrived(identity, talk, entries)
        return [entry.plain() for entry in entries]

    # -- requests --------------------------------------------------------------------------------------------

    async def _posted(self, request: web.Request) -> web.StreamResponse:
        form = await read_form(request)
        visitor = self._genuine(request, form.text("csrf", most=100))
        if not self._sends.allows(visitor.identity):
            return _answer(request, 429, {"error": "too_many"})
        text, payload = form.text("text", most=4 * LONGEST).strip(), form.text("payload", most=64)
        moment = Moment.HELLO if form.get("moment") == "hello" else Moment.WORDS
        post = Post(_id(form.text("id", most=64)), text[:LONGEST], payload, moment)
        if moment is Moment.WORDS and not text and not payload:
            return _answer(request, 200, {"number": 0})  # an empty form was sent: nothing was said
        label = await self._label(visitor, payload) if payload else ""
        number = await self._take(visitor, post, label)
        return _answer(request, 200, {"number": number})

    async def _uploaded(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, str] = {}
        async for part in parts(request):
            if part.filename is None and part.name in ("csrf", "id", "text"):
                fields[part.name] = (await read_chunk(part, FORM)).decode("utf-8", "replace")[:LONGEST]
                continue
            visitor = self._genuine(request, fields.get("csrf", ""))  # before a byte is written
            if not (
                self._papers.allows(visitor.identity) and self._papers_of_network.allows(visitor.network)
            ):
                return _answer(request, 429, {"error": "too_many"})
            attachment = await self._uploads.take(part)
            post = Post(_id(fields.get("id", "")), fields.get("text", "").strip(), attachment=attachment)
            return _answer(request, 200, {"number": await self._take(visitor, post)})
        raise BadInput("no paper in the form")

    async def _take(self, visitor: Visitor, post: Post, label: str = "") -> int:
        """Show it in the talk, then hand it to the house. A repeat of the same id does neither again."""
        reception = self._open_reception()
        said_at = self._now()
        number = 0
        if post.moment is Moment.WORDS:
            paper = post.attachment.name if post.attachment is not None else ""
            line = {
                "id": f"in:{post.id}",
                "mine": True,
                "text": post.text or label,
                "paper": paper,
                "at": said_at.isoformat(),
            }
            number, _ = await self._talk(visitor.identity).add(line)
        await reception.accept(
            InboundMessage(
                channel=self._name,
                sender=visitor.address,
                external_id=f"{visitor.identity}:{post.id}",
                received_at=said_at,
                moment=post.moment,
                text=post.text,
                payload=post.payload,
                attachments=(post.attachment,) if post.attachment is not None else (),
            )
        )
        return number

    async def _label(self, visitor: Visitor, payload: str) -> str:
        """What stood on the button that sends this back."""
        lines = await self._talk(visitor.identity).read()
        choices = [choice for line in reversed(lines) for choice in line.value.get("choices", ())]
        return next((str(choice["label"]) for choice in choices if choice["payload"] == payload), "")

    async def _forget(self, request: web.Request) -> web.StreamResponse:
        form = await read_form(request)
        visitor = self._genuine(request, form.text("csrf", most=100))
        await self._take(visitor, Post(_id(form.text("id", most=64)), moment=Moment.BYE))
        await self._talk(visitor.identity).tear_out()
        response = _answer(request, 200, {"gone": True}, "/")
        self.visitors.forget(response)
        return response

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        visitor, reception = self.visitors.of(request), self._open_reception()
        if visitor.new:
            raise Forbidden("a stream without a visitor")
        if not self._streams.room(visitor.identity):
            return web.json_response({"error": "too_many"}, status=429)
        after = _number(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
        talk = self._talk(visitor.identity)

        async def shown(entries: Sequence[Entry]) -> None:
            await self._arrived(visitor.identity, talk, entries)

        return await self._streams.serve(request, visitor.identity, talk, reception.notebook, after, shown)

    async def _since(self, request: web.Request) -> web.StreamResponse:
        visitor = self.visitors.of(request)
        if visitor.new:
            raise Forbidden("a talk without a visitor")
        self._open_reception()
        talk = self._talk(visitor.identity)
        entries = await talk.read(_number(request.query.get("after", "0")))
        await self._arrived(visitor.identity, talk, entries)
        return web.json_response(
            {"entries": [entry.plain() for entry in entries]}, headers={"Cache-Control": "no-store"}
        )

    # -- helpers ---------------------------------------------------------------------------------------------

    async def _arrived(self, identity: str, talk: Talk, entries: Sequence[Entry]) -> None:
        """What a browser has been given has arrived."""
        for entry in await talk.newly_seen(entries):
            reference = f"{identity}:{entry.number}"
            receipt = Receipt(self._name, reference, ReceiptState.DELIVERED, self._now())
            await self._open_reception().report(receipt)

    def _genuine(self, request: web.Request, token: str) -> Visitor:
        visitor = self.visitors.of(request)
        if not self.visitors.genuine(request, visitor, token):
            raise Forbidden("not posted by a page of ours")
        return visitor

    def _talk(self, identity: str) -> Talk:
        return Talk(self._open_reception().notebook, identity, self._keep)

    def _open_reception(self) -> Reception:
        if self._reception is None:
            raise NotNow("the channel is not open")
        return self._reception


def _said(message: OutboundMessage, at: datetime) -> dict[str, Any]:
    """The office's line, as a page needs it."""
    expect = message.expect
    choices = expect.choices if expect is not None else ()
    return {
        "id": f"out:{message.id}",
        "mine": False,
        "text": message.text,
        "paper": "",
        "at": at.isoformat(),
        "expect": expect.kind.value if expect is not None else "",
        "choices": [{"label": choice.label, "payload": choice.payload} for choice in choices[:BUTTONS]],
    }


def _answer(request: web.Request, status: int, values: Mapping[str, Any], back: str = PAGE) -> web.Response:
    """JSON for the page's own script; a plain form is led back to the page."""
    if "application/json" in request.headers.get("Accept", ""):
        return web.json_response(values, status=status, headers={"Cache-Control": "no-store"})
    if status == 429:
        return web.Response(status=303, headers={"Location": f"{back}?cham=1"})
    return web.Response(status=303, headers={"Location": back})


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise BadInput("no id of the message")
    return text


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

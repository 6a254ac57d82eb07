"""The REST interface: place, look up and end calls; fetch and delete recordings.

Errors have the provider's shape:
twilio.com/docs/voice/api/call-resource, …/recording; twilio.com/docs/usage/twilios-response
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.voice.recordings import Recording

if TYPE_CHECKING:
    from sandbox.voice.exchange import Exchange

ROOT = "/2010-04-01/Accounts/{account}"
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_ADDRESS = re.compile(r"https?://[^\s/]+.*")
LONGEST_RING = 600  # seconds
FIELDS = web.RequestKey("fields", dict[str, str])


@dataclass(slots=True)
class Trouble:
    """What the next requests get instead: an error, an HTML page, nothing (`cut`), or the answer late."""

    status: int = 503
    code: int = 0
    message: str = "Service unavailable"
    html: bool = False
    cut: bool = False
    taken: bool = False
    """The call is placed all the same; only the answer is lost."""
    seconds: float = 0.0
    times: int = 1


class Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Rest:
    """The handlers; `troubles` are taken first come first served."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.troubles: list[Trouble] = []

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post(f"{ROOT}/Calls.json", self._answering(self._create))
        app.router.add_get(f"{ROOT}/Calls.json", self._answering(self._list))
        app.router.add_get(f"{ROOT}/Calls/{{sid}}.json", self._answering(self._fetch))
        app.router.add_post(f"{ROOT}/Calls/{{sid}}.json", self._answering(self._update))
        app.router.add_get(f"{ROOT}/Recordings/{{sid}}.json", self._answering(self._about))
        app.router.add_get(
            f"{ROOT}/Recordings/{{sid:RE[0-9a-f]+}}{{ending:(\\.wav)?}}", self._answering(self._media)
        )
        app.router.add_delete(
            f"{ROOT}/Recordings/{{sid:RE[0-9a-f]+}}{{ending:(\\.json)?}}", self._answering(self._delete)
        )
        app.router.add_route("*", "/{rest:.*}", self._answering(self._unknown))
        return app

    def _answering(self, handler: Any) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            trouble = self._trouble()
            try:
                self._admit(request)
                if (
                    trouble is not None
                    and not trouble.taken
                    and (early := await self._hurt(request, trouble))
                ):
                    return self._noted(request, early)
                response: web.StreamResponse = await handler(request)
            except Refused as error:
                response = _error(error.status, error.code, error.message)
            if trouble is not None and trouble.taken:
                response = await self._hurt(request, trouble) or response
            return self._noted(request, response)

        return answer

    def _noted(self, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
        body = response.text if isinstance(response, web.Response) and "json" in response.content_type else ""
        fields = request.get(FIELDS, {})
        self._exchange.wire.note(
            "rest",
            direction="in",
            method=request.method,
            path=request.path_qs,
            fields=fields,
            status=response.status,
            body=body or "",
        )
        return response

    def _trouble(self) -> Trouble | None:
        if not self.troubles:
            return None
        trouble = self.troubles[0]
        trouble.times -= 1
        if trouble.times <= 0:
            del self.troubles[0]
        return trouble

    async def _hurt(self, request: web.Request, trouble: Trouble) -> web.Response | None:
        if trouble.seconds:
            await asyncio.sleep(trouble.seconds)
            return None
        if trouble.cut and request.transport is not None:
            request.transport.abort()
        if trouble.html:
            page = "<html><body>Service Unavailable</body></html>"
            return web.Response(status=trouble.status, text=page, content_type="text/html")
        return _error(trouble.status, trouble.code, trouble.message)

    def _admit(self, request: web.Request) -> None:
        """Name and password first (20003), then whether it is the account's own (20404)."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        try:
            name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            name = password = ""
        account = self._exchange.account
        if kind.lower() != "basic" or (name, password) != (account, self._exchange.hooks.token):
            raise Refused(401, 20003, "Authenticate")
        if request.match_info.get("account", account) != account:
            raise Refused(404, 20404, f"The requested resource {request.path} was not found")

    async def _create(self, request: web.Request) -> web.Response:
        form = await request.post()
        request[FIELDS] = fields = {name: ",".join(map(str, form.getall(name))) for name in form}
        events = tuple(" ".join(str(event) for event in form.getall("StatusCallbackEvent", [])).split())
        _check(fields, self._exchange.lines)
        call = self._exchange.place(fields, events or ("completed",))
        return web.json_response(self._exchange.as_json(call), status=201)

    async def _list(self, request: web.Request) -> web.Response:
        """Newest first, by To and Status if given."""
        wanted = {"to": request.query.get("To"), "status": request.query.get("Status")}
        calls = [self._exchange.as_json(call) for call in reversed(self._exchange.calls.values())]
        found = [c for c in calls if all(value in (None, c[name]) for name, value in wanted.items())]
        return web.json_response({"calls": found[:50], "page": 0, "page_size": 50})

    async def _fetch(self, request: web.Request) -> web.Response:
        return web.json_response(self._exchange.as_json(self._call(request)))

    async def _update(self, request: web.Request) -> web.Response:
        call = self._call(request)
        fields = {name: str(value) for name, value in (await request.post()).items()}
        request[FIELDS] = fields
        if call.ended:
            raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
        await self._exchange.change(call, fields)
        return web.json_response(self._exchange.as_json(call))

    async def _about(self, request: web.Request) -> web.Response:
        recording = self._recording(request)
        about = {"sid": recording.sid, "call_sid": recording.call, "duration": str(recording.seconds)}
        return web.json_response({**about, "status": "completed", "account_sid": self._exchange.account})

    async def _media(self, request: web.Request) -> web.Response:
        recording = self._recording(request)
        if recording.late:
            recording.late -= 1
            raise Refused(404, 20404, f"The requested resource {request.path} was not found")
        return web.Response(body=recording.audio, content_type="audio/x-wav")

    async def _delete(self, request: web.Request) -> web.Response:
        del self._exchange.recordings[self._recording(request).sid]
        return web.Response(status=204)

    async def _unknown(self, request: web.Request) -> web.Response:
        raise Refused(404, 20404, f"The requested resource {request.path} was not found")

    def _call(self, request: web.Request) -> Any:
        call = self._exchange.calls.get(request.match_info["sid"])
        if call is None:
            raise Refused(404, 20404, f"The requested resource {request.path} was not found")
        return call

    def _recording(self, request: web.Request) -> Recording:
        recording = self._exchange.recordings.get(request.match_info["sid"])
        if recording is None:
            raise Refused(404, 20404, f"The requested resource {request.path} was not found")
        return recording


def _check(fields: dict[str, str], lines: Any) -> None:
    """The order in which the real one complains."""
    to, from_ = fields.get("To", ""), fields.get("From", "")
    if not to:
        raise Refused(400, 21201, "No 'To' number is specified")
    if not from_:
        raise Refused(400, 21213, "'From' phone number is required")
    if not _NUMBER.fullmatch(to):
        raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if from_ not in lines:
        raise Refused(400, 21212, f"Invalid 'From' Phone Number: {from_}")
    if not fields.get("Twiml") and not _ADDRESS.fullmatch(fields.get("Url", "")):
        raise Refused(400, 21205, f"Url is not a valid URL: {fields.get('Url', '')}")
    if fields.get("StatusCallback") and not _ADDRESS.fullmatch(fields["StatusCallback"]):
        raise Refused(400, 21609, "Invalid 'StatusCallback' URL")
    timeout = fields.get("Timeout", "60")
    if not timeout.isdigit() or int(timeout) > LONGEST_RING:
        raise Refused(400, 21218, f"Invalid Timeout: {timeout}")


def _error(status: int, code: int, message: str) -> web.Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return web.json_response(
        {"code": code, "message": message, "more_info": more, "status": status}, status=status
    )

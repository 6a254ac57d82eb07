"""One SMTP connection, from the greeting to QUIT (RFC 5321, 4.1 and 4.3)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from sandbox.mail.troubles import Troubles

MAX_LINE = 1000  # octets of a command line, with its end
MAX_SIZE = 10 * 1024 * 1024  # octets of a letter
MAX_RECIPIENTS = 100
_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>((?:\s+\S+)*)\s*", re.IGNORECASE)
_TAKES = frozenset({"BODY", "SIZE", "SMTPUTF8", "AUTH"})


class Cut(Exception):
    """The line is cut, by either side."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How strict the server is. `users` maps names to passwords; with any, sending needs a sign-in."""

    users: dict[str, str]
    tls: ssl.SSLContext | None
    tls_needed: bool


Keep = Callable[[str, tuple[str, ...], bytes, bool, str], None]


class Session:
    """The dialogue with one client; `keep` is called with each whole letter before it is answered."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        rules: Rules,
        troubles: Troubles,
        keep: Keep,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._rules = rules
        self._troubles = troubles
        self._keep = keep
        self._greeted = False
        self._encrypted = writer.get_extra_info("ssl_object") is not None
        self._user = ""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._verbs: dict[str, Callable[[str], Awaitable[None]]] = {
            "EHLO": self._ehlo,
            "HELO": self._helo,
            "STARTTLS": self._starttls,
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "VRFY": self._vrfy,
            "QUIT": self._quit,
        }

    async def run(self) -> None:
        with suppress(Cut, ConnectionError, ssl.SSLError):
            await self._say("220 sandbox.localhost ESMTP", "CONNECT")
            while True:
                line = (await self._line()).decode("utf-8", "replace")
                verb, _, rest = line.partition(" ")
                handle = self._verbs.get(verb.upper())
                if handle is None:
                    await self._say("500 5.5.1 command not recognised")
                else:
                    await handle(rest.strip())
        self._writer.close()

    async def _line(self) -> bytes:
        try:
            line = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            raise Cut from None
        if len(line) > MAX_LINE:
            await self._say("500 5.5.2 line too long")
            raise Cut
        return line.rstrip(b"\r\n")

    async def _say(self, reply: str, verb: str = "") -> bool:
        """Answer, unless trouble was ordered for this verb; True if the usual answer was given."""
        trouble = self._troubles.take(verb) if verb else None
        if trouble is not None and trouble.seconds:
            await asyncio.sleep(trouble.seconds)
        elif trouble is not None and not trouble.reply:
            self._writer.transport.abort()
            raise Cut
        elif trouble is not None:
            reply = trouble.reply
        self._writer.write(reply.encode() + b"\r\n")
        await self._writer.drain()
        if trouble is not None and reply.startswith("421"):
            raise Cut
        return trouble is None or bool(trouble.seconds)

    async def _ehlo(self, rest: str) -> None:
        offers = ["sandbox.localhost", f"SIZE {MAX_SIZE}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if self._rules.tls is not None and not self._encrypted:
            offers.append("STARTTLS")
        if self._rules.users and (self._encrypted or self._rules.tls is None):
            offers.append("AUTH PLAIN LOGIN")
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        self._greeted = await self._say("\r\n".join(lines), "EHLO")
        self._forget()

    async def _helo(self, rest: str) -> None:
        self._greeted = await self._say("250 sandbox.localhost", "EHLO")
        self._forget()

    async def _starttls(self, rest: str) -> None:
        if self._rules.tls is None or self._encrypted:
            await self._say("502 5.5.1 not available")
            return
        await self._say("220 2.0.0 go ahead")
        await self._writer.start_tls(self._rules.tls)
        self._encrypted, self._greeted, self._user = True, False, ""
        self._forget()

    async def _auth(self, rest: str) -> None:
        kind, _, first = rest.partition(" ")
        try:
            if kind.upper() == "PLAIN":
                name, password = self._plain(first or await self._ask(""))
            elif kind.upper() == "LOGIN":
                name = _decoded(first or await self._ask("VXNlcm5hbWU6"))
                password = _decoded(await self._ask("UGFzc3dvcmQ6"))
            else:
                await self._say("504 5.5.4 unknown mechanism")
                return
        except (binascii.Error, UnicodeDecodeError, ValueError):
            await self._say("501 5.5.2 cannot decode")
            return
        if name and self._rules.users.get(name) == password:
            if await self._say("235 2.7.0 signed in", "AUTH"):
                self._user = name
        else:
            await self._say("535 5.7.8 wrong name or password", "AUTH")

    def _plain(self, text: str) -> tuple[str, str]:
        _, name, password = _decoded(text).split("\0")
        return name, password

    async def _ask(self, prompt: str) -> str:
        await self._say(f"334 {prompt}")
        return (await self._line()).decode("ascii", "replace")

    async def _mail(self, rest: str) -> None:
        found = _PATH.fullmatch(rest)
        options = [option.partition("=") for option in (found[2].split() if found else [])]
        if not self._greeted:
            await self._say("503 5.5.1 say EHLO first")
        elif self._rules.tls_needed and not self._encrypted:
            await self._say("530 5.7.0 say STARTTLS first")
        elif self._rules.users and not self._user:
            await self._say("530 5.7.0 sign in first")
        elif found is None or rest[:4].upper() != "FROM":
            await self._say("501 5.5.4 MAIL FROM:<address>")
        elif any(name.upper() not in _TAKES for name, _, _ in options):
            await self._say("555 5.5.4 unknown option")
        elif any(n.upper() == "SIZE" and v.isdecimal() and int(v) > MAX_SIZE for n, _, v in options):
            await self._say("552 5.3.4 too large")
        elif await self._say("250 2.1.0 ok", "MAIL"):
            self._sender, self._recipients = found[1], []

    async def _rcpt(self, rest: str) -> None:
        found = _PATH.fullmatch(rest)
        if self._sender is None:
            await self._say("503 5.5.1 say MAIL first")
        elif found is None or rest[:2].upper() != "TO" or "@" not in found[1]:
            await self._say("501 5.1.3 RCPT TO:<address>")
        elif len(self._recipients) >= MAX_RECIPIENTS:
            await self._say("452 4.5.3 too many recipients")
        elif await self._say("250 2.1.5 ok", "RCPT"):
            self._recipients.append(found[1])

    async def _data(self, rest: str) -> None:
        if not self._recipients:
            await self._say("503 5.5.1 say RCPT first")
            return
        if not await self._say("354 end with a dot on a line", "DATA"):
            return
        content = await self._content()
        sender, recipients = self._sender or "", tuple(self._recipients)
        self._forget()
        if len(content) > MAX_SIZE:
            await self._say("552 5.3.4 too large")
            return
        coming = next((t for t in self._troubles.waiting if t.verb == "END"), None)
        if coming is None or coming.kept or coming.seconds:
            self._keep(sender, recipients, content, self._encrypted, self._user)
        await self._say("250 2.0.0 taken", "END")

    async def _content(self) -> bytes:
        """The text, with the dots taken off that protect lines beginning with one (RFC 5321, 4.5.2)."""
        lines: list[bytes] = []
        size = 0
        while True:
            try:
                line = await self._reader.readuntil(b"\r\n")
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                raise Cut from None
            if line == b".\r\n":
                return b"".join(lines)
            size += len(line)
            if size <= MAX_SIZE + MAX_LINE:  # beyond, it is read but no longer kept
                lines.append(line.removeprefix(b"."))

    async def _rset(self, rest: str) -> None:
        self._forget()
        await self._say("250 2.0.0 ok")

    async def _noop(self, rest: str) -> None:
        await self._say("250 2.0.0 ok")

    async def _vrfy(self, rest: str) -> None:
        await self._say("252 2.1.5 send and see")

    async def _quit(self, rest: str) -> None:
        await self._say("221 2.0.0 bye")
        raise Cut

    def _forget(self) -> None:
        self._sender, self._recipients = None, []


def _decoded(text: str) -> str:
    return base64.b64decode(text, validate=True).decode("utf-8")

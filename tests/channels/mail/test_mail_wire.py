"""Letters over real SMTP: to the catcher of the sandbox, and to aiosmtpd, a server that we did not write."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from channels.mail import MailChannel
from core.channel import (
    ChannelAdapter,
    Doubtful,
    HasRoom,
    Misconfigured,
    OptedOut,
    Refused,
    SendError,
    Throttled,
    Unreachable,
)
from sandbox.mail import MailCatcher
from tests.channels.mail.certificate import make
from tests.channels.mail.test_mail_letter import notice
from tests.channels.reception import MemoryReception

TEXT = "Hồ sơ đã xong: Lê <Hà> & Cộng_sự 😀\n\nMời đến nhận.\n.một dấu chấm đầu dòng\n..hai\n" + "dài " * 400


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    return make(tmp_path_factory.mktemp("certificate"))


def settings(port: int, **more: Any) -> dict[str, Any]:
    basis = {"sender": "motcua@phuong.gov.vn", "host": "127.0.0.1", "port": port, "tls": "none", "timeout": 2}
    return {**basis, **more}


@asynccontextmanager
async def post(catcher: MailCatcher, **more: Any) -> AsyncIterator[MailChannel]:
    async with catcher.serve():
        channel = MailChannel("mail", settings(catcher.port, **more))
        async with channel.open(MemoryReception()):
            yield channel


async def test_it_is_a_channel() -> None:
    channel = MailChannel("mail", settings(1))
    assert isinstance(channel, ChannelAdapter) and isinstance(channel, HasRoom)
    assert (channel.traits.medium, channel.traits.kinds, channel.traits.receipts) == (
        "mail",
        ("mail",),
        False,
    )
    assert channel.routes() == () and channel.room() == 0
    with pytest.raises(Unreachable):
        await channel.send(notice("x"))


async def test_a_letter_arrives_as_it_was_meant() -> None:
    catcher = MailCatcher()
    async with post(catcher) as channel:
        assert channel.room() == 4
        assert await channel.send(notice(TEXT)) == ["<d-17@phuong.gov.vn>"]
        letter = catcher.letters[0]
        assert (letter.sender, letter.recipients) == ("motcua@phuong.gov.vn", ("hoa@example.vn",))
        assert letter.subject + "\n\n" + letter.text.strip() == TEXT.strip()
        assert letter.as_json()["id"] == "<d-17@phuong.gov.vn>"


async def test_an_address_beyond_ascii() -> None:
    catcher = MailCatcher()
    async with post(catcher) as channel:
        await channel.send(notice("Xong", "đặng@example.vn"))
        assert catcher.letters[0].recipients == ("đặng@example.vn",)


async def test_encryption_from_the_second_word_and_from_the_first(trust: tuple[ssl.SSLContext, str]) -> None:
    context, ca_file = trust
    for mode, implicit in (("starttls", False), ("tls", True)):
        catcher = MailCatcher(tls=context, implicit_tls=implicit, users={"cua": "mật khẩu"})
        signed = {"username": "cua", "password": "mật khẩu"}
        async with post(catcher, tls=mode, ca_file=ca_file, **signed) as channel:
            await channel.send(notice("Xong"))
            assert (catcher.letters[0].encrypted, catcher.letters[0].user) == (True, "cua")


async def test_a_certificate_that_nobody_vouches_for(trust: tuple[ssl.SSLContext, str]) -> None:
    for mode, implicit in (("starttls", False), ("tls", True)):
        async with post(MailCatcher(tls=trust[0], implicit_tls=implicit), tls=mode) as channel:
            with pytest.raises(Misconfigured):
                await channel.send(notice("Xong"))


async def test_a_server_without_encryption_gets_no_letter() -> None:
    catcher = MailCatcher()
    async with post(catcher, tls="starttls") as channel:
        with pytest.raises(Misconfigured):
            await channel.send(notice("Xong"))
        assert catcher.letters == []


async def test_signing_in_goes_wrong() -> None:
    catcher = MailCatcher(users={"cua": "đúng"})
    async with post(catcher, username="cua", password="sai") as channel:
        with pytest.raises(Misconfigured):
            await channel.send(notice("Xong"))
    async with post(catcher) as channel:
        with pytest.raises(Misconfigured):
            await channel.send(notice("Xong"))


REPLIES: list[tuple[str, str, type[SendError]]] = [
    ("CONNECT", "421 4.3.2 closing", Unreachable),
    ("CONNECT", "554 5.3.2 no service here", Misconfigured),
    ("MAIL", "451 4.3.0 later", Unreachable),
    ("MAIL", "421 4.7.0 too many letters", Unreachable),
    ("MAIL", "550 5.7.1 not with this sender", Misconfigured),
    ("RCPT", "450 4.2.0 greylisted", Throttled),
    ("RCPT", "452 4.2.2 mailbox full", Throttled),
    ("RCPT", "550 5.1.1 no such mailbox", Refused),
    ("RCPT", "550 5.2.1 mailbox closed", OptedOut),
    ("RCPT", "530 5.7.0 sign in first", Misconfigured),
    ("DATA", "451 4.3.0 later", Throttled),
    ("END", "554 5.7.1 looks like spam", Refused),
    ("END", "452 4.3.1 disk full", Throttled),
    ("END", "421 4.3.2 closing", Unreachable),
]


@pytest.mark.parametrize(("verb", "reply", "error"), REPLIES, ids=[f"{v} {r}" for v, r, _ in REPLIES])
async def test_what_a_server_may_say(verb: str, reply: str, error: type[SendError]) -> None:
    catcher = MailCatcher()
    async with post(catcher) as channel:
        catcher.troubles.answer(verb, reply)
        with pytest.raises(error) as raised:
            await channel.send(notice("Xong"))
        assert type(raised.value) is error and "hoa@" not in str(raised.value)
        if isinstance(raised.value, Throttled):
            assert raised.value.after == timedelta(minutes=5)
        assert catcher.letters == []
        await channel.send(notice("Xong"))  # and the next time it goes through
        assert len(catcher.letters) == 1


CUTS: list[tuple[str, type[SendError]]] = [
    ("CONNECT", Unreachable),
    ("EHLO", Unreachable),
    ("MAIL", Unreachable),
    ("RCPT", Unreachable),
    ("END", Doubtful),
]


@pytest.mark.parametrize(("verb", "error"), CUTS)
@pytest.mark.parametrize("how", ["cut", "delay"])
async def test_a_line_that_is_cut_or_sleeps(verb: str, error: type[SendError], how: str) -> None:
    catcher = MailCatcher()
    async with post(catcher, timeout=0.3) as channel:
        if how == "cut":
            catcher.troubles.cut(verb)
        else:
            catcher.troubles.delay(verb, 1)
        with pytest.raises(error) as raised:
            await channel.send(notice("Xong"))
        assert type(raised.value) is error


async def test_a_doubtful_letter_that_came_twice_has_one_id() -> None:
    catcher = MailCatcher()
    async with post(catcher) as channel:
        catcher.troubles.cut("END", kept=True)
        with pytest.raises(Doubtful):
            await channel.send(notice("Xong"))
        await channel.send(notice("Xong"))
        assert (
            len({str(letter.message["Message-ID"]) for letter in catcher.letters}) == 1 < len(catcher.letters)
        )


async def test_nobody_listens() -> None:
    channel = MailChannel("mail", settings(9))
    async with channel.open(MemoryReception()):
        with pytest.raises(Unreachable):
            await channel.send(notice("Xong"))


class Keeper:
    """What aiosmtpd hands its letters to."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.reply = "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return self.reply


def let_in(server: Server, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(b"cua", b"matkhau")
    return AuthResult(success=good, handled=False)


async def test_a_server_that_we_did_not_write(trust: tuple[ssl.SSLContext, str]) -> None:
    context, ca_file = trust
    keeper = Keeper()

    def answer() -> Server:
        return Server(
            keeper,
            hostname="mail.localhost",
            tls_context=context,
            require_starttls=True,
            authenticator=let_in,
            auth_required=True,
            enable_SMTPUTF8=True,
        )

    server = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        given = settings(port, tls="starttls", ca_file=ca_file, username="cua", password="matkhau")
        channel = MailChannel("mail", given)
        async with channel.open(MemoryReception()):
            await channel.send(notice(TEXT))
            await channel.send(notice("Xong", "đặng@example.vn"))
            keeper.reply = "554 5.6.0 not this one"
            with pytest.raises(Refused):
                await channel.send(notice("Xong"))
        wrong = MailChannel("mail", {**given, "password": "sai"})
        async with wrong.open(MemoryReception()):
            with pytest.raises(Misconfigured):
                await wrong.send(notice("Xong"))
    finally:
        server.close()
        await server.wait_closed()
    first, second, _ = keeper.envelopes
    assert first.rcpt_tos == ["hoa@example.vn"] and second.rcpt_tos == ["đặng@example.vn"]
    assert isinstance(first.content, bytes) and b"Message-ID: <d-17@phuong.gov.vn>" in first.content

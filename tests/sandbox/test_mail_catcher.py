"""The mail catcher by its raw lines (RFC 5321), and by the standard library's client."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator

import pytest

from sandbox.mail import MailCatcher


class Line:
    """A client that types."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hear(self) -> str:
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 2)).decode().rstrip("\r\n")
            if line[3:4] != "-":
                return line[:3]

    async def say(self, line: str) -> str:
        self.writer.write(line.encode() + b"\r\n")
        return await self.hear()


@pytest.fixture
async def catcher() -> AsyncIterator[MailCatcher]:
    catcher = MailCatcher()
    async with catcher.serve():
        yield catcher


@pytest.fixture
async def line(catcher: MailCatcher) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", catcher.port)
    line = Line(reader, writer)
    assert await line.hear() == "220"
    yield line
    writer.close()


DIALOGUES: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "out of order",
        [("MAIL FROM:<a@b.vn>", "503"), ("EHLO x", "250"), ("RCPT TO:<a@b.vn>", "503"), ("DATA", "503")],
    ),
    ("old greeting", [("HELO x", "250"), ("MAIL FROM:<a@b.vn>", "250")]),
    (
        "not a word",
        [("EHLO x", "250"), ("HALLO", "500"), ("NOOP", "250"), ("VRFY a", "252"), ("QUIT", "221")],
    ),
    (
        "bad paths",
        [
            ("EHLO x", "250"),
            ("MAIL FROM: a@b.vn", "501"),
            ("MAIL TO:<a@b.vn>", "501"),
            ("MAIL FROM:<>", "250"),
            ("RCPT TO:<a>", "501"),
            ("RCPT FROM:<a@b.vn>", "501"),
            ("rcpt to:<a@b.vn>", "250"),
        ],
    ),
    (
        "options",
        [
            ("EHLO x", "250"),
            ("MAIL FROM:<a@b.vn> SIZE=99999999", "552"),
            ("MAIL FROM:<a@b.vn> COLOUR=RED", "555"),
            ("MAIL FROM:<a@b.vn> SIZE=10 BODY=8BITMIME SMTPUTF8", "250"),
            ("RSET", "250"),
            ("DATA", "503"),
        ],
    ),
    (
        "a new greeting forgets",
        [("EHLO x", "250"), ("MAIL FROM:<a@b.vn>", "250"), ("EHLO x", "250"), ("RCPT TO:<a@b.vn>", "503")],
    ),
    (
        "no encryption to be had",
        [("EHLO x", "250"), ("STARTTLS", "502"), ("AUTH KLINGON x", "504"), ("AUTH PLAIN !!", "501")],
    ),
]


@pytest.mark.parametrize(("case", "dialogue"), DIALOGUES, ids=[c for c, _ in DIALOGUES])
async def test_dialogues(line: Line, case: str, dialogue: list[tuple[str, str]]) -> None:
    assert [(said, await line.say(said)) for said, _ in dialogue] == dialogue


async def test_dots_and_two_letters_on_one_line(catcher: MailCatcher, line: Line) -> None:
    await line.say("EHLO x")
    for n in (1, 2):
        await line.say(f"MAIL FROM:<a{n}@b.vn>")
        await line.say("RCPT TO:<c@d.vn>")
        await line.say("RCPT TO:<e@f.vn>")
        assert await line.say("DATA") == "354"
        assert await line.say("Subject: x\r\n\r\n..\r\n...two\r\nend\r\n.") == "250"
    assert [letter.sender for letter in catcher.letters] == ["a1@b.vn", "a2@b.vn"]
    assert catcher.letters[0].recipients == ("c@d.vn", "e@f.vn")
    assert catcher.letters[0].text == ".\n..two\nend\n"


async def test_an_endless_line_ends_the_talk(line: Line) -> None:
    assert await line.say("EHLO " + "x" * 2000) == "500"
    assert await line.reader.read() == b""


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(catcher: MailCatcher, line: Line) -> None:
    for said in ("EHLO x", "MAIL FROM:<a@b.vn>", "RCPT TO:<c@d.vn>", "DATA"):
        await line.say(said)
    line.writer.write(b"Subject: half")
    line.writer.close()
    with pytest.raises(TimeoutError):
        await catcher.until(1, seconds=0.05)


async def test_the_standard_library_can_send(catcher: MailCatcher) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", catcher.port, timeout=5) as client:
            client.sendmail("a@b.vn", ["c@d.vn"], b"Subject: =?utf-8?q?xin_ch=C3=A0o?=\r\n\r\nhello\r\n")

    watched: list[str] = []

    async def watch() -> None:
        async for letter in catcher.watch():
            watched.append(letter.subject)

    watching = asyncio.create_task(watch())
    await asyncio.to_thread(send)
    assert (await catcher.until(1))[0].as_json()["subject"] == "xin chào"
    await asyncio.sleep(0)
    watching.cancel()
    assert watched == ["xin chào"]


async def test_signing_in() -> None:
    catcher = MailCatcher(users={"cua": "mk"})

    def send(password: str) -> None:
        with smtplib.SMTP("127.0.0.1", catcher.port, timeout=5) as client:
            client.login("cua", password)
            client.sendmail("a@b.vn", ["c@d.vn"], b"Subject: x\r\n\r\ny\r\n")

    async with catcher.serve():
        await asyncio.to_thread(send, "mk")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await asyncio.to_thread(send, "km")
    assert [letter.user for letter in catcher.letters] == ["cua"]

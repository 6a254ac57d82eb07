"""How a message becomes a letter, and which settings are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.mail import MailChannel, MailSettings
from channels.mail.letter import compose, divide, message_id, recipient
from core.channel import Refused
from core.messages import Address, OutboundMessage, Priority, Say

HEADERS = {
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"Auto-Submitted",
    b"X-Auto-Response-Suppress",
    b"Content-Language",
    b"Reply-To",
    b"List-Unsubscribe",
    b"Content-Type",
    b"Content-Transfer-Encoding",
    b"MIME-Version",
}
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SETTINGS = MailSettings(
    sender="motcua@phuong.gov.vn",
    sender_name="Bộ phận Một cửa",
    unsubscribe="mailto:thoi@phuong.gov.vn",
    reply_to="hoidap@phuong.gov.vn",
)


def notice(text: str, to: str = "hoa@example.vn", *, id: str = "d-17", **more: Any) -> OutboundMessage:
    return OutboundMessage(id, "mail", Address("mail", to), text, Say("notice.done"), **more)


DIVIDED: list[tuple[str, str, str, str]] = [
    (
        "first line and rest",
        "Hồ sơ đã xong\n\nMời đến nhận.\nTầng 1.",
        "Hồ sơ đã xong",
        "Mời đến nhận.\nTầng 1.",
    ),
    ("one line is both", "Hồ sơ đã xong", "Hồ sơ đã xong", "Hồ sơ đã xong"),
    ("no blank line between", "Hồ sơ đã xong.\nHỏi: 1900", "Hồ sơ đã xong.", "Hồ sơ đã xong.\nHỏi: 1900"),
    ("blank lines before", "\n\n A\n\nB", "A", "B"),
    ("other line ends", "A\r\n\r\nB\rC", "A", "B\nC"),
    ("a long first line is cut at a word and kept", "từ " * 60, ("từ " * 50).strip(), ("từ " * 60).strip()),
    ("a long word is cut", "x" * 200 + "\ny", "x" * 150, "x" * 200 + "\ny"),
]


@pytest.mark.parametrize(("case", "text", "subject", "body"), DIVIDED, ids=[c for c, *_ in DIVIDED])
def test_subject_and_text(case: str, text: str, subject: str, body: str) -> None:
    assert divide(text) == (subject, body)


def test_nothing_is_refused() -> None:
    with pytest.raises(Refused):
        divide(" \n\0 ")


@given(st.text(st.characters(), max_size=300))
def test_any_text_is_a_letter_or_refused(text: str) -> None:
    """Half surrogates, control characters and strange line ends included; nobody adds a header by a text."""
    try:
        letter = compose(notice(text), SETTINGS, NOW)
    except Refused:
        return
    head = letter.as_bytes().partition(b"\r\n\r\n")[0]
    assert {line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")} == HEADERS


def test_headers() -> None:
    letter = compose(notice("Xong\nMời đến <nhận> & ký.", answers="u-1"), SETTINGS, NOW)
    assert dict(letter.items()) == {
        "From": "Bộ phận Một cửa <motcua@phuong.gov.vn>",
        "To": "hoa@example.vn",
        "Subject": "Xong",
        "Date": "Mon, 23 Nov 2026 08:00:00 +0000",
        "Message-ID": "<d-17@phuong.gov.vn>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "vi",
        "Reply-To": "hoidap@phuong.gov.vn",
        "List-Unsubscribe": "<mailto:thoi@phuong.gov.vn>",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }
    assert letter.as_bytes().isascii() and max(map(len, letter.as_bytes().splitlines())) <= 998


def test_news_and_broadcasts_say_what_they_are() -> None:
    assert compose(notice("x"), SETTINGS, NOW)["Auto-Submitted"] == "auto-generated"
    assert compose(notice("x", priority=Priority.BULK), SETTINGS, NOW)["Precedence"] == "bulk"


def test_every_attempt_has_the_same_id_and_no_id_breaks_the_header() -> None:
    assert message_id(notice("a"), SETTINGS) == message_id(notice("b"), SETTINGS)
    assert message_id(notice("a", id="n|1>\r\nX: y"), SETTINGS) == "<n-1---X--y@phuong.gov.vn>"


ADDRESSES = [
    ("hoa@example.vn", True),
    ("hoa.nguyen+hoso@example.vn", True),
    ("đặng@thưđiệntử.vn", True),
    ("hoa", False),
    ("", False),
    ("a@b.vn, c@d.vn", False),
    ("a@b.vn\r\nRCPT TO:<c@d.vn>", False),
    ("<a@b.vn>", False),
    ("a b@c.vn", False),
    ("a@b@c.vn", False),
    ("@b.vn", False),
]


@pytest.mark.parametrize(("address", "good"), ADDRESSES)
def test_addresses(address: str, good: bool) -> None:
    if good:
        assert recipient(notice("x", address)) == address
        compose(notice("x", address), SETTINGS, NOW).as_bytes()
    else:
        with pytest.raises(Refused):
            recipient(notice("x", address))


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no sender", {}, "sender"),
    ("a sender that is none", {"sender": "motcua"}, "sender"),
    ("an unknown key", {"sender": "a@b.vn", "smtp": "x"}, "smtp"),
    ("a name without a password", {"sender": "a@b.vn", "username": "x"}, "password"),
    (
        "a password in the clear",
        {"sender": "a@b.vn", "host": "mail.vn", "tls": "none", "username": "x", "password": "y"},
        "tls",
    ),
    ("a header in the name", {"sender": "a@b.vn", "sender_name": "x\nBcc: y@z.vn"}, "sender_name"),
    ("an unsubscribe that is no address", {"sender": "a@b.vn", "unsubscribe": "http://x"}, "unsubscribe"),
]


@pytest.mark.parametrize(("case", "given", "named"), WRONG, ids=[c for c, *_ in WRONG])
def test_wrong_settings_are_named(case: str, given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        MailChannel("mail", given)


def test_every_setting_is_explained() -> None:
    explained = {line.split()[0] for line in (MailSettings.__doc__ or "").splitlines() if line.strip()}
    assert set(MailSettings.model_fields) <= explained
    assert "y-secret" not in repr(
        MailSettings.model_validate({"sender": "a@b.vn", "username": "x", "password": "y-secret"})
    )


def test_ports() -> None:
    ports = [
        MailSettings.model_validate({"sender": "a@b.vn", "tls": t}).real_port
        for t in ("starttls", "tls", "none")
    ]
    assert ports == [587, 465, 25]


@pytest.mark.parametrize(
    "subject",
    [
        "Hồ sơ H99.18-261123-0001 của ông Nguyễn Văn An đã được tiếp nhận, hẹn trả kết quả ngày 26/11/2026",
        "Đ " * 60,
        "Kết quả",
        "plain " * 20,
    ],
)
def test_a_long_vietnamese_subject_keeps_its_blanks(subject: str) -> None:
    """The standard library's own folding drops some of them (Python 3.11)."""
    sent = compose(notice(f"{subject}\nNội dung"), SETTINGS, NOW).as_bytes()
    assert message_from_bytes(sent, policy=default)["Subject"] == " ".join(subject.split())
    assert all(len(line) <= 78 for line in sent.partition(b"\r\n\r\n")[0].split(b"\r\n"))

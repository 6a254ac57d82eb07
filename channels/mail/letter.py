"""Our message turned into a letter. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from email.header import Header
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from channels.mail.settings import MailSettings
from core.channel import Refused
from core.messages import OutboundMessage, Priority

MAX_SUBJECT = 150  # characters; longer ones are cut at a word and stand whole in the text
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@\x00-\x20\x7f]{1,64}@[^\s<>()\[\]\\,;:\"@\x00-\x20\x7f]{1,255}")


class _WholeWords(EmailPolicy):
    """The standard library of Python 3.11 loses blanks where it folds a subject that is not ASCII; its older
    encoder (RFC 2047, one encoded word after another) does not."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() != "subject" or str(value).isascii():
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii")


SMTP = _WholeWords(linesep="\r\n")
SMTPUTF8 = _WholeWords(linesep="\r\n", utf8=True)


def recipient(message: OutboundMessage) -> str:
    """The address to send to. Raises `Refused` for what is none, before a server can be talked into more."""
    identity = message.address.identity
    if message.address.kind != "mail" or not _ADDRESS.fullmatch(identity):
        raise Refused("not a mail address", code="address")
    return identity


def message_id(message: OutboundMessage, settings: MailSettings) -> str:
    """The same for every attempt, so that a letter sent twice is shown once (RFC 5322, 3.6.4)."""
    local = re.sub(r"[^A-Za-z0-9.-]", "-", message.id).strip(".") or "m"
    return f"<{local}@{settings.greeting}>"


def compose(message: OutboundMessage, settings: MailSettings, now: datetime) -> EmailMessage:
    """The letter: the first line is the subject, what stands under a blank line the text; marked as sent by a
    machine (RFC 3834)."""
    subject, text = divide(message.text)
    to = recipient(message)
    letter = EmailMessage(policy=SMTP if (to + settings.sender).isascii() else SMTPUTF8)
    letter["From"] = _mailbox(settings.sender, settings.sender_name)
    letter["To"] = _mailbox(to)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id(message, settings)
    letter["Auto-Submitted"] = "auto-replied" if message.answers else "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"  # what Exchange understands instead
    if settings.reply_to:
        letter["Reply-To"] = settings.reply_to
    if settings.unsubscribe:
        letter["List-Unsubscribe"] = f"<{settings.unsubscribe}>"
    if message.priority is Priority.BULK:
        letter["Precedence"] = "bulk"
    letter.set_content(text, cte="quoted-printable")
    letter["Content-Language"] = message.language
    return letter


def _mailbox(address: str, name: str = "") -> Mailbox:
    user, _, domain = address.partition("@")
    return Mailbox(name, user, domain)


def divide(text: str) -> tuple[str, str]:
    """Subject and text. A first line that no blank line sets apart is part of the text too: it may hold the news
    themselves. So is a subject too long to read, which is cut. Raises `Refused` for nothing."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    first, _, rest = text.partition("\n")
    subject = " ".join(first.split())
    if not subject:
        raise Refused("a message without text", code="empty")
    if len(subject) > MAX_SUBJECT:
        return subject[:MAX_SUBJECT].rpartition(" ")[0] or subject[:MAX_SUBJECT], text
    apart = rest.startswith("\n")
    return subject, rest.strip("\n") if apart else text

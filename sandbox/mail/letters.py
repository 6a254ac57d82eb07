"""A letter as it was taken, and as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """What came through one DATA. `sender` and `recipients` are the envelope's, not the headers'."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    at: datetime
    encrypted: bool = False
    user: str = ""  # who had signed in

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def text(self) -> str:
        """The readable part, with plain line ends."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""

    def as_json(self) -> dict[str, Any]:
        """What a page needs to draw it."""
        return {
            "from": str(self.message["From"] or self.sender),
            "to": list(self.recipients),
            "subject": self.subject,
            "text": self.text,
            "at": self.at.isoformat(),
            "id": str(self.message["Message-ID"] or ""),
        }

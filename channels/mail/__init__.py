"""Electronic mail, out only: notices, and what a law wants sent by mail."""

from channels.mail.adapter import MailChannel
from channels.mail.settings import MailSettings

__all__ = ["MailChannel", "MailSettings"]

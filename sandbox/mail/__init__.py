"""A mail server on loopback that keeps what it is given, for tests and for the handsets page.

It speaks SMTP as RFC 5321 has it, with SIZE, 8BITMIME, SMTPUTF8, STARTTLS and AUTH, written on asyncio alone.
"""

from sandbox.mail.catcher import MailCatcher
from sandbox.mail.letters import Letter
from sandbox.mail.troubles import Troubles

__all__ = ["Letter", "MailCatcher", "Troubles"]

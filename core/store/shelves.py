"""All the shelves on one connection."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from core.store.dossiers import Dossiers
from core.store.drafts import Drafts
from core.store.inbox import Inbox
from core.store.notebook import Pages
from core.store.officials import Officials
from core.store.outbox import Outbox
from core.store.papers import Papers
from core.store.people import People
from core.store.receipts import Receipts
from core.store.registry import Registry
from core.store.talks import Talks
from core.store.tasks import Tasks
from core.store.tokens import Tokens


class Shelves:
    """What one transaction can reach. A shelf is made when it is first asked for."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection)

    @cached_property
    def talks(self) -> Talks:
        return Talks(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def receipts(self) -> Receipts:
        return Receipts(self.connection)

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.connection)

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.connection)

    @cached_property
    def papers(self) -> Papers:
        return Papers(self.connection)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.connection)

    @cached_property
    def dossiers(self) -> Dossiers:
        return Dossiers(self.connection)

    @cached_property
    def officials(self) -> Officials:
        return Officials(self.connection)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.connection)

    @cached_property
    def registry(self) -> Registry:
        return Registry(self.connection)

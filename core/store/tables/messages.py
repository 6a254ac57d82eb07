"""What came in, what is remembered of each talk, what goes out, and what became of it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from core.store.tables.base import Json, Moment, Serial, metadata

# Text that sorts by its bytes on both databases.
Ascii = String(200).with_variant(String(200, collation="C"), "postgresql")

# One row a message that a provider was told we have. `state`: new, done, aside (three tries failed).
inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("address", String(160), nullable=False),
    Column("medium", String(10), nullable=False),
    Column("message", Text, nullable=False),
    Column("state", String(8), nullable=False, server_default="new"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("error", Text),
    UniqueConstraint("channel", "external_id"),
    Index(
        "ix_inbox_waiting",
        "address",
        "id",
        sqlite_where=text("state='new'"),
        postgresql_where=text("state='new'"),
    ),
    Index("ix_inbox_address", "address", "received_at"),
    Index("ix_inbox_aside", "id", sqlite_where=text("state='aside'"), postgresql_where=text("state='aside'")),
)

# One row an address: who works on it, and since when something waits (NULL: nothing).
lanes = Table(
    "lanes",
    metadata,
    Column("address", String(160), primary_key=True),
    Column("ready_at", Moment),
    Column("lease_until", Moment),
    Column("holder", String(60)),
    Index(
        "ix_lanes_holder",
        "holder",
        sqlite_where=text("holder IS NOT NULL"),
        postgresql_where=text("holder IS NOT NULL"),
    ),
    Index(
        "ix_lanes_ready",
        "ready_at",
        sqlite_where=text("ready_at IS NOT NULL"),
        postgresql_where=text("ready_at IS NOT NULL"),
    ),
)

conversations = Table(
    "conversations",
    metadata,
    Column("address", String(160), primary_key=True),
    Column("medium", String(10), primary_key=True),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("held_by", String(60)),
    Column("heard_at", Moment),
    Index("ix_conversations_heard", "heard_at"),
)

# The outbox. `state`: queued, sending, sent, delivered, read, failed, expired, doubtful, dropped, said (a call).
# `turn` groups the messages of one turn, `seq` orders them. `chain` are the ways still to be tried; `after` is
# the delivery whose next way this one is. `must_arrive`: 1 a receipt is waited for, 0 not, -1 what comes next has been
# seen to.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("address", String(160), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("turn", String(220), nullable=False),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False, server_default="queued"),
    Column("message", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("good_until", Moment),
    Column("lease_until", Moment),
    Column("holder", String(60)),
    Column("parts", Integer),
    Column("error", Text),
    Column("about", String(80)),
    Column("notice", String(80)),
    Column("chain", Json),
    Column("after", Serial, autoincrement=False),
    Column("must_arrive", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index(
        "ix_outbox_queued",
        "channel",
        "priority",
        "due_at",
        "id",
        sqlite_where=text("state='queued'"),
        postgresql_where=text("state='queued'"),
    ),
    Index(
        "ix_outbox_sending",
        "address",
        sqlite_where=text("state='sending'"),
        postgresql_where=text("state='sending'"),
    ),
    Index("ix_outbox_address", "address", "created_at"),
    Index("ix_outbox_about", "about"),
    Index("ix_outbox_turn", "turn", "seq"),
    Index(
        "ix_outbox_after",
        "after",
        sqlite_where=text("after IS NOT NULL"),
        postgresql_where=text("after IS NOT NULL"),
    ),
    Index(
        "ix_outbox_lost",
        "id",
        sqlite_where=text("state IN ('failed', 'expired') AND notice IS NOT NULL AND must_arrive >= 0"),
        postgresql_where=text("state IN ('failed', 'expired') AND notice IS NOT NULL AND must_arrive >= 0"),
    ),
    Index(
        "ix_outbox_good_until",
        "good_until",
        sqlite_where=text("must_arrive=1"),
        postgresql_where=text("must_arrive=1"),
    ),
)

# The provider's ids of sent messages, one a part.
references = Table(
    "refs",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("reference", String(120), primary_key=True),
    Column("delivery", Serial, nullable=False, autoincrement=False),
    Column("state", String(10)),
    Index("ix_refs_delivery", "delivery"),
)

# Receipts whose reference is not known yet: before the submit's answer, or never ours.
receipts = Table(
    "receipts",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("reference", String(120), nullable=False),
    Column("state", String(10), nullable=False),
    Column("error", Text),
    Column("at", Moment, nullable=False),
    Index("ix_receipts_reference", "channel", "reference"),
)

# Stored answers of calls: a repeated webhook gets the same.
answers = Table(
    "answers",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("external_id", String(200), primary_key=True),
    Column("messages", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# The channels' notebooks.
pages = Table(
    "pages",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("key", Ascii, primary_key=True),
    Column("value", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("expires_at", Moment),
    Index("ix_pages_expires", "expires_at"),
)

# Who is the one process that holds something.
locks = Table(
    "locks",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("holder", String(60), nullable=False),
    Column("until", Moment, nullable=False),
)

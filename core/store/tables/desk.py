"""The desk: officials, their sessions, tasks, the record of who did and saw what."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from core.store.tables.base import Json, Moment, Serial, metadata

officials = Table(
    "officials",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("login", String(60), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password", Text),
    Column("roles", Json, nullable=False),
    Column("agency", String(40), nullable=False),
    Column("active", Integer, nullable=False, server_default="1"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("locked_until", Moment),
    Column("created_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("official", String(26), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("agent", Text),
    Index("ix_sessions_official", "official"),
)

# Something a person must do. `kind`: officer, callback, recording, undelivered, flood, aside, follow, filing.
tasks = Table(
    "tasks",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("address", String(160)),
    Column("medium", String(10)),
    Column("dossier", Integer),
    Column("values", Json, nullable=False),
    Column("state", String(8), nullable=False, server_default="open"),
    Column("taken_by", String(60)),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("done_by", String(60)),
    Column("note", Text),
    Index("ix_tasks_state", "state", "created_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(160)),
    Column("values", Json),
    Index("ix_audit_subject", "subject"),
)

"""Dossiers, what happened to them, who follows them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from core.store.tables.base import Moment, Serial, metadata

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("code", String(60), nullable=False, unique=True),
    Column(
        "code_key", String(60), nullable=False
    ),  # letters and digits only, upper case: what codes are found by
    Column("phone_code", String(10), nullable=False, unique=True),
    Column("pin_digest", String(128), nullable=False),
    Column("document", Text, nullable=False),  # the dossier itself (procedures.dossier.Dossier) as JSON
    Column("procedure", String(40), nullable=False),
    Column(
        "kind", String(20), nullable=False
    ),  # what the filing is: pre_declaration, notice, not_a_procedure, counter
    Column("agency", String(40), nullable=False),
    Column("applicant", String(26), nullable=False),
    Column("applicant_name", Text, nullable=False),
    Column("name_key", Text, nullable=False),  # folded, for the officials' search
    Column("state", Integer, nullable=False),
    Column("medium", String(10), nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("closed_at", Moment),
    Column("assignee", String(60)),
    Column("twin", String(64), nullable=False),  # digest of what makes two filings the same thing
    Column("revision", Integer, nullable=False),
    Index("ix_dossiers_code_key", "code_key"),
    Index("ix_dossiers_state", "state", "due_at"),
    Index("ix_dossiers_list", "state", "closed_at", "due_at", "assignee", "medium"),
    Index("ix_dossiers_twin", "twin"),
    Index("ix_dossiers_applicant", "applicant"),
)

# Append-only. A due date is a function of these.
events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("dossier", Serial, nullable=False, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_events_dossier", "dossier", "id"),
)

# Addresses registered on a dossier. `role`: applicant, authorised, follower.
followers = Table(
    "followers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("dossier", Serial, nullable=False, autoincrement=False),
    Column("address", String(160), nullable=False),
    Column("role", String(12), nullable=False),
    Column("state", String(10), nullable=False),  # asked, active, ended
    Column("request", String(26), nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("dossier", "address"),
    Index("ix_followers_address", "address"),
    Index("ix_followers_request", "request"),
)

# Counters of codes: per agency and day.
counters = Table(
    "counters",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Integer, nullable=False),
)

"""Published definitions (procedures, forms, processes, calendar, texts) and the generation that every turn reads."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from core.store.tables.base import Json, Moment, metadata

# One row a version; `document` is the definition as it was published. The newest version in force is the one.
definitions = Table(
    "definitions",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("code", String(60), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("document", Json, nullable=False),
    Column("source", String(16), nullable=False),  # seed, desk, import
    Column("published_at", Moment, nullable=False),
    Column("published_by", String(80), nullable=False),
    Index("ix_definitions_kind", "kind", "code", "version"),
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
    Column("generation", Integer, nullable=False, server_default="1"),
)

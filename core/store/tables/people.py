"""Persons, the addresses they proved, their wishes, their drafts, one-time secrets, and counters of guesses."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from core.store.tables.base import Json, Moment, Serial, metadata

people = Table(
    "people",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("name", Text),
    Column("language", String(5), nullable=False, server_default="vi"),
    Column("created_at", Moment, nullable=False),
    Column("merged_into", String(26)),
    Index("ix_people_merged_into", "merged_into"),
)

# `proof`: claim (they wrote from it), code (one-time code), contact (shared by the platform), counter (seen by an
# official). A link ends at `until`, because numbers are recycled.
links = Table(
    "links",
    metadata,
    Column("address", String(160), primary_key=True),
    Column("person", String(26), nullable=False),
    Column("proof", String(12), nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Index("ix_links_person", "person"),
)

wishes = Table(
    "wishes",
    metadata,
    Column("address", String(160), primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("wanted", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("person", String(26), nullable=False),
    Column("procedure", String(40), nullable=False),
    Column("form_version", String(40), nullable=False),
    Column("answers", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("begun_on", String(10), nullable=False),
    Column("state", String(8), nullable=False, server_default="open"),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Index("ix_drafts_person", "person", "state"),
    Index("ix_drafts_changed", "changed_at"),
)

# Single-use secrets, by the hash of the secret: one-time codes, sign-in links, links to continue a draft.
tokens = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("values", Json),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Index("ix_tokens_subject", "kind", "subject"),
)

# Wrong guesses, by who guessed; the overall count has the subject "*".
guesses = Table(
    "guesses",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("subject", String(160), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_guesses_subject", "subject", "at"),
)

# Papers: what was uploaded or sent, first a pointer, then kept under the hash of its content.
papers = Table(
    "papers",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("draft", String(26)),
    Column("dossier", Integer),
    Column("field", String(60), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("pointer", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content_type", String(100)),
    Column("size", Integer),
    Column("sha256", String(64)),
    Column("state", String(8), nullable=False),  # waiting, kept, refused
    Column("problem", String(60)),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("ix_papers_state", "state", "due_at"),
    Index("ix_papers_draft", "draft"),
    Index("ix_papers_dossier", "dossier"),
    Index("ix_papers_sha256", "sha256"),
    UniqueConstraint("channel", "pointer", "draft"),
)

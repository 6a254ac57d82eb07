"""The two statements that SQLite and PostgreSQL spell differently, written once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(dialect: str | Connection, table: Table) -> Any:
    """An INSERT of this database's kind, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    name = dialect if isinstance(dialect, str) else dialect.dialect.name
    return (sqlite if name == "sqlite" else postgresql).insert(table)


def keep_first(connection: str | Connection, table: Table, keys: Sequence[str]) -> Insert:
    """Insert, unless a row with these keys is there already."""
    statement: Insert = insert(connection, table).on_conflict_do_nothing(index_elements=list(keys))
    return statement


def upsert(connection: str | Connection, table: Table, keys: Sequence[str], columns: Sequence[str]) -> Insert:
    """Insert, or overwrite these columns of the row that is there."""
    statement = insert(connection, table)
    changed: Mapping[str, Any] = {name: statement.excluded[name] for name in columns}
    written: Insert = statement.on_conflict_do_update(index_elements=list(keys), set_=dict(changed))
    return written


def serialised(connection: Connection, name: str) -> None:
    """Let one transaction at a time past this point (PostgreSQL; SQLite has one writer anyhow)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (name,))

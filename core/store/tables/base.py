"""What all tables share: the metadata with a naming convention, and the kinds of column.

Moments are stored as whole microseconds since the epoch (UTC): the same order and arithmetic on SQLite and
PostgreSQL, and cheap on the hot paths. Plain JSON is stored as text, because PostgreSQL's `jsonb` forgets the
order of keys.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)

# An id that counts up: SQLite wants exactly INTEGER for its row id.
Serial = BigInteger().with_variant(Integer, "sqlite")


def micros(at: datetime) -> int:
    """Whole microseconds since the epoch of an aware moment."""
    return (at - EPOCH) // MICRO


def moment(count: int) -> datetime:
    """The aware moment (UTC) of `micros`."""
    return EPOCH + count * MICRO


class Moment(TypeDecorator[datetime]):
    """An aware moment as microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment(value)


class Json(TypeDecorator[Any]):
    """Plain JSON as text, keys in the order given."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)

"""One statement for many rows, compiled once and given to the driver as it stands.

SQLAlchemy prepares the parameters of every row anew each time; on the hot paths that costs more than the
database's own work. What it knows (the spelling of the statement, how a moment is stored) is asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Update
from sqlalchemy.engine import Dialect

Statement = Insert | Update | Delete
Row = Mapping[str, Any]


class Many:
    """A statement that is run for each of many rows; every row has the same names. `make` gives the statement for a
    dialect ("sqlite", "postgresql")."""

    def __init__(self, make: Callable[[str], Statement]) -> None:
        self._make = make
        self._ready = cache(self._prepare)

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Run it; returns how many rows of the table it touched."""
        text, given = self._ready(connection.dialect, tuple(rows[0]))
        return connection.exec_driver_sql(text, [given(row) for row in rows]).rowcount

    def _prepare(self, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, Callable[[Row], Any]]:
        statement = self._make(dialect.name)
        keys = list(names) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
        fixed = {name: value for name, value in compiled.params.items() if name not in names}
        stored = {name: _stored(compiled.binds[name].type, dialect) for name in compiled.params}
        if compiled.positional:
            return str(compiled), _in_order(tuple(compiled.positiontup), fixed, stored)
        return str(compiled), _by_name(fixed, stored)


def _stored(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of this kind is given to the driver; None: as it is."""
    processor: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return processor


def _in_order(
    order: tuple[str, ...], fixed: Row, stored: Mapping[str, Callable[[Any], Any] | None]
) -> Callable[[Row], Any]:
    places = [(name, stored[name]) for name in order]

    def given(row: Row) -> tuple[Any, ...]:
        row = {**fixed, **row} if fixed else row
        return tuple([row[name] if store is None else store(row[name]) for name, store in places])

    return given


def _by_name(fixed: Row, stored: Mapping[str, Callable[[Any], Any] | None]) -> Callable[[Row], Any]:
    def given(row: Row) -> dict[str, Any]:
        values = {**fixed, **row}
        return {name: store(values[name]) if store else values[name] for name, store in stored.items()}

    return given

"""The rows of every table as values of JSON: out of one database, and the same out of the other.

A time is the text that SQLite holds (ISO, UTC, microseconds), a JSON column the text that it holds,
a boolean true or false, bytes are base64. Rows come in the order of their primary key by bytes, so
that two databases with equal rows give equal lines. The tables are those that are there, not those
of storage.schema: a database of an earlier Marsad is backed up as it is.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage.errors import DatabaseEmpty
from storage.migration import revision_of

# The index is built anew from the articles, its state is the index's own, and who works on the
# database is no data.
NOT_KEPT = ("alembic_version", "search_state", "leases")
SEARCH_INDEX = "article_search"

_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table of the database, and the names of its columns in the order of a row's values."""

    table: sa.Table
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.table.name


def revision(connection: sa.Connection) -> str:
    """Of the schema that is there. Raises DatabaseEmpty."""
    found = revision_of(connection)
    if found is None:
        raise DatabaseEmpty(connection.engine.url.render_as_string(hide_password=True))
    return found


def tables(connection: sa.Connection) -> list[TableRows]:
    """In an order in which each row's references are there before it."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: _is_kept(name))
    return [
        TableRows(table, tuple(column.name for column in _columns(table)))
        for table in found.sorted_tables
    ]


def rows(connection: sa.Connection, table: TableRows) -> Iterator[Sequence[Any]]:
    """Lists, and tuples where nothing had to be changed."""
    is_sqlite = connection.dialect.name == "sqlite"
    read = _read_sqlite if is_sqlite else _read_postgresql
    columns = ", ".join(read(column) for column in _columns(table.table))
    collation = "" if is_sqlite else ' COLLATE "C"'
    order = ", ".join(
        f'"{key.name}"{collation if isinstance(key.type, sa.String) else ""}'
        for key in table.table.primary_key.columns
    )
    found = connection.exec_driver_sql(
        f'SELECT {columns} FROM "{table.name}" ORDER BY {order}',  # noqa: S608 - our own names
        execution_options={"yield_per": _ROWS_AT_ONCE},
    )
    changes = _changes(_columns(table.table), connection.dialect.name)
    for part in found.partitions():
        for row in part:
            yield _changed(row, changes) if changes else tuple(row)


def from_values(table: TableRows, columns: Sequence[str], row: Sequence[Any]) -> tuple[Any, ...]:
    """The row as the database takes it: bytes again."""
    binary = {column.name for column in table.table.columns if _is_binary(column)}
    if not binary:
        return tuple(row)
    return tuple(
        base64.b64decode(value) if name in binary and value is not None else value
        for name, value in zip(columns, row, strict=True)
    )


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    """By name: their order in the table tells which migrations it went through."""
    return sorted(table.columns, key=lambda column: column.name)


def _is_kept(name: str) -> bool:
    return name not in NOT_KEPT and not name.startswith(SEARCH_INDEX)


def _changes(
    columns: Sequence[sa.Column[Any]], dialect: str
) -> list[tuple[int, Callable[[Any], Any]]]:
    """Which values of a row are made values of JSON, and how."""
    changes: list[tuple[int, Callable[[Any], Any]]] = []
    for number, column in enumerate(columns):
        if _is_binary(column):
            changes.append((number, _base64))
        elif dialect == "sqlite" and isinstance(column.type, sa.Boolean):
            changes.append((number, bool))
    return changes


def _changed(row: Any, changes: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for number, change in changes:
        if values[number] is not None:
            values[number] = change(values[number])
    return values


def _is_binary(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.LargeBinary)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _read_sqlite(column: sa.Column[Any]) -> str:
    return f'"{column.name}"'


def _read_postgresql(column: sa.Column[Any]) -> str:
    if isinstance(column.type, sa.JSON):
        return f'"{column.name}"::text'
    if isinstance(column.type, sa.DateTime):
        form = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
        return f"to_char(\"{column.name}\" AT TIME ZONE 'UTC', '{form}')"
    return f'"{column.name}"'

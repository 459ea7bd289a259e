"""Rows that storage.backup gave, into a database that holds none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import URL

from storage import backup, searchindex
from storage.backup import TableRows
from storage.database import Database
from storage.errors import BackupNewer, BackupWrong, DatabaseNewer, DatabaseOccupied
from storage.migration import create, migrate, revision_of
from storage.schema import REVISION, metadata

_ROWS_AT_ONCE = 500

Row = Sequence[Any]


class Source(Protocol):
    """What is restored; read again from the start when the database was locked meanwhile."""

    @property
    def revision(self) -> str: ...

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Of each table, by its name."""

    def rows(self, table: str) -> Iterable[Row]: ...


def restore(
    database: Database, source: Source, now: datetime, advance: Callable[[int], None]
) -> None:
    """All rows in one transaction, brought to this program's schema; the search index is built.

    `advance` is told how many rows more are in. Raises DatabaseOccupied, BackupNewer, BackupWrong.
    """
    database.write_now(lambda connection: _restore(connection, database.url, source, now, advance))


def refuse_occupied(database: Database) -> None:
    """Raises DatabaseOccupied before a long restore would."""
    database.read_now(lambda connection: _refuse_occupied(connection, database.url))


def _restore(
    connection: sa.Connection,
    url: URL,
    source: Source,
    now: datetime,
    advance: Callable[[int], None],
) -> None:
    _refuse_occupied(connection, url)
    _drop_tables(connection)
    try:
        create(connection, url, source.revision)
    except DatabaseNewer as error:
        raise BackupNewer(source.revision, REVISION) from error
    there = backup.tables(connection)
    given = source.columns()
    _compare(there, given)
    for table in there:
        for rows in _parts(source.rows(table.name)):
            names = given[table.name]
            _insert(
                connection,
                table.name,
                names,
                [backup.from_values(table, names, row) for row in rows],
            )
            advance(len(rows))
    migrate(connection, url)
    _set_sequences(connection)
    searchindex.begin_rebuild(connection, now)
    while searchindex.continue_rebuild(connection, _ROWS_AT_ONCE):
        pass


def _refuse_occupied(connection: sa.Connection, url: URL) -> None:
    where = url.render_as_string(hide_password=True)
    if revision_of(connection) is None:
        foreign = sa.inspect(connection).get_table_names()
        if foreign:
            raise DatabaseOccupied(where, f"it has a table {foreign[0]!r} that is not Marsad's")
        return
    for table in backup.tables(connection):
        if connection.execute(sa.select(sa.exists(sa.select(table.table)))).scalar_one():
            raise DatabaseOccupied(where, f"there are rows in its table {table.name!r}")


def _drop_tables(connection: sa.Connection) -> None:
    """Empty ones, as of a Marsad that was started there and did nothing yet."""
    # SQLite's index drops the tables that it consists of
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {backup.SEARCH_INDEX}")
    there = sa.MetaData()
    there.reflect(connection)
    there.drop_all(connection)


def _compare(there: Sequence[TableRows], given: dict[str, tuple[str, ...]]) -> None:
    needed = {table.name: table.columns for table in there}
    for name in sorted(needed.keys() | given.keys()):
        if set(needed.get(name, ())) != set(given.get(name, ())):
            raise BackupWrong(
                f"the table {name!r} of the backup has other columns than its schema says"
            )


def _insert(
    connection: sa.Connection, table: str, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """The names are those of the schema (_compare)."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join([mark] * len(names))
    connection.exec_driver_sql(
        f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',  # noqa: S608
        rows,
    )


def _set_sequences(connection: sa.Connection) -> None:
    """PostgreSQL numbers rows by a sequence, which knows nothing of rows that brought a number."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        number = table.autoincrement_column
        if number is None:
            continue
        highest = connection.scalar(sa.select(sa.func.max(number)))
        if highest is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, number.name)
            connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while part := list(islice(left, _ROWS_AT_ONCE)):
        yield part

"""From a URL to an engine: what must be told SQLite and PostgreSQL on every connection."""

import os
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.columns import to_json
from storage.errors import DatabaseUnreachable, DatabaseUrlWrong

# How long SQLite waits for another writer inside one attempt.
BUSY_SECONDS = 10

# A reset of the WAL file gives the disk back; without a limit it keeps its largest size.
_WAL_BYTES = 64 * 2**20
# SQLite's own number of pages after which the WAL is emptied into the database
_CHECKPOINT_PAGES = 1000

# Of a new file, before its first table: what is deleted can be given back to the disk
# (storage.retention). One that has tables keeps what it had.
NEW_FILE_PRAGMA = "auto_vacuum = INCREMENTAL"

# Of every connection to SQLite. scripts/soak cuts the power under exactly these.
PRAGMAS = (
    "journal_mode = WAL",
    # NORMAL loses acknowledged transactions at a power cut
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
)

_SQLITE = "sqlite+pysqlite"
_POSTGRESQL = "postgresql+psycopg"
_SCHEMES = {
    "sqlite": _SQLITE,
    _SQLITE: _SQLITE,
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    _POSTGRESQL: _POSTGRESQL,
}


def parse_url(text: str) -> URL:
    """The URL with the driver that Marsad uses. Raises DatabaseUrlWrong, without the password."""
    try:
        url = sa.make_url(text)
        driver = _SCHEMES[url.drivername]
    except (sa.exc.ArgumentError, KeyError, ValueError):
        raise DatabaseUrlWrong(
            "MARSAD_DATABASE_URL is not understood; allowed are sqlite:////folder/marsad.db and"
            " postgresql://user:password@host/database"
        ) from None
    if driver == _SQLITE and url.database in (None, "", ":memory:"):
        raise DatabaseUrlWrong(
            "MARSAD_DATABASE_URL names no file: a SQLite database is written as"
            " sqlite:////folder/marsad.db"
        )
    return _with_hideable_password(url.set(drivername=driver))


def _with_hideable_password(url: URL) -> URL:
    """PostgreSQL also takes a password among the parameters, where SQLAlchemy would show it."""
    given = url.query.get("password")
    if not isinstance(given, str):
        return url
    return url.difference_update_query(["password"]).set(password=url.password or given)


def file_of(text: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL. Raises DatabaseUrlWrong."""
    url = parse_url(text)
    return Path(url.database or "") if url.drivername == _SQLITE else None


def prepare_file(url: URL) -> None:
    """Create the SQLite file and its folder, readable by their owner alone, and turn WAL on."""
    path = Path(url.database or "")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if path.stat().st_size == 0:
            _set_up_file(path)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnreachable(f"the database file {path} cannot be opened: {error}") from error


def _set_up_file(path: Path) -> None:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        for pragma in (NEW_FILE_PRAGMA, *PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")
    finally:
        connection.close()


def writing_engine(url: URL) -> sa.Engine:
    """One connection, whose transactions take SQLite's write lock at their first statement.

    A deferred transaction that reads and then writes fails with SQLITE_BUSY_SNAPSHOT whatever
    the timeout is: https://www.sqlite.org/isolation.html
    """
    return _engine(url, begin="BEGIN IMMEDIATE", size=1)


def reading_engine(url: URL, size: int) -> sa.Engine:
    """Connections that see one snapshot a transaction and refuse to write."""
    engine = _engine(url, begin="BEGIN", size=size)
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    sa.event.listen(engine, "connect", _refuse_writes)
    return engine


def _engine(url: URL, *, begin: str, size: int) -> sa.Engine:
    is_sqlite = url.drivername == _SQLITE
    engine = sa.create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        poolclass=sa.QueuePool,
        pool_pre_ping=not is_sqlite,
        # statements in error messages without the articles' texts and the subscribers' names
        hide_parameters=True,
        json_serializer=to_json,
        connect_args=(
            {"timeout": BUSY_SECONDS, "check_same_thread": False}
            if is_sqlite
            else {"connect_timeout": 10, "application_name": "marsad"}
        ),
    )
    if is_sqlite:
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    # sqlite3 begins no transaction of its own: the 'begin' event above does.
    connection.isolation_level = None
    (_, _, path) = connection.execute("PRAGMA database_list").fetchone()
    for pragma in (*PRAGMAS, *_wal_pragmas(path)):
        connection.execute(f"PRAGMA {pragma}")


def _wal_pragmas(path: str) -> tuple[str, str]:
    """On a small disk the WAL stays small, too: what is in it needs room a second time when it goes
    into the database, and a disk that is full has little (marsad.room)."""
    disk = os.statvfs(path)
    total = disk.f_blocks * disk.f_frsize
    return (
        f"wal_autocheckpoint = {max(8, min(_CHECKPOINT_PAGES, total // 2**18))}",
        f"journal_size_limit = {min(_WAL_BYTES, total // 16)}",
    )


def _refuse_writes(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    connection.execute("PRAGMA query_only = ON")

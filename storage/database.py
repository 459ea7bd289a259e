"""The database: one thread that writes, a few that read, every call one transaction."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import URL

from storage.connection import parse_url, prepare_file, reading_engine, writing_engine
from storage.dialect import alone
from storage.errors import DatabaseError as DatabaseError
from storage.errors import DatabaseFailed, DatabaseFull, DatabaseUnreachable, IndexStale
from storage.inuse import refuse_in_use
from storage.migration import migrate, revision_of
from storage.schema import REVISION
from storage.searchindex import is_stale

log = structlog.get_logger(__name__)

T = TypeVar("T")

# What a transaction function is given; its users need not know SQLAlchemy.
Connection = sa.Connection
# What the database itself raises inside such a function; `write` repeats it or reports it.
DriverError = sa.exc.SQLAlchemyError

_READERS = 3
# SQLite gives its lock at once where nobody else writes; an own write may stand behind many.
_LOCK_SECONDS, _WRITE_SECONDS = 0.02, 0.15
_ATTEMPTS = 10
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 2.0

# serialization failure, deadlock, lock not available: rolled back, certainly
_ROLLED_BACK = {"40001", "40P01", "55P03"}
# connection exceptions; the server shuts down or starts up
_CONNECTION_CLASSES = ("08", "57P")
# SQLITE_BUSY and SQLITE_LOCKED, in the low byte of the extended codes
_LOCKED = {5, 6}
# SQLITE_FULL; SQLITE_IOERR_SHMSIZE, which it is called where the WAL's index grows; and what
# PostgreSQL says
_FULL = {13, 4874}
_DISK_FULL = "53100"

# The statement is at fault, not the database: a mistake of this program, shown as it is.
_OWN_MISTAKES = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)


_Write = tuple[Future[Any], Callable[[Connection], Any]]


class Database:
    """Opened by `open`. A function given to `write` runs alone in the writing thread, in one
    transaction that is committed when it returns and rolled back when it raises; it may run
    again when the database was locked, so it touches nothing but the connection."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._writing = writing_engine(url)
        self._reading = reading_engine(url, _READERS)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="storage-reader")
        # What is to be written: for people who wait, and for crawls, which can.
        self._first: deque[_Write] = deque()
        self._later: deque[_Write] = deque()
        self._unwritten: dict[Future[Any], float] = {}
        self._asked: float | None = None

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database, creating and migrating it where needed.

        Raises DatabaseUrlWrong, DatabaseUnreachable, DatabaseNewer; DatabaseInUse where it would
        have to be migrated under a Marsad that runs.
        """
        database = cls.create(url)
        try:
            database._prepare(database._bring_to_date)
        except BaseException:
            database.close_now()
            raise
        return database

    @classmethod
    def create(cls, url: str) -> Self:
        """The database as it is, whatever its schema; its file is created where there is none.

        Raises DatabaseUrlWrong, DatabaseUnreachable.
        """
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            prepare_file(parsed)
        database = cls(parsed)
        try:
            database._prepare(lambda connection: None)
        except BaseException:
            database.close_now()
            raise
        return database

    @classmethod
    def attach(cls, url: str) -> Self:
        """Like `create`, of a database that exists. Raises DatabaseUnreachable where none does."""
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            raise DatabaseUnreachable(f"there is no database {parsed.database}")
        return cls.create(url)

    def _bring_to_date(self, connection: sa.Connection) -> None:
        alone(connection, "migration")
        if revision_of(connection) not in {None, REVISION}:
            refuse_in_use(connection, self._url, datetime.now(UTC))
        migrate(connection, self._url)

    def _prepare(self, prepare: Callable[[sa.Connection], None]) -> None:
        try:
            if self.dialect == "postgresql":
                # a server that is not there, or a wrong password, is said at once
                self._writing.connect().close()
            self.write_now(prepare)
        except (DatabaseFailed, sa.exc.DBAPIError) as error:
            reason = " ".join(str(getattr(error, "orig", error)).split())
            raise DatabaseUnreachable(
                f"the database {self.url_without_secret} cannot be opened: {reason}"
            ) from error

    @property
    def dialect(self) -> str:
        """'sqlite' or 'postgresql'."""
        return self._url.get_backend_name()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database; None on PostgreSQL."""
        return Path(self._url.database or "") if self.dialect == "sqlite" else None

    @property
    def url(self) -> URL:
        """With its password: not to be shown."""
        return self._url

    @property
    def url_without_secret(self) -> str:
        return self._url.render_as_string(hide_password=True)

    async def write(self, function: Callable[[sa.Connection], T], *, later: bool = False) -> T:
        """Commit what `function` does. Raises DatabaseFailed after bounded attempts. `later`: after
        what is not so; those of a kind are done in the order of the calls.

        Cancelling the caller does not stop a transaction that began.
        """
        return await asyncio.wrap_future(self._submit(function, later=later))

    def _submit(
        self, function: Callable[[sa.Connection], T], *, later: bool = False
    ) -> "Future[T]":
        future: Future[T] = Future()
        if not later:
            self._unwritten[future] = monotonic()
            future.add_done_callback(self._unwritten.pop)
        (self._later if later else self._first).append((future, function))
        self._writer.submit(self._write_next)
        return future

    def _write_next(self) -> None:
        """Called once for each write, and does the one whose turn it is."""
        future, function = (self._first or self._later).popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(self._written(function))
        except BaseException as error:  # noqa: BLE001 - raised where the write was asked for
            future.set_exception(error)

    def _written(self, function: Callable[[sa.Connection], T]) -> T:
        def with_lock(connection: sa.Connection) -> T:
            self._asked = None
            return function(connection)

        self._asked = monotonic()
        try:
            return _transact(self._writing, with_lock)
        finally:
            self._asked = None

    def is_held(self) -> bool:
        """Whether writes wait for somebody: another process holds SQLite's lock, or the oldest
        write takes longer than a person should wait."""
        asked, now = self._asked, monotonic()
        oldest = min(list(self._unwritten.values()), default=now)
        return now - oldest >= _WRITE_SECONDS or (
            asked is not None and now - asked >= _LOCK_SECONDS
        )

    async def read(self, function: Callable[[sa.Connection], T]) -> T:
        """What `function` reads, from one snapshot. Raises DatabaseFailed."""
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, _transact, self._reading, function
        )

    def write_now(self, function: Callable[[sa.Connection], T]) -> T:
        """Like `write`, for code without an event loop."""
        return self._submit(function).result()

    def read_now(self, function: Callable[[sa.Connection], T]) -> T:
        """Like `read`, for code without an event loop."""
        return self._readers.submit(_transact, self._reading, function).result()

    def check(self) -> list[str]:
        """What is wrong with the database, as sentences; empty: nothing was found."""
        try:
            return self.read_now(_problems)
        except DatabaseFailed as error:
            return [f"the database {self.url_without_secret} does not answer: {error}"]

    async def close(self) -> None:
        """Wait for what was begun, then close all connections."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Like `close`, for code without an event loop."""
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._reading.dispose()
        self._writing.dispose()


def _transact(engine: sa.Engine, function: Callable[[sa.Connection], T]) -> T:
    pause = _FIRST_PAUSE_SECONDS
    made_room = False
    for left in reversed(range(_ATTEMPTS)):
        attempt = _Attempt()
        try:
            return attempt.run(engine, function)
        except _OWN_MISTAKES:
            raise
        except (sa.exc.DBAPIError, sqlite3.Error) as error:
            reason = str(getattr(error, "orig", error)).strip()
            if _is_full(error):
                if made_room or not _make_room(engine):
                    raise DatabaseFull(reason) from error
                made_room = True
                continue
            if not left or not attempt.may_repeat(error):
                raise DatabaseFailed(reason) from error
            log.warning("transaction is tried again", reason=reason, left=left)
        sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
    raise AssertionError("the last attempt returns or raises")


def _is_full(error: sa.exc.DBAPIError | sqlite3.Error) -> bool:
    original = getattr(error, "orig", error)
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) in _FULL
    return getattr(original, "sqlstate", None) == _DISK_FULL


def _make_room(engine: sa.Engine) -> bool:
    """Move what the WAL holds into the database file, where most of it replaces what is there: on
    a disk that is full this is room for what delivering writes."""
    if engine.dialect.name != "sqlite":
        return False
    try:
        raw = engine.raw_connection()
        try:
            assert isinstance(raw.driver_connection, sqlite3.Connection)
            blocked, *_ = raw.driver_connection.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            ).fetchone()
        finally:
            raw.close()
    except (sa.exc.DBAPIError, sqlite3.Error):
        return False
    return not blocked


class _Attempt:
    """One attempt at a transaction; knows whether what failed can have been committed."""

    def __init__(self) -> None:
        self.committing = False

    def run(self, engine: sa.Engine, function: Callable[[sa.Connection], T]) -> T:
        with engine.connect() as connection, connection.begin():
            result = function(connection)
            self.committing = True
        return result

    def may_repeat(self, error: sa.exc.DBAPIError | sqlite3.Error) -> bool:
        original = getattr(error, "orig", error)
        if isinstance(original, sqlite3.Error):
            return getattr(original, "sqlite_errorcode", 0) & 0xFF in _LOCKED
        code = getattr(original, "sqlstate", None)
        if code in _ROLLED_BACK:
            return True
        # A connection lost in COMMIT leaves open whether it was done.
        lost = code is None or code.startswith(_CONNECTION_CLASSES)
        return lost and not self.committing


def _problems(connection: sa.Connection) -> list[str]:
    problems = []
    found = revision_of(connection)
    if found != REVISION:
        problems.append(f"the schema is at {found}, this program needs {REVISION}")
    elif is_stale(connection):
        problems.append(str(IndexStale()))
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("PRAGMA quick_check(20)").scalars()
        problems += [f"the database file is damaged: {row}" for row in rows if row != "ok"]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        problems += [f"a row of {row[0]} points to a row that is missing" for row in broken[:20]]
    return problems

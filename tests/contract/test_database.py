"""Opening, migrating, writing and failing; on both databases."""

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import connection as connections
from storage import database as databases
from storage import sites
from storage.database import Connection, Database
from storage.errors import (
    DatabaseFailed,
    DatabaseNewer,
    DatabaseUnreachable,
    DatabaseUrlWrong,
)
from storage.migration import revision_of
from storage.schema import REVISION, metadata
from tests.contract.archive import NOW


def add_site(connection: sa.Connection) -> None:
    sites.start_crawl(connection, "news", NOW)


def is_of_the_schema(name: str | None, kind: str, _: object) -> bool:
    """Not the search index, which is of another kind on each database, nor FTS5's own tables."""
    return kind != "table" or not (name or "").startswith("article_search")


def execute(sql: str) -> Callable[[sa.Connection], None]:
    return lambda connection: connection.exec_driver_sql(sql).close()


def test_an_empty_database_is_migrated_to_the_tables_of_the_schema(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_schema}
        )
        return list(compare_metadata(context, metadata))

    assert database.read_now(differences) == []
    assert database.read_now(revision_of) == REVISION
    assert database.check() == []


def test_the_newest_migration_is_the_revision_of_the_schema() -> None:
    scripts = ScriptDirectory(str(Path(databases.__file__).parent / "migrations"))
    assert scripts.get_heads() == [REVISION]


def test_a_database_is_opened_again_with_what_it_held(
    database: Database, database_url: str
) -> None:
    database.write_now(add_site)
    again = Database.open(database_url)
    assert [state.site for state in again.read_now(sites.site_states)] == ["news"]
    again.close_now()


def test_a_database_of_a_newer_marsad_is_refused_and_left_alone(
    database: Database, database_url: str
) -> None:
    database.write_now(execute("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(DatabaseNewer, match="made by a newer Marsad.*0999.*" + REVISION) as caught:
        Database.open(database_url)
    assert (caught.value.found, caught.value.known) == ("0999", REVISION)
    assert database.read_now(revision_of) == "0999"
    assert database.check() == [f"the schema is at 0999, this program needs {REVISION}"]


async def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    def fail(connection: sa.Connection) -> None:
        add_site(connection)
        raise ValueError("second thoughts")

    with pytest.raises(ValueError, match="second thoughts"):
        await database.write(fail)
    assert await database.read(sites.site_states) == []


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((DatabaseFailed, sa.exc.DBAPIError), match=r"(?i)read-?only"):
        await database.read(add_site)
    assert await database.read(sites.site_states) == []


async def test_readers_see_one_snapshot_while_others_write(database: Database) -> None:
    begun, written = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def read_twice(connection: sa.Connection) -> tuple[int, int]:
        first = len(sites.site_states(connection))
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(written.wait(), loop).result(10)
        return first, len(sites.site_states(connection))

    reading = asyncio.create_task(database.read(read_twice))
    await begun.wait()
    await database.write(add_site)
    written.set()
    assert await reading == (0, 0)


async def test_writes_are_done_one_after_another(database: Database) -> None:
    await database.write(add_site)

    def fail_once_more(connection: sa.Connection) -> int:
        (state,) = sites.site_states(connection)
        connection.exec_driver_sql(f"UPDATE sites SET failures = {state.failures + 1}")
        return state.failures

    counted = await asyncio.gather(*(database.write(fail_once_more) for _ in range(40)))
    assert counted == list(range(40))


def test_the_parameters_of_a_statement_are_not_in_its_error(database: Database) -> None:
    database.write_now(add_site)
    with pytest.raises(sa.exc.IntegrityError) as caught:
        database.write_now(
            lambda connection: connection.execute(
                sa.text("INSERT INTO sites (site, failures) VALUES ('news', :secret)"),
                {"secret": 123454321},
            )
        )
    assert "123454321" not in str(caught.value).replace("DETAIL", "").split("[SQL")[1]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/db",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://user:hunter2@host:notaport/db",
        "nonsense hunter2",
        "",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUrlWrong, match="MARSAD_DATABASE_URL") as caught:
        Database.open(url)
    assert "hunter2" not in str(caught.value)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "_FIRST_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(databases, "_LONGEST_PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize(
    "url",
    ["postgresql://marsad:hunter2@/marsad?host=", "postgresql:///marsad?password=hunter2&host="],
    ids=["of the user", "among the parameters"],
)
def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="cannot be opened") as caught:
        Database.open(f"{url}{tmp_path}")
    assert "hunter2" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_before_the_commit_is_tried_again(database: Database) -> None:
    killed: list[int] = []

    def end_my_connection_once(connection: sa.Connection) -> int:
        if not killed:
            killed.append(connection.execute(sa.func.pg_backend_pid()).scalar_one())
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return 7

    assert database.write_now(end_my_connection_once) == 7
    assert len(killed) == 1
    assert database.check() == []


# SQLite's own


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "deep" / "marsad.db"


def test_the_sqlite_file_is_its_owners_alone(sqlite_path: Path) -> None:
    database = Database.open(f"sqlite:///{sqlite_path}")
    database.write_now(add_site)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in sqlite_path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert "marsad.db" in modes
    assert stat.S_IMODE(sqlite_path.parent.stat().st_mode) == 0o700
    assert (database.dialect, database.url_without_secret) == (
        "sqlite",
        f"sqlite+pysqlite:///{sqlite_path}",
    )
    database.close_now()


def test_sqlite_is_told_to_lose_nothing(sqlite_path: Path) -> None:
    database = Database.open(f"sqlite:///{sqlite_path}")

    def pragmas(connection: sa.Connection) -> list[object]:
        return [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    wal, full, on = "wal", 2, 1
    assert database.write_now(pragmas) == [wal, full, on]
    assert database.read_now(pragmas) == [wal, full, on]
    database.close_now()


def test_a_write_waits_for_another_program_that_holds_the_lock(
    sqlite_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    database = Database.open(f"sqlite:///{sqlite_path}")
    holder = sqlite3.connect(sqlite_path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    # the pause between two attempts is when the other program lets go
    monkeypatch.setattr(databases, "sleep", lambda _: holder.execute("COMMIT"))
    database.write_now(add_site)
    assert [state.site for state in database.read_now(sites.site_states)] == ["news"]
    holder.close()
    database.close_now()


async def test_what_can_wait_is_written_after_what_somebody_waits_for(sqlite_path: Path) -> None:
    database = Database.open(f"sqlite:///{sqlite_path}")
    free, order = threading.Event(), list[str]()

    def note(name: str) -> Callable[[Connection], None]:
        return lambda _: order.append(name)

    held = asyncio.create_task(database.write(lambda _: free.wait(30)))
    later = [asyncio.create_task(database.write(note(name), later=True)) for name in "ab"]
    first = asyncio.create_task(database.write(note("person")))
    await asyncio.sleep(0)
    free.set()
    await asyncio.gather(held, first, *later)

    assert order == ["person", "a", "b"]
    database.close_now()


async def test_a_lock_that_another_program_holds_is_noticed_while_a_write_waits(
    sqlite_path: Path,
) -> None:
    database = Database.open(f"sqlite:///{sqlite_path}")
    holder = sqlite3.connect(sqlite_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert not database.is_held()

    writing = asyncio.create_task(database.write(add_site))
    async with asyncio.timeout(30):
        while not database.is_held():
            await asyncio.sleep(0.01)

    holder.execute("COMMIT")
    await writing
    assert not database.is_held()
    holder.close()
    database.close_now()


@pytest.mark.usefixtures("no_pause")
def test_a_lock_that_is_never_released_is_reported_after_bounded_attempts(
    sqlite_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    database = Database.open(f"sqlite:///{sqlite_path}")
    holder = sqlite3.connect(sqlite_path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseFailed, match="locked"):
        database.write_now(add_site)
    assert database.read_now(sites.site_states) == []
    holder.close()
    database.close_now()


def test_a_file_that_is_no_database_is_refused(sqlite_path: Path) -> None:
    sqlite_path.parent.mkdir(parents=True)
    sqlite_path.write_text("هذا ليس قاعدة بيانات\n" * 100)
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        Database.open(f"sqlite:///{sqlite_path}")


def test_a_path_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnreachable, match=r"file/marsad\.db cannot be opened"):
        Database.open(f"sqlite:///{tmp_path}/file/marsad.db")


def test_damage_and_dangling_rows_are_found(sqlite_path: Path) -> None:
    database = Database.open(f"sqlite:///{sqlite_path}")
    database.close_now()
    vandal = sqlite3.connect(sqlite_path)
    vandal.execute("INSERT INTO story_keys (key, article_id, story_id) VALUES ('k', 8, 9)")
    vandal.commit()
    vandal.close()
    database = Database.open(f"sqlite:///{sqlite_path}")
    assert "a row of story_keys points to a row that is missing" in database.check()
    database.close_now()

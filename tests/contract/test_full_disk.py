"""A database that may not grow refuses cleanly, keeps what it has, and goes on with less."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.article import Article
from storage import articles
from storage.crawls import store
from storage.database import Connection, Database
from storage.errors import DatabaseFull
from tests.contract.archive import NOW


def add(connection: Connection, number: int) -> None:
    key = f"full.example/{number}"
    text = "خبر طويل عن السفن والموانئ. " * 400
    store(
        connection,
        Article(site="full", url=f"https://{key}", key=key, title=f"خبر {number}", text=text),
        NOW,
    )


@pytest.fixture
def small(tmp_path: Path) -> Database:
    """One that may have a hundred pages more than its empty tables need."""
    url = f"sqlite:///{tmp_path}/marsad.db"
    Database.open(url).close_now()
    database = Database.open(url)
    pages = database.write_now(lambda c: c.scalar(sa.text("PRAGMA page_count")))
    database.write_now(lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {pages + 100}"))
    return database


def until_full(database: Database) -> int:
    """How many articles went in before it was full."""
    for number in range(1_000):
        try:
            database.write_now(lambda connection, number=number: add(connection, number))  # type: ignore[misc]
        except DatabaseFull:
            return number
    raise AssertionError("it never was full")


def test_a_full_database_is_said_and_what_was_acknowledged_stays(small: Database) -> None:
    stored = until_full(small)
    assert 5 < stored < 100
    assert small.read_now(articles.count).total == stored
    assert small.check() == []
    small.close_now()


def test_it_goes_on_once_there_is_room(small: Database) -> None:
    stored = until_full(small)
    small.write_now(lambda c: c.exec_driver_sql("PRAGMA max_page_count = 100000"))
    small.write_now(lambda connection: add(connection, stored))
    assert small.read_now(articles.count).total == stored + 1
    small.close_now()


def test_the_code_of_a_full_disk_is_what_sqlite_calls_it() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as error:
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert error.value.sqlite_errorcode == sqlite3.SQLITE_FULL
    connection.close()

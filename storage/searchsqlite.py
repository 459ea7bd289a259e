"""The newest answers of a query, by SQLite's FTS5.

It walks the rows that hold all words from the newest one on, and stops at the last one that is
wanted. What takes long is a phrase of frequent words that stands hardly anywhere: FTS5 compares
places in each article that has the words, and knows no bound of time or row while it finds none.
So the work is stopped when the processor time is spent; the time of the thread, since a busy
machine should not make answers shorter.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import thread_time
from typing import Any

import sqlalchemy as sa

from storage.searchquery import Query
from storage.searchterms import Asked, Found, fts_query

# Of processor time, so that an answer of 20 articles is there in 20
MOST_MILLISECONDS = 10.0
# SQLite's instructions between two looks at the clock: 1 ms where it reads long lists, else less
STEPS = 500
_INTERRUPTED = 9
_ALL = -1

_NEWEST = (
    "SELECT rowid FROM article_search WHERE article_search MATCH :query AND rowid >= :since{topics}"
    " ORDER BY rowid DESC LIMIT :limit OFFSET :offset"
)
_IS_OF_TOPIC = (
    " AND EXISTS (SELECT 1 FROM matches"
    " WHERE matches.article_id = (article_search.rowid & 1073741823) AND matches.topic IN :topics)"
)


def newest(connection: sa.Connection, asked: Asked) -> Found:
    statement = sa.text(_NEWEST.format(topics="" if asked.topics is None else _IS_OF_TOPIC))
    values: dict[str, Any] = {
        "query": fts_query(asked.query),
        "since": asked.since,
        "limit": asked.limit,
        "offset": asked.offset,
    }
    if asked.topics is not None:
        statement = statement.bindparams(sa.bindparam("topics", expanding=True))
        values["topics"] = list(asked.topics)
    positions: list[int] = []
    try:
        with _at_most(MOST_MILLISECONDS if asked.bounded else None, connection):
            positions.extend(row[0] for row in connection.execute(statement, values))
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) != _INTERRUPTED:
            raise
        return Found(positions, whole=False)
    return Found(positions)


def among(connection: sa.Connection, query: Query, positions: Sequence[int]) -> set[int]:
    """Which of these positions answer the query; of those that were reached in time."""
    asked = Asked(query=query, since=min(positions), limit=_ALL)
    return set(newest(connection, asked).positions).intersection(positions)


@contextmanager
def _at_most(milliseconds: float | None, connection: sa.Connection) -> Iterator[None]:
    """Interrupts the statement inside when this thread has worked for so long."""
    if milliseconds is None:
        yield
        return
    end = thread_time() + milliseconds / 1e3
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    stop: Callable[[], int] = lambda: thread_time() > end  # noqa: E731
    driver.set_progress_handler(stop, STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)

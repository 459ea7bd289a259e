"""The search index: a row an article, written in the transaction that writes the article.

SQLite keeps it as a contentless FTS5 table, PostgreSQL as a tsvector with a GIN index; both hold
the stems of storage.searchtext, and nothing of the text itself. A row's number is its *position*:
when the article was published (first seen, if nobody says when) in the high bits, its id in the low
ones, so that 'newest first' is the order of the index and costs no sorting.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from storage.schema import articles, search_state
from storage.searchtext import NORMALISER, words

_ID_BITS = 30
_MOST_SECONDS = 2**33 - 1
# Positions of lexemes end here on PostgreSQL; the gap keeps a phrase within title or text.
_LAST_POSITION = 16_383
_GAP = 10
# PostgreSQL refuses a tsvector whose words and positions fill a megabyte.
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Indexed:
    """What stands in the index for one article."""

    position: int
    title: tuple[str, ...]
    text: tuple[str, ...]
    site: str


def position(article_id: int, when: datetime) -> int:
    """The article's place in the index: a later moment is a greater number."""
    return since_position(when) | article_id & (1 << _ID_BITS) - 1


def since_position(when: datetime) -> int:
    """The least position of the articles from this moment on."""
    return min(max(int(when.timestamp()), 0), _MOST_SECONDS) << _ID_BITS


def article_id(found: int) -> int:
    """The id of the article at this position."""
    return found & (1 << _ID_BITS) - 1


def site_token(site: str) -> str:
    """A site's name as one token of FTS5, which parts words at hyphens."""
    return "s" + site.encode().hex()


def indexed(row: Any) -> Indexed:
    return Indexed(
        position(row.id, row.published or row.first_seen),
        tuple(words(row.title)),
        tuple(words(row.text)),
        row.site,
    )


def add(connection: sa.Connection, article_id: int) -> None:
    """Index a new article; in the transaction that inserted it."""
    if _keeps(connection, article_id):
        _insert(connection, [indexed(_row(connection, article_id))])


def replace(connection: sa.Connection, old: Any) -> None:
    """Index an article anew whose row was `old` before this transaction changed it."""
    if not _keeps(connection, old.id):
        return
    before, after = indexed(old), indexed(_row(connection, old.id))
    if before != after:
        _delete(connection, before)
        _insert(connection, [after])


def remove(connection: sa.Connection, rows: Iterable[Any]) -> None:
    """Forget articles that this transaction deletes: their rows as they are now."""
    for row in rows:
        if _keeps(connection, row.id):
            _delete(connection, indexed(row))


def is_stale(connection: sa.Connection) -> bool:
    """Whether the index is of another normaliser than this program's."""
    normaliser: str = _state(connection).normaliser
    return normaliser != NORMALISER


def begin_rebuild(connection: sa.Connection, now: datetime) -> None:
    """Empty the index. Until `continue_rebuild` is done, searches find what is in it by then."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DELETE FROM article_search")
        _sort_in_later(connection, True)
    else:
        connection.exec_driver_sql(
            "INSERT INTO article_search (article_search) VALUES ('delete-all')"
        )
    connection.execute(
        search_state.update().values(normaliser=NORMALISER, built_to=0, built_at=now)
    )


def continue_rebuild(connection: sa.Connection, limit: int) -> int:
    """Index the next articles, oldest first; how many; 0: all are, and the rebuild is over."""
    built_to = _state(connection).built_to
    if built_to is None:
        return 0
    rows = connection.execute(
        select(*_COLUMNS).where(articles.c.id > built_to).order_by(articles.c.id).limit(limit)
    ).all()
    # FTS5 writes out what it holds whenever a number is lower than the one before
    _insert(connection, sorted(map(indexed, rows), key=lambda each: each.position))
    following = rows[-1].id if rows else None
    if following is None and connection.dialect.name == "postgresql":
        _sort_in_later(connection, False)
    connection.execute(search_state.update().values(built_to=following))
    return len(rows)


_COLUMNS = tuple(
    articles.c[name] for name in ("id", "site", "title", "text", "published", "first_seen")
)


def _row(connection: sa.Connection, article_id: int) -> Any:
    return connection.execute(select(*_COLUMNS).where(articles.c.id == article_id)).one()


def _state(connection: sa.Connection) -> Any:
    return connection.execute(select(search_state)).one()


def _keeps(connection: sa.Connection, article_id: int) -> bool:
    """Not where a rebuild is to come, or is on its way to this article."""
    state = _state(connection)
    is_reached = state.built_to is None or article_id <= state.built_to
    return bool(state.normaliser == NORMALISER and is_reached)


def _sort_in_later(connection: sa.Connection, later: bool) -> None:
    """Many rows go into PostgreSQL's index quicker when they are sorted in together."""
    state = "on" if later else "off"
    connection.exec_driver_sql(f"ALTER INDEX ix_article_search_words SET (fastupdate = {state})")
    if not later:
        connection.exec_driver_sql("SELECT gin_clean_pending_list('ix_article_search_words')")
        # Without statistics the planner walks all rows to the few that hold a rare word.
        connection.exec_driver_sql("ANALYZE article_search")


def _insert(connection: sa.Connection, rows: Sequence[Indexed]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "INSERT INTO article_search (position, words)"
                " VALUES (:position, CAST(:words AS tsvector))"
            ),
            [{"position": row.position, "words": _tsvector(row)} for row in rows],
        )
        return
    connection.execute(
        sa.text(
            "INSERT INTO article_search (rowid, title, body, site)"
            " VALUES (:position, :title, :body, :site)"
        ),
        [_fts(row) for row in rows],
    )


def _delete(connection: sa.Connection, row: Indexed) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text("DELETE FROM article_search WHERE position = :position"),
            {"position": row.position},
        )
        return
    # A contentless table forgets a row when it is told the same words again.
    connection.execute(
        sa.text(
            "INSERT INTO article_search (article_search, rowid, title, body, site)"
            " VALUES ('delete', :position, :title, :body, :site)"
        ),
        _fts(row),
    )


def _fts(row: Indexed) -> Mapping[str, object]:
    return {
        "position": row.position,
        "title": " ".join(row.title),
        "body": " ".join(row.text),
        "site": site_token(row.site),
    }


def _tsvector(row: Indexed) -> str:
    """Lexemes with their positions, the title's with weight A. Written out: the parser of
    to_tsvector goes by the server's locale. Of a text with more words than a tsvector holds, the
    first."""
    places: dict[str, list[str]] = {f"@{site_token(row.site)}": ["1"]}
    _place(places, row.title, 1, "A")
    _place(places, row.text, len(row.title) + _GAP, "")
    lexemes, room = list[str](), _MOST_BYTES
    for word, where in places.items():
        room -= len(word.encode()) + 2 * len(where[:255]) + 4
        if room < 0:
            break
        lexemes.append(f"{word}:{','.join(where[:255])}")
    return " ".join(lexemes)


def _place(places: dict[str, list[str]], stems: Iterable[str], first: int, weight: str) -> None:
    for number, word in enumerate(stems, start=first):
        if number <= _LAST_POSITION:
            places.setdefault(word, []).append(f"{number}{weight}")
        else:
            places.setdefault(word, [str(_LAST_POSITION)])

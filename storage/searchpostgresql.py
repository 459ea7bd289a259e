"""The newest answers of a query, by PostgreSQL's GIN index.

The index holds no places and no order. A frequent word is answered by reading the newest articles;
for others the index says which articles have all words, and of these the newest are compared with
the query as long as some are wanted. Left to choose, the planner reads the whole archive for a word
that it takes for frequent, and takes a second for a hundred thousand articles.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from storage.searchquery import Query
from storage.searchterms import Asked, Found, asks_for_places, ts_candidates, ts_query

FIRST_LOOK = 500
_FEW = 100
# Comparing an article with a phrase takes 5 to 25 µs: its words are unpacked for it. That many are
# compared with one phrase; with more phrases, fewer.
MOST_COMPARED = 2_000
_EVERY = 2**40

_IN_NEWEST = (
    "WITH newest AS (SELECT position, words FROM article_search WHERE position >= :since"
    " ORDER BY position DESC LIMIT :look)"
    " SELECT position FROM newest WHERE words @@ CAST(:query AS tsquery){topics}"
    " ORDER BY position DESC LIMIT :limit OFFSET :offset"
)
# The sum keeps the planner from walking the positions instead of asking for the words.
_ALL = (
    "WITH found AS MATERIALIZED (SELECT position FROM article_search"
    " WHERE words @@ CAST(:candidates AS tsquery) AND position + 0 >= :since)"
    " SELECT position FROM found WHERE true{topics}"
    " ORDER BY position DESC LIMIT :limit OFFSET :offset"
)
# Its last row is how many articles have the words, below zero.
_COMPARED = (
    "WITH found AS MATERIALIZED (SELECT position FROM article_search"
    " WHERE words @@ CAST(:candidates AS tsquery) AND position + 0 >= :since)"
    " (SELECT position FROM"
    " (SELECT position FROM found ORDER BY position DESC LIMIT :most) AS newest"
    " WHERE (SELECT words @@ CAST(:query AS tsquery) FROM article_search"
    " WHERE article_search.position = newest.position){topics}"
    " ORDER BY position DESC LIMIT :limit OFFSET :offset)"
    " UNION ALL SELECT -count(*) FROM found"
)
_AMONG = (
    "SELECT position FROM unnest(CAST(:positions AS bigint[])) AS given (position)"
    " WHERE (SELECT words @@ CAST(:query AS tsquery) FROM article_search"
    " WHERE article_search.position = given.position)"
)
_IS_OF_TOPIC = (
    " AND EXISTS (SELECT 1 FROM matches"
    " WHERE matches.article_id = (position & 1073741823) AND matches.topic IN :topics)"
)


def newest(connection: sa.Connection, asked: Asked) -> Found:
    if asked.offset + asked.limit <= _FEW:
        positions = _positions(connection, _IN_NEWEST, asked)
        if len(positions) == asked.limit:
            return Found(positions)
    # Of this transaction: to the planner, which counts a row's size without the words that are kept
    # beside the table, reading all of them looks cheap.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    if not asks_for_places(asked.query):
        return Found(_positions(connection, _ALL, asked))
    *positions, below_zero = _positions(connection, _COMPARED, asked)
    was_cut = asked.bounded and -below_zero > _share(MOST_COMPARED, asked.query)
    return Found(positions, len(positions) == asked.limit or not was_cut)


def among(connection: sa.Connection, query: Query, positions: Sequence[int]) -> set[int]:
    """Which of these positions answer the query."""
    values = {"query": ts_query(query), "positions": list(positions)}
    return {row[0] for row in connection.execute(sa.text(_AMONG), values)}


def _positions(connection: sa.Connection, statement: str, asked: Asked) -> list[int]:
    of_topic = "" if asked.topics is None else _IS_OF_TOPIC
    prepared = sa.text(statement.format(topics=of_topic))
    values = {
        "query": ts_query(asked.query),
        "candidates": ts_candidates(asked.query),
        "look": _share(FIRST_LOOK, asked.query),
        "most": _share(MOST_COMPARED, asked.query) if asked.bounded else _EVERY,
        "since": asked.since,
        "limit": asked.limit,
        "offset": asked.offset,
    }
    if asked.topics is not None:
        prepared = prepared.bindparams(sa.bindparam("topics", expanding=True))
        values["topics"] = list(asked.topics)
    used = {name: value for name, value in values.items() if f":{name}" in prepared.text}
    return [row[0] for row in connection.execute(prepared, used)]


def _share(articles: int, query: Query) -> int:
    phrases = len(query.phrases) + len(query.excluded)
    return min(articles, max(_FEW, articles // max(1, phrases)))

"""Full-text search of the archive, newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import select

from models.text import Marked
from storage import searchindex
from storage.errors import IndexStale
from storage.schema import articles
from storage.searchindex import site_token
from storage.searchquery import Phrase, Query, parse_query
from storage.snippet import marked, passage

RANK_WINDOW = 2_000
"""By relevance only the newest answers are ordered: ordering all answers to a common word takes
half a second at a million articles."""

# The title tells more of an article than a word of its text.
_TITLE_WEIGHT = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An article that answers a query; `published` as its site says, `first_seen` by us."""

    article_id: int
    site: str
    url: str
    title: Marked
    snippet: Marked
    published: datetime | None
    first_seen: datetime
    withdrawn: bool


def search(
    connection: sa.Connection,
    query: str,
    *,
    now: datetime,
    topics: Sequence[str] | None = None,
    limit: int = 20,
    offset: int = 0,
    rank: bool = False,
) -> list[SearchHit]:
    """The articles that answer a query (storage.searchquery), newest first; with `topics` only
    those that one of these topics matched. `rank`: the newest 2,000 by relevance.

    Raises QueryRefused, IndexStale.
    """
    parsed = parse_query(query, now)
    if searchindex.is_stale(connection):
        raise IndexStale
    if topics is not None and not topics:
        return []
    find = _find_postgresql if connection.dialect.name == "postgresql" else _find_sqlite
    if rank:
        best = sorted(find(connection, parsed, topics, RANK_WINDOW, 0, True), key=_by_rank)
        positions = [found for found, _ in best[offset : offset + limit]]
    else:
        positions = [found for found, _ in find(connection, parsed, topics, limit, offset, False)]
    return _hits(connection, [searchindex.article_id(each) for each in positions], parsed.phrases)


_Found = tuple[int, float]


def _by_rank(found: _Found) -> tuple[float, int]:
    return found[1], -found[0]


def _find_sqlite(
    connection: sa.Connection,
    query: Query,
    topics: Sequence[str] | None,
    limit: int,
    offset: int,
    rank: bool,
) -> list[_Found]:
    rank_column = f"bm25(article_search, {_TITLE_WEIGHT}, 1.0, 0.0)" if rank else "0"
    statement = (
        f"SELECT rowid, {rank_column} FROM article_search"  # noqa: S608  # a constant
        " WHERE article_search MATCH :query AND rowid >= :since"
        f"{_IS_OF_TOPIC.format(position='article_search.rowid') if topics is not None else ''}"
        " ORDER BY rowid DESC LIMIT :limit OFFSET :offset"
    )
    return _execute(connection, statement, _fts_query(query), query, topics, limit, offset)


def _find_postgresql(
    connection: sa.Connection,
    query: Query,
    topics: Sequence[str] | None,
    limit: int,
    offset: int,
    rank: bool,
) -> list[_Found]:
    words = "CAST(:query AS tsquery)"
    weights = f"'{{0.1, 0.1, 0.1, {_TITLE_WEIGHT / 10}}}'"
    template = _MANY if rank or offset else _FIRST_PAGE
    statement = template.format(
        words=words,
        rank=f"-ts_rank({weights}, words, {words})" if rank else "0",
        topics="" if topics is None else _IS_OF_TOPIC.format(position="article_search.position"),
    )
    return _execute(connection, statement, _ts_query(query), query, topics, limit, offset)


# The planner may walk the newest rows until twenty answer, which is quick unless hardly any do.
_FIRST_PAGE = (
    "SELECT position, {rank} FROM article_search"
    " WHERE words @@ {words} AND position >= :since{topics}"
    " ORDER BY position DESC LIMIT :limit OFFSET :offset"
)
# For many it would walk all of them: it is made to ask the index of words first.
_MANY = (
    "WITH found AS MATERIALIZED ("
    "SELECT position FROM article_search WHERE words @@ {words} AND position >= :since{topics}),"
    " page AS (SELECT position FROM found ORDER BY position DESC LIMIT :limit OFFSET :offset)"
    " SELECT position, {rank} FROM article_search JOIN page USING (position)"
    " ORDER BY position DESC"
)
_IS_OF_TOPIC = (
    " AND EXISTS (SELECT 1 FROM matches WHERE matches.article_id = ({position} & 1073741823)"
    " AND matches.topic IN :topics)"
)


def _execute(
    connection: sa.Connection,
    statement: str,
    words: str,
    query: Query,
    topics: Sequence[str] | None,
    limit: int,
    offset: int,
) -> list[_Found]:
    values = {
        "query": words,
        "since": searchindex.since_position(query.since) if query.since else 0,
        "limit": limit,
        "offset": offset,
    }
    prepared = sa.text(statement)
    if topics is not None:
        prepared = prepared.bindparams(sa.bindparam("topics", expanding=True))
        values["topics"] = list(topics)
    return [(int(row[0]), float(row[1])) for row in connection.execute(prepared, values)]


def _fts_query(query: Query) -> str:
    """The query as FTS5 reads it; every word is letters and digits, so quotes hold it."""

    def phrase(each: Phrase) -> str:
        column = "title" if each.in_title else "{title body}"
        forms = (" ".join((first, *each.stems[1:])) for first in each.beginnings)
        alternatives = " OR ".join(f'"{form}"' for form in forms)
        return f"{column} : ({alternatives})"

    def site(name: str) -> str:
        return f'site : "{site_token(name)}"'

    return _joined(query, phrase, site, " AND ", " OR ", " NOT ")


def _ts_query(query: Query) -> str:
    """The query as PostgreSQL reads it; weight A are the words of the title."""

    def phrase(each: Phrase) -> str:
        weight = ":A" if each.in_title else ""
        forms = (
            " <-> ".join(f"'{stem}'{weight}" for stem in (first, *each.stems[1:]))
            for first in each.beginnings
        )
        alternatives = " | ".join(f"({form})" for form in forms)
        return f"({alternatives})"

    def site(name: str) -> str:
        return f"'@{site_token(name)}'"

    return _joined(query, phrase, site, " & ", " | ", " & !")


def _joined(
    query: Query,
    phrase: Callable[[Phrase], str],
    site: Callable[[str], str],
    and_: str,
    or_: str,
    not_: str,
) -> str:
    required = [f"({or_.join(map(phrase, alternatives))})" for alternatives in query.required]
    if query.sites:
        required.append(f"({or_.join(map(site, query.sites))})")
    excluded = [*map(phrase, query.excluded), *map(site, query.excluded_sites)]
    return and_.join(required) + "".join(f"{not_}({each})" for each in excluded)


_SHOWN = tuple(
    articles.c[name]
    for name in ("id", "site", "url", "title", "text", "published", "first_seen", "withdrawn_at")
)


def _hits(
    connection: sa.Connection, ids: Sequence[int], phrases: Sequence[Phrase]
) -> list[SearchHit]:
    anywhere = [phrase for phrase in phrases if not phrase.in_title]
    rows = {
        row.id: row for row in connection.execute(select(*_SHOWN).where(articles.c.id.in_(ids)))
    }
    return [
        SearchHit(
            article_id=row.id,
            site=row.site,
            url=row.url,
            title=marked(row.title, phrases),
            snippet=passage(row.text, anywhere),
            published=row.published,
            first_seen=row.first_seen,
            withdrawn=row.withdrawn_at is not None,
        )
        for row in (rows[each] for each in ids if each in rows)
    ]

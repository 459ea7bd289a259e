"""Full-text search of the archive, newest first, or the newest answers by relevance.

The order is the same on both databases: newest first is by time (published, else first seen), then
by id. By relevance are the newest 2,000 answers: first those whose title answers the whole query,
then those whose title holds some of it, then the others; each newest first, but the first 60 of the
2,000 are read, and ordered by how often the words stand in them (storage.relevance).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import select

from models.text import Marked
from storage import searchindex, searchpostgresql, searchsqlite
from storage.errors import IndexStale
from storage.relevance import relevance, tiers
from storage.schema import articles
from storage.searchquery import Phrase, Query, parse_query
from storage.searchterms import Asked, Found
from storage.snippet import marked, passage

RANK_WINDOW = 2_000
"""By relevance only the newest answers are ordered: ordering all answers to a common word takes
half a second at a million articles."""

_READ = 60
_NO_TIER = 9


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


@dataclass(frozen=True, slots=True)
class Answer:
    """Not `whole`: the search was cut short, and the archive may hold more."""

    hits: list[SearchHit]
    whole: bool = True


def search(
    connection: sa.Connection,
    query: str,
    *,
    now: datetime,
    topics: Sequence[str] | None = None,
    limit: int = 20,
    offset: int = 0,
    rank: bool = False,
    patient: bool = False,
) -> Answer:
    """The articles that answer a query (storage.searchquery), newest first; with `topics` only
    those that one of these topics matched. `rank`: the newest 2,000 by relevance. A phrase of
    frequent words that stands hardly anywhere is looked for in the newest articles alone, unless
    the asker is `patient`: at a million articles it may take seconds.

    Raises QueryRefused, IndexStale.
    """
    parsed = parse_query(query, now)
    if searchindex.is_stale(connection):
        raise IndexStale
    if topics is not None and not topics:
        return Answer([])
    asked = Asked(
        query=parsed,
        topics=topics,
        since=searchindex.since_position(parsed.since) if parsed.since else 0,
        limit=RANK_WINDOW if rank else limit,
        offset=0 if rank else offset,
        bounded=not patient,
    )
    found = _of(connection).newest(connection, asked)
    positions = found.positions
    if rank:
        positions = _ranked(connection, parsed, positions)[offset : offset + limit]
    return Answer(_hits(connection, positions, parsed.phrases), found.whole)


class _Index(Protocol):
    """What storage.searchsqlite and storage.searchpostgresql are."""

    def newest(self, connection: sa.Connection, asked: Asked) -> Found: ...

    def among(
        self, connection: sa.Connection, query: Query, positions: Sequence[int]
    ) -> set[int]: ...


def _of(connection: sa.Connection) -> _Index:
    return searchpostgresql if connection.dialect.name == "postgresql" else searchsqlite


def _ranked(connection: sa.Connection, query: Query, window: list[int]) -> list[int]:
    """The same positions by relevance."""
    if not window:
        return window
    tier_of: dict[int, int] = {}
    for tier, wanted in enumerate(tiers(query)):
        for position in _of(connection).among(connection, wanted, window):
            tier_of.setdefault(position, tier)
    ordered = sorted(window, key=lambda each: (tier_of.get(each, _NO_TIER), -each))
    scores = _scores(connection, ordered[:_READ], query)
    first = sorted(scores, key=lambda each: (tier_of.get(each, _NO_TIER), -scores[each], -each))
    return [*first, *ordered[_READ:]]


def _scores(connection: sa.Connection, positions: Sequence[int], query: Query) -> dict[int, float]:
    return {
        position: relevance(row.title, row.text, query.required)
        for position, row in _rows(connection, positions).items()
    }


_SHOWN = tuple(
    articles.c[name]
    for name in ("id", "site", "url", "title", "text", "published", "first_seen", "withdrawn_at")
)


def _rows(connection: sa.Connection, positions: Sequence[int]) -> dict[int, Any]:
    """The articles at these positions, in this order; one that was deleted is left out."""
    ids = {searchindex.article_id(position): position for position in positions}
    rows = connection.execute(select(*_SHOWN).where(articles.c.id.in_(ids)))
    found = {ids[row.id]: row for row in rows}
    return {position: found[position] for position in positions if position in found}


def _hits(
    connection: sa.Connection, positions: Sequence[int], phrases: Sequence[Phrase]
) -> list[SearchHit]:
    anywhere = [phrase for phrase in phrases if not phrase.in_title]
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
        for row in _rows(connection, positions).values()
    ]

"""`marsad search`: the archive's articles that answer a query, and the index built anew."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from models.text import Marked
from storage import searchindex
from storage.articles import count
from storage.database import Database
from storage.search import SearchHit, search

_ARTICLES_AT_ONCE = 500


def find(
    database: Database, query: str, now: datetime, *, limit: int, rank: bool
) -> list[SearchHit]:
    """Raises QueryRefused, IndexStale."""
    return database.read_now(
        lambda connection: search(connection, query, now=now, limit=limit, rank=rank)
    )


def rebuild(database: Database, now: datetime, advance: Callable[[int], None]) -> int:
    """Index every article anew, beside a Marsad at work; how many."""
    database.write_now(lambda connection: searchindex.begin_rebuild(connection, now))
    total = 0
    while done := database.write_now(
        lambda connection: searchindex.continue_rebuild(connection, _ARTICLES_AT_ONCE)
    ):
        total += done
        advance(done)
    return total


def stored_articles(database: Database) -> int:
    return database.read_now(lambda connection: count(connection).total)


def lines(hit: SearchHit, mark: Callable[[str], str]) -> Iterator[str]:
    """A hit for the eye; `mark` makes a word stand out."""
    moment = hit.published or hit.first_seen
    kind = "" if hit.published else ", first seen"
    withdrawn = ", withdrawn" if hit.withdrawn else ""
    yield _shown(hit.title, mark)
    yield f"  {hit.site}, {moment:%Y-%m-%d %H:%M} UTC{kind}{withdrawn}"
    yield f"  {hit.url}"
    if hit.snippet.text:
        yield f"  {_shown(hit.snippet, mark)}"


def row(hit: SearchHit) -> dict[str, Any]:
    """A hit as JSON; spans are start and end in code points."""
    return {
        "id": hit.article_id,
        "source": hit.site,
        "url": hit.url,
        "title": hit.title.text,
        "title_spans": [list(span) for span in hit.title.spans],
        "snippet": hit.snippet.text,
        "snippet_spans": [list(span) for span in hit.snippet.spans],
        "published": hit.published.isoformat() if hit.published else None,
        "first_seen": hit.first_seen.isoformat(),
        "withdrawn": hit.withdrawn,
    }


def _shown(marked: Marked, mark: Callable[[str], str]) -> str:
    parts, end = [], 0
    for start, stop in marked.spans:
        parts += [marked.text[end:start], mark(marked.text[start:stop])]
        end = stop
    return "".join([*parts, marked.text[end:]])

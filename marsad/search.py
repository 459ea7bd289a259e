"""`marsad search`: the archive's articles that answer a query, and the index built anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marsad.rows import Row
from marsad.storygroups import StoryGroups
from models.match import Document
from models.text import Marked
from storage import articles, searchindex, stories
from storage.articles import count
from storage.database import Connection, Database
from storage.search import SearchHit, search

_ARTICLES_AT_ONCE = 500


def find(
    database: Database, query: str, now: datetime, *, limit: int, rank: bool
) -> list[SearchHit]:
    """Raises QueryRefused, IndexStale."""
    return database.read_now(
        lambda connection: (
            search(connection, query, now=now, limit=limit, rank=rank, patient=True).hits
        )
    )


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with the others of its story, in their order."""

    hit: SearchHit
    also: tuple[SearchHit, ...]


def by_story(database: Database, hits: Sequence[SearchHit]) -> list[Told]:
    """Answers of one story together, where its first one stands. Articles that no topic matched are
    in no story: of those, copies are told together."""
    keys = database.read_now(lambda connection: _stories(connection, hits))
    groups: dict[tuple[str, int], list[SearchHit]] = {}
    for hit in hits:
        groups.setdefault(keys[hit.article_id], []).append(hit)
    return [Told(first, tuple(also)) for first, *also in groups.values()]


def _stories(connection: Connection, hits: Sequence[SearchHit]) -> dict[int, tuple[str, int]]:
    known = stories.stories_of(connection, [hit.article_id for hit in hits])
    found = {article: ("story", story) for article, story in known.items()}
    groups, alone = StoryGroups(events=False), {}
    for hit in hits:
        stored = None if hit.article_id in found else articles.by_id(connection, hit.article_id)
        if stored is not None:
            published = stored.article.published or stored.first_seen
            document = Document(
                title=stored.article.title, text=stored.article.text, published=published
            )
            alone[hit.article_id] = groups.add(Row(id=hit.article_id, document=document))
    return (
        {hit.article_id: ("article", hit.article_id) for hit in hits}
        | {article: ("copies", groups.story(story)) for article, story in alone.items()}
        | found
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


def lines(told: Told, mark: Callable[[str], str]) -> Iterator[str]:
    """An answer for the eye; `mark` makes a word stand out."""
    hit = told.hit
    moment = hit.published or hit.first_seen
    kind = "" if hit.published else ", first seen"
    withdrawn = ", withdrawn" if hit.withdrawn else ""
    yield _shown(hit.title, mark)
    yield f"  {hit.site}, {moment:%Y-%m-%d %H:%M} UTC{kind}{withdrawn}"
    yield f"  {hit.url}"
    if hit.snippet.text:
        yield f"  {_shown(hit.snippet, mark)}"
    for other in told.also:
        yield f"  also {other.site}, {_shown(other.title, mark)}: {other.url}"


def row(hit: SearchHit, same_as: int | None = None) -> dict[str, Any]:
    """A hit as JSON; spans are start and end in code points. `same_as`: an article above it that
    tells the same story."""
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
        "same_as": same_as,
    }


def _shown(marked: Marked, mark: Callable[[str], str]) -> str:
    parts, end = [], 0
    for start, stop in marked.spans:
        parts += [marked.text[end:start], mark(marked.text[start:stop])]
        end = stop
    return "".join([*parts, marked.text[end:]])

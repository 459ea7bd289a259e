"""Stories: which articles tell the same thing, found again by keys."""

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, select

from models.story import Fingerprint, StoryCandidate
from storage.dialect import alone, insert
from storage.schema import alert_topics, articles, stories, story_articles, story_keys

# More candidates than this share a key only when the key says nothing; the newest serve.
_MOST_CANDIDATES = 100


def candidates(
    connection: sa.Connection, fingerprint: Fingerprint, since: datetime
) -> list[StoryCandidate]:
    """Articles first seen since `since` that share a key with `fingerprint`, newest first.

    Until the transaction ends nobody else asks: two reports of one story that are decided at
    once would each find nothing and become two stories.
    """
    alone(connection, "stories")
    sharing = select(story_keys.c.article_id).where(story_keys.c.key.in_(_keys(fingerprint)))
    rows = connection.execute(
        select(
            story_articles.c.story_id,
            story_articles.c.article_id,
            story_articles.c.title_key,
            story_articles.c.bands,
            articles.c.site,
            articles.c.title,
            articles.c.text,
        )
        .join(articles, articles.c.id == story_articles.c.article_id)
        .where(story_articles.c.article_id.in_(sharing), articles.c.first_seen >= since)
        .order_by(articles.c.first_seen.desc(), articles.c.id.desc())
        .limit(_MOST_CANDIDATES)
    )
    return [_candidate(row) for row in rows]


def _candidate(row: Any) -> StoryCandidate:
    return StoryCandidate(
        story_id=row.story_id,
        article_id=row.article_id,
        site=row.site,
        title=row.title,
        text=row.text,
        fingerprint=Fingerprint(title_key=row.title_key, bands=tuple(row.bands)),
    )


def found(
    connection: sa.Connection, article_id: int, fingerprint: Fingerprint, now: datetime
) -> int:
    """Found a new story with this article as its first, and return the story's id."""
    story_id = connection.execute(
        sa.insert(stories).values(created=now).returning(stories.c.id)
    ).scalar_one()
    join(connection, story_id, article_id, fingerprint, "first report", 1.0, now)
    return int(story_id)


def join(
    connection: sa.Connection,
    story_id: int,
    article_id: int,
    fingerprint: Fingerprint,
    reason: str,
    score: float,
    now: datetime,
) -> None:
    """Make the article part of the story; one that changed gets its new keys."""
    membership = {
        "story_id": story_id,
        "title_key": fingerprint.title_key,
        "bands": list(fingerprint.bands),
        "reason": reason,
        "score": score,
        "joined_at": now,
    }
    connection.execute(
        insert(connection, story_articles)
        .values(article_id=article_id, **membership)
        .on_conflict_do_update(index_elements=["article_id"], set_=membership)
    )
    connection.execute(delete(story_keys).where(story_keys.c.article_id == article_id))
    keys = [
        {"key": key, "article_id": article_id, "story_id": story_id}
        for key in sorted(_keys(fingerprint))
    ]
    if keys:
        connection.execute(sa.insert(story_keys), keys)


def story_of(connection: sa.Connection, article_id: int) -> int | None:
    return connection.scalar(
        select(story_articles.c.story_id).where(story_articles.c.article_id == article_id)
    )


def alerted_topics(connection: sa.Connection, story_id: int) -> frozenset[str]:
    """The topics on which the story was told already."""
    return frozenset(
        connection.scalars(select(alert_topics.c.topic).where(alert_topics.c.story_id == story_id))
    )


def _keys(fingerprint: Fingerprint) -> set[str]:
    keys = {_key("band", band) for band in fingerprint.bands}
    # articles without title are not one story for that
    if fingerprint.title_key:
        keys.add(_key("title", fingerprint.title_key))
    return keys


def _key(kind: str, text: str) -> str:
    digest = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=12)
    return f"{kind}:{digest.hexdigest()}"

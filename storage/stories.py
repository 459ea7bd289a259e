"""Stories: which articles tell the same event, found again by keys."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, func, or_, select, update

from models.story import StoryArticle, StoryEntry
from storage.dialect import alone, insert
from storage.schema import (
    alert_topics,
    articles,
    matches,
    mutes,
    stories,
    story_articles,
    story_keys,
)

# More articles than this share a key only when the key says nothing; the newest serve.
_MOST_CANDIDATES = 60
# Of a key for events ('e:', a rare word) two have to be shared; of one for copies ('c:') one.
_EVENT_KEYS = 2

_TIME = func.coalesce(articles.c.published, articles.c.first_seen)


@dataclass(frozen=True, slots=True)
class FirstOfSite:
    """What of a site told a story first."""

    site: str
    url: str
    published: datetime | None


def sharing(
    connection: sa.Connection, keys: Collection[str], since: datetime, until: datetime
) -> set[int]:
    """The articles of stories that share these keys, published between the two times.

    Until the transaction ends nobody else asks: two reports of one event that are decided at once
    would each find nothing and become two stories.
    """
    alone(connection, "stories")
    is_copy = story_keys.c.key.startswith("c:")
    copies = func.sum(sa.case((is_copy, 1), else_=0))
    rows = connection.execute(
        select(story_keys.c.article_id)
        .join(articles, articles.c.id == story_keys.c.article_id)
        .where(story_keys.c.key.in_(keys), _TIME.between(since, until))
        .group_by(story_keys.c.article_id)
        .having(or_(copies > 0, func.count() >= _EVENT_KEYS))
        .order_by(func.count().desc(), story_keys.c.article_id.desc())
        .limit(_MOST_CANDIDATES)
    )
    return {row.article_id for row in rows}


def vectors(connection: sa.Connection, first_seen: datetime) -> list[tuple[int, bytes]]:
    """The articles of stories first seen since then that have a vector, with it."""
    rows = connection.execute(
        select(story_articles.c.article_id, story_articles.c.vector)
        .join(articles, articles.c.id == story_articles.c.article_id)
        .where(articles.c.first_seen >= first_seen, story_articles.c.vector.is_not(None))
    )
    return [(row.article_id, bytes(row.vector)) for row in rows]


def crowd(connection: sa.Connection, first_seen: datetime) -> int:
    """How many articles of stories were first seen since then."""
    return connection.execute(
        select(func.count())
        .select_from(story_articles)
        .join(articles, articles.c.id == story_articles.c.article_id)
        .where(articles.c.first_seen >= first_seen)
    ).scalar_one()


def of_articles(
    connection: sa.Connection, article_ids: Collection[int]
) -> dict[int, list[StoryArticle]]:
    """The stories of these articles, whole, by their ids; each with its articles, oldest first."""
    if not article_ids:
        return {}
    wanted = select(story_articles.c.story_id).where(story_articles.c.article_id.in_(article_ids))
    rows = connection.execute(
        select(story_articles, articles, _TIME.label("told_at"))
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .join(articles, articles.c.id == story_articles.c.article_id)
        .where(story_articles.c.story_id.in_(wanted))
        .order_by(articles.c.id)
    ).all()
    topics = _topics(connection, [row._mapping[articles.c.id] for row in rows])
    found: dict[int, list[StoryArticle]] = {}
    for row in rows:
        article = _story_article(row._mapping, topics)
        found.setdefault(article.story_id, []).append(article)
    return found


def _topics(connection: sa.Connection, article_ids: Collection[int]) -> dict[int, set[str]]:
    topics: defaultdict[int, set[str]] = defaultdict(set)
    rows = connection.execute(
        select(matches.c.article_id, matches.c.topic).where(matches.c.article_id.in_(article_ids))
    )
    for row in rows:
        topics[row.article_id].add(row.topic)
    return topics


def _story_article(columns: Any, topics: dict[int, set[str]]) -> StoryArticle:
    article_id = columns[articles.c.id]
    vector = columns[story_articles.c.vector]
    return StoryArticle(
        story_id=columns[story_articles.c.story_id],
        article_id=article_id,
        version=columns[articles.c.version],
        site=columns[articles.c.site],
        title=columns[articles.c.title],
        text=columns[articles.c.text],
        published=columns[articles.c.published] or columns[articles.c.first_seen],
        topics=frozenset(topics.get(article_id, ())),
        telling=columns[story_articles.c.telling] or article_id,
        vector=None if vector is None else bytes(vector),
    )


def found(connection: sa.Connection, article_id: int, entry: StoryEntry, now: datetime) -> int:
    """Found a new story with this article as its first, and return the story's id."""
    story_id = connection.execute(
        sa.insert(stories).values(created=now).returning(stories.c.id)
    ).scalar_one()
    join(connection, int(story_id), article_id, entry, now)
    return int(story_id)


def join(
    connection: sa.Connection, story_id: int, article_id: int, entry: StoryEntry, now: datetime
) -> None:
    """Make the article part of the story; one that changed gets its new keys."""
    membership = {
        "story_id": story_id,
        "telling": entry.telling or article_id,
        "vector": entry.vector,
        "reason": entry.reason,
        "score": entry.score,
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
        for key in sorted(set(entry.keys))
    ]
    if keys:
        connection.execute(sa.insert(story_keys), keys)


def merge(connection: sa.Connection, story_id: int, others: Iterable[int]) -> None:
    """An article showed that these stories are one: theirs goes on as `story_id`. What was told of
    them stays told under their own numbers; whoever muted one has muted the whole."""
    gone = list(others)
    if not gone:
        return
    for table in (story_articles, story_keys):
        connection.execute(
            update(table).where(table.c.story_id.in_(gone)).values(story_id=story_id)
        )
    connection.execute(
        update(stories)
        .where(or_(stories.c.id.in_(gone), stories.c.merged_into.in_(gone)))
        .values(merged_into=story_id)
    )
    muted = (mutes.c.kind == "story", mutes.c.name.in_([str(each) for each in gone]))
    columns = ["chat_id", "kind", "name", "created"]
    chosen = select(
        mutes.c.chat_id, mutes.c.kind, sa.literal(str(story_id), mutes.c.name.type), mutes.c.created
    ).where(*muted)
    connection.execute(
        insert(connection, mutes).from_select(columns, chosen).on_conflict_do_nothing()
    )


def retell(connection: sa.Connection, tellings: Collection[int], telling: int) -> None:
    """The copies of these articles turned out to be copies of `telling`."""
    if tellings:
        connection.execute(
            update(story_articles)
            .where(story_articles.c.telling.in_(tellings))
            .values(telling=telling)
        )


def story_of(connection: sa.Connection, article_id: int) -> int | None:
    return connection.scalar(
        select(story_articles.c.story_id).where(story_articles.c.article_id == article_id)
    )


def stories_of(connection: sa.Connection, article_ids: Collection[int]) -> dict[int, int]:
    """The story of each of these articles that is in one."""
    rows = connection.execute(
        select(story_articles.c.article_id, story_articles.c.story_id).where(
            story_articles.c.article_id.in_(article_ids)
        )
    )
    return {row.article_id: row.story_id for row in rows}


def whole(story_id: int) -> sa.Select[Any]:
    """The numbers under which a story was told: its own, and those of the stories it took in."""
    return select(stories.c.id).where(
        or_(stories.c.id == story_id, stories.c.merged_into == story_id)
    )


def first_of_sites(connection: sa.Connection, story_id: int) -> list[FirstOfSite]:
    """The first article of each site that tells the story and has not withdrawn it, in the order
    in which they came."""
    rows = connection.execute(
        select(articles.c.site, articles.c.url, articles.c.published)
        .join(story_articles, story_articles.c.article_id == articles.c.id)
        .where(story_articles.c.story_id == story_id, articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.id)
    )
    first: dict[str, FirstOfSite] = {}
    for row in rows:
        first.setdefault(row.site, FirstOfSite(row.site, row.url, row.published))
    return list(first.values())


def alerted_topics(connection: sa.Connection, story_id: int) -> frozenset[str]:
    """The topics on which the story was told already."""
    return frozenset(
        connection.scalars(
            select(alert_topics.c.topic).where(alert_topics.c.story_id.in_(whole(story_id)))
        )
    )

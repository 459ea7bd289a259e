"""What is old goes, in slices: each function deletes a few rows in the caller's transaction.

Never deleted: what waits to be sent, articles whose story may still grow, articles that readers
judged (labels), and the newest row of a table, whose number SQLite would give out again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, delete, exists, func, or_, select, update

from storage import searchindex
from storage.crawls import MOST_ATTEMPTS
from storage.decisions import RECHECKS
from storage.schema import (
    alert_topics,
    alerts,
    article_versions,
    articles,
    deliveries,
    invites,
    is_open,
    labels,
    links,
    listings,
    matches,
    mutes,
    robots,
    stories,
    story_articles,
    story_keys,
)

# What was asked of hosts and pages that no crawl asks any more, and invitations that ran out
_REMAINS_AGE = timedelta(days=90)
DELETED = "its article was deleted by retention"
# On PostgreSQL files do not shrink; the size is told from the texts, which are half of it.
_OF_TEXTS = 2
_SAMPLE = 1000
_MERGED_PAGES = 200


def delete_versions(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Earlier versions of articles that were replaced before then; how many."""
    old = article_versions.c.replaced_at < before
    return _delete(connection, article_versions, old, limit, article_versions.c.replaced_at)


def delete_deliveries(
    connection: sa.Connection, before: datetime, open_since: datetime, limit: int
) -> int:
    """What was settled before then, of stories that nobody joined since `open_since`: until then a
    delivery keeps its chat from being told again. How many."""
    condition = and_(
        deliveries.c.settled_at < before,
        ~is_open(),
        ~_is_growing(deliveries.c.story_id, open_since),
    )
    return _delete(connection, deliveries, condition, limit, deliveries.c.settled_at)


def delete_articles(
    connection: sa.Connection,
    before: datetime | None,
    open_since: datetime,
    now: datetime,
    limit: int,
    *,
    site: str | None = None,
    other_than: Collection[str] = (),
) -> int:
    """Decided articles that were first seen before then (None: whenever), the oldest first, with
    all that hangs on them; their addresses stay known, so that they are not fetched again.

    Of one `site`, or of all but `other_than`. How many.
    """
    of_site = articles.c.site.not_in(other_than) if site is None else articles.c.site == site
    rows = connection.execute(
        select(articles.c.id, *_INDEXED)
        .where(
            sa.true() if before is None else articles.c.first_seen < before,
            of_site,
            _may_go(open_since, now),
            articles.c.id < select(func.max(articles.c.id)).scalar_subquery(),
        )
        .order_by(articles.c.first_seen, articles.c.id)
        .limit(limit)
    ).all()
    if rows:
        _delete_articles(connection, rows)
    return len(rows)


def delete_remains(connection: sa.Connection, now: datetime, limit: int) -> int:
    """Stories without articles, and what was remembered of what is not asked any more."""
    old = now - _REMAINS_AGE
    return (
        _delete_stories(connection, limit)
        + _delete_by_key(connection, listings, listings.c.url, listings.c.read_at < old, limit)
        + _delete_by_key(connection, robots, robots.c.origin, robots.c.asked_at < old, limit)
        + _delete_by_key(connection, invites, invites.c.code, invites.c.expires_at < old, limit)
    )


def delete_links(connection: sa.Connection, before: datetime, limit: int) -> int:
    """Addresses without an article that were first seen before then; how many. A site that still
    lists one is read there again."""
    condition = and_(links.c.first_seen < before, links.c.article_id.is_(None))
    return _delete(connection, links, condition, limit, links.c.id)


def used_bytes(connection: sa.Connection) -> int:
    """Of the database, without pages that are free; on PostgreSQL an estimate."""
    if connection.dialect.name == "sqlite":
        pages, free, size = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)
    length = func.octet_length(articles.c.title) + func.octet_length(articles.c.text)
    sample = select(length.label("length")).order_by(articles.c.id.desc()).limit(_SAMPLE).subquery()
    mean = connection.scalar(select(func.avg(sample.c.length))) or 0
    count = connection.execute(select(func.count()).select_from(articles)).scalar_one()
    return int(mean * count * _OF_TEXTS)


def give_back(connection: sa.Connection, limit: int) -> int:
    """Let the search index forget for good, and the disk have at most so many pages that are free;
    how many it got. PostgreSQL does both by itself (autovacuum)."""
    if connection.dialect.name != "sqlite":
        return 0
    connection.exec_driver_sql(
        f"INSERT INTO article_search (article_search, rank) VALUES ('merge', {_MERGED_PAGES})"  # noqa: S608
    )
    free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    # a page a step: it ends with the last row, and SQLAlchemy asks for none
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA incremental_vacuum({limit})")
    cursor.fetchall()
    cursor.close()
    left = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    return int(free - left)


_INDEXED = tuple(articles.c[name] for name in ("site", "title", "text", "published", "first_seen"))


def _may_go(open_since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    story_of = (
        select(story_articles.c.story_id)
        .where(story_articles.c.article_id == articles.c.id)
        .correlate(articles)
        .scalar_subquery()
    )
    its_alert = alerts.c.article_id == articles.c.id
    unsettled = exists().where(its_alert, deliveries.c.alert_id == alerts.c.id, is_open())
    unfinished = exists().where(its_alert, or_(alerts.c.expanded_at.is_(None), alerts.c.editing))
    judged = exists().where(its_alert, labels.c.alert_id == alerts.c.id)
    asked_again = articles.c.alerted_at > now - RECHECKS.within
    return and_(
        articles.c.state == sa.literal_column("'decided'"),
        func.coalesce(~asked_again, sa.true()),
        ~_is_growing(story_of, open_since),
        ~unsettled,
        ~unfinished,
        ~judged,
    )


def _is_growing(story_id: Any, since: datetime) -> sa.ColumnElement[bool]:
    other = story_articles.alias("grows")
    return exists().where(other.c.story_id == story_id, other.c.joined_at > since)


def _delete_articles(connection: sa.Connection, rows: Sequence[Any]) -> None:
    ids = [row.id for row in rows]
    told = select(alerts.c.id).where(alerts.c.article_id.in_(ids))
    for table in (deliveries, alert_topics):
        connection.execute(delete(table).where(table.c.alert_id.in_(told)))
    for table in (alerts, matches, article_versions, story_keys, story_articles):
        connection.execute(delete(table).where(table.c.article_id.in_(ids)))
    connection.execute(
        update(links)
        .where(links.c.article_id.in_(ids))
        .values(article_id=None, attempts=MOST_ATTEMPTS, last_error=DELETED, last_failed_at=None)
    )
    searchindex.remove(connection, rows)
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))


def _delete_stories(connection: sa.Connection, limit: int) -> int:
    merged = stories.alias("merged")
    is_used = or_(
        exists().where(merged.c.merged_into == stories.c.id),
        *(
            exists().where(table.c.story_id == stories.c.id)
            for table in (story_articles, story_keys, alerts, alert_topics, deliveries)
        ),
    )
    newest = select(func.max(stories.c.id)).scalar_subquery()
    ids = connection.scalars(
        select(stories.c.id).where(~is_used, stories.c.id < newest).limit(limit)
    ).all()
    if ids:
        connection.execute(
            delete(mutes).where(mutes.c.kind == "story", mutes.c.name.in_(map(str, ids)))
        )
        connection.execute(delete(stories).where(stories.c.id.in_(ids)))
    return len(ids)


def _delete(
    connection: sa.Connection,
    table: sa.Table,
    condition: sa.ColumnElement[bool],
    limit: int,
    order: sa.ColumnElement[Any],
) -> int:
    newest = select(func.max(table.c.id)).scalar_subquery()
    kept = and_(condition, table.c.id < newest)
    return _delete_by_key(connection, table, table.c.id, kept, limit, order)


def _delete_by_key(
    connection: sa.Connection,
    table: sa.Table,
    key: sa.Column[Any],
    condition: sa.ColumnElement[bool],
    limit: int,
    order: sa.ColumnElement[Any] | None = None,
) -> int:
    chosen = select(key).where(condition).limit(limit)
    keys = connection.scalars(chosen if order is None else chosen.order_by(order)).all()
    if keys:
        connection.execute(delete(table).where(key.in_(keys)))
    return len(keys)

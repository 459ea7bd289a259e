"""Stored articles: the undecided ones are the queue of the matching."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import case, func, or_, select

from models.article import Article, StoredArticle, Validators
from storage.schema import articles, links, sites


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCounts:
    """`waiting`: undecided ones of sites whose first crawl is not done."""

    total: int
    undecided: int
    waiting: int


def undecided(connection: sa.Connection, limit: int) -> list[StoredArticle]:
    """The next articles to decide: fresh ones in the order they came, then the backlog, newest
    published first. An article of a first crawl that is not done waits for its end."""
    rows = connection.execute(
        select(articles)
        .outerjoin(sites, sites.c.site == articles.c.site)
        .where(articles.c.state == sa.literal_column("'undecided'"), _may_be_decided())
        .order_by(
            articles.c.backlog,
            case((articles.c.backlog, articles.c.published)).desc().nulls_last(),
            articles.c.id,
        )
        .limit(limit)
    )
    return [stored(row) for row in rows]


def _may_be_decided() -> sa.ColumnElement[bool]:
    return or_(~articles.c.backlog, func.coalesce(sites.c.first_crawl_done, sa.false()))


def by_id(connection: sa.Connection, article_id: int) -> StoredArticle | None:
    row = connection.execute(select(articles).where(articles.c.id == article_id)).one_or_none()
    return None if row is None else stored(row)


def by_url(connection: sa.Connection, url_or_key: str) -> StoredArticle | None:
    """The article of this key, or else of this address as its page or a listing spells it."""
    row = connection.execute(select(articles).where(articles.c.key == url_or_key)).one_or_none()
    if row is not None:
        return stored(row)
    linked = select(links.c.article_id).where(links.c.url == url_or_key)
    row = connection.execute(
        select(articles)
        .where(or_(articles.c.url == url_or_key, articles.c.id.in_(linked)))
        .order_by(articles.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else stored(row)


def count(connection: sa.Connection) -> ArticleCounts:
    total = connection.scalar(select(func.count()).select_from(articles)) or 0
    row = connection.execute(
        select(
            func.count().label("undecided"),
            func.coalesce(func.sum(case((_may_be_decided(), 0), else_=1)), 0).label("waiting"),
        )
        .select_from(articles.outerjoin(sites, sites.c.site == articles.c.site))
        .where(articles.c.state == sa.literal_column("'undecided'"))
    ).one()
    return ArticleCounts(total=total, undecided=row.undecided, waiting=row.waiting)


def page(
    connection: sa.Connection, after: int, limit: int, since: datetime | None = None
) -> list[StoredArticle]:
    """The next articles by id after this one, of those first seen since then."""
    rows = connection.execute(
        select(articles)
        .where(articles.c.id > after, *_first_seen(since))
        .order_by(articles.c.id)
        .limit(limit)
    )
    return [stored(row) for row in rows]


def count_since(connection: sa.Connection, since: datetime | None = None) -> int:
    """How many articles `page` goes through."""
    counted = select(func.count()).select_from(articles).where(*_first_seen(since))
    return connection.scalar(counted) or 0


def newest(
    connection: sa.Connection, limit: int, since: datetime | None = None
) -> list[StoredArticle]:
    """Those stored last, first seen since then, the newest first."""
    rows = connection.execute(
        select(articles).where(*_first_seen(since)).order_by(articles.c.id.desc()).limit(limit)
    )
    return [stored(row) for row in rows]


def _first_seen(since: datetime | None) -> list[sa.ColumnElement[bool]]:
    return [] if since is None else [articles.c.first_seen >= since]


def stored(row: sa.Row[Any]) -> StoredArticle:
    """The value of a row of `articles`."""
    return StoredArticle(
        id=row.id,
        article=Article(
            site=row.site,
            url=row.url,
            key=row.key,
            title=row.title,
            text=row.text,
            published=row.published,
            author=row.author,
            language=row.language,
            evidence=row.evidence,
            listed_title=row.listed_title,
            listed_updated=row.listed_updated,
            validators=Validators(etag=row.etag, last_modified=row.last_modified),
        ),
        first_seen=row.first_seen,
        backlog=row.backlog,
        withdrawn=row.withdrawn_at is not None,
        version=row.version,
    )

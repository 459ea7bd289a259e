"""What became of one address: its way through the tables, for `marsad explain`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, or_, select

from models.alert import StoredAlert
from models.article import StoredArticle
from models.match import Verdict
from storage import articles as article_rows
from storage.alerts import stored_alert
from storage.codec import verdict_from_json
from storage.schema import (
    alerts,
    article_versions,
    articles,
    deliveries,
    links,
    matches,
    story_articles,
)
from storage.stories import whole

# as large as a row's number can be
_ARTICLE_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """`versions`: how many earlier versions are kept. `matches`: the proofs as recorded when the
    article was decided. `alert` is the one that this article caused; `story_alerts` are the
    alerts of its story by whatever article. `deliveries` counts those of the story by state."""

    url: str
    site: str
    first_listed: datetime
    attempts: int = 0
    last_error: str | None = None
    article: StoredArticle | None = None
    versions: int = 0
    story_id: int | None = None
    story_reason: str | None = None
    story_score: float | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    rules_version: str | None = None
    matches: tuple[Verdict, ...] = ()
    alert: StoredAlert | None = None
    story_alerts: tuple[int, ...] = ()
    deliveries: Mapping[str, int]

    @property
    def alert_id(self) -> int | None:
        return None if self.alert is None else self.alert.id


def trace(connection: sa.Connection, url_or_id: str) -> Trace | None:
    """By the address, its key, or the number of the article; None if it was never listed."""
    article = _article(connection, url_or_id)
    link = _link(connection, article, url_or_id)
    if article is None:
        return None if link is None else _of_link(link)
    row = connection.execute(select(articles).where(articles.c.id == article.id)).one()
    membership = connection.execute(
        select(story_articles).where(story_articles.c.article_id == article.id)
    ).one_or_none()
    story_id = None if membership is None else membership.story_id
    is_decided = row.state == "decided"
    return Trace(
        url=article.article.url,
        site=article.article.site,
        first_listed=article.first_seen if link is None else link.first_seen,
        attempts=0 if link is None else link.attempts,
        last_error=None if link is None else link.last_error,
        article=article,
        versions=_versions(connection, article.id),
        story_id=story_id,
        story_reason=None if membership is None else membership.reason,
        story_score=None if membership is None else membership.score,
        decided_at=row.decided_at if is_decided else None,
        decision=row.reason if is_decided else None,
        rules_version=row.rules_version if is_decided else None,
        matches=_matches(connection, article.id),
        alert=_alert(connection, article.id),
        story_alerts=_story_alerts(connection, story_id),
        deliveries=_deliveries(connection, story_id),
    )


def _article(connection: sa.Connection, url_or_id: str) -> StoredArticle | None:
    if _ARTICLE_ID.fullmatch(url_or_id):
        return article_rows.by_id(connection, int(url_or_id))
    return article_rows.by_url(connection, url_or_id)


def _link(connection: sa.Connection, article: StoredArticle | None, url: str) -> Any:
    is_asked = (
        or_(links.c.key == url, links.c.url == url)
        if article is None
        else links.c.article_id == article.id
    )
    return connection.execute(
        select(links).where(is_asked).order_by(links.c.id).limit(1)
    ).one_or_none()


def _of_link(link: Any) -> Trace:
    return Trace(
        url=link.url,
        site=link.site,
        first_listed=link.first_seen,
        attempts=link.attempts,
        last_error=link.last_error,
        deliveries={},
    )


def _versions(connection: sa.Connection, article_id: int) -> int:
    return connection.execute(
        select(func.count())
        .select_from(article_versions)
        .where(article_versions.c.article_id == article_id)
    ).scalar_one()


def _matches(connection: sa.Connection, article_id: int) -> tuple[Verdict, ...]:
    rows = connection.scalars(
        select(matches.c.verdict)
        .where(matches.c.article_id == article_id)
        .order_by(matches.c.topic)
    )
    return tuple(verdict_from_json(row) for row in rows)


def _alert(connection: sa.Connection, article_id: int) -> StoredAlert | None:
    row = connection.execute(
        select(alerts)
        .where(alerts.c.article_id == article_id)
        .order_by(alerts.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else stored_alert(row._mapping)


def _story_alerts(connection: sa.Connection, story_id: int | None) -> tuple[int, ...]:
    if story_id is None:
        return ()
    return tuple(
        connection.scalars(
            select(alerts.c.id).where(alerts.c.story_id.in_(whole(story_id))).order_by(alerts.c.id)
        )
    )


def _deliveries(connection: sa.Connection, story_id: int | None) -> dict[str, int]:
    if story_id is None:
        return {}
    rows = connection.execute(
        select(deliveries.c.state, func.count())
        .where(deliveries.c.story_id.in_(whole(story_id)))
        .group_by(deliveries.c.state)
        .order_by(deliveries.c.state)
    )
    return {row[0]: row[1] for row in rows}

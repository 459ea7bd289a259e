"""Articles and alerts, page by page, as flat values for other programs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from models.delivery import DeliveryKind, DeliveryState
from storage.codec import alert_from_json
from storage.database import Database
from storage.schema import alert_topics, alerts, articles, deliveries, matches

_AT_ONCE = 500

Flat = Mapping[str, Any]
_Page = Callable[[sa.Connection, int, datetime | None], Sequence[tuple[int, Flat]]]


def export(database: Database, what: str, since: datetime | None) -> Iterator[Flat]:
    """All rows of 'articles' or 'alerts' since then, the oldest first; texts, numbers,
    times, None, and lists of texts."""
    page = _PAGES[what]
    after = 0
    while rows := database.read_now(lambda c, after=after: page(c, after, since)):  # type: ignore[misc]
        yield from (row for _, row in rows)
        after = rows[-1][0]


def _articles(
    connection: sa.Connection, after: int, since: datetime | None
) -> list[tuple[int, Flat]]:
    found = connection.execute(
        select(articles)
        .where(articles.c.id > after, *_from(articles.c.first_seen, since))
        .order_by(articles.c.id)
        .limit(_AT_ONCE)
    ).all()
    topics = _grouped(connection, matches.c.article_id, matches.c.topic, [row.id for row in found])
    return [
        (
            row.id,
            {
                "id": row.id,
                "source": row.site,
                "url": row.url,
                "title": row.title,
                "text": row.text,
                "author": row.author,
                "language": row.language,
                "published": row.published,
                "first_seen": row.first_seen,
                "version": row.version,
                "withdrawn": row.withdrawn_at,
                "decision": row.decision,
                "reason": row.reason,
                "topics": topics.get(row.id, []),
            },
        )
        for row in found
    ]


def _alerts(
    connection: sa.Connection, after: int, since: datetime | None
) -> list[tuple[int, Flat]]:
    found = connection.execute(
        select(alerts)
        .where(alerts.c.id > after, *_from(alerts.c.created, since))
        .order_by(alerts.c.id)
        .limit(_AT_ONCE)
    ).all()
    ids = [row.id for row in found]
    topics = _grouped(connection, alert_topics.c.alert_id, alert_topics.c.topic, ids)
    sent = _sent(connection, ids)
    return [
        (row.id, _alert(row, topics.get(row.id, []), sent.get(row.id, (0, None)))) for row in found
    ]


def _alert(row: Any, topics: list[str], sent: tuple[int, datetime | None]) -> Flat:
    told = alert_from_json(row.content)
    return {
        "id": row.id,
        "created": row.created,
        "story": row.story_id,
        "article": row.article_id,
        "source": row.site,
        "url": told.url,
        "title": told.title.text,
        "topics": topics,
        "words": sorted({word for match in told.topics for word in match.words}),
        "published": told.published,
        "chats": sent[0],
        "first_sent": sent[1],
    }


_PAGES: Mapping[str, _Page] = {"articles": _articles, "alerts": _alerts}


def _from(column: sa.Column[Any], since: datetime | None) -> list[sa.ColumnElement[bool]]:
    return [] if since is None else [column >= since]


def _grouped(
    connection: sa.Connection, key: sa.Column[Any], value: sa.Column[Any], ids: Sequence[int]
) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = {}
    for row in connection.execute(select(key, value).where(key.in_(ids)).order_by(key, value)):
        grouped.setdefault(row[0], []).append(row[1])
    return grouped


def _sent(connection: sa.Connection, ids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    rows = connection.execute(
        select(deliveries.c.alert_id, func.count(), func.min(deliveries.c.settled_at))
        .where(
            deliveries.c.alert_id.in_(ids),
            deliveries.c.kind == DeliveryKind.ALERT.value,
            deliveries.c.state == DeliveryState.SENT.value,
        )
        .group_by(deliveries.c.alert_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}

"""Recorded alerts: the newest on a topic, and the one that a message told."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from models.alert import StoredAlert
from models.delivery import DeliveryKind, DeliveryState
from storage.codec import alert_from_json, changes_from_json
from storage.schema import alert_topics, alerts, deliveries, stories


def stored_alert(columns: Any) -> StoredAlert:
    """The value of a mapping that has the columns of `alerts`."""
    return StoredAlert(
        id=columns[alerts.c.id],
        story_id=columns[alerts.c.story_id],
        created=columns[alerts.c.created],
        alert=alert_from_json(columns[alerts.c.content]),
        revision=columns[alerts.c.revision],
        changes=changes_from_json(columns[alerts.c.changes]),
    )


def by_id(connection: sa.Connection, alert_id: int) -> StoredAlert | None:
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    return None if row is None else stored_alert(row._mapping)


def latest(
    connection: sa.Connection, topics: Sequence[str], limit: int, skip: int = 0
) -> list[StoredAlert]:
    """The newest alerts on any of these topics but for the first `skip`, newest first, one a
    story."""
    newest = (
        select(func.max(alert_topics.c.alert_id).label("id"))
        .join(stories, stories.c.id == alert_topics.c.story_id)
        .where(alert_topics.c.topic.in_(topics))
        .group_by(func.coalesce(stories.c.merged_into, stories.c.id))
        .order_by(sa.desc("id"))
        .limit(limit)
        .offset(skip)
        .subquery()
    )
    rows = connection.execute(
        select(alerts).join(newest, newest.c.id == alerts.c.id).order_by(alerts.c.id.desc())
    )
    return [stored_alert(row._mapping) for row in rows]


def delivered(connection: sa.Connection, chat_id: int, message_id: int | None) -> list[StoredAlert]:
    """What this message of the chat told, or the last one delivered to it (None)."""
    told = (
        deliveries.c.chat_id == chat_id,
        deliveries.c.kind.in_([DeliveryKind.ALERT.value, DeliveryKind.REPEAT.value]),
        deliveries.c.state == DeliveryState.SENT.value,
    )
    if message_id is None:
        message_id = connection.scalar(
            select(deliveries.c.message_id)
            .where(*told)
            .order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc())
            .limit(1)
        )
    rows = connection.execute(
        select(alerts)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(*told, deliveries.c.message_id == message_id)
        .order_by(deliveries.c.rank_at, deliveries.c.id)
    )
    return [stored_alert(row._mapping) for row in rows]

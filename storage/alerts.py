"""Recorded alerts: the newest on a topic, and the one that a message told."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from models.alert import StoredAlert
from models.delivery import DeliveryKind, DeliveryState
from storage.codec import alert_from_json
from storage.schema import alert_topics, alerts, deliveries


def stored_alert(columns: Any) -> StoredAlert:
    """The value of a mapping that has the columns of `alerts`."""
    return StoredAlert(
        id=columns[alerts.c.id],
        story_id=columns[alerts.c.story_id],
        created=columns[alerts.c.created],
        alert=alert_from_json(columns[alerts.c.content]),
    )


def latest(connection: sa.Connection, topics: Sequence[str], limit: int) -> list[StoredAlert]:
    """The newest alerts on any of these topics, newest first, one a story."""
    newest = (
        select(func.max(alert_topics.c.alert_id).label("id"))
        .where(alert_topics.c.topic.in_(topics))
        .group_by(alert_topics.c.story_id)
        .order_by(sa.desc("id"))
        .limit(limit)
        .subquery()
    )
    rows = connection.execute(
        select(alerts).join(newest, newest.c.id == alerts.c.id).order_by(alerts.c.id.desc())
    )
    return [stored_alert(row._mapping) for row in rows]


def delivered(
    connection: sa.Connection, chat_id: int, message_id: int | None
) -> StoredAlert | None:
    """The alert of this message of the chat, or of the last one delivered to it (None)."""
    is_asked = deliveries.c.message_id == message_id if message_id is not None else sa.true()
    row = connection.execute(
        select(alerts)
        .join(deliveries, deliveries.c.alert_id == alerts.c.id)
        .where(
            deliveries.c.chat_id == chat_id,
            deliveries.c.kind == DeliveryKind.ALERT.value,
            deliveries.c.state == DeliveryState.SENT.value,
            is_asked,
        )
        .order_by(deliveries.c.settled_at.desc(), deliveries.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else stored_alert(row._mapping)

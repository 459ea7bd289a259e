"""Claims: which deliveries may be sent now, leased to one owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, exists, literal, or_, select, update

from models.delivery import Delivery, DeliveryKind, DeliveryState
from models.subscriber import Channel
from storage import chats as chat_rows
from storage.alerts import stored_alert
from storage.dialect import alone
from storage.schema import alerts, chats, deliveries, is_open

_ORDER = (deliveries.c.lane, deliveries.c.rank_at, deliveries.c.id)
_IN_FLIGHT = literal(DeliveryState.IN_FLIGHT.value)


def claim(
    connection: sa.Connection,
    channel: Channel,
    owner: str,
    now: datetime,
    lease: timedelta,
    limit: int,
) -> list[Delivery]:
    # Two claims at once could take two deliveries of one chat, each not seeing the other's.
    alone(connection, "claim")
    chosen = connection.scalars(_claimable(channel, now).limit(limit)).all()
    if not chosen:
        return []
    was_in_flight = deliveries.c.state == _IN_FLIGHT
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(chosen))
        .values(
            lease_owner=owner,
            lease_until=now + lease,
            maybe_sent=or_(deliveries.c.maybe_sent, was_in_flight),
            attempts=deliveries.c.attempts + case((was_in_flight, 1), else_=0),
            state=case(
                (was_in_flight, literal(DeliveryState.RETRY.value)), else_=deliveries.c.state
            ),
        )
    )
    return _deliveries(connection, chosen)


def _claimable(channel: Channel, now: datetime) -> sa.Select[Any]:
    """Ids in their order; of each chat that has nothing leased, the first that is due."""
    other = deliveries.alias("other")
    leased = exists().where(
        other.c.chat_id == deliveries.c.chat_id, is_open(other), other.c.lease_until > now
    )
    older = exists().where(
        other.c.chat_id == deliveries.c.chat_id,
        is_open(other),
        other.c.due_at <= now,
        other.c.channel == deliveries.c.channel,
        _before(other, deliveries),
    )
    return (
        select(deliveries.c.id)
        .where(
            deliveries.c.channel == channel.value,
            is_open(),
            deliveries.c.due_at <= now,
            ~leased,
            ~older,
        )
        .order_by(*_ORDER)
        .with_for_update(skip_locked=True)
    )


def _before(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """Whether one goes before the other; their claims are in this order, too."""
    return or_(
        one.c.lane < other.c.lane,
        and_(
            one.c.lane == other.c.lane,
            or_(
                one.c.rank_at < other.c.rank_at,
                and_(one.c.rank_at == other.c.rank_at, one.c.id < other.c.id),
            ),
        ),
    )


def _deliveries(connection: sa.Connection, ids: Sequence[int]) -> list[Delivery]:
    rows = connection.execute(
        select(deliveries, chats, alerts)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(deliveries.c.id.in_(ids))
        .order_by(*_ORDER)
    )
    return [_delivery(row) for row in rows]


def _delivery(row: Any) -> Delivery:
    columns = row._mapping
    return Delivery(
        id=columns[deliveries.c.id],
        chat=chat_rows.chat(columns),
        kind=DeliveryKind(columns[deliveries.c.kind]),
        alert=stored_alert(columns) if columns[alerts.c.id] is not None else None,
        notice=columns[deliveries.c.notice],
        attempts=columns[deliveries.c.attempts],
        maybe_sent=columns[deliveries.c.maybe_sent],
        created=columns[deliveries.c.created],
    )


def mark_in_flight(connection: sa.Connection, delivery_id: int, now: datetime) -> bool:
    started = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery_id,
            deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.RETRY.value]),
            deliveries.c.lease_until > now,
        )
        .values(state=DeliveryState.IN_FLIGHT.value)
    )
    return bool(started.rowcount)


def release(connection: sa.Connection, owner: str) -> None:
    connection.execute(
        update(deliveries)
        .where(
            is_open(),
            deliveries.c.lease_owner == owner,
            deliveries.c.state != _IN_FLIGHT,
        )
        .values(lease_owner=None, lease_until=None)
    )


def next_due(connection: sa.Connection, channel: Channel, now: datetime) -> datetime | None:
    """A chat with a delivery that is leased is due when that lease ends."""
    other = deliveries.alias("other")
    busy = exists().where(
        other.c.chat_id == deliveries.c.chat_id, is_open(other), other.c.lease_until > now
    )
    open_here = and_(deliveries.c.channel == channel.value, is_open())
    free = connection.scalar(
        select(deliveries.c.due_at)
        .where(open_here, ~busy)
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(1)
    )
    lease_end = connection.scalar(
        select(deliveries.c.lease_until)
        .where(open_here, deliveries.c.lease_until > now)
        .order_by(deliveries.c.lease_until)
        .limit(1)
    )
    return min((time for time in (free, lease_end) if time is not None), default=None)

"""Claims: which deliveries may be sent now, leased to one owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, exists, func, literal, or_, select, update

from models.delivery import Delivery, DeliveryState
from models.subscriber import Channel
from storage.dialect import alone
from storage.lanes import ALERTS, EDITS, HELD, ORDER
from storage.schema import deliveries, is_open, switches
from storage.together import with_joined

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
    if _is_paused(connection):
        return []
    _let_go(connection, channel, now)
    leads = _leads(connection, channel, ALERTS, now, limit)
    if not leads and not _alerts_wait(connection, channel, now):
        leads = _leads(connection, channel, EDITS, now, limit)
    if not leads:
        return []
    claimed = with_joined(connection, leads, now)
    _lease(connection, [number for one in claimed for number in one.ids], owner, now + lease)
    return claimed


def _is_paused(connection: sa.Connection) -> bool:
    return connection.execute(select(exists().where(switches.c.name == "paused"))).scalar_one()


def _let_go(connection: sa.Connection, channel: Channel, now: datetime) -> None:
    """What was held until now stands in line with the others."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.channel == channel.value,
            deliveries.c.lane == HELD,
            is_open(),
            deliveries.c.rank_at <= now,
        )
        .values(lane=ALERTS)
    )


def _leads(
    connection: sa.Connection, channel: Channel, lane: int, now: datetime, limit: int
) -> Sequence[int]:
    """Ids in their order; of each chat that has nothing leased, the first that is due."""
    other = deliveries.alias("other")
    leased = exists().where(
        other.c.chat_id == deliveries.c.chat_id, is_open(other), other.c.lease_until > now
    )
    earlier = exists().where(
        other.c.chat_id == deliveries.c.chat_id,
        is_open(other),
        sa.true() if channel.in_order else other.c.due_at <= now,
        _before(other, deliveries),
    )
    return connection.scalars(
        select(deliveries.c.id)
        .where(
            deliveries.c.channel == channel.value,
            deliveries.c.lane == lane,
            is_open(),
            deliveries.c.due_at <= now,
            ~leased,
            ~earlier,
        )
        .order_by(*ORDER)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


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


def _alerts_wait(connection: sa.Connection, channel: Channel, now: datetime) -> bool:
    """Whether an alert could go out, or is being sent."""
    return connection.execute(
        select(
            exists().where(
                deliveries.c.channel == channel.value,
                deliveries.c.lane == ALERTS,
                is_open(),
                deliveries.c.due_at <= now,
            )
        )
    ).scalar_one()


def _lease(connection: sa.Connection, ids: Sequence[int], owner: str, until: datetime) -> None:
    was_in_flight = deliveries.c.state == _IN_FLIGHT
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids))
        .values(
            lease_owner=owner,
            lease_until=until,
            maybe_sent=or_(deliveries.c.maybe_sent, was_in_flight),
            attempts=deliveries.c.attempts + case((was_in_flight, 1), else_=0),
            state=case(
                (was_in_flight, literal(DeliveryState.RETRY.value)), else_=deliveries.c.state
            ),
        )
    )


def mark_in_flight(connection: sa.Connection, delivery: Delivery, now: datetime) -> bool:
    """All of its rows or none; what is left of a message that lost a part is free again."""
    startable = and_(
        deliveries.c.id.in_(delivery.ids),
        deliveries.c.state.in_([DeliveryState.PENDING.value, DeliveryState.RETRY.value]),
        deliveries.c.lease_until > now,
    )
    found = connection.execute(
        select(func.count()).select_from(deliveries).where(startable)
    ).scalar_one()
    whole = found == len(delivery.ids)
    values = (
        {"state": DeliveryState.IN_FLIGHT.value}
        if whole
        else {"lease_owner": None, "lease_until": None}
    )
    connection.execute(update(deliveries).where(startable).values(values))
    return whole


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
    """A chat with a delivery that is leased is due when that lease ends; an edit, when no alert
    is. While operators have paused delivery nothing is due."""
    if _is_paused(connection):
        return None
    waiting = _alerts_wait(connection, channel, now)
    lanes = (ALERTS,) if waiting else (ALERTS, EDITS)
    times = [_free(connection, channel, lane, now) for lane in lanes]
    times.append(
        connection.scalar(
            select(func.min(deliveries.c.rank_at)).where(
                deliveries.c.channel == channel.value, deliveries.c.lane == HELD, is_open()
            )
        )
    )
    times.append(
        connection.scalar(
            # What is closed has no lease; the index on leases serves.
            select(deliveries.c.lease_until)
            .where(deliveries.c.channel == channel.value, deliveries.c.lease_until > now)
            .order_by(deliveries.c.lease_until)
            .limit(1)
        )
    )
    return min((time for time in times if time is not None), default=None)


def _free(connection: sa.Connection, channel: Channel, lane: int, now: datetime) -> datetime | None:
    """When the next one of this lane is due whose chat has nothing leased."""
    other = deliveries.alias("other")
    busy = exists().where(
        other.c.chat_id == deliveries.c.chat_id, is_open(other), other.c.lease_until > now
    )
    here = and_(deliveries.c.channel == channel.value, deliveries.c.lane == lane, is_open(), ~busy)
    if channel.in_order:
        earlier = exists().where(
            other.c.chat_id == deliveries.c.chat_id, is_open(other), _before(other, deliveries)
        )
        first: datetime | None = connection.scalar(
            select(func.min(deliveries.c.due_at)).where(here, ~earlier)
        )
        return first
    # The first in line is found at once; only when none is due all are looked at.
    due: datetime | None = connection.scalar(
        select(deliveries.c.due_at)
        .where(here, deliveries.c.due_at <= now)
        .order_by(*ORDER)
        .limit(1)
    )
    if due is None:
        due = connection.scalar(select(func.min(deliveries.c.due_at)).where(here))
    return due

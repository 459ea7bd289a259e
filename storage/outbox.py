"""Deliveries: fanned out from alerts, claimed with leases, settled. Fits alerts.outbox.Outbox."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, exists, func, literal, literal_column, or_, select, update

from models.delivery import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    Settlement,
)
from models.subscriber import Channel, ChatStatus
from storage import chats as chat_rows
from storage.alerts import stored_alert
from storage.database import Database
from storage.dialect import alone, insert
from storage.schema import OPEN_STATES, alert_topics, alerts, chats, deliveries, subscriptions

# Written into the statement, so that the partial indexes on open deliveries serve.
_OPEN: sa.ColumnClause[Any] = literal_column(
    "(" + ", ".join(f"'{state}'" for state in OPEN_STATES) + ")"
)
_IN_FLIGHT = literal(DeliveryState.IN_FLIGHT.value)


def _is_open(table: Any = deliveries) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = table.c.state.op("IN", is_comparison=True)(_OPEN)
    return condition


class SqlOutbox:
    """Each call is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, channel: Channel, *, owner: str, now: datetime, lease: timedelta, limit: int
    ) -> Sequence[Delivery]:
        return await self._database.write(
            lambda connection: _claim(connection, channel, owner, now, lease, limit)
        )

    async def mark_in_flight(self, delivery_id: int, now: datetime) -> bool:
        return await self._database.write(
            lambda connection: _mark_in_flight(connection, delivery_id, now)
        )

    async def settle(self, delivery: Delivery, settlement: Settlement, now: datetime) -> None:
        await self._database.write(
            lambda connection: _settle(connection, delivery, settlement, now)
        )

    async def release(self, owner: str) -> None:
        await self._database.write(lambda connection: _release(connection, owner))

    async def next_due(self, channel: Channel, now: datetime) -> datetime | None:
        return await self._database.read(lambda connection: _next_due(connection, channel, now))


def expand(connection: sa.Connection, now: datetime, limit: int = 1000) -> bool:
    """Write the deliveries of at most `limit` chats for the oldest alert that is not expanded.

    True: there is more to do. Only active chats that followed one of the alert's topics before
    it was decided; a chat that has the story already gets it no second time.
    """
    alone(connection, "expansion")
    alert = connection.execute(
        select(alerts.c.id, alerts.c.story_id, alerts.c.created, alerts.c.expanded_to)
        .where(alerts.c.expanded_at.is_(None))
        .order_by(alerts.c.id)
        .limit(1)
    ).one_or_none()
    if alert is None:
        return False
    page = connection.execute(_followers(alert).limit(limit)).all()
    if page:
        _deliver_to(connection, alert, page, now)
    done = len(page) < limit
    connection.execute(
        update(alerts)
        .where(alerts.c.id == alert.id)
        .values(
            expanded_to=page[-1].id if page else alert.expanded_to,
            expanded_at=now if done else None,
        )
    )
    return not done or _has_unexpanded(connection)


def _followers(alert: Any) -> sa.Select[Any]:
    topics = select(alert_topics.c.topic).where(alert_topics.c.alert_id == alert.id)
    follows = exists().where(
        subscriptions.c.chat_id == chats.c.id,
        subscriptions.c.topic.in_(topics),
        subscriptions.c.created < alert.created,
    )
    beyond = chats.c.id > alert.expanded_to if alert.expanded_to is not None else sa.true()
    return (
        select(chats.c.id, chats.c.channel)
        .where(chats.c.status == ChatStatus.ACTIVE.value, beyond, follows)
        .order_by(chats.c.id)
    )


def _deliver_to(
    connection: sa.Connection, alert: Any, page: Sequence[sa.Row[Any]], now: datetime
) -> None:
    connection.execute(
        insert(connection, deliveries).on_conflict_do_nothing(),
        [
            _pending(chat.id, chat.channel, DeliveryKind.ALERT, now)
            | {"story_id": alert.story_id, "alert_id": alert.id}
            for chat in page
        ],
    )


def _pending(chat_id: int, channel: str, kind: DeliveryKind, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "channel": channel,
        "kind": kind.value,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "maybe_sent": False,
        "due_at": now,
        "created": now,
    }


def _has_unexpanded(connection: sa.Connection) -> bool:
    return connection.execute(select(exists().where(alerts.c.expanded_at.is_(None)))).scalar_one()


def add_notice(connection: sa.Connection, chat_ids: Iterable[int], text: str, now: datetime) -> int:
    """A plain text for each of these chats that can be reached; how many that are. Telegram lets
    no bot write to somebody who never wrote to it."""
    reachable = connection.execute(
        select(chats.c.id, chats.c.channel).where(
            chats.c.id.in_(list(chat_ids)), chats.c.status != ChatStatus.GONE.value
        )
    ).all()
    rows = [
        _pending(chat.id, chat.channel, DeliveryKind.NOTICE, now) | {"notice": text}
        for chat in reachable
    ]
    if rows:
        connection.execute(sa.insert(deliveries), rows)
    return len(rows)


def counts(connection: sa.Connection) -> dict[str, int]:
    """How many deliveries are in which state (DeliveryState); states that none is in are 0."""
    rows = connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {state.value: 0 for state in DeliveryState} | {row[0]: row[1] for row in rows}


def open_deliveries(connection: sa.Connection) -> int:
    """How many wait, are to be tried again or are in flight; alerts not expanded yet count one."""
    rows = connection.execute(
        select(func.count()).select_from(deliveries).where(_is_open())
    ).scalar_one()
    unexpanded = connection.execute(
        select(func.count()).select_from(alerts).where(alerts.c.expanded_at.is_(None))
    ).scalar_one()
    return rows + unexpanded


def _claim(
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
    """Ids, oldest first; of each chat that has nothing leased, the oldest that is due."""
    other = deliveries.alias("other")
    leased = exists().where(
        other.c.chat_id == deliveries.c.chat_id, _is_open(other), other.c.lease_until > now
    )
    older = exists().where(
        other.c.chat_id == deliveries.c.chat_id,
        _is_open(other),
        other.c.due_at <= now,
        or_(
            other.c.due_at < deliveries.c.due_at,
            and_(other.c.due_at == deliveries.c.due_at, other.c.id < deliveries.c.id),
        ),
    )
    return (
        select(deliveries.c.id)
        .where(
            deliveries.c.channel == channel.value,
            _is_open(),
            deliveries.c.due_at <= now,
            ~leased,
            ~older,
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .with_for_update(skip_locked=True)
    )


def _deliveries(connection: sa.Connection, ids: Sequence[int]) -> list[Delivery]:
    rows = connection.execute(
        select(deliveries, chats, alerts)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.due_at, deliveries.c.id)
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


def _mark_in_flight(connection: sa.Connection, delivery_id: int, now: datetime) -> bool:
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


def _settle(
    connection: sa.Connection, delivery: Delivery, settlement: Settlement, now: datetime
) -> None:
    match settlement:
        case MarkSent(message_id=message_id):
            # True whatever became of the row meanwhile.
            _close(connection, delivery.id, DeliveryState.SENT, None, now, message_id=message_id)
        case MarkDead(reason=reason):
            if _is_still_ours(connection, delivery):
                _close(connection, delivery.id, DeliveryState.DEAD, reason, now)
        case MarkRetry():
            if _is_still_ours(connection, delivery):
                _retry(connection, delivery.id, settlement)
        case MarkGone(reason=reason):
            chat_rows.change_status(connection, delivery.chat.id, ChatStatus.GONE, now, reason)
        case MarkMigrated(new_chat_id=new_chat_id):
            _put_back(connection, delivery, now)
            chat_rows.rename(connection, delivery.chat.id, new_chat_id, now)


def _is_still_ours(connection: sa.Connection, delivery: Delivery) -> bool:
    """False: it was cancelled, or the lease ran out in flight and another took it, which counted
    an attempt."""
    return connection.execute(
        select(
            exists().where(
                deliveries.c.id == delivery.id,
                _is_open(),
                deliveries.c.attempts == delivery.attempts,
            )
        )
    ).scalar_one()


def _close(
    connection: sa.Connection,
    delivery_id: int,
    state: DeliveryState,
    reason: str | None,
    now: datetime,
    message_id: int | None = None,
) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(
            state=state.value,
            reason=reason,
            message_id=message_id,
            settled_at=now,
            lease_owner=None,
            lease_until=None,
        )
    )


def _retry(connection: sa.Connection, delivery_id: int, settlement: MarkRetry) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(
            state=DeliveryState.RETRY.value,
            due_at=settlement.not_before,
            attempts=settlement.attempts,
            maybe_sent=settlement.maybe_sent,
            reason=settlement.reason,
            lease_owner=None,
            lease_until=None,
        )
    )


def _put_back(connection: sa.Connection, delivery: Delivery, now: datetime) -> None:
    if _is_still_ours(connection, delivery):
        _retry(
            connection,
            delivery.id,
            MarkRetry(
                not_before=now,
                attempts=delivery.attempts,
                reason="the group became a supergroup",
                maybe_sent=delivery.maybe_sent,
            ),
        )


def _release(connection: sa.Connection, owner: str) -> None:
    connection.execute(
        update(deliveries)
        .where(
            _is_open(),
            deliveries.c.lease_owner == owner,
            deliveries.c.state != _IN_FLIGHT,
        )
        .values(lease_owner=None, lease_until=None)
    )


def _next_due(connection: sa.Connection, channel: Channel, now: datetime) -> datetime | None:
    """A chat with a delivery that is leased is due when that lease ends."""
    other = deliveries.alias("other")
    busy = exists().where(
        other.c.chat_id == deliveries.c.chat_id, _is_open(other), other.c.lease_until > now
    )
    open_here = and_(deliveries.c.channel == channel.value, _is_open())
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

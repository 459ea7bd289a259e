"""Settlements: what became of an attempt, as the dispatcher decided it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import exists, select, update

from models.delivery import (
    Delivery,
    DeliveryState,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    Settlement,
)
from models.subscriber import ChatStatus
from storage import chats as chat_rows
from storage.schema import deliveries, is_open


def settle(
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
                is_open(),
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

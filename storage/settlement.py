"""Settlements: what became of an attempt, as the dispatcher decided it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import or_, select, update

from models.delivery import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    MarkDead,
    MarkGone,
    MarkMigrated,
    MarkRetry,
    MarkSent,
    MarkThreadGone,
    Settlement,
)
from models.subscriber import ChatStatus
from storage import chats as chat_rows
from storage import edits
from storage.schema import deliveries, is_open


def settle(
    connection: sa.Connection, delivery: Delivery, settlement: Settlement, now: datetime
) -> None:
    match settlement:
        case MarkSent(message_id=message_id):
            # True whatever became of the rows meanwhile.
            _sent(connection, delivery, message_id, now)
        case MarkDead(reason=reason):
            _close(connection, _still_ours(connection, delivery), DeliveryState.DEAD, reason, now)
        case MarkRetry():
            _retry(connection, _still_ours(connection, delivery), settlement)
        case MarkGone(reason=reason):
            chat_rows.change_status(connection, delivery.chat.id, ChatStatus.GONE, now, reason)
        case MarkMigrated(new_chat_id=new_chat_id):
            _migrated(connection, delivery, now)
            chat_rows.rename(connection, delivery.chat.id, new_chat_id, now)
        case MarkThreadGone(reason=reason):
            chat_rows.leave_thread(connection, delivery.chat.id, delivery.chat.thread_id)
            _put_back(connection, delivery, reason, now)


def _still_ours(connection: sa.Connection, delivery: Delivery) -> Sequence[int]:
    """Without those that were cancelled, or whose lease ran out in flight and that another took,
    which counted an attempt."""
    return connection.scalars(
        select(deliveries.c.id).where(
            deliveries.c.id.in_(delivery.ids),
            is_open(),
            deliveries.c.attempts == delivery.attempts,
        )
    ).all()


def _sent(connection: sa.Connection, delivery: Delivery, message_id: int, now: datetime) -> None:
    if delivery.kind is DeliveryKind.EDIT:
        edits.edited(connection, delivery, now)
        return
    _close(connection, delivery.ids, DeliveryState.SENT, None, now, message_id=message_id)
    edits.shown(connection, delivery.ids, delivery.alerts)


def _close(
    connection: sa.Connection,
    ids: Sequence[int],
    state: DeliveryState,
    reason: str | None,
    now: datetime,
    **more: object,
) -> None:
    if ids:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids))
            .values(
                state=state.value,
                reason=reason,
                settled_at=now,
                lease_owner=None,
                lease_until=None,
                **more,
            )
        )


def _retry(connection: sa.Connection, ids: Sequence[int], settlement: MarkRetry) -> None:
    if ids:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids))
            .values(
                state=DeliveryState.RETRY.value,
                due_at=settlement.not_before,
                attempts=settlement.attempts,
                maybe_sent=settlement.maybe_sent,
                lost=settlement.lost,
                reason=settlement.reason,
                alone=or_(deliveries.c.alone, sa.literal(settlement.alone)),
                lease_owner=None,
                lease_until=None,
            )
        )


def _migrated(connection: sa.Connection, delivery: Delivery, now: datetime) -> None:
    if delivery.kind is DeliveryKind.EDIT:
        # Its message stays in the old group, where nothing can be edited any more.
        _close(connection, delivery.ids, DeliveryState.CANCELLED, "the group has moved", now)
    else:
        _put_back(connection, delivery, "the group became a supergroup", now)


def _put_back(connection: sa.Connection, delivery: Delivery, reason: str, now: datetime) -> None:
    again = MarkRetry(
        not_before=now,
        attempts=delivery.attempts,
        reason=reason,
        maybe_sent=delivery.maybe_sent,
        lost=delivery.lost,
    )
    _retry(connection, _still_ours(connection, delivery), again)

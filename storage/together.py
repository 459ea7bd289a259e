"""What goes out in one message: the alerts that a chat has waiting, read with their contents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, select

from models.alert import StoredAlert
from models.delivery import Delivery, DeliveryKind, DeliveryState, Joined
from storage import chats as chat_rows
from storage.alerts import stored_alert
from storage.lanes import ALERTS, ORDER
from storage.schema import alert_topics, alerts, chats, deliveries, is_open, subscriptions

# One message holds the titles of so many alerts, and the bytes of so long addresses.
MOST_JOINED = 30
_MOST_ADDRESS_BYTES = 14_000
_ALERT = DeliveryKind.ALERT.value
_THREAD = "topic_thread"


def with_joined(connection: sa.Connection, leads: Sequence[int], now: datetime) -> list[Delivery]:
    """The leads, each with what goes out in the same message."""
    contents: dict[int, StoredAlert] = {}
    rows = [_row(row, contents) for row in _rows(connection, deliveries.c.id.in_(leads))]
    of_chats: dict[int, list[_Row]] = {}
    in_same_chats = and_(
        deliveries.c.chat_id.in_([row.delivery.chat.id for row in rows if row.may_be_joined]),
        deliveries.c.kind == _ALERT,
        deliveries.c.lane == ALERTS,
        is_open(),
        deliveries.c.due_at <= now,
        ~deliveries.c.alone,
        deliveries.c.id.not_in(leads),
    )
    for row in _rows(connection, in_same_chats):
        mate = _row(row, contents)
        of_chats.setdefault(mate.delivery.chat.id, []).append(mate)
    return [
        _edit(connection, row, contents)
        if row.delivery.kind is DeliveryKind.EDIT
        else _joined(row, of_chats.get(row.delivery.chat.id, ()))
        for row in rows
    ]


def _rows(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> sa.CursorResult[Any]:
    return connection.execute(
        select(deliveries, chats, alerts, _thread().label(_THREAD))
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(condition)
        .order_by(*ORDER)
    )


def _thread() -> sa.ScalarSelect[int | None]:
    """Where the chat wants the alert's topics told: a topic of its forum, or none of its own."""
    return (
        select(sa.func.max(subscriptions.c.thread_id))
        .join(alert_topics, alert_topics.c.topic == subscriptions.c.topic)
        .where(
            alert_topics.c.alert_id == deliveries.c.alert_id,
            subscriptions.c.chat_id == deliveries.c.chat_id,
        )
        .correlate(deliveries)
        .scalar_subquery()
    )


class _Row:
    """A delivery as it was before this claim, and as it is after it."""

    def __init__(self, delivery: Delivery, columns: Any) -> None:
        self.delivery = delivery
        # Alerts that have been tried apart from each other stay apart: their attempts are counted.
        self.tried_as = (
            columns[deliveries.c.attempts],
            columns[deliveries.c.lost],
            columns[deliveries.c.maybe_sent],
        )
        self.in_flight = columns[deliveries.c.state] == DeliveryState.IN_FLIGHT.value
        self.may_be_joined = (
            delivery.kind is DeliveryKind.ALERT
            and not columns[deliveries.c.alone]
            and not delivery.chat.channel.in_order
        )

    def goes_with(self, other: "_Row") -> bool:
        same_tries = (self.tried_as, self.in_flight) == (other.tried_as, other.in_flight)
        one, two = self.delivery, other.delivery
        same_place = one.chat.thread_id == two.chat.thread_id
        return same_tries and same_place and one.digest == two.digest


def _row(row: Any, contents: dict[int, StoredAlert]) -> _Row:
    columns = row._mapping
    alert_id = columns[alerts.c.id]
    if alert_id is not None and alert_id not in contents:
        contents[alert_id] = stored_alert(columns)
    was_in_flight = columns[deliveries.c.state] == DeliveryState.IN_FLIGHT.value
    chat, thread_id = chat_rows.chat(columns), columns[_THREAD]
    delivery = Delivery(
        id=columns[deliveries.c.id],
        chat=chat if thread_id is None else replace(chat, thread_id=thread_id),
        kind=DeliveryKind(columns[deliveries.c.kind]),
        alert=None if alert_id is None else contents[alert_id],
        notice=columns[deliveries.c.notice],
        attempts=columns[deliveries.c.attempts] + was_in_flight,
        maybe_sent=columns[deliveries.c.maybe_sent] or was_in_flight,
        lost=columns[deliveries.c.lost],
        created=columns[deliveries.c.created],
        silent=columns[deliveries.c.silent],
        digest=columns[deliveries.c.digest],
        message_id=columns[deliveries.c.message_id],
    )
    return _Row(delivery, columns)


def _joined(lead: _Row, mates: Iterable[_Row]) -> Delivery:
    first = lead.delivery
    if not lead.may_be_joined or first.alert is None:
        return first
    fitting = list(_fitting(first.alert, (mate for mate in mates if lead.goes_with(mate))))
    return replace(
        first,
        joined=tuple(
            Joined(id=mate.delivery.id, alert=mate.delivery.alert)
            for mate in fitting
            if mate.delivery.alert is not None
        ),
        # It makes a sound if one of them does.
        silent=first.silent and all(mate.delivery.silent for mate in fitting),
    )


def _fitting(first: StoredAlert, mates: Iterable[_Row]) -> Iterator[_Row]:
    room = _MOST_ADDRESS_BYTES - _address_bytes(first)
    for number, mate in enumerate(mates, 2):
        if mate.delivery.alert is not None:
            room -= _address_bytes(mate.delivery.alert)
        if room < 0 or number > MOST_JOINED:
            return
        yield mate


def _address_bytes(stored: StoredAlert) -> int:
    """Of the address percent-encoded."""
    url = stored.alert.url
    return sum(1 if character.isascii() else 6 for character in url)


def _edit(connection: sa.Connection, row: _Row, contents: dict[int, StoredAlert]) -> Delivery:
    """What else the message told is told again with it."""
    edit = row.delivery
    told = [
        _row(other, contents).delivery
        for other in _rows(
            connection,
            and_(
                deliveries.c.chat_id == edit.chat.id,
                deliveries.c.message_id == edit.message_id,
                deliveries.c.kind == _ALERT,
            ),
        )
    ]
    first, *rest = [one for one in told if one.alert is not None] or [edit]
    joined = (Joined(id=one.id, alert=one.alert) for one in rest if one.alert is not None)
    return replace(edit, alert=first.alert, digest=first.digest, joined=tuple(joined))

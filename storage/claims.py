"""Claims: which deliveries may be sent now, leased to one owner."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import and_, case, exists, func, literal, or_, select, update

from models.alert import StoredAlert
from models.delivery import Delivery, DeliveryKind, DeliveryState, Joined
from models.subscriber import Channel
from storage import chats as chat_rows
from storage.alerts import stored_alert
from storage.dialect import alone
from storage.schema import alerts, chats, deliveries, is_open, switches

ALERTS, EDITS, HELD = 0, 1, 2
# One message holds the titles of so many alerts, and the bytes of so long addresses.
MOST_JOINED = 30
_MOST_ADDRESS_BYTES = 14_000

_ORDER = (deliveries.c.lane, deliveries.c.rank_at, deliveries.c.id)
_IN_FLIGHT = literal(DeliveryState.IN_FLIGHT.value)
_ALERT = DeliveryKind.ALERT.value


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
    claimed = _with_joined(connection, leads, now)
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
        other.c.due_at <= now,
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
        .order_by(*_ORDER)
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


def _with_joined(connection: sa.Connection, leads: Sequence[int], now: datetime) -> list[Delivery]:
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
        select(deliveries, chats, alerts)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(condition)
        .order_by(*_ORDER)
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
        self.may_be_joined = delivery.kind is DeliveryKind.ALERT and not columns[deliveries.c.alone]

    def goes_with(self, other: "_Row") -> bool:
        same_tries = (self.tried_as, self.in_flight) == (other.tried_as, other.in_flight)
        return same_tries and self.delivery.digest == other.delivery.digest


def _row(row: Any, contents: dict[int, StoredAlert]) -> _Row:
    columns = row._mapping
    alert_id = columns[alerts.c.id]
    if alert_id is not None and alert_id not in contents:
        contents[alert_id] = stored_alert(columns)
    was_in_flight = columns[deliveries.c.state] == DeliveryState.IN_FLIGHT.value
    delivery = Delivery(
        id=columns[deliveries.c.id],
        chat=chat_rows.chat(columns),
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
    # The first in line is found at once; only when none is due all are looked at.
    due: datetime | None = connection.scalar(
        select(deliveries.c.due_at)
        .where(here, deliveries.c.due_at <= now)
        .order_by(*_ORDER)
        .limit(1)
    )
    if due is None:
        due = connection.scalar(select(func.min(deliveries.c.due_at)).where(here))
    return due

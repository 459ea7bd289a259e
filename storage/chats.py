"""Chats: their rows, their status, and the groups that get another id."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import delete, exists, select, update

from models.delivery import DeliveryState
from models.schedule import Schedule, schedule_of
from models.subscriber import Channel, Chat, ChatStatus
from models.text import Language
from storage.dialect import insert
from storage.schema import OPEN_STATES, alerts, chats, deliveries, labels, mutes, subscriptions


def chat(columns: Any) -> Chat:
    """The value of a mapping that has the columns of `chats`."""
    return Chat(
        id=columns[chats.c.id],
        channel=Channel(columns[chats.c.channel]),
        status=ChatStatus(columns[chats.c.status]),
        language=cast(Language, columns[chats.c.language]),
        title=columns[chats.c.title],
        username=columns[chats.c.username],
        created=columns[chats.c.created],
        thread_id=columns[chats.c.thread_id],
        schedule=_schedule(columns[chats.c.schedule]),
    )


def _schedule(text: str | None) -> Schedule | None:
    return None if text is None else schedule_of(text)


def by_id(connection: sa.Connection, chat_id: int) -> Chat | None:
    row = connection.execute(select(chats).where(chats.c.id == chat_id)).one_or_none()
    return None if row is None else chat(row._mapping)


def of_channel(connection: sa.Connection, channel: Channel) -> list[Chat]:
    rows = connection.execute(select(chats).where(chats.c.channel == channel.value))
    return [chat(row._mapping) for row in rows]


def change_status(
    connection: sa.Connection,
    chat_id: int,
    status: ChatStatus,
    now: datetime,
    reason: str | None = None,
) -> Chat | None:
    """The chat after the change, or None if unknown. Leaving ACTIVE cancels what is open."""
    changed = connection.execute(
        update(chats)
        .where(chats.c.id == chat_id)
        .values(status=status.value, status_changed_at=now)
    )
    if not changed.rowcount:
        return None
    if status is not ChatStatus.ACTIVE:
        _cancel_open(connection, chat_id, reason or f"the chat is {status.value}", now)
    return by_id(connection, chat_id)


def leave_thread(connection: sa.Connection, chat_id: int, thread_id: int | None) -> None:
    """This topic of the forum is gone: what went there goes to the chat's, or outside of topics."""
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.chat_id == chat_id, subscriptions.c.thread_id == thread_id)
        .values(thread_id=None)
    )
    connection.execute(
        update(chats)
        .where(chats.c.id == chat_id, chats.c.thread_id == thread_id)
        .values(thread_id=None)
    )


def rename(connection: sa.Connection, old_id: int, new_id: int, now: datetime) -> None:
    """The group has another id now: its topics and deliveries go with it. A chat that is known
    by the new id already is the same group, and keeps its own no."""
    old = by_id(connection, old_id)
    if old is None or old_id == new_id:
        return
    status = _merge(connection, old, new_id, now)
    _carry_permission(connection, old_id, new_id)
    for topic in topics(connection, old_id):
        _move_topic(connection, old_id, new_id, topic)
    _move_deliveries(connection, old_id, new_id)
    for table, key in ((mutes, mutes.c.name), (labels, labels.c.alert_id)):
        _move(connection, table, key, old_id, new_id)
    connection.execute(delete(chats).where(chats.c.id == old_id))
    # An expansion that has passed the new id and not yet the old one begins again.
    connection.execute(
        update(alerts).where(alerts.c.expanded_at.is_(None)).values(expanded_to=None)
    )
    if status is not ChatStatus.ACTIVE:
        _cancel_open(connection, new_id, f"the chat is {status.value}", now)


def topics(connection: sa.Connection, chat_id: int) -> Sequence[str]:
    return connection.scalars(
        select(subscriptions.c.topic).where(subscriptions.c.chat_id == chat_id)
    ).all()


def unfollow(connection: sa.Connection, chat_id: int, topic: str) -> None:
    connection.execute(
        delete(subscriptions).where(
            subscriptions.c.chat_id == chat_id, subscriptions.c.topic == topic
        )
    )


def _merge(connection: sa.Connection, old: Chat, new_id: int, now: datetime) -> ChatStatus:
    """The status of the chat under its new id, which exists afterwards."""
    connection.execute(
        insert(connection, chats)
        .values(
            id=new_id,
            channel=old.channel.value,
            status=old.status.value,
            language=old.language,
            title=old.title,
            username=old.username,
            thread_id=old.thread_id,
            created=old.created,
            status_changed_at=now,
            schedule=None if old.schedule is None else str(old.schedule),
        )
        .on_conflict_do_nothing()
    )
    new = by_id(connection, new_id)
    assert new is not None
    if new.status in (ChatStatus.WAITING, ChatStatus.GONE):
        connection.execute(
            update(chats).where(chats.c.id == new_id).values(status=old.status.value)
        )
        return old.status
    return new.status


def _carry_permission(connection: sa.Connection, old_id: int, new_id: int) -> None:
    old = chats.alias("old")
    was_allowed = exists().where(old.c.id == old_id, old.c.may_have_keywords)
    connection.execute(
        update(chats).where(chats.c.id == new_id, was_allowed).values(may_have_keywords=True)
    )


def _move_topic(connection: sa.Connection, old_id: int, new_id: int, topic: str) -> None:
    taken = exists().where(subscriptions.c.chat_id == new_id, subscriptions.c.topic == topic)
    if not connection.execute(select(taken)).scalar_one():
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.chat_id == old_id, subscriptions.c.topic == topic)
            .values(chat_id=new_id)
        )
    unfollow(connection, old_id, topic)


def _move_deliveries(connection: sa.Connection, old_id: int, new_id: int) -> None:
    other = deliveries.alias("other")
    told_there = exists().where(
        other.c.chat_id == new_id,
        other.c.story_id == deliveries.c.story_id,
        other.c.kind == deliveries.c.kind,
    )
    connection.execute(
        update(deliveries).where(deliveries.c.chat_id == old_id, ~told_there).values(chat_id=new_id)
    )
    # the same story goes, or went, to the group under its new id
    connection.execute(delete(deliveries).where(deliveries.c.chat_id == old_id))


def _move(
    connection: sa.Connection, table: sa.Table, key: sa.Column[Any], old_id: int, new_id: int
) -> None:
    """Rows of the chat; where the chat has such a row under its new id already, that one stays."""
    taken = select(key).where(table.c.chat_id == new_id)
    connection.execute(
        update(table).where(table.c.chat_id == old_id, key.not_in(taken)).values(chat_id=new_id)
    )
    connection.execute(delete(table).where(table.c.chat_id == old_id))


def _cancel_open(connection: sa.Connection, chat_id: int, reason: str, now: datetime) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.chat_id == chat_id, deliveries.c.state.in_(OPEN_STATES))
        .values(
            state=DeliveryState.CANCELLED.value,
            reason=reason,
            settled_at=now,
            lease_owner=None,
            lease_until=None,
        )
    )

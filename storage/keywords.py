"""Keywords that chats have for themselves: followed like topics, each kept once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import delete, exists, func, select, update

from storage.dialect import insert
from storage.errors import UnknownChat
from storage.schema import chats, keywords, subscriptions

Revision = tuple[int, datetime | None]


def revision(connection: sa.Connection) -> Revision:
    """Changes whenever a keyword comes or goes."""
    row = connection.execute(select(func.count(), func.max(keywords.c.created))).one()
    return int(row[0]), row[1]


def every(connection: sa.Connection) -> dict[str, str]:
    """All keywords by their topic."""
    rows = connection.execute(select(keywords.c.topic, keywords.c.text))
    return {row.topic: row.text for row in rows}


def of_chat(connection: sa.Connection, chat_id: int) -> dict[str, str]:
    """Those of one chat by their topic, the oldest first."""
    rows = connection.execute(
        select(keywords.c.topic, keywords.c.text)
        .join(subscriptions, subscriptions.c.topic == keywords.c.topic)
        .where(subscriptions.c.chat_id == chat_id)
        .order_by(subscriptions.c.created, keywords.c.text)
    )
    return {row.topic: row.text for row in rows}


def by_chat(connection: sa.Connection) -> dict[int, dict[str, str]]:
    """Those of all chats."""
    rows = connection.execute(
        select(subscriptions.c.chat_id, keywords.c.topic, keywords.c.text)
        .join(keywords, keywords.c.topic == subscriptions.c.topic)
        .order_by(subscriptions.c.created, keywords.c.text)
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.chat_id, {})[row.topic] = row.text
    return found


def keep(connection: sa.Connection, topic: str, text: str, now: datetime) -> None:
    """What the topic of this name means; idempotent. It is newer than all others, whatever the
    clock says: by that `revision` tells that it came."""
    newest = connection.scalar(select(func.max(keywords.c.created)))
    created = now if newest is None else max(now, newest + timedelta(microseconds=1))
    connection.execute(
        insert(connection, keywords)
        .values(topic=topic, text=text, created=created)
        .on_conflict_do_nothing()
    )


def drop(connection: sa.Connection, chat_id: int, topics: Iterable[str]) -> None:
    """The chat watches for these no more; what nobody watches for is deleted."""
    topics = list(topics)
    connection.execute(
        delete(subscriptions).where(
            subscriptions.c.chat_id == chat_id, subscriptions.c.topic.in_(topics)
        )
    )
    followed = exists().where(subscriptions.c.topic == keywords.c.topic)
    connection.execute(delete(keywords).where(keywords.c.topic.in_(topics), ~followed))


def allow(connection: sa.Connection, chat_id: int, allowed: bool) -> None:
    """Whether the chat may have keywords; those of a chat that may not are deleted. Raises
    UnknownChat."""
    changed = connection.execute(
        update(chats).where(chats.c.id == chat_id).values(may_have_keywords=allowed)
    )
    if not changed.rowcount:
        raise UnknownChat(chat_id)
    if not allowed:
        drop(connection, chat_id, of_chat(connection, chat_id))


def is_allowed(connection: sa.Connection, chat_id: int) -> bool:
    return bool(connection.scalar(select(chats.c.may_have_keywords).where(chats.c.id == chat_id)))


def allowed_chats(connection: sa.Connection) -> Mapping[int, bool]:
    """Every chat that may."""
    rows = connection.scalars(select(chats.c.id).where(chats.c.may_have_keywords))
    return dict.fromkeys(rows, True)

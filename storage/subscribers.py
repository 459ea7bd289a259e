"""Chats and the topics they follow: fits alerts.telegram.store.SubscriberStore by shape."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from sqlalchemy import delete, exists, select, update

from models.alert import StoredAlert
from models.subscriber import Channel, Chat, ChatStatus, Subscriber
from models.text import Language
from storage import alerts
from storage import chats as chat_rows
from storage.database import Database
from storage.dialect import insert
from storage.errors import ImportRefused, UnknownChat
from storage.schema import chats, deliveries, subscriptions


class SqlSubscribers:
    """Each call is one committed transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def subscriber(self, chat_id: int) -> Subscriber | None:
        return await self._database.read(lambda connection: _subscriber(connection, chat_id))

    async def register(self, chat: Chat) -> Chat:
        return await self._database.write(lambda connection: _register(connection, chat))

    async def set_status(self, chat_id: int, status: ChatStatus, now: datetime) -> Chat | None:
        return await self._database.write(
            lambda connection: chat_rows.change_status(connection, chat_id, status, now)
        )

    async def set_language(self, chat_id: int, language: Language) -> None:
        await self._database.write(
            lambda connection: connection.execute(
                update(chats).where(chats.c.id == chat_id).values(language=language)
            )
        )

    async def subscribe(self, chat_id: int, topic: str, now: datetime) -> None:
        await self._database.write(lambda connection: _subscribe(connection, chat_id, topic, now))

    async def unsubscribe(self, chat_id: int, topic: str) -> None:
        await self._database.write(
            lambda connection: chat_rows.unfollow(connection, chat_id, topic)
        )

    async def subscribers(self) -> Sequence[Subscriber]:
        return await self._database.read(all_subscribers)

    async def latest(self, topics: Sequence[str], limit: int) -> Sequence[StoredAlert]:
        return await self._database.read(
            lambda connection: alerts.latest(connection, topics, limit)
        )

    async def delivered(self, chat_id: int, message_id: int | None) -> StoredAlert | None:
        return await self._database.read(
            lambda connection: alerts.delivered(connection, chat_id, message_id)
        )


def all_subscribers(connection: sa.Connection) -> list[Subscriber]:
    """All chats, by id."""
    topics: dict[int, set[str]] = {}
    for row in connection.execute(select(subscriptions.c.chat_id, subscriptions.c.topic)):
        topics.setdefault(row.chat_id, set()).add(row.topic)
    rows = connection.execute(select(chats).order_by(chats.c.id))
    return [
        Subscriber(chat=chat_rows.chat(row._mapping), topics=frozenset(topics.get(row.id, ())))
        for row in rows
    ]


def forget(connection: sa.Connection, chat_id: int) -> bool:
    """Delete the chat, its topics and its deliveries; False if it is unknown."""
    for table in (deliveries, subscriptions):
        connection.execute(delete(table).where(table.c.chat_id == chat_id))
    return bool(connection.execute(delete(chats).where(chats.c.id == chat_id)).rowcount)


def _subscriber(connection: sa.Connection, chat_id: int) -> Subscriber | None:
    found = chat_rows.by_id(connection, chat_id)
    if found is None:
        return None
    return Subscriber(chat=found, topics=frozenset(chat_rows.topics(connection, chat_id)))


def _register(connection: sa.Connection, new: Chat) -> Chat:
    connection.execute(
        insert(connection, chats)
        .values(
            id=new.id,
            channel=new.channel.value,
            status=new.status.value,
            language=new.language,
            title=new.title,
            username=new.username,
            thread_id=new.thread_id,
            created=new.created,
            status_changed_at=new.created,
        )
        .on_conflict_do_update(
            index_elements=["id"], set_={"title": new.title, "username": new.username}
        )
    )
    found = chat_rows.by_id(connection, new.id)
    assert found is not None
    return found


def _subscribe(connection: sa.Connection, chat_id: int, topic: str, now: datetime) -> None:
    if not connection.execute(select(exists().where(chats.c.id == chat_id))).scalar_one():
        raise UnknownChat(chat_id)
    connection.execute(
        insert(connection, subscriptions)
        .values(chat_id=chat_id, topic=topic, created=now)
        .on_conflict_do_nothing()
    )


class _Followed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topic: str
    since: AwareDatetime


class _Row(BaseModel):
    """One subscriber as exported; ids and names, never a secret."""

    model_config = ConfigDict(extra="forbid")

    chat: int
    channel: Channel
    status: ChatStatus
    language: Language
    title: str
    username: str | None = None
    thread: int | None = None
    created: AwareDatetime
    topics: tuple[_Followed, ...] = ()


def export(connection: sa.Connection) -> list[dict[str, Any]]:
    """All subscribers as values of JSON, by chat; import_ reads them back without loss."""
    topics: dict[int, list[_Followed]] = {}
    for row in connection.execute(select(subscriptions).order_by(subscriptions.c.topic)):
        topics.setdefault(row.chat_id, []).append(_Followed(topic=row.topic, since=row.created))
    rows = connection.execute(select(chats).order_by(chats.c.id))
    return [
        _exported(chat_rows.chat(row._mapping), topics.get(row.id, ())).model_dump(mode="json")
        for row in rows
    ]


def _exported(chat: Chat, topics: Sequence[_Followed]) -> _Row:
    return _Row(
        chat=chat.id,
        channel=chat.channel,
        status=chat.status,
        language=chat.language,
        title=chat.title,
        username=chat.username,
        thread=chat.thread_id,
        created=chat.created,
        topics=tuple(topics),
    )


def import_(connection: sa.Connection, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Write exported rows, each with the number of its line. A chat that is known takes over
    what the row says; topics that it follows besides stay. Raises ImportRefused."""
    for line, row in rows:
        try:
            _import_one(connection, _Row.model_validate(row))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the row"
            raise ImportRefused(line, f"{where}: {first['msg']}") from error


def _import_one(connection: sa.Connection, row: _Row) -> None:
    values = {
        "channel": row.channel.value,
        "status": row.status.value,
        "language": row.language,
        "title": row.title,
        "username": row.username,
        "thread_id": row.thread,
        "created": row.created,
        "status_changed_at": row.created,
    }
    connection.execute(
        insert(connection, chats)
        .values(id=row.chat, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )
    for followed in row.topics:
        _subscribe(connection, row.chat, followed.topic, followed.since)

"""Chats and the topics they follow: fits alerts.telegram.store.SubscriberStore by shape."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, field_validator
from sqlalchemy import delete, exists, func, select, update

from models.alert import StoredAlert
from models.faults import faults_of
from models.schedule import Mode, Schedule, schedule_of
from models.subscriber import Channel, Chat, ChatStatus, Subscriber
from models.text import Language
from storage import alerts, choices, keywords, stories
from storage import chats as chat_rows
from storage.database import Database
from storage.dialect import insert
from storage.errors import ImportRefused, IndexStale, QueryRefused, UnknownChat
from storage.schema import chats, deliveries, labels, mutes, subscriptions
from storage.search import Answer, SearchHit, search

log = structlog.get_logger(__name__)


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

    async def subscribe(
        self, chat_id: int, topic: str, now: datetime, thread_id: int | None = None
    ) -> None:
        await self._database.write(
            lambda connection: _subscribe(connection, chat_id, topic, now, thread_id)
        )

    async def unsubscribe(self, chat_id: int, topic: str) -> None:
        await self._database.write(
            lambda connection: chat_rows.unfollow(connection, chat_id, topic)
        )

    async def chats_of(self, channel: Channel) -> Sequence[Chat]:
        return await self._database.read(
            lambda connection: chat_rows.of_channel(connection, channel)
        )

    async def subscribers(self) -> Sequence[Subscriber]:
        return await self._database.read(all_subscribers)

    async def set_mode(self, chat_id: int, topic: str, mode: Mode) -> None:
        await self._database.write(
            lambda connection: connection.execute(
                update(subscriptions)
                .where(subscriptions.c.chat_id == chat_id, subscriptions.c.topic == topic)
                .values(mode=mode.value)
            )
        )

    async def set_schedule(self, chat_id: int, schedule: Schedule | None) -> None:
        text = None if schedule is None else str(schedule)
        await self._database.write(
            lambda connection: connection.execute(
                update(chats).where(chats.c.id == chat_id).values(schedule=text)
            )
        )

    async def mute(self, chat_id: int, kind: str, name: str, now: datetime) -> None:
        await self._database.write(
            lambda connection: choices.mute(connection, chat_id, kind, name, now)
        )

    async def unmute(self, chat_id: int, kind: str, name: str) -> None:
        await self._database.write(
            lambda connection: choices.unmute(connection, chat_id, kind, name)
        )

    async def label(self, chat_id: int, alert_id: int, relevant: bool, now: datetime) -> None:
        await self._database.write(
            lambda connection: choices.label(connection, chat_id, alert_id, relevant, now)
        )

    async def watch_for(self, chat_id: int, topic: str, text: str, now: datetime) -> None:
        await self._database.write(
            lambda connection: _watch_for(connection, chat_id, topic, text, now)
        )

    async def stop_watching_for(self, chat_id: int, topic: str) -> None:
        await self._database.write(lambda connection: keywords.drop(connection, chat_id, (topic,)))

    async def allow_keywords(self, chat_id: int, allowed: bool) -> None:
        await self._database.write(lambda connection: keywords.allow(connection, chat_id, allowed))

    async def forget(self, chat_id: int) -> bool:
        return await self._database.write(lambda connection: forget(connection, chat_id))

    async def my_data(self, chat_id: int) -> Mapping[str, object]:
        return await self._database.read(lambda connection: my_data(connection, chat_id))

    async def alert(self, alert_id: int) -> StoredAlert | None:
        return await self._database.read(lambda connection: alerts.by_id(connection, alert_id))

    async def latest(
        self, topics: Sequence[str], limit: int, skip: int = 0
    ) -> Sequence[StoredAlert]:
        return await self._database.read(
            lambda connection: alerts.latest(connection, topics, limit, skip)
        )

    async def search(self, query: str, now: datetime, limit: int, skip: int) -> Answer | None:
        try:
            return await self._database.read(
                lambda connection: _search_by_story(connection, query, now, limit, skip)
            )
        except (QueryRefused, IndexStale) as error:
            log.info("search refused", reason=str(error))
            return None

    async def delivered(self, chat_id: int, message_id: int | None) -> Sequence[StoredAlert]:
        return await self._database.read(
            lambda connection: alerts.delivered(connection, chat_id, message_id)
        )


# Answers that are looked at for each story that is shown: six outlets tell a story now and then.
_TELLINGS = 6


def _search_by_story(
    connection: sa.Connection, query: str, now: datetime, limit: int, skip: int
) -> Answer:
    """The newest answer of each story; articles that no topic matched stand for themselves."""
    most = _TELLINGS * (skip + limit)
    answer = search(connection, query, now=now, limit=most)
    known = stories.stories_of(connection, [hit.article_id for hit in answer.hits])
    firsts: dict[tuple[bool, int], SearchHit] = {}
    for hit in answer.hits:
        story = known.get(hit.article_id)
        firsts.setdefault((story is None, hit.article_id if story is None else story), hit)
    return Answer(list(firsts.values())[skip : skip + limit], answer.whole)


def all_subscribers(connection: sa.Connection) -> list[Subscriber]:
    """All chats, by id."""
    modes: dict[int, dict[str, Mode]] = {}
    for row in connection.execute(select(subscriptions)):
        modes.setdefault(row.chat_id, {})[row.topic] = Mode(row.mode)
    muted: dict[int, set[str]] = {}
    for row in connection.execute(select(mutes).where(mutes.c.kind == "site")):
        muted.setdefault(row.chat_id, set()).add(row.name)
    watched = keywords.by_chat(connection)
    rows = connection.execute(select(chats).order_by(chats.c.id))
    return [
        _with_choices(
            chat_rows.chat(row._mapping),
            modes.get(row.id, {}),
            muted.get(row.id, frozenset()),
            watched.get(row.id, {}),
            may_have_keywords=row.may_have_keywords,
        )
        for row in rows
    ]


def _with_choices(
    chat: Chat,
    modes: Mapping[str, Mode],
    muted: Iterable[str],
    watched: Mapping[str, str],
    *,
    may_have_keywords: bool,
) -> Subscriber:
    return Subscriber(
        chat=chat,
        topics=frozenset(modes) - watched.keys(),
        modes={topic: mode for topic, mode in modes.items() if mode is not Mode.NOW},
        muted_sites=frozenset(muted),
        keywords=watched,
        may_have_keywords=may_have_keywords,
    )


def forget(connection: sa.Connection, chat_id: int) -> bool:
    """Delete the chat and all that is stored of it; False if it is unknown."""
    keywords.drop(connection, chat_id, keywords.of_chat(connection, chat_id))
    for table in (deliveries, subscriptions, mutes, labels):
        connection.execute(delete(table).where(table.c.chat_id == chat_id))
    return bool(connection.execute(delete(chats).where(chats.c.id == chat_id)).rowcount)


def _subscriber(connection: sa.Connection, chat_id: int) -> Subscriber | None:
    found = chat_rows.by_id(connection, chat_id)
    if found is None:
        return None
    followed = connection.execute(
        select(subscriptions.c.topic, subscriptions.c.mode).where(
            subscriptions.c.chat_id == chat_id
        )
    )
    modes = {row.topic: Mode(row.mode) for row in followed}
    return _with_choices(
        found,
        modes,
        choices.muted_sites(connection, chat_id),
        keywords.of_chat(connection, chat_id),
        may_have_keywords=keywords.is_allowed(connection, chat_id),
    )


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
            index_elements=["id"],
            set_={"title": new.title, "username": new.username, "thread_id": new.thread_id},
        )
    )
    found = chat_rows.by_id(connection, new.id)
    assert found is not None
    return found


def _subscribe(
    connection: sa.Connection,
    chat_id: int,
    topic: str,
    now: datetime,
    thread_id: int | None = None,
) -> None:
    if not connection.execute(select(exists().where(chats.c.id == chat_id))).scalar_one():
        raise UnknownChat(chat_id)
    connection.execute(
        insert(connection, subscriptions)
        .values(chat_id=chat_id, topic=topic, created=now, thread_id=thread_id)
        .on_conflict_do_nothing()
    )


def _watch_for(
    connection: sa.Connection, chat_id: int, topic: str, text: str, now: datetime
) -> None:
    keywords.keep(connection, topic, text, now)
    _subscribe(connection, chat_id, topic, now)


class _Followed(BaseModel):
    """A topic, or a keyword of the chat's own: `keyword` is its text."""

    model_config = ConfigDict(extra="forbid")

    topic: str
    keyword: str | None = None
    since: AwareDatetime
    mode: Mode = Mode.NOW
    thread: int | None = None


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
    schedule: str | None = None
    muted_sites: tuple[str, ...] = ()
    may_have_keywords: bool = False

    @field_validator("schedule")
    @classmethod
    def _is_schedule(cls, text: str | None) -> str | None:
        if text is not None:
            ZoneInfo(schedule_of(text).zone)
        return text


def export(connection: sa.Connection) -> list[dict[str, Any]]:
    """All subscribers as values of JSON, by chat; import_ reads them back without loss."""
    topics: dict[int, list[_Followed]] = {}
    texts, allowed = keywords.every(connection), keywords.allowed_chats(connection)
    for row in connection.execute(select(subscriptions).order_by(subscriptions.c.topic)):
        topics.setdefault(row.chat_id, []).append(
            _Followed(
                topic=row.topic,
                keyword=texts.get(row.topic),
                since=row.created,
                mode=Mode(row.mode),
                thread=row.thread_id,
            )
        )
    rows = connection.execute(select(chats).order_by(chats.c.id)).all()
    return [
        _exported(
            chat_rows.chat(row._mapping),
            topics.get(row.id, ()),
            choices.muted_sites(connection, row.id),
            may_have_keywords=row.id in allowed,
        ).model_dump(mode="json")
        for row in rows
    ]


def my_data(connection: sa.Connection, chat_id: int) -> dict[str, object]:
    """All that is stored of the chat: its row as exported, and what there is of it elsewhere."""
    found = chat_rows.by_id(connection, chat_id)
    if found is None:
        return {}
    followed = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.chat_id == chat_id)
        .order_by(subscriptions.c.topic)
    )
    watched = keywords.of_chat(connection, chat_id)
    row = _exported(
        found,
        (),
        choices.muted_sites(connection, chat_id),
        may_have_keywords=keywords.is_allowed(connection, chat_id),
    ).model_dump(mode="json")
    modes = {one.topic: one.mode for one in followed}
    topics = modes.keys() - watched.keys()
    row["topics"] = ", ".join(f"{topic} ({modes[topic]})" for topic in sorted(topics))
    row["keywords"] = ", ".join(f"{text} ({modes[topic]})" for topic, text in watched.items())
    row["muted_sites"] = ", ".join(row["muted_sites"])
    for name, table in (("muted", mutes), ("opinions", labels), ("messages", deliveries)):
        counted = select(func.count()).select_from(table).where(table.c.chat_id == chat_id)
        row[name] = connection.execute(counted).scalar_one()
    return row


def _exported(
    chat: Chat, topics: Sequence[_Followed], muted: Sequence[str], *, may_have_keywords: bool
) -> _Row:
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
        schedule=None if chat.schedule is None else str(chat.schedule),
        muted_sites=tuple(muted),
        may_have_keywords=may_have_keywords,
    )


def import_(connection: sa.Connection, rows: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Write exported rows, each with the number of its line. A chat that is known takes over
    what the row says; topics that it follows besides stay. Raises ImportRefused."""
    for line, row in rows:
        try:
            _import_one(connection, _Row.model_validate(row))
        except ValidationError as error:
            first = faults_of(error, _Row)[0]
            where = ".".join(str(part) for part in first.path)
            raise ImportRefused(
                line, f"{where}: {first.message}" if where else first.message
            ) from error


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
        "schedule": row.schedule,
        "may_have_keywords": row.may_have_keywords,
    }
    connection.execute(
        insert(connection, chats)
        .values(id=row.chat, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values)
    )
    for followed in row.topics:
        if followed.keyword is not None:
            keywords.keep(connection, followed.topic, followed.keyword, followed.since)
        _subscribe(connection, row.chat, followed.topic, followed.since, followed.thread)
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.chat_id == row.chat, subscriptions.c.topic == followed.topic)
            .values(mode=followed.mode.value)
        )
    for site in row.muted_sites:
        choices.mute(connection, row.chat, "site", site, row.created)

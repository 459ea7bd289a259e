"""`marsad subscribers`, `export` and `import`: who gets alerts, from the command line."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

from marsad.clock import utc_now
from models.subscriber import Channel, Chat, ChatStatus
from models.text import Language
from storage import subscribers
from storage.database import Database
from storage.subscribers import SqlSubscribers


def lines(database: Database) -> Iterator[str]:
    """A table: id, state, language, title, topics."""
    for subscriber in asyncio.run(SqlSubscribers(database).subscribers()):
        chat = subscriber.chat
        if chat.channel is Channel.TELEGRAM:
            topics = ", ".join(sorted(subscriber.topics)) or "no topic"
            yield f"{chat.id:>15}  {chat.status.value:<8} {chat.language}  {chat.title}: {topics}"


def add(database: Database, chat_id: int, topics: Sequence[str], language: Language) -> None:
    """Make the chat active and let it follow these topics, besides those it follows already."""
    asyncio.run(_add(SqlSubscribers(database), chat_id, topics, language))


async def _add(
    store: SqlSubscribers, chat_id: int, topics: Sequence[str], language: Language
) -> None:
    now = utc_now()
    await store.register(
        Chat(
            id=chat_id,
            channel=Channel.TELEGRAM,
            status=ChatStatus.ACTIVE,
            language=language,
            title=str(chat_id),
            username=None,
            created=now,
        )
    )
    await store.set_status(chat_id, ChatStatus.ACTIVE, now)
    await store.set_language(chat_id, language)
    for topic in topics:
        await store.subscribe(chat_id, topic, now)


def remove(database: Database, chat_id: int) -> bool:
    return database.write_now(lambda connection: subscribers.forget(connection, chat_id))


def export_rows(database: Database) -> list[dict[str, Any]]:
    return database.read_now(subscribers.export)


def import_rows(database: Database, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """All rows in one transaction. Raises ImportRefused."""
    database.write_now(lambda connection: subscribers.import_(connection, rows))

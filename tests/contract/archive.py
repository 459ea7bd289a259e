"""An archive to arrange contract tests with: the in-memory twins, or storage on a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import sqlalchemy as sa

from alerts.outbox import Outbox
from alerts.telegram.store import SubscriberStore
from models.alert import Alert, StoredAlert, TopicMatch
from models.article import Article, StoredArticle
from models.match import Clause, Hit, Verdict
from models.story import StoryEntry
from models.subscriber import Channel, Chat, ChatStatus
from models.text import Localized, Marked
from storage import alerts, articles, decisions, outbox, stories
from storage.crawls import SqlCrawlMemory
from storage.database import Database
from storage.outbox import SqlOutbox
from storage.subscribers import SqlSubscribers
from tests.fakes.memory_store import MemoryOutbox, MemoryStore, MemorySubscribers

NOW = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def later(seconds: float = 0, *, hours: float = 0) -> datetime:
    return NOW + timedelta(seconds=seconds, hours=hours)


def chat(
    id: int = 7,
    *,
    status: ChatStatus = ChatStatus.ACTIVE,
    channel: Channel = Channel.TELEGRAM,
    created: datetime = NOW,
    title: str = "سعاد",
) -> Chat:
    return Chat(
        id=id,
        channel=channel,
        status=status,
        language="ar",
        title=title,
        username=None,
        created=created,
    )


def article(
    key: str = "news.example/1",
    *,
    site: str = "news",
    title: str = "وفد تجاري من طهران يصل إلى أستراخان",
    text: str = "وصل الوفد صباح اليوم إلى الميناء.\n\nويبحث الجانبان خط شحن جديدا.",
    published: datetime | None = None,
    listed_title: str | None = None,
    listed_updated: str | None = None,
) -> Article:
    return Article(
        site=site,
        url=f"https://{key}",
        key=key,
        title=title,
        text=text,
        published=published,
        evidence={"title": "json-ld", "published": "absent"},
        listed_title=listed_title,
        listed_updated=listed_updated,
    )


def topic_match(topic: str) -> TopicMatch:
    return TopicMatch(
        topic=topic, title=Localized("موضوع", topic), words=("طهران", "أستراخان"), score=2.5
    )


def alert_on(article_id: int, *topics: str) -> Alert:
    return Alert(
        article_id=article_id,
        url="https://news.example/1",
        site="news",
        source=Localized("الأخبار", "News"),
        title=Marked("وفد تجاري من طهران يصل إلى أستراخان", ((13, 18),)),
        quote=Marked("وصل الوفد صباح اليوم إلى الميناء."),
        topics=tuple(topic_match(topic) for topic in topics),
        published=None,
        first_seen=NOW,
    )


def verdict(topic: str, *, fired: bool = True) -> Verdict:
    return Verdict(
        topic=topic,
        fired=fired,
        score=2.5,
        hits=(Hit(keyword="طهران", text="طهران", field="title", start=13, end=18),),
        clauses=(
            Clause(
                condition="all",
                passed=fired,
                children=(Clause(condition="any", passed=fired, detail="طهران"),),
            ),
        ),
    )


class Archive(Protocol):
    """The twins or storage, with what arranges a test."""

    outbox: Outbox
    subscribers: SubscriberStore

    async def alert(self, *topics: str, story: str = "a story", now: datetime = NOW) -> StoredAlert:
        """An article of this story is alerted on these topics, and its deliveries are written."""

    async def notice(self, chat_ids: Sequence[int], text: str, now: datetime = NOW) -> int: ...

    async def counts(self) -> dict[str, int]: ...


class MemoryArchive:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.outbox: Outbox = MemoryOutbox(self.store)
        self.subscribers: SubscriberStore = MemorySubscribers(self.store)
        self._stories: dict[str, int] = {}

    async def alert(self, *topics: str, story: str = "a story", now: datetime = NOW) -> StoredAlert:
        story_id = self._stories.setdefault(story, len(self._stories) + 1)
        return self.store.add_alert(alert_on(len(self.store.alerts) + 1, *topics), story_id, now)

    async def notice(self, chat_ids: Sequence[int], text: str, now: datetime = NOW) -> int:
        return self.store.add_notice(chat_ids, text, now)

    async def counts(self) -> dict[str, int]:
        return self.store.counts()


class SqlArchive:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox: Outbox = SqlOutbox(database)
        self.subscribers: SubscriberStore = SqlSubscribers(database)
        self._articles = 0
        self._stories: dict[str, int] = {}

    async def alert(self, *topics: str, story: str = "a story", now: datetime = NOW) -> StoredAlert:
        stored = await self.decide(*topics, story=story, now=now)
        while await self.database.write(lambda connection: outbox.expand(connection, now)):
            pass
        return stored

    async def decide(
        self, *topics: str, story: str = "a story", now: datetime = NOW
    ) -> StoredAlert:
        """Like `alert`, without its deliveries."""
        stored = await self.stored(now)
        self._stories[story] = await self.database.write(
            lambda connection: self._story(connection, stored, story, now)
        )
        await self.database.write(
            lambda connection: decisions.record(
                connection,
                article_id=stored.id,
                story_id=self._stories[story],
                verdicts=[verdict(topic) for topic in topics],
                decision=alert_on(stored.id, *topics),
                rules_version="1",
                now=now,
            )
        )
        return (await self.database.read(lambda c: alerts.latest(c, topics, 1)))[0]

    async def stored(self, now: datetime = NOW) -> StoredArticle:
        """A new article, undecided."""
        self._articles += 1
        key = f"news.example/{self._articles}"
        await SqlCrawlMemory(self.database).store(article(key), now)
        found = await self.database.read(lambda connection: articles.by_url(connection, key))
        assert found is not None
        return found

    def _story(
        self, connection: sa.Connection, stored: StoredArticle, story: str, now: datetime
    ) -> int:
        entry = StoryEntry(reason="the same text", score=1.0, keys=(story,))
        known = self._stories.get(story)
        if known is None:
            return stories.found(connection, stored.id, entry, now)
        stories.join(connection, known, stored.id, entry, now)
        return known

    async def notice(self, chat_ids: Sequence[int], text: str, now: datetime = NOW) -> int:
        return await self.database.write(
            lambda connection: outbox.add_notice(connection, chat_ids, text, now)
        )

    async def counts(self) -> dict[str, int]:
        return await self.database.read(outbox.counts)

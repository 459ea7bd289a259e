"""Subscribers and alerts in a database, as crawling and deciding would have written them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.alert import Alert, TopicMatch
from models.article import Article
from models.match import Hit, Verdict
from models.story import StoryEntry
from models.text import Localized, Marked
from storage import articles, decisions, outbox, stories, subscribers
from storage.crawls import SqlCrawlMemory
from storage.database import Connection, Database

TOPIC = "caspian"
_WORD = "بحر قزوين"
_TEXT = (
    "قال مسؤول في هيئة الموانئ إن أول سفينة من الخط الجديد في بحر قزوين ترسو صباح الغد،"
    " وإن الرحلات تنتظم مرتين في الأسبوع بعد انتهاء أعمال تعميق الممر الملاحي."
)


def title_of(number: int) -> str:
    """Each title is told apart by its number, and receipts are judged by it."""
    return f"خط شحن جديد في {_WORD} يبدأ رحلاته، الخبر {number} ."


def add_chats(database: Database, chat_ids: Iterable[int], since: datetime) -> None:
    """Active chats that follow the topic."""
    rows = [
        {
            "chat": chat_id,
            "channel": "telegram",
            "status": "active",
            "language": "ar" if chat_id % 2 else "en",
            "title": f"قارئ {chat_id}",
            "created": since.isoformat(),
            "topics": [{"topic": TOPIC, "since": since.isoformat()}],
        }
        for chat_id in chat_ids
    ]
    numbered = list(enumerate(rows, 1))
    for start in range(0, len(numbered), 5000):
        part = numbered[start : start + 5000]
        database.write_now(lambda connection, part=part: subscribers.import_(connection, part))  # type: ignore[misc]


async def add_alert(database: Database, number: int, now: datetime) -> int:
    """An article is found, decided and alerted, not expanded yet; the story's id."""
    key = f"soak.example/{number}"
    found = Article(site="soak", url=f"https://{key}", key=key, title=title_of(number), text=_TEXT)
    await SqlCrawlMemory(database).store(found, now)
    return await database.write(lambda connection: decide(connection, found, number, now))


def decide(connection: Connection, found: Article, number: int, now: datetime) -> int:
    stored = articles.by_url(connection, found.key)
    assert stored is not None
    entry = StoryEntry(reason="first report", score=1.0, keys=(f"c:{number}",))
    story_id = stories.found(connection, stored.id, entry, now)
    decisions.record(
        connection,
        article_id=stored.id,
        story_id=story_id,
        verdicts=[_verdict(found.title)],
        decision=_alert(stored.id, found, now),
        rules_version="soak",
        now=now,
    )
    return story_id


def _verdict(title: str) -> Verdict:
    start = title.index(_WORD)
    hit = Hit(keyword=_WORD, text=_WORD, field="title", start=start, end=start + len(_WORD))
    return Verdict(topic=TOPIC, fired=True, score=1.0, hits=(hit,), clauses=())


def _alert(article_id: int, found: Article, now: datetime) -> Alert:
    return Alert(
        article_id=article_id,
        url=found.url,
        site=found.site,
        source=Localized("وكالة المرفأ", "Harbour Agency"),
        title=_marked(found.title),
        quote=_marked(found.text),
        topics=(
            TopicMatch(
                topic=TOPIC,
                title=Localized("بحر قزوين", "Caspian Sea"),
                words=(_WORD,),
                score=1.0,
            ),
        ),
        published=now,
        first_seen=now,
    )


def _marked(text: str) -> Marked:
    start = text.index(_WORD)
    return Marked(text, ((start, start + len(_WORD)),))


async def expand(database: Database, now: datetime) -> int:
    """Write all deliveries; in how many steps."""
    steps = 0
    while await database.write(lambda connection: outbox.expand(connection, now)):
        steps += 1
    return steps


async def alerts_for(
    database: Database, chat_ids: Iterable[int], alerts: int, now: datetime
) -> None:
    """All of these chats wait for so many alerts."""
    add_chats(database, chat_ids, now - timedelta(hours=1))
    for number in range(alerts):
        await add_alert(database, number, now)
    await expand(database, now)

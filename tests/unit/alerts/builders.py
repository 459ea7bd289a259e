"""Small builders of the values that the alert tests are about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.alert import Alert, Changes, StoredAlert, TopicMatch
from models.article import Article, StoredArticle
from models.delivery import Delivery, DeliveryKind
from models.site import Feed, Site, Title
from models.subscriber import Channel, Chat, ChatStatus
from models.text import Localized, Marked

NOW = datetime(2026, 3, 14, 11, 30, tzinfo=UTC)
UNCHANGED = Changes()
RUSSIA = TopicMatch(
    topic="iran-russia",
    title=Localized("إيران وروسيا", "Iran and Russia"),
    words=("موسكو", "طهران"),
    score=2.0,
)
CASPIAN = TopicMatch(
    topic="caspian", title=Localized("بحر قزوين", "Caspian Sea"), words=("بحر قزوين",), score=1.0
)


def marked(text: str, *words: str) -> Marked:
    """The text with the first occurrence of each word marked."""
    spans = [(text.index(word), text.index(word) + len(word)) for word in words]
    return Marked(text, tuple(sorted(spans)))


def alert(**changes: Any) -> Alert:
    values: dict[str, Any] = {
        "article_id": 5,
        "url": "https://news.example/2026/caspian?id=7&page=2",
        "site": "afaq",
        "source": Localized("وكالة آفاق", "Afaq Agency"),
        "title": marked("موسكو وطهران تبحثان الملاحة في بحر قزوين", "موسكو", "طهران", "بحر قزوين"),
        "quote": marked(
            "بحث وفد من موسكو مع نظيره في طهران خطوط الملاحة الجديدة.\n\n"
            "وقال الوفد إن العمل يبدأ قريبًا.",
            "موسكو",
            "طهران",
        ),
        "topics": (RUSSIA, CASPIAN),
        "published": NOW - timedelta(minutes=25),
        "first_seen": NOW,
    }
    return Alert(**values | changes)


def stored_alert(
    alert_id: int = 1, *, revision: int = 0, changes: Changes = UNCHANGED, **of_alert: Any
) -> StoredAlert:
    return StoredAlert(
        id=alert_id,
        story_id=alert_id,
        created=NOW,
        alert=alert(**of_alert),
        revision=revision,
        changes=changes,
    )


def chat(chat_id: int = 7, **changes: Any) -> Chat:
    values: dict[str, Any] = {
        "id": chat_id,
        "channel": Channel.TELEGRAM,
        "status": ChatStatus.ACTIVE,
        "language": "ar",
        "title": "سلمى",
        "username": None,
        "created": NOW,
    }
    return Chat(**values | changes)


def delivery(delivery_id: int = 1, **changes: Any) -> Delivery:
    values: dict[str, Any] = {
        "id": delivery_id,
        "chat": chat(),
        "kind": DeliveryKind.ALERT,
        "alert": stored_alert(),
        "notice": None,
        "attempts": 0,
        "maybe_sent": False,
        "created": NOW,
    }
    return Delivery(**values | changes)


def site(**changes: Any) -> Site:
    values: dict[str, Any] = {
        "name": "afaq",
        "title": Title(ar="وكالة آفاق", en="Afaq Agency"),
        "publishes": (Feed(type="feed", url="https://news.example/feed"),),
    }
    return Site(**values | changes)


def stored_article(
    title: str = "موسكو وطهران تبحثان الملاحة في بحر قزوين",
    text: str = "بحث وفد من موسكو مع نظيره في طهران خطوط الملاحة الجديدة.",
    *,
    published: datetime | None = NOW - timedelta(hours=1),
    **changes: Any,
) -> StoredArticle:
    article = Article(
        site="afaq",
        url="https://news.example/2026/caspian",
        key="news.example/2026/caspian",
        title=title,
        text=text,
        published=published,
    )
    values: dict[str, Any] = {"id": 5, "article": article, "first_seen": NOW}
    return StoredArticle(**values | changes)

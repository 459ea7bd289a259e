"""Whether an article becomes an alert: pure; every Skip says why in a sentence."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from alerts.matching.quote import mark, quote, shown_words
from models.alert import Alert, Decision, Skip, TopicMatch
from models.article import StoredArticle
from models.duration import format_duration
from models.match import Document, Verdict
from models.site import Site
from models.text import Localized

FIRST_CRAWL_ALERTS = 3
_NOTHING: Mapping[str, str] = {}


def decide(
    *,
    article: StoredArticle,
    verdicts: Sequence[Verdict],
    site: Site,
    topics: Mapping[str, Localized],
    already_alerted: AbstractSet[str],
    repeats: Mapping[str, str] = _NOTHING,
    backlog_alerts: int,
    now: datetime,
) -> Decision:
    """An Alert for the topics that this story has not alerted yet, or a Skip.

    `verdicts`: those of the article (one that did not fire is ignored). `already_alerted`: the
    topics that its story alerted. `repeats`: those of its topics on which who has the story is told
    again, each with the reason. `backlog_alerts`: how many alerts the articles of this site's
    first crawl have made so far.
    """
    fired = [verdict for verdict in verdicts if verdict.fired]
    fresh = [
        verdict
        for verdict in fired
        if verdict.topic not in already_alerted or verdict.topic in repeats
    ]
    reason = (
        _unmatched(fired, fresh)
        or _withdrawn(article)
        or _too_old(article, site, now)
        or _flood(article, backlog_alerts)
    )
    if reason:
        return Skip(reason)
    why = dict.fromkeys(repeats[verdict.topic] for verdict in fresh if verdict.topic in repeats)
    return _alert(article, fresh, site, topics, "; ".join(why) or None)


def _unmatched(fired: Sequence[Verdict], fresh: Sequence[Verdict]) -> str | None:
    if not fired:
        return "no topic matched"
    if not fresh:
        names = ", ".join(verdict.topic for verdict in fired)
        return f"the story was alerted before on every topic that matched ({names})"
    return None


def _withdrawn(article: StoredArticle) -> str | None:
    return "the site has withdrawn the article" if article.withdrawn else None


def _too_old(article: StoredArticle, site: Site, now: datetime) -> str | None:
    if site.max_age is None:
        return None
    limit = f"max_age of {site.name} is {format_duration(site.max_age)}"
    published = article.article.published
    if published is None:
        # A new address on a known site is news; one that the first crawl listed may be of any age.
        if article.backlog:
            return f"it has no date and was listed by the site's first crawl ({limit})"
        return None
    if now - published > site.max_age:
        return f"it was published on {published:%Y-%m-%d %H:%M} UTC, too long ago ({limit})"
    return None


def _flood(article: StoredArticle, backlog_alerts: int) -> str | None:
    if article.backlog and backlog_alerts >= FIRST_CRAWL_ALERTS:
        return f"a site's first crawl makes at most {FIRST_CRAWL_ALERTS} alerts"
    return None


def _alert(
    stored: StoredArticle,
    verdicts: Sequence[Verdict],
    site: Site,
    topics: Mapping[str, Localized],
    repeats: str | None,
) -> Alert:
    article = stored.article
    hits = tuple(dict.fromkeys(hit for verdict in verdicts for hit in verdict.hits))
    document = Document(title=article.title, text=article.text)
    return Alert(
        article_id=stored.id,
        url=article.url,
        site=site.name,
        source=site.title.localized(),
        title=mark(article.title, "title", hits),
        quote=quote(document, hits),
        topics=tuple(_topic_match(verdict, topics) for verdict in verdicts),
        published=article.published,
        first_seen=stored.first_seen,
        repeats=repeats,
    )


def _topic_match(verdict: Verdict, topics: Mapping[str, Localized]) -> TopicMatch:
    return TopicMatch(
        topic=verdict.topic,
        title=topics.get(verdict.topic, Localized(verdict.topic)),
        words=shown_words(verdict.hits),
        score=verdict.score,
    )

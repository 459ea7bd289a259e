"""Decisions: an article's matches and its alert, recorded with the reason in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import delete, func, select, update

from models.alert import Alert, Decision
from models.match import Verdict
from storage.codec import alert_to_json, verdict_to_json
from storage.errors import ArticleMoved
from storage.schema import alert_topics, alerts, articles, matches
from storage.stories import alerted_topics


@dataclass(frozen=True, slots=True)
class RecheckSchedule:
    """When an alerted article is asked again, after its alert."""

    after: tuple[timedelta, ...]
    within: timedelta


RECHECKS: Final = RecheckSchedule(
    after=(timedelta(hours=1), timedelta(hours=8), timedelta(hours=40)),
    within=timedelta(hours=48),
)


def next_recheck(alerted_at: datetime, done: int, now: datetime) -> datetime | None:
    """The next time to ask after `done` times; times that passed meanwhile are left out."""
    times = [alerted_at + after for after in RECHECKS.after[done:]]
    return next((time for time in times if time > now), None)


def record(
    connection: sa.Connection,
    *,
    article_id: int,
    story_id: int | None,
    verdicts: Iterable[Verdict],
    decision: Decision,
    rules_version: str,
    now: datetime,
    version: int | None = None,
    held_until: datetime | None = None,
) -> int | None:
    """Write what was decided of an undecided article; the alert's id, or None for a Skip.

    `version` is that of the StoredArticle that was matched; `held_until`: the alert is not fanned
    out before. Raises ArticleMoved if the article
    was decided or changed meanwhile: let it roll the transaction back, the article comes again.
    """
    _mark_decided(connection, article_id, version, decision, rules_version, now)
    fired = [verdict for verdict in verdicts if verdict.fired]
    _replace_matches(connection, article_id, fired, rules_version, now)
    if not isinstance(decision, Alert):
        return None
    if story_id is None:
        raise ValueError("an alert belongs to a story")
    _schedule_rechecks(connection, article_id, now)
    return _insert_alert(connection, story_id, decision, now, held_until)


def add_alert(connection: sa.Connection, story_id: int, alert: Alert, now: datetime) -> int:
    """Another alert on an article that is decided already; its id."""
    _schedule_rechecks(connection, alert.article_id, now)
    return _insert_alert(connection, story_id, alert, now)


def backlog_alerts(connection: sa.Connection, site: str) -> int:
    """How many alerts came from the backlog of the site."""
    return connection.execute(
        select(func.count()).select_from(alerts).where(alerts.c.site == site, alerts.c.backlog)
    ).scalar_one()


def _mark_decided(
    connection: sa.Connection,
    article_id: int,
    version: int | None,
    decision: Decision,
    rules_version: str,
    now: datetime,
) -> None:
    is_same = articles.c.version == version if version is not None else sa.true()
    marked = connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.state == "undecided", is_same)
        .values(
            state="decided",
            decision="alert" if isinstance(decision, Alert) else "skip",
            reason=_reason(decision),
            rules_version=rules_version,
            decided_at=now,
            first_decided_at=func.coalesce(
                articles.c.first_decided_at, sa.literal(now, articles.c.first_decided_at.type)
            ),
        )
    )
    if not marked.rowcount:
        raise ArticleMoved(article_id)


def _reason(decision: Decision) -> str:
    if isinstance(decision, Alert):
        return "alert on " + ", ".join(match.topic for match in decision.topics)
    return decision.reason


def _replace_matches(
    connection: sa.Connection,
    article_id: int,
    fired: Sequence[Verdict],
    rules_version: str,
    now: datetime,
) -> None:
    connection.execute(delete(matches).where(matches.c.article_id == article_id))
    rows = [
        {
            "article_id": article_id,
            "topic": verdict.topic,
            "score": verdict.score,
            "verdict": verdict_to_json(verdict),
            "rules_version": rules_version,
            "matched_at": now,
        }
        for verdict in fired
    ]
    if rows:
        connection.execute(sa.insert(matches), rows)


def _insert_alert(
    connection: sa.Connection,
    story_id: int,
    alert: Alert,
    now: datetime,
    held_until: datetime | None = None,
) -> int:
    of_article = select(articles.c.backlog).where(articles.c.id == alert.article_id)
    alert_id = connection.execute(
        sa.insert(alerts)
        .values(
            story_id=story_id,
            article_id=alert.article_id,
            site=alert.site,
            backlog=of_article.scalar_subquery(),
            content=alert_to_json(alert),
            created=now,
            held_until=held_until,
            repeats=alert.repeats,
        )
        .returning(alerts.c.id)
    ).scalar_one()
    told = alerted_topics(connection, story_id) if alert.repeats else frozenset[str]()
    fresh = [
        {"story_id": story_id, "topic": match.topic, "alert_id": alert_id}
        for match in alert.topics
        if match.topic not in told
    ]
    if fresh:
        connection.execute(sa.insert(alert_topics), fresh)
    return int(alert_id)


def _schedule_rechecks(connection: sa.Connection, article_id: int, now: datetime) -> None:
    """From its first alert on: another alert on the same article asks no more often."""
    connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.alerted_at.is_(None))
        .values(alerted_at=now, next_recheck_at=next_recheck(now, 0, now))
    )

"""What is watched from outside; read from the database, every way of running tells the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import func, select

from models.crawl import SiteState
from models.delivery import DeliveryKind, DeliveryState
from storage.dialect import seconds_between
from storage.operating import is_paused
from storage.schema import alerts, articles, deliveries, is_open, links, matches, sites
from storage.sites import site_states

WINDOW = timedelta(hours=24)
"""What is counted and timed is that of the last 24 hours."""

BOUNDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0)
"""Upper bounds of the histograms' buckets, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """`counts`: how many took at most so long, one a bound of BOUNDS; `count`: all of them."""

    counts: tuple[int, ...]
    count: int
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One look. `outbox`: messages that are still to go, by state; `settled`: messages of the
    window by how they ended; `oldest_due`: since when the longest overdue message waits; `times`:
    step -> how long it took; `sites`: those that are crawled."""

    sites: Sequence[SiteState]
    intervals: Mapping[str, timedelta]
    undecided: int
    articles: Mapping[str, int]
    matches: Mapping[str, int]
    alerts: int
    outbox: Mapping[str, int]
    oldest_due: datetime | None
    settled: Mapping[str, int]
    paused: bool
    times: Mapping[str, Histogram]


def snapshot(connection: sa.Connection, now: datetime) -> Snapshot:
    since = now - WINDOW
    rows = connection.execute(
        select(sites.c.site, sites.c.interval_seconds).where(sites.c.scheduled)
    )
    intervals = {row.site: timedelta(seconds=row.interval_seconds) for row in rows}
    return Snapshot(
        sites=[state for state in site_states(connection) if state.site in intervals],
        intervals=intervals,
        undecided=_count(connection, articles.c.state == "undecided"),
        articles=_by(connection, articles.c.site, articles.c.first_seen >= since),
        matches=_by(connection, matches.c.topic, matches.c.matched_at >= since),
        alerts=_count(connection, alerts.c.created >= since),
        outbox=_by(connection, deliveries.c.state, is_open()),
        oldest_due=connection.scalar(
            select(func.min(deliveries.c.due_at)).where(is_open(), deliveries.c.due_at <= now)
        ),
        settled=_by(
            connection, deliveries.c.state, sa.not_(is_open()), deliveries.c.settled_at >= since
        ),
        paused=is_paused(connection),
        times=_times(connection, since),
    )


def _times(connection: sa.Connection, since: datetime) -> dict[str, Histogram]:
    """As storage.times tells them site by site: no backlog, nothing that was wanted later."""
    in_time = articles.c.first_seen >= since, sa.not_(articles.c.backlog)
    sent = (
        alerts.c.created >= since,
        deliveries.c.kind == DeliveryKind.ALERT.value,
        deliveries.c.state == DeliveryState.SENT.value,
        deliveries.c.rank_at <= deliveries.c.created,
    )
    listed = (
        select(func.min(links.c.first_seen))
        .where(links.c.article_id == articles.c.id)
        .scalar_subquery()
    )
    seen = func.coalesce(listed, articles.c.first_seen)
    of_alert = deliveries.join(alerts, alerts.c.id == deliveries.c.alert_id)
    of_article = of_alert.join(articles, articles.c.id == alerts.c.article_id)
    return {
        "published_to_seen": _histogram(connection, articles, articles.c.published, seen, *in_time),
        "seen_to_decided": _histogram(
            connection, articles, seen, articles.c.first_decided_at, *in_time
        ),
        "decided_to_sent": _histogram(
            connection, of_alert, alerts.c.created, deliveries.c.settled_at, *sent
        ),
        "published_to_sent": _histogram(
            connection,
            of_article,
            articles.c.published,
            deliveries.c.settled_at,
            *sent,
            sa.not_(alerts.c.backlog),
        ),
    }


def _histogram(
    connection: sa.Connection,
    source: sa.FromClause,
    start: sa.ColumnElement[datetime],
    end: sa.ColumnElement[datetime],
    *conditions: sa.ColumnElement[bool],
) -> Histogram:
    taken = seconds_between(connection, start, end)
    seconds = (
        # a time in the future, as some sites give it, counts as none
        select(sa.case((taken < 0, 0.0), else_=taken).label("seconds"))
        .select_from(source)
        .where(start.is_not(None), end.is_not(None), *conditions)
        .subquery()
    )
    within = [func.count(sa.case((seconds.c.seconds <= bound, 1))) for bound in BOUNDS]
    total = func.coalesce(func.sum(seconds.c.seconds), 0.0)
    row = connection.execute(select(*within, func.count(), total).select_from(seconds)).one()
    return Histogram(counts=tuple(row[:-2]), count=row[-2], total=float(row[-1]))


def _count(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(condition)).scalar_one()


def _by(
    connection: sa.Connection,
    column: sa.ColumnElement[str],
    *conditions: sa.ColumnElement[bool],
) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).where(*conditions).group_by(column))
    return {row[0]: row[1] for row in rows}

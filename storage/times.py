"""How long articles and alerts took, site by site: what `marsad stats` shows."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import func, select

from models.delivery import DeliveryKind, DeliveryState
from storage.schema import alerts, articles, deliveries, links

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTimes:
    """One site since a moment. The lists are seconds, one an article or a message, sorted.

    `published_to_seen`: from the time that the site gives to our first sight of the address (a
    time in the future counts as 0). `seen_to_decided`: until its first decision; fetching and
    matching are in it. `decided_to_sent`: from the alert to each message that arrived; messages
    that a subscriber wanted later are left out. `hourly`: articles of each hour of the first day.
    """

    site: str
    articles: int
    backlog: int
    alerts: int
    published_to_seen: tuple[float, ...]
    seen_to_decided: tuple[float, ...]
    decided_to_sent: tuple[float, ...]
    hourly: tuple[int, ...]


def site_times(connection: sa.Connection, since: datetime) -> list[SiteTimes]:
    """Each site that stored an article, alerted or was told of since then, by name. The backlog
    of a first crawl is counted, not timed: it was published long before."""
    stored: dict[str, int] = defaultdict(int)
    hourly: dict[str, Counter[int]] = defaultdict(Counter)
    backlog: dict[str, int] = defaultdict(int)
    seen_after: dict[str, list[float]] = defaultdict(list)
    decided_after: dict[str, list[float]] = defaultdict(list)
    for row in _articles(connection, since):
        stored[row.site] += 1
        hourly[row.site][(row.first_seen - since) // _HOUR] += 1
        if row.backlog:
            backlog[row.site] += 1
            continue
        seen = min(row.listed or row.first_seen, row.first_seen)
        if row.published is not None:
            seen_after[row.site].append(max(0.0, (seen - row.published).total_seconds()))
        if row.first_decided_at is not None:
            decided_after[row.site].append((row.first_decided_at - seen).total_seconds())
    sent_after = _sent_after(connection, since)
    alerted = _alerted(connection, since)
    return [
        SiteTimes(
            site=site,
            articles=stored[site],
            backlog=backlog[site],
            alerts=alerted.get(site, 0),
            published_to_seen=tuple(sorted(seen_after[site])),
            seen_to_decided=tuple(sorted(decided_after[site])),
            decided_to_sent=tuple(sorted(sent_after.get(site, ()))),
            hourly=tuple(hourly[site][hour] for hour in range(24)),
        )
        for site in sorted({*stored, *alerted, *sent_after})
    ]


def percentile(ordered: tuple[float, ...], share: float) -> float | None:
    """The least value that this share of them does not exceed (nearest rank); None of none."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _articles(connection: sa.Connection, since: datetime) -> Iterable[sa.Row[tuple[object, ...]]]:
    listed = (
        select(func.min(links.c.first_seen))
        .where(links.c.article_id == articles.c.id)
        .scalar_subquery()
    )
    return connection.execute(
        select(
            articles.c.site,
            articles.c.published,
            articles.c.first_seen,
            articles.c.first_decided_at,
            articles.c.backlog,
            sa.type_coerce(listed, articles.c.first_seen.type).label("listed"),
        ).where(articles.c.first_seen >= since)
    )


def _alerted(connection: sa.Connection, since: datetime) -> dict[str, int]:
    rows = connection.execute(
        select(alerts.c.site, func.count()).where(alerts.c.created >= since).group_by(alerts.c.site)
    )
    return {row[0]: row[1] for row in rows}


def _sent_after(connection: sa.Connection, since: datetime) -> dict[str, list[float]]:
    rows = connection.execute(
        select(alerts.c.site, alerts.c.created, deliveries.c.settled_at)
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .where(
            alerts.c.created >= since,
            deliveries.c.kind == DeliveryKind.ALERT.value,
            deliveries.c.state == DeliveryState.SENT.value,
            deliveries.c.settled_at.is_not(None),
            # a message that waits for the subscriber's hour is ranked by that hour
            deliveries.c.rank_at <= deliveries.c.created,
        )
    )
    seconds: dict[str, list[float]] = defaultdict(list)
    for site, created, settled in rows:
        seconds[site].append((settled - created).total_seconds())
    return seconds

"""Which sites are due, and how their crawls ended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select, update

from models.crawl import CrawlOutcome, CrawlReport, SiteState
from storage.dialect import insert
from storage.schema import articles, sites

# A site that is crawled by hand and that no configuration names: it is never due.
_UNSCHEDULED = timedelta(hours=1)


def sync_sites(
    connection: sa.Connection, intervals: Mapping[str, timedelta], now: datetime
) -> None:
    """Make the given sites, and no others, due by their intervals; new ones are due now."""
    connection.execute(
        update(sites).where(sites.c.site.not_in(list(intervals))).values(scheduled=False)
    )
    for site, interval in intervals.items():
        _schedule(connection, site, interval, now)


def _schedule(connection: sa.Connection, site: str, interval: timedelta, now: datetime) -> None:
    seconds = int(interval.total_seconds())
    _add(connection, site, now, scheduled=True, interval_seconds=seconds)
    connection.execute(
        update(sites).where(sites.c.site == site, ~sites.c.scheduled).values(due_at=now)
    )
    connection.execute(
        update(sites).where(sites.c.site == site).values(scheduled=True, interval_seconds=seconds)
    )


def _add(
    connection: sa.Connection, site: str, now: datetime, *, scheduled: bool, interval_seconds: int
) -> None:
    connection.execute(
        insert(connection, sites)
        .values(
            site=site,
            scheduled=scheduled,
            interval_seconds=interval_seconds,
            due_at=now,
            first_crawl_done=False,
            failures=0,
        )
        .on_conflict_do_nothing()
    )


def due_sites(connection: sa.Connection, now: datetime) -> list[SiteState]:
    """The scheduled sites whose time has come, the longest overdue first.

    A due time further ahead than twice the interval means that the clock was set back, or the
    interval shortened: the site is due.
    """
    rows = connection.execute(
        select(sites).where(sites.c.scheduled).order_by(sites.c.due_at, sites.c.site)
    )
    return [_state(connection, row) for row in rows.all() if _is_due(row, now)]


def _is_due(row: Any, now: datetime) -> bool:
    ahead: timedelta = row.due_at - now
    return not timedelta(0) < ahead <= 2 * timedelta(seconds=row.interval_seconds)


def site_states(connection: sa.Connection) -> list[SiteState]:
    """All sites that were ever known, by name."""
    rows = connection.execute(select(sites).order_by(sites.c.site))
    return [_state(connection, row) for row in rows.all()]


def start_crawl(connection: sa.Connection, site: str, now: datetime) -> None:
    """The site stays due until finish_crawl: a crawl that a crash ended is repeated."""
    _add(
        connection,
        site,
        now,
        scheduled=False,
        interval_seconds=int(_UNSCHEDULED.total_seconds()),
    )
    connection.execute(update(sites).where(sites.c.site == site).values(last_started=now))


def finish_crawl(connection: sa.Connection, report: CrawlReport, due_at: datetime) -> None:
    """Record how the crawl ended and when the site is due again."""
    is_ok = report.outcome is CrawlOutcome.OK
    outcome: dict[str, object] = {
        "due_at": due_at,
        "last_finished": report.finished,
        "last_outcome": report.outcome.value,
        "last_problem": report.problems[0] if report.problems else None,
        "failures": 0 if is_ok else sites.c.failures + 1,
    }
    if is_ok:
        outcome |= {"first_crawl_done": True, "last_success": report.finished}
    connection.execute(update(sites).where(sites.c.site == report.site).values(outcome))


def first_crawl_done(connection: sa.Connection, site: str) -> bool:
    """False for a site that is not known yet."""
    return bool(connection.scalar(select(sites.c.first_crawl_done).where(sites.c.site == site)))


def _state(connection: sa.Connection, row: Any) -> SiteState:
    stored = select(sa.func.count()).select_from(articles).where(articles.c.site == row.site)
    return SiteState(
        site=row.site,
        due_at=row.due_at,
        first_crawl_done=row.first_crawl_done,
        last_started=row.last_started,
        last_finished=row.last_finished,
        last_success=row.last_success,
        last_outcome=CrawlOutcome(row.last_outcome) if row.last_outcome else None,
        last_problem=row.last_problem,
        failures=row.failures,
        articles=connection.execute(stored).scalar_one(),
    )

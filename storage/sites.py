"""Which sites are due, and how their crawls ended."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy import null, select, update

from models.access import Access, Proof
from models.crawl import CrawlOutcome, CrawlReport, SiteState
from models.health import UNJUDGED, Health
from storage.dialect import insert
from storage.schema import articles, sites

# A site that is crawled by hand and that no configuration names: it is never due.
_UNSCHEDULED = timedelta(hours=1)

_HEALTH = TypeAdapter(Health)
_ACCESS = TypeAdapter(Access)
_PROOF = TypeAdapter(Proof)


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
    """A site that comes back is due now; one with another interval than before within it."""
    seconds = int(interval.total_seconds())
    _add(connection, site, now, scheduled=True, interval_seconds=seconds)
    of_site = update(sites).where(sites.c.site == site)
    connection.execute(of_site.where(~sites.c.scheduled).values(due_at=now))
    connection.execute(
        of_site.where(sites.c.interval_seconds != seconds, sites.c.due_at > now + interval).values(
            due_at=now + interval, rhythm=None
        )
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


def due_sites(connection: sa.Connection, now: datetime) -> list[str]:
    """The scheduled sites whose time has come, the longest overdue first.

    A last crawl that ended further ahead than the interval means that the clock was set back: the
    site is due.
    """
    columns = (sites.c.site, sites.c.due_at, sites.c.interval_seconds, sites.c.last_finished)
    rows = connection.execute(
        select(*columns).where(sites.c.scheduled).order_by(sites.c.due_at, sites.c.site)
    )
    return [row.site for row in rows if _is_due(row, now)]


def _is_due(row: Any, now: datetime) -> bool:
    last: datetime = row.last_finished or row.due_at
    return row.due_at <= now or last > now + timedelta(seconds=row.interval_seconds)


def site_states(connection: sa.Connection) -> list[SiteState]:
    """All sites that were ever known, by name."""
    rows = connection.execute(select(sites).order_by(sites.c.site))
    stored = articles_of(connection)
    return [replace(_state(row), articles=stored.get(row.site, 0)) for row in rows.all()]


def scheduled_states(connection: sa.Connection) -> list[SiteState]:
    """Those that are crawled, without the number of their articles."""
    rows = connection.execute(select(sites).where(sites.c.scheduled).order_by(sites.c.site))
    return [_state(row) for row in rows]


def articles_of(connection: sa.Connection, names: Collection[str] | None = None) -> dict[str, int]:
    """How many articles are stored, by site; those that have none are left out."""
    counted = select(articles.c.site, sa.func.count()).group_by(articles.c.site)
    if names is not None:
        counted = counted.where(articles.c.site.in_(list(names)))
    return {row[0]: int(row[1]) for row in connection.execute(counted)}


def site_state(connection: sa.Connection, site: str) -> SiteState | None:
    """Without the number of its articles."""
    row = connection.execute(select(sites).where(sites.c.site == site)).one_or_none()
    return None if row is None else _state(row)


def crawl_delays(connection: sa.Connection) -> dict[str, timedelta]:
    """What the robots.txt of sites asked for at their last crawl, where they ask for any."""
    rows = connection.execute(select(sites.c.site, sites.c.crawl_delay_seconds))
    return {row[0]: timedelta(seconds=row[1]) for row in rows if row[1]}


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


def finish_crawl(
    connection: sa.Connection,
    report: CrawlReport,
    due_at: datetime,
    *,
    rhythm: str | None = None,
    health: Health | None = None,
    access: Access | None = None,
    proof: Proof | None = None,
) -> None:
    """Record how the crawl ended, when the site is due again and why not by its interval. None
    leaves its health and its proof as they were; `access` None: it lets programs in."""
    is_ok = report.outcome is CrawlOutcome.OK
    outcome: dict[str, object] = {
        "due_at": due_at,
        "rhythm": rhythm,
        "last_finished": report.finished,
        "last_outcome": report.outcome.value,
        "last_problem": report.problems[0] if report.problems else None,
        "failures": 0 if is_ok else sites.c.failures + 1,
    }
    if is_ok:
        delay = report.crawl_delay
        outcome |= {
            "first_crawl_done": True,
            "last_success": report.finished,
            "crawl_delay_seconds": delay.total_seconds() if delay is not None else None,
        }
    if report.new:
        outcome["last_new"] = report.finished
    outcome["access"] = _ACCESS.dump_python(access, mode="json") if access is not None else null()
    if health is not None:
        outcome["health"] = _HEALTH.dump_python(health, mode="json")
    if proof is not None:
        outcome["proof"] = _PROOF.dump_python(proof, mode="json")
    connection.execute(update(sites).where(sites.c.site == report.site).values(outcome))


def proofs(connection: sa.Connection) -> dict[str, Proof]:
    """How the last try of each site's ways went, by name."""
    rows = connection.execute(select(sites.c.site, sites.c.proof))
    return {row.site: _PROOF.validate_python(row.proof) for row in rows if row.proof}


def make_due(connection: sa.Connection, names: Iterable[str], now: datetime) -> None:
    """As if their time had come."""
    due = sites.c.site.in_(list(names)) & (sites.c.due_at > now)
    connection.execute(update(sites).where(due).values(due_at=now))


def record_proofs(connection: sa.Connection, proofs: Mapping[str, Proof], now: datetime) -> None:
    """How a try of sites' ways went, outside of a crawl. One that it passed at last makes a site
    due, and its own ways with it where it blocked them."""
    interval = int(_UNSCHEDULED.total_seconds())
    for site, proof in proofs.items():
        _add(connection, site, now, scheduled=False, interval_seconds=interval)
        of_site = update(sites).where(sites.c.site == site)
        connection.execute(of_site.values(proof=_PROOF.dump_python(proof, mode="json")))
        if proof.passed:
            _ask_again(connection, site, now)


def _ask_again(connection: sa.Connection, site: str, now: datetime) -> None:
    of_site = sites.c.site == site
    row = connection.execute(select(sites.c.failures, sites.c.access).where(of_site)).one()
    if row.access:
        access = replace(_ACCESS.validate_python(row.access), again_at=now)
        dumped = _ACCESS.dump_python(access, mode="json")
        connection.execute(update(sites).where(of_site).values(access=dumped))
    if row.access or row.failures:
        connection.execute(update(sites).where(of_site).values(due_at=now))


def first_crawl_done(connection: sa.Connection, site: str) -> bool:
    """False for a site that is not known yet."""
    return bool(connection.scalar(select(sites.c.first_crawl_done).where(sites.c.site == site)))


def _state(row: Any) -> SiteState:
    delay = row.crawl_delay_seconds
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
        last_new=row.last_new,
        rhythm=row.rhythm,
        crawl_delay=timedelta(seconds=delay) if delay is not None else None,
        health=_HEALTH.validate_python(row.health) if row.health else UNJUDGED,
        access=_ACCESS.validate_python(row.access) if row.access else None,
        proof=_PROOF.validate_python(row.proof) if row.proof else None,
    )

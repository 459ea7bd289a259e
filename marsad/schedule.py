"""When which site is crawled: APScheduler is the clock over our own table of due times."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.crawl import CrawlReport, SiteState
from models.site import Site
from storage import sites
from storage.database import Database

log = structlog.get_logger(__name__)

TICK_SECONDS = 1
MOST_CRAWLS_AT_ONCE = 8
# Sites of one interval drift apart instead of asking all at once.
JITTER = 0.1

Crawl = Callable[[Site], Awaitable[CrawlReport]]


def next_due(started: datetime, finished: datetime, every: timedelta, share: float) -> datetime:
    """The next look at a site: its interval after the last start, moved by up to a tenth of it
    (`share` in -1..1), and never before the crawl is over."""
    return max(started + every * (1 + JITTER * share), finished)


class Schedule:
    """Keeps 'which sites are due' and 'crawl this one site' apart. Due times live in the
    database in UTC: APScheduler's own job store loses due jobs after downtime and runs them twice
    with two processes (docs/decisions/0008-one-process.md)."""

    def __init__(
        self,
        database: Database,
        current: Callable[[], Mapping[str, Site]],
        crawl: Crawl,
        now: Callable[[], datetime],
        crawled: Callable[[], None],
    ) -> None:
        self._database = database
        self._current = current
        self._crawl = crawl
        self._now = now
        self._crawled = crawled
        self._running: dict[str, asyncio.Task[CrawlReport | None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Start what is due, every second, until `stop`; then end the crawls that run."""
        await self.sync()
        scheduler = AsyncIOScheduler(timezone=UTC)
        scheduler.add_job(
            self.start_due,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=self._now(),
            max_instances=1,
            coalesce=True,
            # None: a tick that is late runs all the same (the default drops it after a second).
            misfire_grace_time=None,
        )
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.pause()
            await self._end_crawls()
            scheduler.shutdown(wait=False)

    async def sync(self) -> None:
        """Make the table of due times hold exactly the enabled sites of the configuration."""
        intervals = {name: site.every for name, site in self._current().items() if site.enabled}
        await self._database.write(lambda c: sites.sync_sites(c, intervals, self._now()))

    async def start_due(self) -> None:
        """Start a crawl for each due site, one run a site at a time."""
        for state in await self._due():
            if len(self._running) >= MOST_CRAWLS_AT_ONCE:
                return
            site = self._current().get(state.site)
            if site is not None and site.enabled and site.name not in self._running:
                self._running[site.name] = asyncio.create_task(self.crawl_one(site))

    async def crawl_due(self, deadline_seconds: float) -> list[CrawlReport]:
        """Crawl everything that is due now, once; what is not done at the deadline is ended and
        stays due."""
        await self.sync()
        due = [self._current()[state.site] for state in await self._due()]
        gate = asyncio.Semaphore(MOST_CRAWLS_AT_ONCE)

        async def crawl(site: Site) -> CrawlReport | None:
            async with gate:
                return await self.crawl_one(site)

        tasks = {site.name: asyncio.create_task(crawl(site)) for site in due}
        if not tasks:
            return []
        done, late = await asyncio.wait(tasks.values(), timeout=max(0.0, deadline_seconds))
        await _cancel(late)
        return [report for task in done if (report := task.result()) is not None]

    async def _due(self) -> list[SiteState]:
        return await self._database.read(lambda c: sites.due_sites(c, self._now()))

    async def crawl_one(self, site: Site) -> CrawlReport | None:
        """Crawl a site and record how it went; None if Marsad itself failed (it is logged)."""
        structlog.contextvars.bind_contextvars(site=site.name)
        started = self._now()
        try:
            await self._database.write(lambda c: sites.start_crawl(c, site.name, started))
            report = await self._crawl(site)
            due = next_due(started, self._now(), site.every, random.uniform(-1, 1))  # noqa: S311
            await self._database.write(lambda c: sites.finish_crawl(c, report, due))
        except Exception:
            log.exception("crawl failed inside Marsad")
            return None
        finally:
            self._running.pop(site.name, None)
            self._crawled()
        return report

    async def _end_crawls(self) -> None:
        await _cancel(list(self._running.values()))


async def _cancel(tasks: "Collection[asyncio.Task[CrawlReport | None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

"""When which site is crawled: APScheduler is the clock over our own table of due times."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from marsad.access import (
    after_look,
    is_untried,
    proof_after,
    proof_of_articles,
    read_now,
)
from marsad.access import change as access_change
from marsad.clock import utc_now
from marsad.health import change, judge
from marsad.rhythm import next_look
from models.access import Proof
from models.crawl import CrawlOutcome, CrawlReport, SiteState
from models.health import UNJUDGED
from models.site import Site
from storage import sites
from storage.database import Connection, Database
from storage.errors import DatabaseFailed

log = structlog.get_logger(__name__)

TICK_SECONDS = 1
OWN_FAULT_SECONDS = 60.0
# A crawl mostly waits: for its host's delay, for answers that do not come. With a small number a
# few slow sites would delay all others.
MOST_CRAWLS_AT_ONCE = 100
# What happens to many sites at once, as when the line is down, is told in one message.
_TOLD_AFTER = timedelta(seconds=30)
_MOST_TOLD = 10
# The first looks at new sites are their probes. They are spread over so many seconds.
_FIRST_LOOKS_SECONDS = 10
_LEAST_FIRST_LOOKS = 4
# The table of probes does not wait longer for a site that is read slowly: it is proven as soon as
# an article is stored, and otherwise in a later table.
_TABLE_AFTER = timedelta(seconds=90)

Crawl = Callable[[Site], Awaitable[CrawlReport]]
Tell = Callable[[str], Awaitable[None]]
Probed = Callable[[Mapping[str, Proof]], Awaitable[None]]


class Tick(Protocol):
    """An APScheduler job."""

    next_run_time: datetime

    def modify(self, *, next_run_time: datetime) -> object: ...


async def nothing_waits() -> None:
    """Nobody waits for a time of day."""


async def nobody(text: str) -> None:
    """Told to nobody but the log."""


async def noted(proofs: Mapping[str, Proof]) -> None:
    log.info(
        "sites probed",
        passed=sorted(name for name, proof in proofs.items() if proof.passed),
        not_passed={name: proof.how for name, proof in proofs.items() if not proof.passed},
    )


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
        tell: Tell = nobody,
    ) -> None:
        """`tell`: an operator's notice of sites that have gone blind or are well again. `probed`
        (an attribute): told once the first look at each new site is done. `may_crawl` (another):
        whether there is room for what a crawl finds. `clock_set_back` (a third) hastens what waits
        for a time that is far ahead now."""
        self._database = database
        self._current = current
        self._crawl = crawl
        self._now = now
        self._crawled = crawled
        self.tell = tell
        self.probed: Probed = noted
        self.clock_set_back: Callable[[], Awaitable[None]] = nothing_waits
        self.may_crawl: Callable[[], bool] = lambda: True
        self._synced = False
        self._is_ending = False
        self._untried: set[str] = set()
        self._proofs: dict[str, Proof] = {}
        self._first_looks = _LEAST_FIRST_LOOKS
        self._probing_since = now()
        self._changes: list[tuple[datetime, str]] = []
        self._running: dict[str, asyncio.Task[CrawlReport | None]] = {}
        self._not_before: dict[str, float] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Start what is due, every second, until `stop`; then end the crawls that run."""
        await self.sync()
        scheduler = AsyncIOScheduler(timezone=UTC)
        job = scheduler.add_job(
            self.start_due,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=utc_now(),
            max_instances=1,
            coalesce=True,
            # None: a tick that is late runs all the same (the default drops it after a second).
            misfire_grace_time=None,
        )
        scheduler.start()
        ticking = asyncio.create_task(self.keep_ticking(job))
        try:
            await stop.wait()
        finally:
            # A tick that is under way starts none any more.
            self._is_ending = True
            ticking.cancel()
            scheduler.shutdown(wait=False)
            await self._end_crawls()

    async def keep_ticking(self, job: Tick, every: float = TICK_SECONDS) -> None:
        """APScheduler waits for a time of day: with the clock set back an hour it would wait an
        hour. Then its next tick is now, and whoever waits for a time is told."""
        while True:
            await asyncio.sleep(every)
            ahead = (job.next_run_time - utc_now()).total_seconds()
            if ahead > 2 * TICK_SECONDS:
                log.warning("the clock was set back", seconds=round(ahead))
                job.modify(next_run_time=utc_now())
                try:
                    await self.clock_set_back()
                except DatabaseFailed as error:
                    log.error("what waits for a time waits on", reason=str(error))

    async def sync(self) -> None:
        """Make the table of due times hold exactly the enabled sites of the configuration. One
        whose ways were changed is due now."""
        enabled = {name: site for name, site in self._current().items() if site.enabled}
        self._synced = False
        untried = await self._database.write(lambda c: _sync(c, enabled, self._now()))
        self._synced = True
        self._untried = untried
        self._probing_since = self._now()
        self._first_looks = max(_LEAST_FIRST_LOOKS, -(-len(untried) // _FIRST_LOOKS_SECONDS))

    async def start_due(self) -> None:
        """Start a crawl for each due site, one run a site at a time; none while there is no room
        for what it would find."""
        try:
            if self.may_crawl():
                await self._start_due()
                # Last: what cannot be told keeps no site from being read.
                await self._tell_changes(self._now() - _TOLD_AFTER)
                await self._tell_probed()
            else:
                await self._end_crawls()
        except DatabaseFailed as error:
            log.error("crawls wait for the database", reason=str(error))

    async def _start_due(self) -> None:
        if not self._synced:
            await self.sync()
        first_looks = 0
        for name in await self._due():
            if self._is_ending or len(self._running) >= MOST_CRAWLS_AT_ONCE:
                return
            site = self._current().get(name)
            if site is not None and site.enabled and self._may_start(site.name):
                if name in self._untried:
                    first_looks += 1
                    if first_looks > self._first_looks:
                        continue
                self._running[site.name] = asyncio.create_task(self.crawl_one(site))

    async def crawl_due(self, deadline_seconds: float) -> list[CrawlReport]:
        """Crawl everything that is due now, once; what is not done at the deadline is ended and
        stays due."""
        if not self.may_crawl():
            return []
        await self.sync()
        due = [self._current()[name] for name in await self._due()]
        gate = asyncio.Semaphore(MOST_CRAWLS_AT_ONCE)

        async def crawl(site: Site, after_seconds: float) -> CrawlReport | None:
            await asyncio.sleep(after_seconds)
            async with gate:
                return await self.crawl_one(site)

        first = [site.name for site in due if site.name in self._untried]
        tasks = {
            site.name: asyncio.create_task(
                crawl(site, first.index(site.name) / self._first_looks if site.name in first else 0)
            )
            for site in due
        }
        if not tasks:
            return []
        try:
            await asyncio.wait(tasks.values(), timeout=max(0.0, deadline_seconds))
        finally:
            done = [task for task in tasks.values() if task.done()]
            await _cancel([task for task in tasks.values() if not task.done()])
        await self._tell_changes(self._now())
        self._untried.clear()
        await self._tell_probed()
        return [report for task in done if (report := task.result()) is not None]

    def _may_start(self, name: str) -> bool:
        return (
            name not in self._running
            and asyncio.get_running_loop().time() >= self._not_before.get(name, 0.0)
        )

    async def _due(self) -> list[str]:
        return await self._database.read(lambda c: sites.due_sites(c, self._now()))

    async def crawl_one(self, site: Site) -> CrawlReport | None:
        """Crawl a site and record how it went; None if Marsad itself failed (it is logged)."""
        structlog.contextvars.bind_contextvars(site=site.name)
        started = self._now()
        is_asked = False
        try:
            await self._database.write(
                lambda c: sites.start_crawl(c, site.name, started), later=True
            )
            state = await self._database.read(lambda c: sites.site_state(c, site.name))
            is_asked = True
            report = await self._crawl(_as_read_now(site, state, started))
            share = random.uniform(-1, 1)  # noqa: S311
            changed, proof = await self._database.write(
                lambda c: _record(c, site, report, share, self._edited(site)), later=True
            )
        except DatabaseFailed as error:
            log.error("crawl waits for the database", reason=str(error))
            if is_asked:
                self._leave_alone(site)
            return None
        except Exception:
            log.exception("crawl failed inside Marsad")
            self._leave_alone(site)
            return None
        finally:
            self._running.pop(site.name, None)
            self._crawled()
        edited = self._edited(site)
        if site.name in self._untried and not (edited and is_untried(edited, proof)):
            self._untried.discard(site.name)
            self._proofs[site.name] = proof
        if changed is not None:
            log.warning("site's health changed", site=site.name, what=changed)
            self._changes.append((self._now(), changed))
        return report

    def _leave_alone(self, site: Site) -> None:
        """It is due still; it is not to be asked every second for a fault of ours."""
        self._not_before[site.name] = asyncio.get_running_loop().time() + OWN_FAULT_SECONDS

    def _edited(self, site: Site) -> Site | None:
        """The site as its file says now, if that was edited since."""
        current = self._current().get(site.name)
        return None if current == site else current

    async def _tell_changes(self, until: datetime) -> None:
        """In one message, once the first of them is old enough."""
        if not self._changes or self._changes[0][0] > until:
            return
        changes = tuple(self._changes)
        told = [text for _, text in changes[:_MOST_TOLD]]
        if len(changes) > len(told):
            told.append(f"and {len(changes) - len(told)} more: see marsad doctor")
        await self.tell("\n".join(told))
        # Only now: what the database refused is told later.
        del self._changes[: len(changes)]

    async def _tell_probed(self) -> None:
        """In one table, once each new site was looked at, or has taken long enough."""
        if self._untried and self._now() >= self._probing_since + _TABLE_AFTER:
            self._probing_since = self._now()
            self._proofs |= await self._database.write(self._proven_meanwhile)
            self._untried -= self._proofs.keys()
        elif self._untried:
            return
        if self._proofs:
            proofs, self._proofs = self._proofs, {}
            try:
                await self.probed(proofs)
            except DatabaseFailed:
                self._proofs = proofs | self._proofs
                raise

    def _proven_meanwhile(self, connection: Connection) -> dict[str, Proof]:
        """The sites that are still being read, and gave articles."""
        reading = self._untried & self._running.keys()
        proofs = {
            name: proof_of_articles(self._current()[name], count, self._now())
            for name, count in sites.articles_of(connection, reading).items()
            if name in self._current()
        }
        sites.record_proofs(connection, proofs, self._now())
        return proofs

    async def _end_crawls(self) -> None:
        await _cancel(list(self._running.values()))


async def _cancel(tasks: "Collection[asyncio.Task[CrawlReport | None]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _sync(connection: Connection, enabled: Mapping[str, Site], now: datetime) -> set[str]:
    """Those whose ways were not tried yet."""
    sites.sync_sites(connection, {name: site.every for name, site in enabled.items()}, now)
    proofs = sites.proofs(connection)
    untried = {name for name, site in enabled.items() if is_untried(site, proofs.get(name))}
    sites.make_due(connection, untried & proofs.keys(), now)
    return untried


def _as_read_now(site: Site, state: SiteState | None, now: datetime) -> Site:
    if state is None or is_untried(site, state.proof):
        return site  # that its ways of before were refused says nothing of these
    return read_now(site, state.access, now)


def _record(
    connection: Connection,
    site: Site,
    report: CrawlReport,
    share: float,
    edited: Site | None = None,
) -> tuple[str | None, Proof]:
    """What is remembered of a crawl, in one transaction; what has changed, in a sentence."""
    before = sites.site_state(connection, site.name)
    known = before.health if before is not None else UNJUDGED
    proof = proof_after(site, before.proof if before is not None else None, report)
    access = after_look(before.access if before else None, site, report, proven=proof.passed)
    health = judge(known, site, report)
    failed = report.outcome is CrawlOutcome.FAILED
    look = next_look(
        site,
        report,
        failures=(before.failures if before is not None else 0) + 1 if failed else 0,
        last_new=report.finished if report.new else before.last_new if before else None,
        share=share,
        proven=proof.passed,
    )
    sites.finish_crawl(
        connection,
        report,
        look.due,
        rhythm=look.reason,
        health=health,
        access=access,
        proof=proof,
    )
    if edited is not None and report.retry_after is None:
        # When it is due was told by a file that does not hold any more.
        sites.make_due(connection, [site.name], report.finished)
    # Of a site that never worked the table of probes tells.
    was_well = before is not None and before.last_success is not None
    lets_in = access_change(site, before.access if before is not None else None, access)
    changed = lets_in or change(site, known, health)
    return changed if was_well else None, proof

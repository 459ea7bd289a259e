"""The running Marsad: one asyncio process that crawls, decides, delivers and answers."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from alerts.dispatcher import Dispatcher
from marsad.access import notice, table
from marsad.configuration import Configuration
from marsad.pauses import keep_pauses_short
from marsad.pipeline import Pipeline
from marsad.reload import LiveConfiguration
from marsad.retention import Retention
from marsad.room import Room
from marsad.schedule import Schedule, noted
from marsad.servicemanager import ServiceManager
from marsad.terminal import subscribe_terminal
from marsad.webhooks import subscribe_webhooks
from models.access import Proof
from models.configfile import ConfigErrors
from models.crawl import CrawlOutcome, CrawlReport
from storage import outbox
from storage.database import Database
from storage.errors import DatabaseFailed

if TYPE_CHECKING:
    from alerts.telegram.bot import TelegramBot

log = structlog.get_logger(__name__)

# Of the seconds that `run --once` has, the share after which crawling ends, so that what was
# found is still decided and delivered.
CRAWL_SHARE = 0.75
# What such a round gives to deleting what is old: it comes again soon.
ONCE_SWEEP_SECONDS = 2.0
_MOST_PROBLEMS_IN_A_NOTICE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceSummary:
    """What one `run --once` did."""

    updates: int
    reports: tuple[CrawlReport, ...]
    alerts_sent: int
    pending: int
    seconds: float

    @property
    def failed_sites(self) -> tuple[str, ...]:
        return tuple(r.site for r in self.reports if r.outcome is CrawlOutcome.FAILED)

    def __str__(self) -> str:
        new = sum(report.new for report in self.reports)
        failed = f" ({', '.join(self.failed_sites)} failed)" if self.failed_sites else ""
        return (
            f"marsad: {len(self.reports)} sites crawled{failed}, {new} new articles, "
            f"{self.alerts_sent} messages sent, {self.pending} pending, "
            f"{self.updates} bot updates, {self.seconds:.1f} s"
        )


@dataclass(slots=True, kw_only=True)
class Engine:
    """The parts, wired (marsad.wiring), and the two ways of running them. `posts` takes alerts to
    webhooks. `companions` run beside
    the others until they are told to stop."""

    database: Database
    live: LiveConfiguration
    schedule: Schedule
    pipeline: Pipeline
    dispatcher: Dispatcher
    posts: Dispatcher | None
    posts_waiting: asyncio.Event
    bot: "TelegramBot | None"
    operators: frozenset[int]
    now: Callable[[], datetime]
    articles_waiting: asyncio.Event
    deliveries_waiting: asyncio.Event
    room: Room
    retention: Retention
    companions: Sequence[Callable[[asyncio.Event], Coroutine[Any, Any, None]]] = ()

    def __post_init__(self) -> None:
        self.schedule.tell = self.tell_operators
        self.schedule.clock_set_back = self._on_clock_set_back
        self.schedule.probed = self._on_probed
        self.schedule.may_crawl = lambda: self.room.is_open
        self.room.tell = self.tell_operators

    async def run(self, lost: asyncio.Event) -> None:
        """Run until SIGTERM or SIGINT, or until the instance lock is lost."""
        stop = asyncio.Event()
        _stop_on_signals(stop)
        watch_lock = asyncio.create_task(_forward(lost, stop))
        self.articles_waiting.set()
        manager = ServiceManager()
        parts: list[Coroutine[Any, Any, None]] = [
            self.live.watch(stop, self._on_change, self._on_problem),
            self.pipeline.run(stop, self.articles_waiting, self.deliveries_waiting),
            self.dispatcher.run(stop, self.deliveries_waiting),
            self.schedule.run(stop),
            self.room.watch(stop),
            self.retention.run(stop),
            manager.keep_alive(stop),
            *(companion(stop) for companion in self.companions),
        ]
        if self.posts is not None:
            parts.append(self.posts.run(stop, self.posts_waiting))
        if self.bot is not None:
            parts.append(self.bot.take_updates(stop))
        keep_pauses_short()
        manager.tell("READY=1")
        try:
            await self._run_parts(parts, stop)
        finally:
            manager.tell("STOPPING=1")
            watch_lock.cancel()
        log.info("stopped")

    async def _run_parts(self, parts: list[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
        """All parts live and end together; a part that breaks stops the others cleanly first."""
        tasks = [asyncio.create_task(part) for part in parts]
        await asyncio.wait(
            [*tasks, asyncio.create_task(stop.wait())], return_when="FIRST_COMPLETED"
        )
        stop.set()
        # The two loops that wait for work are woken to see that they are done.
        self.articles_waiting.set()
        self.deliveries_waiting.set()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    async def run_once(self, max_seconds: float) -> OnceSummary:
        """Take the waiting bot updates, crawl what is due, decide and deliver, then return."""
        began = time.monotonic()
        stop = asyncio.Event()
        _stop_on_signals(stop)

        def left() -> float:
            return 0.0 if stop.is_set() else max(0.0, began + max_seconds - time.monotonic())

        await self.room.look()
        updates = await self.bot.poll_waiting(left()) if self.bot is not None else 0
        work_done = asyncio.Event()
        deciding = asyncio.create_task(
            self.pipeline.run(work_done, self.articles_waiting, self.deliveries_waiting)
        )
        crawling = asyncio.create_task(self.schedule.crawl_due(left() * CRAWL_SHARE))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([crawling, stopping, deciding], return_when="FIRST_COMPLETED")
        if not crawling.done():
            crawling.cancel()
        reports = await _result_or_empty(crawling)
        work_done.set()
        self.articles_waiting.set()
        await deciding
        await self.pipeline.decide_waiting(stop)
        await self.pipeline.expand(stop)
        posting = asyncio.create_task(self.posts.drain(left(), stop)) if self.posts else None
        sent = await self.dispatcher.drain(left(), stop)
        if posting is not None:
            sent += await posting
        await self.retention.sweep(min(left(), ONCE_SWEEP_SECONDS), stop)
        stopping.cancel()
        return OnceSummary(
            updates=updates,
            reports=tuple(reports),
            alerts_sent=sent,
            pending=await self.database.read(outbox.open_deliveries),
            seconds=time.monotonic() - began,
        )

    async def _on_change(self, configuration: Configuration) -> None:
        log.info("configuration replaced", version=configuration.version)
        try:
            await self.schedule.sync()
            await subscribe_webhooks(self.database, configuration, self.now())
            if self.bot is None:
                await subscribe_terminal(self.database, configuration, self.now())
        except DatabaseFailed as error:
            # The schedule does it again as soon as the database answers.
            log.error("new configuration waits for the database", reason=str(error))
        keep_pauses_short()

    async def _on_problem(self, errors: ConfigErrors) -> None:
        problems = [str(problem) for problem in errors.problems]
        log.error("configuration refused; the last good one stays in force", problems=problems)
        try:
            await self.tell_operators(refusal(problems))
        except DatabaseFailed as error:
            log.error("operators could not be told", reason=str(error))

    async def _on_probed(self, proofs: Mapping[str, Proof]) -> None:
        """The first looks at new sites: the table for the terminal, what did not pass for chats."""
        print(table(proofs), file=sys.stderr)  # noqa: T201 - for the person at the terminal
        await noted(proofs)
        if not all(proof.passed for proof in proofs.values()):
            await self.tell_operators(notice(proofs))

    async def _on_clock_set_back(self) -> None:
        hastened = await self.database.write(lambda c: outbox.hasten(c, self.now()))
        log.info("retries hastened", count=hastened)
        self.deliveries_waiting.set()

    async def tell_operators(self, text: str) -> None:
        if self.operators:
            await self.database.write(
                lambda c: outbox.add_notice(c, self.operators, text, self.now())
            )
            self.deliveries_waiting.set()


def refusal(problems: Sequence[str]) -> str:
    """What operators are told of an edited configuration that holds these problems."""
    shown = [
        "The edited configuration was refused; the last good one stays in force.",
        *problems[:_MOST_PROBLEMS_IN_A_NOTICE],
    ]
    if len(problems) > _MOST_PROBLEMS_IN_A_NOTICE:
        shown.append(f"and {len(problems) - _MOST_PROBLEMS_IN_A_NOTICE} more: run marsad check")
    return "\n".join(shown)


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


async def _forward(source: asyncio.Event, target: asyncio.Event) -> None:
    await source.wait()
    target.set()


async def _result_or_empty(task: "asyncio.Task[list[CrawlReport]]") -> list[CrawlReport]:
    try:
        return await task
    except asyncio.CancelledError:
        return []

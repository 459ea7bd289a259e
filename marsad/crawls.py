"""`marsad crawl`: crawl now, into the archive or into a file of JSON lines."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)

from crawler.memory import ForgetfulMemory
from crawler.parsing import ParserPool
from marsad.clock import utc_now
from marsad.configuration import Configuration
from marsad.rows import article_row, write_row
from marsad.schedule import MOST_CRAWLS_AT_ONCE, Schedule
from marsad.settings import Settings
from marsad.wiring import locked_database, site_crawl
from models.article import Article
from models.crawl import CrawlOutcome, CrawlReport
from models.site import Site
from storage.crawls import SqlCrawlMemory


class WritingMemory(ForgetfulMemory):
    """Remembers nothing and writes each article as a JSON line."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__()
        self._stream = stream

    async def store(self, article: Article, now: datetime) -> bool:
        new = await super().store(article, now)
        if new:
            self._stream.write(write_row(article_row(article)) + "\n")
            self._stream.flush()
        return new


async def crawl_now(
    settings: Settings, configuration: Configuration, names: Sequence[str], output: Path | None
) -> tuple[str, ...]:
    """Crawl the sites, printing a line for each; the names of those that failed."""
    chosen = [configuration.sites[name] for name in names]
    async with AsyncExitStack() as stack:
        parser = ParserPool()
        stack.push_async_callback(parser.close)
        if output is None:
            database, _ = await stack.enter_async_context(locked_database(settings))
            crawl = site_crawl(settings, lambda: configuration, SqlCrawlMemory(database), parser)
            schedule = Schedule(
                database, lambda: configuration.sites, crawl, utc_now, crawled=lambda: None
            )
            await schedule.sync()
            return await _crawl_all(chosen, schedule.crawl_one)
        stream = stack.enter_context(click.open_file(str(output), "w", encoding="utf-8"))
        crawl = site_crawl(settings, lambda: configuration, WritingMemory(stream), parser)
        return await _crawl_all(chosen, crawl)


async def _crawl_all(
    chosen: Sequence[Site], crawl: Callable[[Site], Awaitable[CrawlReport | None]]
) -> tuple[str, ...]:
    gate = asyncio.Semaphore(MOST_CRAWLS_AT_ONCE)
    failed: list[str] = []
    # Standard output may be the file of articles; what a person reads goes to standard error.
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with Progress(
        TextColumn("crawling"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as progress:
        bar = progress.add_task("sites", total=len(chosen))

        async def one(site: Site) -> None:
            async with gate:
                report = await crawl(site)
            if report is None or report.outcome is CrawlOutcome.FAILED:
                failed.append(site.name)
            progress.console.print(_line(site, report), markup=False)
            progress.advance(bar)

        await asyncio.gather(*(one(site) for site in chosen))
    return tuple(sorted(failed))


def _line(site: Site, report: CrawlReport | None) -> str:
    if report is None:
        return f"{site.name}: failed inside Marsad; the log has the traceback"
    counts = f"{report.listed} listed, {report.new} new, {report.updated} updated"
    problems = "".join(f"\n  {problem}" for problem in report.problems)
    return f"{site.name}: {report.outcome.value}, {counts}{problems}"

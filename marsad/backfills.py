"""`marsad backfill` for the person at the terminal: the archive, the lock, a progress bar."""

import sys
from contextlib import AsyncExitStack
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crawler.parsing import ParserPool
from marsad.backfill import Backfill, Summary, until
from marsad.clock import utc_now
from marsad.configuration import Configuration
from marsad.lock import work_lock
from marsad.settings import Settings
from marsad.wiring import crawl_options, open_database
from models.site import Site
from storage import backfill as stored
from storage.database import Database


class DoneParts:
    """Fits marsad.backfill.Done."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self._site = site

    async def is_done(self, part: str) -> bool:
        return await self._database.read(lambda c: stored.is_done(c, self._site, part))

    async def mark_done(self, part: str) -> None:
        await self._database.write(lambda c: stored.mark_done(c, self._site, part, utc_now()))


async def run_backfill(
    settings: Settings, configuration: Configuration, site: Site, since: datetime
) -> Summary:
    """Walk the site's archive into the database, also beside `marsad run`. Raises what Backfill.run
    raises, and AlreadyRunning if the same archive is being walked already."""
    database = open_database(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        lock = work_lock(database, f"backfill-{site.name}", utc_now)
        await lock.acquire()
        stack.push_async_callback(lock.release)
        parser = ParserPool()
        bar = Progress(
            TextColumn(f"{site.name} since {since:%Y-%m-%d}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("parts, {task.fields[stored]} articles"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        task = bar.add_task("parts", total=1, stored=0)

        def advance(done: int, known: int, kept: int) -> None:
            bar.update(task, completed=done, total=known, stored=kept)

        try:
            with bar:
                return await Backfill(
                    site=site,
                    since=since,
                    memory=stored.BackfillMemory(database, since, until(site, utc_now())),
                    done=DoneParts(database, site.name),
                    parser=parser,
                    options=crawl_options(settings, configuration),
                    now=utc_now,
                    progress=advance,
                ).run()
        finally:
            await parser.close()

"""Deletes what is old, bit by bit, while Marsad runs: retention in marsad.yaml, keep of a site."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from marsad.configuration import Configuration
from storage import retention
from storage.database import Connection, Database
from storage.errors import DatabaseError

log = structlog.get_logger(__name__)

# A slice is one transaction: short, so that crawling and delivering hardly notice.
SLICE = 100
_PAUSE_SECONDS = 0.05
_FIRST_AFTER_SECONDS = 60.0
_EVERY_SECONDS = 3600.0
# With more to delete than fits into this, the next sweep comes sooner.
_SWEEP_SECONDS = 60.0
_SOON_SECONDS = 300.0
# An address is remembered so many times longer than its article, or it would be read again.
_LINKS_LONGER = 3

Slice = Callable[[Connection], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many rows went, by kind; `done`: nothing more was to go."""

    rows: dict[str, int]
    done: bool


class Retention:
    """`current` is asked anew for each sweep, so that an edit of the configuration counts."""

    def __init__(
        self,
        database: Database,
        current: Callable[[], Configuration],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._current = current
        self._now = now

    async def run(self, stop: asyncio.Event) -> None:
        """A sweep every hour until `stop`."""
        pause = _FIRST_AFTER_SECONDS
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            if stop.is_set():
                return
            try:
                swept = await self.sweep(_SWEEP_SECONDS, stop)
                pause = _EVERY_SECONDS if swept.done else _SOON_SECONDS
            except DatabaseError as error:
                log.warning("old rows stay until the database answers", reason=str(error))
                pause = _SOON_SECONDS

    async def sweep(self, seconds: float, stop: asyncio.Event | None = None) -> Swept:
        """Delete what is to go, for so many seconds at most. Raises DatabaseFailed."""
        clock = asyncio.get_running_loop().time
        ends = clock() + seconds
        rows: dict[str, int] = {}
        done = True
        for kind, step in self._steps(self._now()):
            while True:
                if clock() >= ends or (stop is not None and stop.is_set()):
                    done = False
                    break
                gone = await self._database.write(step, later=True)
                rows[kind] = rows.get(kind, 0) + gone
                if gone < SLICE:
                    break
                await asyncio.sleep(_PAUSE_SECONDS)
        deleted = {kind: count for kind, count in rows.items() if count}
        if deleted:
            log.info("old rows deleted", **deleted)
        return Swept(rows=deleted, done=done)

    def _steps(self, now: datetime) -> Iterator[tuple[str, Slice]]:
        """In an order in which what hangs on something goes before it."""
        configuration = self._current()
        wanted = configuration.general.retention
        open_since = now - configuration.general.story_window
        if wanted.deliveries is not None:
            before = now - wanted.deliveries
            yield (
                "deliveries",
                lambda c: retention.delete_deliveries(c, before, open_since, SLICE),
            )
        if wanted.versions is not None:
            replaced = now - wanted.versions
            yield "versions", lambda c: retention.delete_versions(c, replaced, SLICE)
        own = {name: site.keep for name, site in configuration.sites.items() if site.keep}
        for site, keep in own.items():
            yield "articles", partial(_articles, now, open_since, now - keep, site=site)
        if wanted.articles is not None:
            before_all = now - wanted.articles
            yield "articles", partial(_articles, now, open_since, before_all, other_than=tuple(own))
            forgotten = now - _LINKS_LONGER * max(wanted.articles, *own.values(), timedelta(0))
            yield "addresses", lambda c: retention.delete_links(c, forgotten, SLICE)
        if wanted.size is not None:
            yield "articles for room", partial(_above, wanted.size, now, open_since)
        yield "remains", lambda c: retention.delete_remains(c, now, SLICE)
        yield "pages", lambda c: retention.give_back(c, SLICE)


def _articles(
    now: datetime,
    open_since: datetime,
    before: datetime | None,
    connection: Connection,
    *,
    site: str | None = None,
    other_than: tuple[str, ...] = (),
) -> int:
    return retention.delete_articles(
        connection, before, open_since, now, SLICE, site=site, other_than=other_than
    )


def _above(size: int, now: datetime, open_since: datetime, connection: Connection) -> int:
    """The oldest articles, while the database is larger than it may be."""
    if retention.used_bytes(connection) <= size:
        return 0
    return _articles(now, open_since, None, connection)

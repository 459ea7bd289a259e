"""`marsad backfill`: walk a site's archive back to a day and store what it held; never alert."""

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import urljoin

from crawler.crawl import ask_politely
from crawler.discovery.reading import Child, Reading
from crawler.discovery.sitemap import is_dated, news_first, of_day, read_sitemap
from crawler.discovery.wordpress import PER_PAGE, archive_url, read_posts
from crawler.errors import FetchFailed, ParseFailed, blocks
from crawler.extraction.dates import parse_date
from crawler.memory import CrawlMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.spiders.site import SiteSpider
from crawler.ways import sentence
from models.article import Entry
from models.site import Search, Site, Sitemap, WordPress

# Of a single sitemap; the protocol allows as many.
_MOST_ENTRIES = 50_000
_MOST_PARTS = 10_000
# After so many parts in a row without an answer the site is left alone.
_GIVE_UP_AFTER = 5
_TOO_MANY_REQUESTS = 429
_UNTIL = timedelta(hours=24)
_MONTH = re.compile(r"(?<!\d)(20\d\d)(?:[-_/]?(0?[1-9]|1[0-2]))?(?!\d)")


class NoArchive(Exception):
    """The site names no archive that could be walked."""


class Progress(Protocol):
    """Told after each part: how many parts are done, how many are known, what was stored."""

    def __call__(self, done: int, known: int, stored: int, /) -> None: ...


class Done(Protocol):
    """Remembers which parts were read whole; storage fits by shape."""

    async def is_done(self, part: str) -> bool: ...

    async def mark_done(self, part: str) -> None: ...


@dataclass(slots=True, kw_only=True)
class Summary:
    """What a walk did. `stopped`: why it ended before its time; it goes on when it is run again."""

    parts: int = 0
    stored: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)
    stopped: str | None = None


def until(site: Site, now: datetime) -> datetime:
    """Newer articles are the crawls' to find: they may alert."""
    return now - (site.max_age or _UNTIL)


@dataclass(slots=True, kw_only=True)
class Backfill:
    """One walk. `memory` stores without alerting (storage.backfill.BackfillMemory)."""

    site: Site
    since: datetime
    memory: CrawlMemory
    done: Done
    parser: ParserPool
    options: CrawlOptions
    now: Callable[[], datetime]
    progress: Progress
    summary: Summary = field(default_factory=Summary)
    _whole: bool = True

    async def run(self) -> Summary:
        """Raises NoArchive, and FetchFailed or ParseFailed where the archive cannot be read."""
        return await ask_politely(
            self._walk,
            site=self.site,
            memory=self.memory,
            parser=self.parser,
            options=self.options,
            now=self.now,
        )

    async def _walk(self, spider: SiteSpider) -> Summary:
        posts = next((way for way in self.site.publishes if isinstance(way, WordPress)), None)
        if posts is None:
            await self._walk_sitemaps(spider, await self._sitemaps(spider))
        else:
            await self._walk_wordpress(spider, posts)
        return self.summary

    # -- WordPress

    async def _walk_wordpress(self, spider: SiteSpider, way: WordPress) -> None:
        """By its interface, or where that is closed (many are) by its sitemaps."""
        try:
            await self._walk_posts(spider, way)
            return
        except (FetchFailed, ParseFailed) as error:
            if _may_pass(error) and not blocks(error):
                raise
            try:
                sitemaps = await self._sitemaps(spider)
            except (NoArchive, FetchFailed, ParseFailed):
                raise error from None
            self.summary.problems.append(
                f"{sentence(way.url, error)}; its sitemaps are read instead"
            )
        await self._walk_sitemaps(spider, sitemaps)

    async def _walk_posts(self, spider: SiteSpider, way: WordPress) -> None:
        for number in range(1, _MOST_PARTS):
            url = archive_url(way.url, self.since, number)
            if await self.done.is_done(url):
                self._passed(number)
                continue
            try:
                reading = await self._read(spider, url, read_posts)
            except (FetchFailed, ParseFailed) as error:
                if number == 1:
                    raise
                if not isinstance(error, FetchFailed) or error.status != 400:
                    self.summary.stopped = sentence(url, error)
                return  # 400: there is no such page any more
            if not reading.entries or not await self._take(spider, reading.entries):
                return
            # A page that is not full grows with the next post.
            if len(reading.entries) < PER_PAGE:
                self._passed(number)
                return
            if self._whole:
                await self.done.mark_done(url)
            self._passed(number)

    # -- sitemaps

    async def _sitemaps(self, spider: SiteSpider) -> Sequence[Child]:
        """Those of the site's file, or what its robots.txt names."""
        named = [way.url for way in self.site.publishes if isinstance(way, Sitemap)]
        known = [
            Child(url=address)
            for url in named
            if not url.endswith("/robots.txt")
            for address in (self._days(url) if is_dated(url) else [url])
        ]
        if known:
            return known
        # A news search stands on the host of its engine.
        own = [way.url for way in self.site.publishes if not isinstance(way, Search)]
        if not own:
            raise NoArchive(f"{self.site.name} has no archive: its file names only a news search")
        found = news_first(await spider.sitemaps(urljoin(own[0], "/robots.txt")))
        if not found:
            raise NoArchive(
                f"{self.site.name} has no archive that could be walked: its file names neither "
                "WordPress nor a sitemap, and its robots.txt names no sitemap"
            )
        return found

    def _days(self, url: str) -> Sequence[str]:
        """The sitemap of each day from `since` to yesterday."""
        count = (self.now() - self.since).days
        return [of_day(url, self.since.date() + timedelta(days=day)) for day in range(count)]

    async def _walk_sitemaps(self, spider: SiteSpider, roots: Sequence[Child]) -> None:
        waiting, seen, number = deque(roots), {child.url for child in roots}, 0
        failed = 0  # in a row
        while waiting and number < _MOST_PARTS:
            child = waiting.popleft()
            number += 1
            part = f"{child.url} since {self.since:%Y-%m-%d}"
            if not await self.done.is_done(part):
                try:
                    reading = await self._read(
                        spider, child.url, partial(read_sitemap, most=_MOST_ENTRIES)
                    )
                except (FetchFailed, ParseFailed) as error:
                    self.summary.problems.append(sentence(child.url, error))
                    failed = failed + 1 if _may_pass(error) else 0
                    if failed == _GIVE_UP_AFTER or _asks_for_fewer(spider, error):
                        self.summary.stopped = self.summary.problems[-1]
                        return
                    continue
                failed = 0
                below = [each for each in reading.children if self._may_hold(each)]
                waiting.extend(each for each in below if each.url not in seen)
                seen |= {each.url for each in below}
                if not await self._take(spider, reading.entries):
                    return
                if self._whole and not reading.children:  # an index may have grown
                    await self.done.mark_done(part)
            self._passed(number, number + len(waiting))

    def _may_hold(self, child: Child) -> bool:
        """Whether a sitemap may list something since then, by its date or the month of its name."""
        if child.moment is not None and child.moment < self.since:
            return False
        named = _MONTH.findall(child.url)
        if not named:
            return True
        year, month = named[-1]
        return (int(year), int(month or 12)) >= (self.since.year, self.since.month)

    # -- what a part lists

    async def _read(self, spider: SiteSpider, url: str, read: Callable[..., Reading]) -> Reading:
        answer = (await spider.fetch(url)).or_failure()
        return await self.parser.run(
            read,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            site=self.site,
            now=self.now(),
        )

    async def _take(self, spider: SiteSpider, entries: Sequence[Entry]) -> bool:
        """Fetch and store what is missing; False: the site does not answer any more. `_whole`: no
        page of this part has to be tried again."""
        chosen = [entry for entry in entries if self._is_of_the_time(entry)]
        wanted = await self.memory.wanted(self.site.name, chosen, self.now())
        visit = spider.visiting()
        async for _ in visit.pages(wanted):
            pass
        self.summary.stored += visit.tally.new
        self.summary.failed += visit.tally.failed_pages
        self.summary.problems += visit.tally.problems
        self._whole = not visit.come_back
        if visit.gave_up:
            self.summary.stopped = visit.tally.problems[-1]
        return not visit.gave_up

    def _is_of_the_time(self, entry: Entry) -> bool:
        """By the date of its listing; without one its page will tell."""
        moment = entry.published or parse_date(entry.updated, now=self.now(), zone=UTC)
        if moment is None:
            return True
        # What changed since may have been published long before; its page tells that too.
        return moment >= self.since and (
            entry.published is None or entry.published <= until(self.site, self.now())
        )

    def _passed(self, done: int, known: int | None = None) -> None:
        self.summary.parts = done
        self.progress(done, known or done + 1, self.summary.stored)


def _may_pass(error: FetchFailed | ParseFailed) -> bool:
    return isinstance(error, FetchFailed) and error.temporary


def _asks_for_fewer(spider: SiteSpider, error: FetchFailed | ParseFailed) -> bool:
    """A site that is asked on after this is asked against its will."""
    refused = isinstance(error, FetchFailed) and error.status == _TOO_MANY_REQUESTS
    return refused or spider.wishes.retry_after is not None

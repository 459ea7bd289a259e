"""One look at one site: read what it lists, fetch what is new, ask again what was alerted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog

from crawler.discovery.feed import read_feed
from crawler.discovery.listing import read_listing
from crawler.discovery.reading import Child, Reading, unique
from crawler.discovery.sitemap import read_sitemap
from crawler.discovery.wordpress import posts_url, read_posts
from crawler.errors import FetchFailed, ParseFailed
from crawler.extraction.page import Extraction, extract, extract_entry
from crawler.fetch import Answer
from crawler.memory import CrawlMemory
from crawler.parsing import ParserPool
from crawler.urls import is_front_page
from models.article import Article, Entry, Recheck, Validators
from models.crawl import CrawlOutcome, CrawlReport
from models.site import Feed, Listing, Site, Sitemap, Way

log = structlog.get_logger(__name__)

MAX_SITEMAPS = 10
MAX_DEPTH = 3
# The downloader holds each host to its delay; this bounds what waits in memory.
_PAGES_AT_ONCE = 8
# After so many pages in a row without an answer the site is left alone until its next crawl.
_GIVE_UP_AFTER = 5
_MOST_PROBLEMS = 50
_PAGE_TYPES = ("text/html", "application/xhtml", "text/plain", "text/xml", "application/xml")


class Fetch(Protocol):
    """Raises FetchFailed where there is no answer."""

    def __call__(self, url: str, validators: Validators | None = None) -> Awaitable[Answer]: ...


@dataclass(slots=True)
class Tally:
    """What one visit did so far."""

    listed: int = 0
    new: int = 0
    updated: int = 0
    unchanged_listings: int = 0
    failed_pages: int = 0
    read: bool = False
    problems: list[str] = field(default_factory=list)

    def problem(self, sentence: str) -> None:
        if sentence not in self.problems and len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(sentence)

    def report(self, site: str, started: datetime, finished: datetime) -> CrawlReport:
        return CrawlReport(
            site=site,
            started=started,
            finished=finished,
            outcome=CrawlOutcome.OK if self.read else CrawlOutcome.FAILED,
            listed=self.listed,
            new=self.new,
            updated=self.updated,
            unchanged_listings=self.unchanged_listings,
            failed_pages=self.failed_pages,
            problems=tuple(self.problems),
        )


@dataclass(slots=True)
class Listed:
    """What one way of publishing gave: entries, and the listings they stand in."""

    entries: tuple[Entry, ...] = ()
    listings: list[tuple[str, Validators]] = field(default_factory=list)
    unchanged: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Listed") -> None:
        self.entries = unique((*self.entries, *other.entries))
        self.listings.extend(other.listings)
        self.unchanged += other.unchanged
        self.failed += other.failed
        self.problems.extend(other.problems)


@dataclass(slots=True)
class Visit:
    """One crawl of one site. `fetch` and `parser` do the work; what is wrong goes to the tally."""

    site: Site
    memory: CrawlMemory
    parser: ParserPool
    fetch: Fetch
    now: Callable[[], datetime]
    tally: Tally = field(default_factory=Tally)
    _in_a_row: int = 0
    _come_back: bool = False

    async def articles(self) -> AsyncIterator[Article]:
        """Each article once it is stored."""
        listed = await self._read_site()
        if not self.tally.read:
            return
        wanted = await self.memory.wanted(self.site.name, listed.entries, self.now())
        fetched = wanted[: self.site.max_articles]
        async for article in self._pages(fetched):
            yield article
        if len(fetched) == len(wanted) and not self._come_back:
            await self._remember(listed)
        async for article in self._rechecks({entry.key: entry for entry in listed.entries}):
            yield article

    # -- what the site lists

    async def _read_site(self) -> Listed:
        """By the first way that works and lists something; the others are named as problems."""
        nothing: Listed | None = None
        failed = False
        for way in self.site.publishes:
            try:
                listed = await self._read_way(way)
            except (FetchFailed, ParseFailed) as error:
                failed = True
                self.tally.problem(_sentence(way.url, error))
                continue
            self.tally.problems.extend(listed.problems)
            if listed.entries or listed.unchanged:
                if failed or nothing is not None:
                    self.tally.problem(f"the {way.type} {way.url} was read instead")
                return self._count(listed)
            if listed.problems:
                # Damaged, and nothing could be saved of it: that is no empty listing.
                failed = True
                continue
            nothing = nothing or listed
            self.tally.problem(f"{way.url}: lists no article")
        return self._count(nothing) if nothing is not None else Listed()

    def _count(self, listed: Listed) -> Listed:
        self.tally.read = True
        self.tally.listed = len(listed.entries)
        self.tally.unchanged_listings = listed.unchanged
        return listed

    async def _read_way(self, way: Way) -> Listed:
        if isinstance(way, Feed):
            return await self._read_one(way.url, read_feed)
        if isinstance(way, Sitemap):
            return await self._read_sitemaps(way.url)
        if isinstance(way, Listing):
            return await self._read_one(way.url, partial(read_listing, way=way))
        return await self._read_one(posts_url(way.url), read_posts)

    async def _read_one(self, url: str, read: Callable[..., Reading]) -> Listed:
        listed, _ = await self._read_listing(url, read)
        return listed

    async def _read_listing(
        self, url: str, read: Callable[..., Reading]
    ) -> tuple[Listed, tuple[Child, ...]]:
        known = await self.memory.validators(url)
        answer = (await self.fetch(url, known)).or_failure()
        if answer.unchanged:
            return Listed(unchanged=1), ()
        reading = await self.parser.run(
            read,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            site=self.site,
            now=self.now(),
        )
        if reading.comments:
            raise ParseFailed("is a feed of comments, not of articles")
        listed = Listed(reading.entries, problems=[f"{url}: {each}" for each in reading.problems])
        # An index is always read: it may stay the same while its sitemaps change.
        if not reading.children and reading.entries:
            listed.listings.append((url, answer.validators))
        return listed, reading.children

    async def _read_sitemaps(self, url: str) -> Listed:
        """A sitemap, or the newest of an index's; each once, however they name each other."""
        listed, children = await self._read_listing(url, read_sitemap)
        seen = {url}
        waiting = [(child, 1) for child in children]
        while waiting and len(seen) <= MAX_SITEMAPS:
            child, depth = waiting.pop(0)
            if child.url in seen:
                continue
            seen.add(child.url)
            try:
                more, below = await self._read_listing(child.url, read_sitemap)
            except (FetchFailed, ParseFailed) as error:
                listed.failed += 1
                listed.problems.append(_sentence(child.url, error))
                continue
            listed.add(more)
            if depth < MAX_DEPTH:
                waiting[:0] = [(each, depth + 1) for each in below]
        if listed.failed and not listed.entries and not listed.unchanged:
            raise ParseFailed("none of its sitemaps could be read")
        return listed

    async def _remember(self, listed: Listed) -> None:
        for url, validators in listed.listings:
            await self.memory.remember_listing(url, validators, self.now())

    # -- pages

    async def _pages(self, entries: Sequence[Entry]) -> AsyncIterator[Article]:
        """Several at once; the order of what comes back is the order in which it came."""
        waiting = iter(entries)
        running: set[asyncio.Task[Article | None]] = set()
        try:
            while True:
                while len(running) < _PAGES_AT_ONCE and not self._gave_up:
                    entry = next(waiting, None)
                    if entry is None:
                        break
                    running.add(asyncio.create_task(self._page(entry)))
                if not running:
                    break
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    article = task.result()
                    if article is not None:
                        yield article
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        if self._gave_up:
            self.tally.problem(
                f"{_GIVE_UP_AFTER} pages in a row could not be fetched; the rest waits"
            )

    @property
    def _gave_up(self) -> bool:
        return self._in_a_row >= _GIVE_UP_AFTER

    async def _page(self, entry: Entry) -> Article | None:
        try:
            article = await self._fetched(entry)
        except (FetchFailed, ParseFailed) as error:
            await self._failed(entry, error)
            return None
        self._in_a_row = 0
        await self._store(article)
        return article

    async def _fetched(self, entry: Entry) -> Article:
        """From its page; from its listing where the page gives nothing and the listing has all."""
        try:
            answer = await self._page_answer(entry.url)
            found = await self._extracted(answer, entry)
            if found.incomplete is None:
                return self._article(found, entry, answer.validators)
            reason = found.incomplete
        except (FetchFailed, ParseFailed) as error:
            if not entry.content or _is_worth_waiting(error):
                raise
            reason = str(error)
        if entry.content:
            found = await self.parser.run(
                extract_entry, site=self.site, entry=entry, now=self.now(), reason=reason
            )
            if found.incomplete is None:
                return self._article(found, entry, Validators())
        raise ParseFailed(reason)

    async def _page_answer(self, url: str) -> Answer:
        answer = (await self.fetch(url)).or_failure()
        if is_front_page(answer.url) and not is_front_page(url):
            raise FetchFailed(url, "leads to the site's front page", temporary=False)
        kind = (answer.content_type or "text/html").partition(";")[0].strip().lower()
        if not kind.startswith(_PAGE_TYPES):
            raise FetchFailed(url, f"is no page but {kind[:60]}", temporary=False)
        return answer

    async def _extracted(self, answer: Answer, entry: Entry) -> Extraction:
        return await self.parser.run(
            extract,
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            site=self.site,
            entry=entry,
            now=self.now(),
        )

    def _article(self, found: Extraction, entry: Entry, validators: Validators) -> Article:
        article = found.article(self.site.name, entry, validators)
        assert article is not None  # complete
        return article

    async def _store(self, article: Article) -> None:
        if await self.memory.store(article, self.now()):
            self.tally.new += 1
        else:
            self.tally.updated += 1

    async def _failed(self, entry: Entry, error: FetchFailed | ParseFailed) -> None:
        sentence = _sentence(entry.url, error)
        self.tally.failed_pages += 1
        self.tally.problem(sentence)
        if isinstance(error, FetchFailed) and error.temporary:
            # The listing is read again next time, even if it stays the same.
            self._come_back = True
            self._in_a_row += 1
        else:
            self._in_a_row = 0
        await self.memory.failed(self.site.name, entry, sentence, self.now())

    # -- articles that were alerted

    async def _rechecks(self, listed: dict[str, Entry]) -> AsyncIterator[Article]:
        for recheck in await self.memory.due_rechecks(self.site.name, self.now()):
            entry = listed.get(recheck.key) or Entry(url=recheck.url, key=recheck.key)
            article = await self._recheck(recheck, entry)
            if article is not None:
                yield article

    async def _recheck(self, recheck: Recheck, entry: Entry) -> Article | None:
        """The article as it is now, if its page was sent again. Without an answer it stays due."""
        article: Article | None = None
        try:
            answer = await self.fetch(recheck.url, recheck.validators)
            if answer.status not in {404, 410} and not answer.or_failure().unchanged:
                found = await self._extracted(answer, replace(entry, url=recheck.url))
                article = found.article(self.site.name, entry, answer.validators)
        except (FetchFailed, ParseFailed) as error:
            self.tally.problem(_sentence(recheck.url, error))
            return None
        if article is not None:
            await self._store_again(article)
        withdrawn = answer.status in {404, 410}
        await self.memory.rechecked(recheck.article_id, withdrawn=withdrawn, now=self.now())
        return article

    async def _store_again(self, article: Article) -> None:
        """Not counted: the archive knows whether it changed."""
        await self.memory.store(article, self.now())


def _is_worth_waiting(error: FetchFailed | ParseFailed) -> bool:
    """Whether the page may come; what forbids it (403) may stay, and the listing has it whole."""
    return isinstance(error, FetchFailed) and error.temporary and error.status != 403


def _sentence(url: str, error: FetchFailed | ParseFailed) -> str:
    return str(error) if isinstance(error, FetchFailed) else f"{url}: {error}"

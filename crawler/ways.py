"""What a site lists, by its ways of publishing."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.challenge import IS_HUMAN, challenge, stands_in_the_way
from crawler.discovery.feed import read_feed
from crawler.discovery.listing import page_address, read_listing
from crawler.discovery.reading import Child, Reading, unique
from crawler.discovery.search import read_search
from crawler.discovery.sitemap import is_dated, news_first, of_day, read_sitemap
from crawler.discovery.wordpress import posts_url, read_posts
from crawler.errors import FetchFailed, ParseFailed, blocks
from crawler.fetch import Answer
from crawler.memory import CrawlMemory
from crawler.parsing import ParserPool
from crawler.wishes import Wishes
from models.article import Entry, Validators
from models.site import Feed, Listing, Search, Site, Sitemap, Way

MAX_SITEMAPS = 10
MAX_DEPTH = 3
# A sitemap that did not change for this long has nothing to watch for.
_RECENT = timedelta(days=3)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
# Until then the sitemap of a new day may be missing or empty.
_MORNING = 6
_NOT_FOUND = 404
_TOO_MANY_REQUESTS = 429
_MAY_CHALLENGE = frozenset({403, 429, 503})


class Fetch(Protocol):
    """Raises FetchFailed where there is no answer."""

    def __call__(self, url: str, validators: Validators | None = None) -> Awaitable[Answer]: ...


Sitemaps = Callable[[str], Awaitable[Sequence[str]]]
"""What the robots.txt of an address's host names as sitemaps. Raises RobotsRefused."""


@dataclass(slots=True)
class Listed:
    """What one way of publishing gave: entries, and the listings they stand in."""

    entries: tuple[Entry, ...] = ()
    listings: list[tuple[str, Validators]] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Listed") -> None:
        self.entries = unique((*self.entries, *other.entries))
        self.listings.extend(other.listings)
        self.unchanged += other.unchanged
        self.problems.extend(other.problems)


@dataclass(slots=True, kw_only=True)
class Ways:
    """Reads one way of a site at a time; what servers ask for goes to `wishes`. A host that asks
    for fewer requests is asked for no further listing."""

    site: Site
    memory: CrawlMemory
    parser: ParserPool
    fetch: Fetch
    now: Callable[[], datetime]
    wishes: Wishes
    sitemaps: Sitemaps
    _refusing: set[str] = field(default_factory=set)

    def refuses(self, url: str) -> bool:
        """Whether the address's host has asked for fewer requests (429) in this crawl."""
        return urlsplit(url).netloc in self._refusing

    async def read(self, way: Way) -> Listed:
        """Raises FetchFailed and ParseFailed where the way cannot be read at all."""
        if isinstance(way, Feed):
            return (await self._read_listing(way.url, read_feed))[0]
        if isinstance(way, Sitemap) and is_dated(way.url):
            return await self._read_days(way.url)
        if isinstance(way, Sitemap):
            return await self._read_sitemaps(way.url)
        if isinstance(way, Listing):
            return await self._read_pages(way)
        if isinstance(way, Search):
            return (await self._read_listing(way.url, partial(read_search, way=way)))[0]
        return (await self._read_listing(posts_url(way.url), read_posts))[0]

    async def _read_listing(
        self, url: str, read: Callable[..., Reading], chosen: str = ""
    ) -> tuple[Listed, Reading | None]:
        """Its entries, and the reading itself; None: it is unchanged. `chosen`: which of its links
        are entries, where the way says so; unchanged is what was read by the same choice."""
        remembered = f"{url}#{chosen}" if chosen else url
        known = await self.memory.validators(remembered)
        answer = await self.answer(url, known)
        if answer.unchanged:
            self.wishes.listed([answer.fresh_for])
            return Listed(unchanged=1), None
        reading = await self._reading(answer, read)
        if reading.comments:
            raise ParseFailed("is a feed of comments, not of articles")
        self.wishes.listed([answer.fresh_for, reading.fresh_for])
        listed = Listed(reading.entries, problems=[f"{url}: {each}" for each in reading.problems])
        # An index is always read: it may stay the same while its sitemaps change. What broke off
        # may be whole next time, under the same validators.
        if not reading.children and reading.entries and not reading.problems:
            listed.listings.append((remembered, answer.validators))
        return listed, reading

    async def answer(self, url: str, known: Validators | None = None) -> Answer:
        """A success or 'not modified'. Raises FetchFailed."""
        if self.refuses(url):
            reason = "not asked, as its host asks for fewer requests"
            raise FetchFailed(url, reason, temporary=True, status=_TOO_MANY_REQUESTS)
        answer = await self.fetch(url, known)
        if answer.status == _TOO_MANY_REQUESTS:
            self._refusing |= {urlsplit(url).netloc, urlsplit(answer.url).netloc}
        if answer.status in _MAY_CHALLENGE and answer.body:
            asks = await self.parser.run(challenge, answer.body, answer.content_type)
            if asks is not None:
                reason = f"HTTP {answer.status}: {asks}"
                raise FetchFailed(
                    url,
                    reason,
                    temporary=True,
                    status=answer.status,
                    challenged=asks == IS_HUMAN,
                )
        return answer.or_failure()

    async def _reading(self, answer: Answer, read: Callable[..., Reading]) -> Reading:
        try:
            return await self.parser.run(
                read,
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                site=self.site,
                now=self.now(),
            )
        except ParseFailed as error:
            asks = await self.parser.run(challenge, answer.body, answer.content_type)
            raise (stands_in_the_way(asks) if asks is not None else error) from error

    # -- listing pages

    async def _read_pages(self, way: Listing) -> Listed:
        """The first page, and older ones while they name something that is wanted."""
        listed, reading = await self._read_listing(
            way.url, partial(read_listing, way=way), f"{way.links} {way.path}"
        )
        seen = {way.url}
        for number in range(2, way.pages + 1):
            url = page_address(way, number) or (reading.next_page if reading is not None else None)
            if reading is None or url is None or url in seen:
                break
            if not await self.memory.wanted(self.site.name, reading.entries, self.now()):
                break
            seen.add(url)
            try:
                more, reading = await self._read_listing(url, partial(read_listing, way=way))
            except (FetchFailed, ParseFailed) as error:
                listed.problems.append(sentence(url, error))
                break
            # Older pages move with every new article: nothing to remember of them.
            more.listings.clear()
            listed.add(more)
        return listed

    # -- sitemaps

    async def _read_sitemaps(self, url: str) -> Listed:
        """A sitemap, or the newest of an index's; each once, however they name each other."""
        if urlsplit(url).path == "/robots.txt":
            listed, children = Listed(), await self._of_robots(url)
        else:
            listed, reading = await self._read_listing(url, read_sitemap)
            children = reading.children if reading is not None else ()
        seen = {url}
        errors: list[FetchFailed | ParseFailed] = []
        waiting = [(child, 1) for child in self._recent(children)]
        while waiting and len(seen) <= MAX_SITEMAPS:
            child, depth = waiting.pop(0)
            if child.url in seen:
                continue
            seen.add(child.url)
            try:
                more, below = await self._read_listing(child.url, read_sitemap)
            except (FetchFailed, ParseFailed) as error:
                errors.append(error)
                listed.problems.append(sentence(child.url, error))
                if isinstance(error, FetchFailed) and error.status == _TOO_MANY_REQUESTS:
                    break
                continue
            listed.add(more)
            if depth < MAX_DEPTH and below is not None:
                waiting[:0] = [(each, depth + 1) for each in self._recent(below.children)]
        if errors and not listed.entries and not listed.unchanged:
            raise _none_of_them(url, errors)
        return listed

    async def _read_days(self, url: str) -> Listed:
        """The sitemap of today; that of yesterday too, in which the last articles of the evening
        stand, in the first hours of a day and until something of today was read. Either may be
        missing: nothing was published on that day."""
        local = self.now().astimezone(ZoneInfo(self.site.timezone))
        days = [of_day(url, local.date())]
        if local.hour < _MORNING or await self.memory.validators(days[0]) is None:
            days.insert(0, of_day(url, local.date() - timedelta(days=1)))
        listed, missing = Listed(), list[FetchFailed]()
        for address in days:
            try:
                listed.add((await self._read_listing(address, read_sitemap))[0])
            except FetchFailed as error:
                if error.status != _NOT_FOUND:
                    raise
                missing.append(error)
        if len(missing) == len(days):
            raise missing[-1]
        return listed

    async def _of_robots(self, url: str) -> tuple[Child, ...]:
        named = await self.sitemaps(url)
        if not named:
            raise ParseFailed("robots.txt names no sitemap")
        return news_first(named)

    def _recent(self, children: Sequence[Child]) -> Sequence[Child]:
        """Without those that have not changed for days, where others have; of a sitemap a month the
        newest two."""
        if children and all(child.moment is None and _YEAR.search(child.url) for child in children):
            return children[:2]
        since = self.now() - _RECENT
        if not any(child.moment is not None and child.moment >= since for child in children):
            return children
        return [child for child in children if child.moment is None or child.moment >= since]


def _none_of_them(url: str, errors: Sequence[FetchFailed | ParseFailed]) -> FetchFailed:
    """What an index is whose sitemaps all failed: refused if one was, and worth another try if one
    is."""
    worst = next(filter(blocks, errors), errors[0])
    fetched = [error for error in errors if isinstance(error, FetchFailed)]
    return FetchFailed(
        url,
        f"none of its sitemaps could be read: {worst}",
        temporary=any(error.temporary for error in fetched),
        status=worst.status if isinstance(worst, FetchFailed) else None,
        challenged=blocks(worst),
    )


def sentence(url: str, error: FetchFailed | ParseFailed) -> str:
    return str(error) if isinstance(error, FetchFailed) else f"{url}: {error}"

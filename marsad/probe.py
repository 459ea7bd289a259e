"""`marsad probe`: how a site publishes, found by asking it politely, and its site file."""

import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from crawler.crawl import ask_politely, crawl_site
from crawler.discovery.candidates import (
    GUESSED_FEEDS,
    GUESSED_SITEMAP,
    SitePage,
    read_site_page,
    site_name,
    zone_of,
)
from crawler.errors import AddressRefused, FetchFailed, ParseFailed, RobotsRefused, blocks
from crawler.memory import ForgetfulMemory
from crawler.middlewares import LONGEST_DELAY
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.spiders.site import SiteSpider
from marsad.access import ways_of
from marsad.rhythm import spoken
from marsad.sitefile import NEW_DELAY
from models.access import Proof
from models.article import Article
from models.preset import filled
from models.site import Feed, Listing, Site, Sitemap, Title, Way, WordPress

T = TypeVar("T")

SHOWN_ARTICLES = 3
_MOST_WAYS = 3
_LEAST_LINKS = 5
_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A way that was asked: how many articles it lists, or in `problem` why it is of no use.
    `blocked`: it refused programs."""

    way: Way
    articles: int = 0
    newest: datetime | None = None
    problem: str | None = None
    blocked: bool = False

    def line(self, now: datetime) -> str:
        sign = "--" if self.problem else "ok"
        return f"{sign}  {self.way.type:<9}  {self.way.url}  {self.says(now)}"

    def says(self, now: datetime) -> str:
        if self.problem:
            return f"blocked: {self.problem}" if self.blocked else self.problem
        return f"{self.articles} articles{self._age(now)}"

    def _age(self, now: datetime) -> str:
        if self.newest is None:
            return ", without dates"
        return f", the newest {spoken(max(now - self.newest, timedelta(0)))} old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was found out. `site` is None where no way works; `articles` are its newest, as
    extracted, and `problems` what went wrong with them."""

    tried: tuple[Tried, ...]
    site: Site | None = None
    articles: tuple[Article, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prober:
    """`options` and `parser` as for a crawl; nothing is stored. `say` is told of each way as soon
    as it was tried: with a delay between two requests a probe takes a minute or more."""

    options: CrawlOptions
    parser: ParserPool
    now: Callable[[], datetime]
    delay: timedelta = NEW_DELAY
    say: Callable[[str], None] = lambda _: None

    async def probe_address(
        self, url: str, *, name: str | None = None, zone: str | None = None
    ) -> Probe:
        """Find the ways of an unknown site. Raises FetchFailed and ParseFailed where its page
        cannot be read at all, ValueError for a name that no file can have."""
        site = Site(
            name=name or site_name(url),
            title=Title(ar=urlsplit(url).hostname or url),
            publishes=(Feed(type="feed", url=url),),
            timezone=zone or zone_of(url),
            delay=self.delay,
        )

        async def work(spider: SiteSpider) -> tuple[Site, list[Tried]]:
            await self._say_delay(spider, url)
            page = await self._page(spider, url)
            changes: dict[str, object] = {"every": _every(spider.wishes.crawl_delay)}
            if page.title:
                changes["title"] = Title(ar=page.title)
            return site.model_copy(update=changes), await self._try(
                spider, self._candidates(page, url)
            )

        titled, tried = await self._ask(site, work)
        ways = _best(tried)
        if not ways:
            return Probe(tried=tuple(tried))
        found = _with_preset(titled.model_copy(update={"publishes": ways}), urljoin(url, "/"))
        return await self._with_articles(found, tried)

    async def probe_site(self, site: Site) -> Probe:
        """Try each way of a site of the configuration, the fallbacks too."""

        async def work(spider: SiteSpider) -> list[Tried]:
            await self._say_delay(spider, site.ways[0].url)
            return [await self._tried(spider, way) for way in site.ways]

        tried = await self._ask(site, work)
        working = tuple(each.way for each in tried if not each.problem)
        if not working:
            return Probe(tried=tuple(tried))
        open_ways = site.model_copy(update={"publishes": working, "fallbacks": ()})
        return replace(await self._with_articles(open_ways, tried), site=site)

    async def _ask(self, site: Site, work: Callable[[SiteSpider], Awaitable[T]]) -> T:
        return await ask_politely(
            work,
            site=site,
            memory=ForgetfulMemory(),
            parser=self.parser,
            options=self.options,
            now=self.now,
        )

    async def _page(self, spider: SiteSpider, url: str) -> SitePage:
        """Where programs are refused, many a site has a feed that is open: then nothing is known
        of the page, and the usual addresses are tried."""
        try:
            answer = await spider.ways().answer(url)
        except FetchFailed as error:
            if not blocks(error):
                raise
            self.say(f"--  page       {url}  blocked: {error.reason}")
            return SitePage()
        return await self.parser.run(
            read_site_page, answer.body, url=answer.url, content_type=answer.content_type
        )

    async def _say_delay(self, spider: SiteSpider, url: str) -> None:
        """Before the first wait. What keeps robots.txt from being read is told by what follows."""
        try:
            delay = (await spider.robots.rules(url)).delay
        except (RobotsRefused, AddressRefused):
            return
        if delay > spider.site.delay:
            asked = f"{delay.total_seconds():g} s between two requests (Crawl-delay)"
            self.say(f"    robots.txt asks for {asked}: this takes a while")

    def _candidates(self, page: SitePage, url: str) -> Iterator[tuple[str, Way]]:
        """Ways by kind; one of the kind 'guess' only where none of its type works."""
        front = urljoin(url, "/")
        if page.is_feed:
            yield "named", Feed(type="feed", url=url)
            return
        if page.is_sitemap:
            yield "named", Sitemap(type="sitemap", url=url)
            return
        for address in page.feeds:
            yield "named", Feed(type="feed", url=address)
        for address in (*page.linked, *(urljoin(front, path) for path in GUESSED_FEEDS)):
            yield "guess", Feed(type="feed", url=address)
        if page.wordpress:
            yield "named", WordPress(type="wordpress", url=front)
        yield "named", Sitemap(type="sitemap", url=urljoin(front, "/robots.txt"))
        yield "guess", Sitemap(type="sitemap", url=urljoin(front, GUESSED_SITEMAP))
        yield "named", Listing(type="listing", url=url, path=page.headlines)

    async def _try(self, spider: SiteSpider, candidates: Iterator[tuple[str, Way]]) -> list[Tried]:
        tried: list[Tried] = []
        for kind, way in candidates:
            needless = any(
                each.way == way or (each.way.type == way.type and not each.problem)
                for each in tried
            )
            if kind == "guess" and needless:
                continue
            tried.append(await self._tried(spider, way))
        return tried

    async def _tried(self, spider: SiteSpider, way: Way) -> Tried:
        tried = await self._asked(spider, way)
        self.say(tried.line(self.now()))
        return tried

    async def _asked(self, spider: SiteSpider, way: Way) -> Tried:
        try:
            listed = await spider.ways().read(way)
        except (FetchFailed, ParseFailed) as error:
            return Tried(way=way, problem=_reason(way, error), blocked=blocks(error))
        least = _LEAST_LINKS if isinstance(way, Listing) else 1
        if len(listed.entries) < least:
            count = len(listed.entries)
            return Tried(way=way, problem=f"lists {count or 'no'} article{'s' * (count != 1)}")
        dates = [entry.published for entry in listed.entries if entry.published is not None]
        return Tried(way=way, articles=len(listed.entries), newest=max(dates, default=None))

    async def _with_articles(self, site: Site, tried: Sequence[Tried]) -> Probe:
        memory = ForgetfulMemory()
        report = await crawl_site(
            site.model_copy(update={"max_articles": SHOWN_ARTICLES}),
            memory=memory,
            parser=self.parser,
            options=self.options,
            now=self.now,
        )
        return Probe(
            tried=tuple(tried),
            site=site,
            articles=tuple(memory.articles.values()),
            problems=report.problems,
        )


def proof_of(site: Site, probe: Probe, now: datetime) -> Proof:
    """What a probe tells of the site: it passed if a way of its own gave articles."""
    own = [each for each in probe.tried if each.way in site.publishes]
    works = next((each for each in own if not each.problem), None)
    if works is not None and probe.articles:
        how = f"{works.way.type}, {works.says(now)}"
    elif works is not None:
        problem = next(iter(probe.problems), "they hold no text")
        how = f"its articles could not be read: {problem}"
    else:
        how = "; ".join(f"{each.way.url}: {each.says(now)}" for each in own)
        instead = next((each for each in probe.tried if not each.problem), None)
        if instead is not None:
            how += f"; its fallback, the {instead.way.type} {instead.way.url}, works"
    return Proof(
        tried_at=now,
        passed=works is not None and bool(probe.articles),
        how=how,
        ways=ways_of(site),
        blocked=works is None and any(each.blocked for each in own),
    )


def _reason(way: Way, error: FetchFailed | ParseFailed) -> str:
    """Without the address, unless it is of another host."""
    if isinstance(error, FetchFailed) and urlsplit(error.url).netloc == urlsplit(way.url).netloc:
        return error.reason
    return str(error)


def _every(crawl_delay: timedelta | None) -> timedelta:
    """A rhythm that leaves room for the delay that robots.txt asks for."""
    if crawl_delay is None:
        return _EVERY
    minutes = math.ceil(2 * min(crawl_delay, LONGEST_DELAY) / timedelta(minutes=1))
    return max(_EVERY, timedelta(minutes=minutes))


def _with_preset(site: Site, home: str) -> Site:
    """A WordPress site at its usual addresses is written by its preset."""
    known = filled({"name": site.name, "title": site.title, "preset": "wordpress", "home": home})
    own = {"timezone": site.timezone, "delay": site.delay, "every": site.every}
    preset = Site.model_validate({**known, **own})
    if site.publishes[: len(preset.publishes)] != preset.publishes:
        return site
    return preset


def lines(probe: Probe) -> Iterator[str]:
    """What the ways gave, for the person at the terminal."""
    if probe.site is None:
        yield "no way of publishing works"
        return
    yield ""
    if not probe.articles:
        yield "no article could be read:"
    if len(probe.articles) < SHOWN_ARTICLES:
        yield from (f"  {problem}" for problem in probe.problems)
    for article in probe.articles:
        moment = article.published
        yield f"{article.title}"
        yield f"  {f'{moment:%Y-%m-%d %H:%M} UTC' if moment else 'without a date'}  {article.url}"
        yield f"  {_beginning(article.text)}"
        sources = ("title", "published", "text")
        yield "  " + ", ".join(f"{each}: {article.evidence.get(each, '?')}" for each in sources)


def _best(tried: Sequence[Tried]) -> tuple[Way, ...]:
    """One way of each type, the fresher and longer of two; feeds before the others."""
    found: dict[str, Tried] = {}
    for each in tried:
        known = found.get(each.way.type)
        if not each.problem and (known is None or _worth(each) > _worth(known)):
            found[each.way.type] = each
    return tuple(each.way for each in found.values())[:_MOST_WAYS]


def _worth(tried: Tried) -> tuple[bool, int]:
    """The first that a page names is its main feed: only a much longer one is better."""
    return tried.newest is not None, tried.articles // 10


def _beginning(text: str, length: int = 200) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rpartition(" ")[0] + " …"

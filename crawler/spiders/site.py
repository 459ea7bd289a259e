"""The one spider: it crawls one site by its ways of publishing."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import scrapy
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler import guard
from crawler.errors import FetchFailed, RobotsRefused
from crawler.fetch import Answer, fetch
from crawler.guard import AddressPolicy, address_policy
from crawler.memory import CrawlMemory
from crawler.middlewares import FOR_ROBOTS
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.robots import Robots
from crawler.visit import Visit
from crawler.ways import Ways
from crawler.wishes import Wishes
from models.article import Article, Validators
from models.site import Site


class SiteSpider(scrapy.Spider):
    """Yields an item for each article that was stored, if it `gives_items`. The application wants
    none: Scrapy never ends a crawl that is stopped while an item of it is on its way.

    It asks for pages over Scrapy's downloader (delays, middlewares, limits) in the order that a
    visit has, instead of by callbacks: what comes last depends on how what came first went.
    `failure` is what ended the crawl and was no fault of the site.
    """

    name = "site"

    def __init__(
        self,
        *args: Any,
        site: Site,
        memory: CrawlMemory,
        parser: ParserPool,
        options: CrawlOptions,
        now: Callable[[], datetime],
        gives_items: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.gives_items = gives_items
        self.memory = memory
        self.parser = parser
        self.options = options
        self.now = now
        self.policy = AddressPolicy()
        self.wishes = Wishes()
        self.robots = Robots(self._ask, memory=memory, parser=parser, now=now)
        self.visit: Visit | None = None
        self.failure: Exception | None = None

    async def start(self) -> AsyncIterator[dict[str, object]]:
        self.policy = await address_policy(self.options.allow_private, self.options.proxy_address)
        try:
            with self._guarded():
                async for article in self.articles():
                    if self.gives_items:
                        yield item(article)
        except Exception as error:
            self.failure = error
            raise
        finally:
            self.robots.end()

    async def articles(self) -> AsyncIterator[Article]:
        self.visit = self.visiting()
        async for article in self.visit.articles():
            yield article

    def visiting(self) -> Visit:
        """A visit of the site in this crawl, not begun."""
        return Visit(
            site=self.site,
            memory=self.memory,
            parser=self.parser,
            fetch=self.fetch,
            now=self.now,
            wishes=self.wishes,
            ways=self.ways(),
        )

    def ways(self) -> Ways:
        """What reads the site's listings in this crawl."""
        return Ways(
            site=self.site,
            memory=self.memory,
            parser=self.parser,
            fetch=self.fetch,
            now=self.now,
            wishes=self.wishes,
            sitemaps=self.sitemaps,
        )

    async def fetch(self, url: str, validators: Validators | None = None) -> Answer:
        """Raises FetchFailed."""
        return await fetch(self.crawler, url, validators)

    async def sitemaps(self, url: str) -> Sequence[str]:
        """What the robots.txt of the address's host names as sitemaps. Raises FetchFailed."""
        try:
            return (await self.robots.rules(url)).sitemaps
        except RobotsRefused as error:
            raise FetchFailed(url, str(error), temporary=True) from error

    async def _ask(self, url: str) -> Response:
        """For robots.txt, which needs no leave of robots.txt."""
        request = scrapy.Request(
            url, meta={FOR_ROBOTS: True}, callback=NO_CALLBACK, dont_filter=True
        )
        assert self.crawler.engine is not None
        return await self.crawler.engine.download_async(request)

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        from twisted.internet import reactor

        with guard.enforce(reactor, self.policy):
            yield


class ErrandSpider(SiteSpider):
    """Does one piece of work instead of a visit; `result` is what it returned."""

    name = "errand"

    def __init__(
        self, *args: Any, work: Callable[["SiteSpider"], Awaitable[Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.work = work
        self.result: Any = None

    async def articles(self) -> AsyncIterator[Article]:
        try:
            self.result = await self.work(self)
        except Exception as error:  # noqa: BLE001 - raised again where the work was asked for
            self.failure = error
        nothing: tuple[Article, ...] = ()
        for article in nothing:
            yield article


def item(article: Article) -> dict[str, object]:
    """An article as a line of `scrapy crawl NAME -O out.jsonl`."""
    return {
        "site": article.site,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "published": article.published.isoformat() if article.published else None,
        "author": article.author,
        "language": article.language,
        "evidence": dict(article.evidence),
        "validators": asdict(article.validators),
    }

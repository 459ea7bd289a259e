"""The one spider: it crawls one site by its ways of publishing."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

import scrapy

from crawler import guard
from crawler.fetch import fetch
from crawler.guard import AddressPolicy, address_policy
from crawler.memory import CrawlMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.visit import Visit
from models.article import Article
from models.site import Site


class SiteSpider(scrapy.Spider):
    """Yields an item for each article that was stored.

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
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.memory = memory
        self.parser = parser
        self.options = options
        self.now = now
        self.policy = AddressPolicy()
        self.visit: Visit | None = None
        self.failure: Exception | None = None

    async def start(self) -> AsyncIterator[dict[str, object]]:
        self.policy = await address_policy(self.options.allow_private, self.options.proxy_address)
        self.visit = Visit(
            site=self.site,
            memory=self.memory,
            parser=self.parser,
            fetch=partial(fetch, self.crawler),
            now=self.now,
        )
        try:
            with self._guarded():
                async for article in self.visit.articles():
                    yield item(article)
        except Exception as error:
            self.failure = error
            raise

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        from twisted.internet import reactor

        with guard.enforce(reactor, self.policy):
            yield


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

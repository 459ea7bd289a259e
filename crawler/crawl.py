"""Crawl one site, inside the running application."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import copy
from datetime import datetime
from functools import lru_cache
from typing import Any, Self, TypeVar

import structlog
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, Settings, SettingsAttribute
from scrapy.settings.default_settings import DOWNLOADER_MIDDLEWARES_BASE

from crawler.memory import CrawlMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.settings import DOWNLOAD_HANDLERS, DOWNLOADER_MIDDLEWARES
from crawler.spiders.site import ErrandSpider, SiteSpider
from crawler.tally import Tally
from models.crawl import CrawlReport
from models.site import Site

_DIRECT = "crawler.download.DownloadHandler"
# Scrapy imports even what is set to None: 12 MB of consoles, of exports, and of what cookies need.
# It asks to leave its _BASE settings as they are; only what is set to None is taken out of them,
# and the extensions, which serve a process of Scrapy's own.
_PARTS = {
    "EXTENSIONS": {},
    "EXTENSIONS_BASE": {},
    "DOWNLOADER_MIDDLEWARES": {
        name: order for name, order in DOWNLOADER_MIDDLEWARES.items() if order is not None
    },
    "DOWNLOADER_MIDDLEWARES_BASE": {
        name: order
        for name, order in DOWNLOADER_MIDDLEWARES_BASE.items()
        if name not in DOWNLOADER_MIDDLEWARES
    },
}
# How often a crawl that is to end is asked whether it has begun.
_LOOKED_EVERY_SECONDS = 0.02
# A crawl takes 10 ms of this process, much of it as it begins. Of thirty that are due in the same
# second one begins after the other, or people who use the bot would wait for all of them. So 1,200
# begin in a minute.
_APART_SECONDS = 0.05

T = TypeVar("T")
S = TypeVar("S", bound=SiteSpider)
B = TypeVar("B", bound=BaseSettings)

log = structlog.get_logger(__name__)


async def crawl_site(
    site: Site,
    *,
    memory: CrawlMemory,
    parser: ParserPool,
    options: CrawlOptions,
    now: Callable[[], datetime],
) -> CrawlReport:
    """Look at the site once: read its listings, store what is new, ask again what was alerted.

    Runs on the asyncio reactor, which must be installed and running. Never raises for what a site
    does: everything ends in the report. Raises what the memory raises. Cancelling it stops the
    crawl; what was stored stays stored.
    """
    started = now()
    spider = await _run(
        SiteSpider, site=site, memory=memory, parser=parser, options=options, now=now
    )
    tally = spider.visit.tally if spider.visit is not None else Tally()
    report = tally.report(site, started, now(), spider.wishes)
    log.info(
        "site crawled",
        site=site.name,
        outcome=report.outcome.value,
        listed=report.listed,
        new=report.new,
        updated=report.updated,
        failed_pages=report.failed_pages,
        problem=report.problems[0] if report.problems else None,
    )
    return report


async def ask_politely(
    work: Callable[[SiteSpider], Awaitable[T]],
    *,
    site: Site,
    memory: CrawlMemory,
    parser: ParserPool,
    options: CrawlOptions,
    now: Callable[[], datetime],
) -> T:
    """What `work` returns: it may ask the site by the spider's means, under all rules and limits of
    a crawl. Raises what it raises."""
    spider = await _run(
        ErrandSpider,
        site=site,
        memory=memory,
        parser=parser,
        options=options,
        now=now,
        work=work,
    )
    result: T = spider.result
    return result


async def _run(kind: type[S], *, options: CrawlOptions, **arguments: Any) -> S:
    """A fresh Scrapy crawl, to its end; raises what ended it and was no fault of the site."""
    await _beginnings.turn()
    crawler = Crawler(kind, _settings(options))
    crawl = asyncio.create_task(
        crawler.crawl_async(options=options, gives_items=False, **arguments)
    )
    try:
        await asyncio.shield(crawl)
    except asyncio.CancelledError:
        await _stop(crawler, crawl)
        raise
    spider = crawler.spider
    assert isinstance(spider, kind)
    if spider.failure is not None:
        raise spider.failure
    return spider


async def _stop(crawler: Crawler, crawl: "asyncio.Task[None]") -> None:
    """A crawler that is told to stop before its engine runs takes itself for stopped, and its crawl
    then never ends: one that has just begun is let begin."""
    while not crawl.done() and not (crawler.spider and crawler.engine.running):
        await asyncio.wait({crawl}, timeout=_LOOKED_EVERY_SECONDS)
    await crawler.stop_async()
    await asyncio.gather(crawl, return_exceptions=True)


class _Beginnings:
    """When the last crawl of this process began."""

    def __init__(self) -> None:
        self._last = float("-inf")
        self._turn = asyncio.Lock()

    async def turn(self) -> None:
        """Return when the next may begin."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(self._last + _APART_SECONDS - loop.time())
            self._last = loop.time()


_beginnings = _Beginnings()


class _Settings(Settings):
    """Each crawl has a copy, which Scrapy makes with copy.deepcopy in 2 ms."""

    def copy(self) -> Self:
        return _copy(self)


def _copy(settings: B) -> B:
    twin = copy(settings)
    twin.attributes = {
        name: SettingsAttribute(_own(each.value), each.priority)
        for name, each in settings.attributes.items()
    }
    return twin


def _own(value: object) -> object:
    """What Scrapy's parts may change is a copy; the rest is frozen."""
    if isinstance(value, BaseSettings):
        return _copy(value)
    return copy(value) if isinstance(value, list | dict | set) else value


@lru_cache(maxsize=1)
def _settings(options: CrawlOptions) -> Settings:
    settings = _Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(_PARTS, priority="cmdline")
    settings.setdict(crawl_settings(options), priority="cmdline")
    return settings


def crawl_settings(options: CrawlOptions) -> dict[str, object]:
    """What differs from one operator to the next."""
    handler = "crawler.socks.SocksDownloadHandler" if options.is_socks else _DIRECT
    return {
        "DOWNLOAD_HANDLERS": {**DOWNLOAD_HANDLERS, "http": handler, "https": handler},
        "DOWNLOAD_TIMEOUT": options.timeout_seconds,
        "USER_AGENT": options.user_agent,
    }

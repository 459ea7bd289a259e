"""Crawl one site, inside the running application."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings

from crawler.memory import CrawlMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.settings import DOWNLOAD_HANDLERS
from crawler.spiders.site import SiteSpider
from crawler.tally import Tally
from models.crawl import CrawlReport
from models.site import Site

_DIRECT = "crawler.download.DownloadHandler"

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
    runner = AsyncCrawlerRunner(_settings(options))
    crawler = runner.create_crawler(SiteSpider)
    crawl = runner.crawl(crawler, site=site, memory=memory, parser=parser, options=options, now=now)
    try:
        await asyncio.shield(crawl)
    except asyncio.CancelledError:
        await runner.stop()
        await asyncio.gather(crawl, return_exceptions=True)
        raise
    report = _report(crawler, site, started, now())
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


def _report(crawler: Crawler, site: Site, started: datetime, finished: datetime) -> CrawlReport:
    spider = crawler.spider
    assert isinstance(spider, SiteSpider)
    if spider.failure is not None:
        raise spider.failure
    tally = spider.visit.tally if spider.visit is not None else Tally()
    return tally.report(site, started, finished, spider.wishes)


def _settings(options: CrawlOptions) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
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

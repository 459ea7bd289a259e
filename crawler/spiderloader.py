"""`scrapy list` and `scrapy crawl NAME`: the sites of the configuration, as Scrapy's spiders.

Without database and bot: a crawl that forgets, and writes what it found where -O says. The
folder, the proxy and the private addresses come from the same variables as the application's.
"""

import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.crawl import crawl_settings
from crawler.guard import AllowPrivate
from crawler.memory import ForgetfulMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.spiders.site import SiteSpider
from models.configfile import read_folder, read_model
from models.general import General
from models.site import Site


class SiteSpiderLoader:
    """The site files of the folder that MARSAD_CONFIG names (default ./config).

    They are read when Scrapy's commands ask for them: each crawl makes a loader of its own, and the
    running application has its sites already. Asking raises ConfigErrors, which say what is wrong
    where.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._config = Path(os.environ.get("MARSAD_CONFIG") or "config")

    @cached_property
    def _sites(self) -> dict[str, Site]:
        loaded = read_folder(self._config / "sites", Site)
        return {name: each.value for name, each in loaded.items()}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "SiteSpiderLoader":
        return cls(settings)

    def list(self) -> list[str]:
        return [name for name, site in self._sites.items() if site.enabled]

    def load(self, spider_name: str) -> type[scrapy.Spider]:
        if spider_name not in self._sites:
            raise KeyError(f"there is no site {spider_name!r} in {self._config / 'sites'}")
        return standalone_spider(self._sites[spider_name], _options(self._config))

    def find_by_request(self, request: scrapy.Request) -> Sequence[str]:
        return ()


def standalone_spider(site: Site, options: CrawlOptions) -> type[scrapy.Spider]:
    """A class of its own for the site, as Scrapy's commands want it."""
    return type(
        "StandaloneSpider",
        (_StandaloneSpider,),
        {
            "name": site.name,
            "site_file": site,
            "crawl_options": options,
            "custom_settings": crawl_settings(options),
        },
    )


class _StandaloneSpider(SiteSpider):
    site_file: Site
    crawl_options: CrawlOptions

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "_StandaloneSpider":
        return super().from_crawler(
            crawler,
            *args,
            site=cls.site_file,
            memory=ForgetfulMemory(),
            parser=ParserPool(),
            options=cls.crawl_options,
            now=lambda: datetime.now(UTC),
            **kwargs,
        )

    async def start(self) -> AsyncIterator[dict[str, object]]:
        try:
            async for found in super().start():
                yield found
        finally:
            await self.parser.close()
        for problem in self.visit.tally.problems if self.visit is not None else ():
            self.logger.warning(problem)


def _options(config: Path) -> CrawlOptions:
    path = config / "marsad.yaml"
    general = read_model(path, General) if path.exists() else General()
    return CrawlOptions(
        contact=general.contact,
        proxy=os.environ.get("MARSAD_CRAWL_PROXY") or None,
        allow_private=AllowPrivate.parse(os.environ.get("MARSAD_ALLOW_PRIVATE_NETWORKS", "no")),
    )

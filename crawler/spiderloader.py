"""`scrapy list` and `scrapy crawl NAME`: the sites of the configuration, as Scrapy's spiders.

Without database and bot: a crawl that forgets, and writes what it found where -O says.
"""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.crawl import site_settings
from crawler.memory import ForgetfulMemory
from crawler.options import CrawlOptions
from crawler.parsing import ParserPool
from crawler.spiders.site import SiteSpider
from models.configfile import read_model
from models.site import Site

CONFIG_VARIABLE = "MARSAD_CONFIG"
DEFAULT_CONFIG = "./config"


class SiteSpiderLoader:
    """Finds the site files of the folder that MARSAD_CONFIG names (default ./config)."""

    def __init__(self, settings: BaseSettings) -> None:
        self._sites = Path(os.environ.get(CONFIG_VARIABLE, DEFAULT_CONFIG)) / "sites"

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "SiteSpiderLoader":
        return cls(settings)

    def load(self, spider_name: str) -> type[scrapy.Spider]:
        path = self._sites / f"{spider_name}.yaml"
        if path not in self._files():
            raise KeyError(f"no site {spider_name!r} in {self._sites}")
        return standalone_spider(read_site(path))

    def find_by_request(self, request: scrapy.Request) -> list[str]:
        return []

    def _files(self) -> tuple[Path, ...]:
        return tuple(sorted(self._sites.glob("*.yaml")))

    def list(self) -> list[str]:
        return [site.name for site in map(read_site, self._files()) if site.enabled]


def read_site(path: Path) -> Site:
    """Raises ConfigErrors, which say what is wrong where."""
    return read_model(path, Site)


def standalone_spider(site: Site) -> type[scrapy.Spider]:
    """A class of its own for the site, as Scrapy's commands want it."""
    return type(
        "StandaloneSpider",
        (_StandaloneSpider,),
        {"name": site.name, "site_file": site, "custom_settings": None},
    )


class _StandaloneSpider(SiteSpider):
    site_file: Site

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(site_settings(cls.site_file, _options(settings)), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "_StandaloneSpider":
        return super().from_crawler(
            crawler,
            *args,
            site=cls.site_file,
            memory=ForgetfulMemory(),
            parser=ParserPool(),
            options=_options(crawler.settings),
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


def _options(settings: BaseSettings) -> CrawlOptions:
    return CrawlOptions(contact=settings["MARSAD_CONTACT"])

"""robots.txt, obeyed; read once a day and host, whatever the number of crawls."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.errors import AddressRefused, ParseFailed, RobotsRefused
from crawler.extraction.charset import decode
from crawler.fetch import failure_of
from crawler.options import ROBOT_NAME

if TYPE_CHECKING:
    from crawler.spiders.site import SiteSpider

_KEPT = timedelta(hours=24)
# As much as RFC 9309 asks a crawler to read.
_LONGEST = 500 * 1024
_MOST_HOSTS = 10_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host allows us; None: everything."""

    protego: Protego | None

    def allow(self, url: str) -> bool:
        return self.protego is None or bool(self.protego.can_fetch(url, ROBOT_NAME))


class RobotsCache:
    """Rules by scheme and host, each kept for 24 hours."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[datetime, Rules]] = {}

    def get(self, origin: str, now: datetime) -> Rules | None:
        known = self._rules.get(origin)
        return known[1] if known is not None and now < known[0] else None

    def put(self, origin: str, rules: Rules, now: datetime) -> None:
        if len(self._rules) >= _MOST_HOSTS:
            self._rules.clear()
        self._rules[origin] = (now + _KEPT, rules)

    def clear(self) -> None:
        self._rules.clear()


robots_cache = RobotsCache()
"""Of this process."""


class RobotsMiddleware:
    """Raises RobotsRefused for what robots.txt forbids.

    A host without robots.txt (4xx) forbids nothing. One whose robots.txt cannot be read (5xx, no
    answer) is left alone for this crawl: RFC 9309, section 2.3.1.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("for_robots"):
            return
        rules = await self._rules(request.url)
        if not rules.allow(request.url):
            raise RobotsRefused("robots.txt of the site does not allow it")

    async def _rules(self, url: str) -> Rules:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = robots_cache.get(origin, self._now())
        if known is not None:
            return known
        if origin not in self._asked:
            self._asked[origin] = asyncio.ensure_future(self._ask(origin))
            # A crawl that is stopped meanwhile asks no more; the failure is not news to anybody.
            self._asked[origin].add_done_callback(_retrieve)
        return await asyncio.shield(self._asked[origin])

    async def _ask(self, origin: str) -> Rules:
        url = f"{origin}/robots.txt"
        request = Request(url, meta={"for_robots": True}, callback=NO_CALLBACK)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except AddressRefused:
            raise
        except Exception as error:
            reason = failure_of(url, error).reason
            raise RobotsRefused(_unreadable(reason)) from error
        if response.status >= 500 or response.status == 429:
            raise RobotsRefused(_unreadable(f"HTTP {response.status}"))
        rules = await self._parsed(response.body) if response.status < 300 else Rules(None)
        robots_cache.put(origin, rules, self._now())
        return rules

    async def _parsed(self, body: bytes) -> Rules:
        try:
            return await self._spider.parser.run(parse_robots, body[:_LONGEST])
        except ParseFailed as error:
            raise RobotsRefused(_unreadable(str(error))) from error

    @property
    def _spider(self) -> "SiteSpider":
        return self._crawler.spider  # type: ignore[return-value]

    @property
    def _now(self) -> Callable[[], datetime]:
        return self._spider.now


def _retrieve(asked: "asyncio.Future[Rules]") -> None:
    if not asked.cancelled():
        asked.exception()


def parse_robots(body: bytes) -> Rules:
    return Rules(Protego.parse(decode(body)))


def _unreadable(reason: str) -> str:
    return f"robots.txt could not be read ({reason}), so nothing else was asked of the host"

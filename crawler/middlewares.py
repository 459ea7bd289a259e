"""What is done to every request on its way out, and to every answer on its way in."""

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError
from scrapy.http import Response

from crawler.errors import ProxyRefused, RobotsRefused
from crawler.guard import refuse_literal
from crawler.pace import pace
from crawler.wishes import parse_retry_after

if TYPE_CHECKING:
    from crawler.spiders.site import SiteSpider

_PORTS = {"http": 80, "https": 443}
FOR_ROBOTS = "for_robots"
_CRAWL_DELAY = "crawl_delay"
_COME_BACK_LATER = frozenset({429, 503})
# A longer Crawl-delay is no delay but a refusal to be watched; the report says what was asked.
LONGEST_DELAY = timedelta(minutes=10)


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "_Middleware":
        return cls(crawler)

    @property
    def _spider(self) -> "SiteSpider":
        return self._crawler.spider  # type: ignore[return-value]


class AddressMiddleware(_Middleware):
    """Refuses URLs that name a private address; sends the rest through the operator's proxy."""

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        refuse_literal(self._spider.policy, parts.hostname or "", port)
        # Set even when there is none: the proxies of the environment are not ours to use.
        options = self._spider.options
        request.meta["proxy"] = None if options.is_socks else options.proxy

    def process_exception(self, request: Request, exception: Exception) -> None:
        """It is the proxy that was connected to: not the site's fault."""
        if self._spider.options.proxy is None:
            return
        if isinstance(exception, DownloadConnectionRefusedError):
            raise ProxyRefused("nobody answers at the crawl proxy") from exception


class RobotsMiddleware(_Middleware):
    """Raises RobotsRefused for what robots.txt forbids, and notes the delay that it asks for."""

    async def process_request(self, request: Request) -> None:
        request.meta[_CRAWL_DELAY] = timedelta(0)
        if request.meta.get(FOR_ROBOTS):
            return
        rules = await self._spider.robots.rules(request.url)
        if not rules.allow(request.url):
            raise RobotsRefused("robots.txt of the site does not allow it")
        if rules.delay:
            self._spider.wishes.delayed(rules.delay)
            request.meta[_CRAWL_DELAY] = min(rules.delay, LONGEST_DELAY)


class PaceMiddleware(_Middleware):
    """Waits until the host may be asked again, and hears when it wants to be left alone."""

    async def process_request(self, request: Request) -> None:
        delay = max(self._spider.site.delay, request.meta[_CRAWL_DELAY])
        await pace.turn(request.url, delay.total_seconds(), self._spider.options.turns)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status in _COME_BACK_LATER:
            value = response.headers.get("Retry-After")
            text = value.decode("latin-1") if value else None
            self._spider.wishes.refused(parse_retry_after(text, self._spider.now()))
        return response

"""What is done to every request on its way out."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.guard import refuse_literal

if TYPE_CHECKING:
    from crawler.spiders.site import SiteSpider

_PORTS = {"http": 80, "https": 443}


class AddressMiddleware:
    """Refuses URLs that name a private address; sends the rest through the operator's proxy."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AddressMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        refuse_literal(self._spider.policy, parts.hostname or "", port)
        # Set even when there is none: the proxies of the environment are not ours to use.
        options = self._spider.options
        request.meta["proxy"] = None if options.is_socks else options.proxy

    @property
    def _spider(self) -> "SiteSpider":
        return self._crawler.spider  # type: ignore[return-value]

"""Scrapy's own download handler, with a limit on response headers.

DOWNLOAD_MAXSIZE does not count them: endless headers took 2 GB before the time ran out
(https://github.com/scrapy/scrapy/issues/355).
"""

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred

from crawler.errors import HeadersTooLong

MAX_HEADER_BYTES = 64 * 1024


class _LimitedParser(_LenientHTTPClientParser):
    _header_bytes = 0

    def lineReceived(self, line: bytes) -> None:
        self._header_bytes += len(line) + 2
        if self._header_bytes > MAX_HEADER_BYTES:
            raise HeadersTooLong(f"more than {MAX_HEADER_BYTES // 1024} KiB of headers")
        super().lineReceived(line)


class _LimitedProtocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[Any]:
        answer = super().request(request)
        # The base class puts its own parser in place in the same way, for the same reason:
        # Twisted names the class in the middle of a method.
        self._parser.__class__ = _LimitedParser
        return answer


class _LimitedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _LimitedProtocol:
        return _LimitedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class DownloadHandler(HTTP11DownloadHandler):
    """http and https over the Twisted reactor."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _LimitedFactory

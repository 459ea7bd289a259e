"""One address asked over Scrapy's downloader: an answer, or a sentence on why there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Headers, Response
from scrapy.http.request import NO_CALLBACK
from twisted.internet.error import ConnectionClosed

from crawler.errors import (
    NAME_UNKNOWN,
    AddressRefused,
    FetchFailed,
    HeadersTooLong,
    ProxyRefused,
    RobotsRefused,
    RobotsUnreadable,
)
from crawler.extraction.markup import MAX_BYTES
from crawler.wishes import parse_freshness
from models.article import Validators

_TEMPORARY = frozenset({403, 408, 425, 429})
_TOO_BIG = f"bigger than {MAX_BYTES // 2**20} MiB, so it was not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, whatever its status. `url` is the address after redirects.

    `fresh_for`: how long it need not be asked again, as the server says.
    """

    url: str
    status: int
    body: bytes
    content_type: str | None
    validators: Validators
    fresh_for: timedelta | None = None

    @property
    def unchanged(self) -> bool:
        return self.status == 304

    def or_failure(self) -> "Answer":
        """Itself if it is a success or 'not modified'; raises FetchFailed otherwise."""
        if self.status < 300 or self.unchanged:
            return self
        temporary = self.status >= 500 or self.status in _TEMPORARY
        reason = f"HTTP {self.status}"
        raise FetchFailed(self.url, reason, temporary=temporary, status=self.status)


async def fetch(crawler: Crawler, url: str, validators: Validators | None = None) -> Answer:
    """Ask for an address; with validators, only if it changed. Raises FetchFailed."""
    request = Request(url, headers=_conditions(validators), callback=NO_CALLBACK, dont_filter=True)
    assert crawler.engine is not None
    try:
        response = await crawler.engine.download_async(request)
    except Exception as error:
        raise failure_of(url, error) from error
    return _answer(response)


def failure_of(url: str, error: Exception) -> FetchFailed:
    """The sentence for what the downloader or a middleware raised.

    An error that is none of the known ones is a fault of the site too, as far as one can tell:
    a broken header can raise anything inside the downloader. It is named by its class.
    """
    for cause in _causes(error):
        for kinds, reason, temporary in _REASONS:
            if isinstance(cause, kinds):
                return FetchFailed(url, reason or str(cause), temporary=temporary)
    if isinstance(error, IgnoreRequest):
        return FetchFailed(url, _ignored(str(error)), temporary=False)
    detail = _insecure(error) or _sentence(error)
    return FetchFailed(url, detail, temporary=True)


_REASONS: tuple[tuple[tuple[type[BaseException], ...], str | None, bool], ...] = (
    ((AddressRefused,), None, False),
    ((RobotsUnreadable,), None, True),
    ((RobotsRefused,), None, False),
    ((ProxyRefused,), None, True),
    ((HeadersTooLong,), "the server sends endless headers, so it was not read", False),
    ((DownloadTimeoutError,), "no complete answer in time", True),
    ((DownloadConnectionRefusedError,), "the connection was refused", True),
    ((CannotResolveHostError,), NAME_UNKNOWN, True),
    ((ResponseDataLossError,), "the answer broke off in the middle", True),
    ((DownloadCancelledError,), _TOO_BIG, False),
    ((ConnectionClosed,), "the server closed the connection without an answer", True),
    ((UnsupportedURLSchemeError,), "not an http or https address", False),
)


def _ignored(told: str) -> str:
    """Scrapy's middlewares tell their reasons apart by their words only."""
    if "DOWNLOAD_MAXSIZE" in told:
        return _TOO_BIG
    return "redirects without end" if "max redirections" in told else told[:200]


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it wraps: Twisted keeps a list of failures inside one error."""
    while error is not None:
        yield error
        for failure in getattr(error, "reasons", None) or ():
            yield from _causes(getattr(failure, "value", None))
        error = error.__cause__


def _insecure(error: Exception) -> str | None:
    """OpenSSL tells its reasons by their words only."""
    told = " ".join(str(cause) for cause in _causes(error)).lower()
    if "certificate verify failed" in told:
        return "its certificate is not valid"
    return "no secure connection (https) could be made" if "ssl routines" in told else None


def _sentence(error: Exception) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _conditions(validators: Validators | None) -> dict[str, str]:
    if validators is None:
        return {}
    wanted = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in wanted.items() if value}


def _answer(response: Response) -> Answer:
    return Answer(
        url=response.url,
        status=response.status,
        body=response.body,
        content_type=_header(response.headers, "Content-Type"),
        validators=Validators(
            etag=_header(response.headers, "ETag"),
            last_modified=_header(response.headers, "Last-Modified"),
        ),
        fresh_for=parse_freshness(
            _header(response.headers, "Cache-Control"), _header(response.headers, "Age")
        ),
    )


def _header(headers: Headers, name: str) -> str | None:
    value = headers.get(name)
    return value.decode("latin-1").strip()[:1_000] or None if value else None

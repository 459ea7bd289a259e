"""What can go wrong while a site is read; each message is a sentence for the operator."""

NAME_UNKNOWN = "the host's name is not known"


class CrawlerError(Exception):
    """Reading a site failed."""


class ParseFailed(CrawlerError):
    """The worker process could not parse what was downloaded."""


class Challenged(ParseFailed):
    """The site shows a page that asks whether the reader is human."""


class ParseTimeout(ParseFailed):
    """Parsing took longer than allowed; the worker process was killed."""


class AddressRefused(CrawlerError):
    """The address is loopback, private or otherwise not public, and not allowed."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host} port {port} is not a public address; it was refused")
        self.host = host
        self.port = port


class RobotsRefused(CrawlerError):
    """robots.txt does not allow the address, or could not be read."""


class RobotsUnreadable(RobotsRefused):
    """robots.txt could not be read; the next crawl may have more luck."""


class HeadersTooLong(CrawlerError):
    """The server sent more header bytes than allowed."""


class FetchFailed(CrawlerError):
    """An address could not be fetched. `temporary`: the next crawl may have more luck.
    `challenged`: the answer asks whether the reader is human."""

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        temporary: bool,
        status: int | None = None,
        challenged: bool = False,
    ):
        super().__init__(f"{url}: {reason}")
        self.challenged = challenged
        self.url = url
        self.reason = reason
        self.temporary = temporary
        self.status = status


class ProxyRefused(CrawlerError):
    """The proxy did not open the connection."""


class BadProxy(CrawlerError):
    """The proxy of the settings cannot be used."""


_REFUSALS = frozenset({401, 403, 451})


def blocks(error: CrawlerError) -> bool:
    """Whether the site refuses programs, as far as its answer tells; it is not to be evaded."""
    if isinstance(error, FetchFailed):
        return error.challenged or error.status in _REFUSALS
    return isinstance(error, Challenged)

"""What can go wrong while a site is read; each message is a sentence for the operator."""


class CrawlerError(Exception):
    """Reading a site failed."""


class ParseFailed(CrawlerError):
    """The worker process could not parse what was downloaded."""


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


class HeadersTooLong(CrawlerError):
    """The server sent more header bytes than allowed."""


class FetchFailed(CrawlerError):
    """An address could not be fetched. `temporary`: the next crawl may have more luck."""

    def __init__(self, url: str, reason: str, *, temporary: bool, status: int | None = None):
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.temporary = temporary
        self.status = status


class ProxyRefused(CrawlerError):
    """The proxy did not open the connection."""


class BadProxy(CrawlerError):
    """The proxy of the settings cannot be used."""

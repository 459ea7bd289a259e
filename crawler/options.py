"""How crawls are run: what is the same for every site of a process."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from crawler.errors import BadProxy
from crawler.guard import AllowPrivate, HostPort

ROBOT_NAME = "Marsad"
_PROXY_PORTS = {"http": 80, "socks5": 1080}
_NOTHING_PRIVATE = AllowPrivate()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """`contact`: where a site's people reach the operator, a URL or an address of mail; may be ''.

    `turns`: a folder in which processes agree on when a host is asked (crawler.turns).
    `proxy`: http:// or socks5://[user:password@]host:port. robots.txt is always obeyed.
    `timeout_seconds` limits one answer, from the connection to its last byte. Raises BadProxy.
    """

    contact: str
    proxy: str | None = None
    allow_private: AllowPrivate = _NOTHING_PRIVATE
    timeout_seconds: float = 15
    turns: Path | None = None

    def __post_init__(self) -> None:
        if self.proxy is not None:
            _host_port(self.proxy)

    @property
    def proxy_address(self) -> HostPort | None:
        return _host_port(self.proxy) if self.proxy is not None else None

    @property
    def is_socks(self) -> bool:
        return self.proxy is not None and self.proxy.startswith("socks5:")

    @property
    def user_agent(self) -> str:
        name = f"{ROBOT_NAME}/{_version()}"
        return f"{name} (+{self.contact})" if self.contact else name


def _host_port(proxy: str) -> HostPort:
    parts = urlsplit(proxy)
    if parts.scheme not in _PROXY_PORTS:
        raise BadProxy(
            f"the crawl proxy's scheme is {parts.scheme or 'missing'}; allowed: "
            + ", ".join(f"{scheme}://host:port" for scheme in _PROXY_PORTS)
        )
    try:
        port = parts.port
    except ValueError as error:
        raise BadProxy("the crawl proxy's port is no number") from error
    if not parts.hostname:
        raise BadProxy("the crawl proxy names no host")
    return parts.hostname, port or _PROXY_PORTS[parts.scheme]


@cache
def _version() -> str:
    try:
        return version("marsad")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"

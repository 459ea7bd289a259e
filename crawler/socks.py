"""Downloads through a SOCKS5 proxy (RFC 1928, RFC 1929), names resolved by the proxy.

Twisted has no SOCKS client, and Scrapy's httpx handler goes around the reactor, where addresses,
headers and sizes are held to their limits; so the handshake is here and all else stays the same.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import _ScrapyAgent
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.interfaces import IProtocol, IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import URI, Agent
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.download import DownloadHandler
from crawler.errors import ProxyRefused

_VERSION = b"\x05"
_NO_LOGIN, _PASSWORD = 0, 2
_CONNECT = b"\x05\x01\x00"
_REPLIES = {
    1: "general failure",
    2: "not allowed by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "timed out",
}
_ADDRESS_BYTES = {1: 4, 4: 16}


@dataclass(frozen=True, slots=True)
class SocksProxy:
    """Where the proxy is, and who we are to it."""

    host: str
    port: int
    user: bytes = b""
    password: bytes = b""

    @classmethod
    def of(cls, url: str) -> "SocksProxy":
        """From socks5://[user:password@]host:port, checked by CrawlOptions."""
        parts = urlsplit(url)
        user, password = (unquote(part or "").encode() for part in (parts.username, parts.password))
        return cls(parts.hostname or "", parts.port or 1080, user, password)


class SocksDownloadHandler(DownloadHandler):
    """http and https, each connection through the proxy of the crawl's options."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._proxy = SocksProxy.of(crawler.spider.options.proxy)  # type: ignore[union-attr]

    async def download_request(self, request: Request) -> Response:
        agent = _SocksScrapyAgent(
            self._proxy,
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))


class _SocksScrapyAgent(_ScrapyAgent):
    def __init__(self, proxy: SocksProxy, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._proxy = proxy

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor

        endpoints = _Endpoints(reactor, self._proxy, self._contextFactory, timeout)
        return Agent.usingEndpointFactory(reactor, endpoints, self._pool)  # type: ignore[no-untyped-call, no-any-return]


@implementer(IAgentEndpointFactory)
@dataclass(frozen=True, slots=True)
class _Endpoints:
    reactor: Any
    proxy: SocksProxy
    context_factory: Any
    timeout: float

    def endpointForURI(self, uri: URI) -> Any:
        host = uri.host.decode("ascii").strip("[]")
        through = HostnameEndpoint(
            self.reactor, self.proxy.host.encode(), self.proxy.port, timeout=self.timeout
        )
        endpoint: Any = _SocksEndpoint(through, self.proxy, host, uri.port)
        if uri.scheme != b"https":
            return endpoint
        return wrapClientTLS(self.context_factory.creatorForNetloc(uri.host, uri.port), endpoint)


@implementer(IStreamClientEndpoint)
@dataclass(frozen=True, slots=True)
class _SocksEndpoint:
    through: Any
    proxy: SocksProxy
    host: str
    port: int

    def connect(self, protocolFactory: Any) -> Deferred[IProtocol]:
        client = _SocksClient(self, protocolFactory)
        opening: Deferred[Any] = self.through.connect(Factory.forProtocol(lambda: client))
        opening.addErrback(client.fail)
        return client.opened


class _SocksClient(Protocol):
    """The handshake; then everything that comes is the inner protocol's."""

    transport: Any  # Twisted's interfaces are written for zope, not for type checkers

    def __init__(self, endpoint: _SocksEndpoint, inner: Any) -> None:
        self._endpoint = endpoint
        self._inner_factory = inner
        self._inner: Any = None
        self._received = b""
        self._next: Callable[[], bool] = self._greeted
        self.opened: Deferred[IProtocol] = Deferred(lambda _: self._abort())

    def connectionMade(self) -> None:
        methods = bytes([_NO_LOGIN, _PASSWORD] if self._endpoint.proxy.user else [_NO_LOGIN])
        self._send(_VERSION + bytes([len(methods)]) + methods)

    def dataReceived(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.dataReceived(data)
            return
        self._received += data
        while self._inner is None and self._next():
            pass

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._inner is not None:
            self._inner.connectionLost(reason)
        else:
            self.fail(reason)

    def fail(self, reason: Any) -> None:
        if not self.opened.called:
            self.opened.errback(reason)

    # Each step takes its answer from what was received, and says whether it was all there.

    def _greeted(self) -> bool:
        answer = self._take(2)
        if answer is None:
            return False
        if answer == bytes([5, _NO_LOGIN]):
            return self._ask()
        if answer == bytes([5, _PASSWORD]) and self._endpoint.proxy.user:
            proxy = self._endpoint.proxy
            self._send(b"\x01" + _counted(proxy.user) + _counted(proxy.password))
            self._next = self._logged_in
            return True
        return self._refuse("it wants another way of login, or is no SOCKS5 proxy")

    def _logged_in(self) -> bool:
        answer = self._take(2)
        if answer is None:
            return False
        return self._ask() if answer[1] == 0 else self._refuse("user or password are wrong")

    def _ask(self) -> bool:
        self._send(
            _CONNECT + _address(self._endpoint.host) + self._endpoint.port.to_bytes(2, "big")
        )
        self._next = self._answered
        return True

    def _answered(self) -> bool:
        if len(self._received) < 5:
            return False
        code, kind = self._received[1], self._received[3]
        if code != 0:
            return self._refuse(_REPLIES.get(code, f"code {code}"))
        length = _ADDRESS_BYTES.get(kind, self._received[4] + 1)
        if self._take(4 + length + 2) is None:
            return False
        self._open()
        return False

    def _open(self) -> None:
        self._inner = self._inner_factory.buildProtocol(self.transport.getPeer())
        self._inner.makeConnection(self.transport)
        if self._received:
            self._inner.dataReceived(self._received)
        self.opened.callback(self._inner)

    def _take(self, count: int) -> bytes | None:
        if len(self._received) < count:
            return None
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    def _send(self, data: bytes) -> None:
        self.transport.write(data)

    def _refuse(self, why: str) -> bool:
        refusal = ProxyRefused(f"the crawl proxy refused the connection: {why}")
        self.fail(Failure(refusal))  # type: ignore[no-untyped-call]
        self._abort()
        return False

    def _abort(self) -> None:
        if self.transport is not None:
            self.transport.abortConnection()


def _address(host: str) -> bytes:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return b"\x03" + _counted(host.encode("ascii"))
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


def _counted(text: bytes) -> bytes:
    return bytes([len(text)]) + text

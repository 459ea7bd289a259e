"""robots.txt, obeyed; read once a day and host, whatever the number of crawls and of starts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from crawler.errors import AddressRefused, ParseFailed, RobotsRefused, RobotsUnreadable
from crawler.options import ROBOT_NAME
from crawler.parsing import ParserPool
from models.crawl import RobotsFile

if TYPE_CHECKING:
    from scrapy.http import Response

KEPT = timedelta(hours=24)
# An older copy serves while the host does not answer: RFC 9309, section 2.4.
_KEPT_UNREACHABLE = timedelta(days=7)
# As much as RFC 9309 asks a crawler to read.
_LONGEST = 500 * 1024
_MOST_HOSTS = 10_000
_MOST_SITEMAPS = 1_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host allows us; None: everything."""

    protego: Protego | None

    def allow(self, url: str) -> bool:
        return self.protego is None or bool(self.protego.can_fetch(url, ROBOT_NAME))

    @property
    def delay(self) -> timedelta:
        """Between two requests: the longer of Crawl-delay and Request-rate; 0: nothing is said."""
        if self.protego is None:
            return timedelta(0)
        rate = self.protego.request_rate(ROBOT_NAME)
        seconds = max(
            self.protego.crawl_delay(ROBOT_NAME) or 0,
            rate.seconds / rate.requests if rate is not None and rate.requests else 0,
        )
        return timedelta(seconds=min(max(seconds, 0), 10 * 86_400))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """What its `Sitemap:` lines name, in their order."""
        return tuple(self.protego.sitemaps)[:_MOST_SITEMAPS] if self.protego is not None else ()


class RobotsMemory(Protocol):
    """Keeps robots.txt beyond this process; storage fits it by shape."""

    async def robots(self, origin: str) -> RobotsFile | None: ...

    async def remember_robots(self, file: RobotsFile) -> None: ...


class RobotsCache:
    """Rules by scheme and host, each until 24 hours after they were asked for."""

    def __init__(self) -> None:
        self._rules: dict[str, tuple[datetime, Rules]] = {}
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def get(self, origin: str, now: datetime) -> Rules | None:
        known = self._rules.get(origin)
        return known[1] if known is not None and now < known[0] else None

    def put(self, origin: str, rules: Rules, asked_at: datetime) -> None:
        if len(self._rules) >= _MOST_HOSTS:
            self._rules.clear()
        self._rules[origin] = (asked_at + KEPT, rules)

    def asking(self, origin: str) -> asyncio.Lock:
        """Held by the one crawl that asks; the others wait for what it learns."""
        return self._asking.setdefault(origin, asyncio.Lock())

    def clear(self) -> None:
        self._rules.clear()
        self._asking.clear()


robots_cache = RobotsCache()
"""Of this process."""

Ask = Callable[[str], Awaitable["Response"]]
"""Fetches an address, asking nobody's leave. Raises what Scrapy's downloader raises."""


class Robots:
    """The rules of the hosts of one crawl.

    A host without robots.txt (4xx) forbids nothing. One whose robots.txt cannot be read (5xx, no
    answer) is left alone for this crawl, unless a copy is at hand: RFC 9309, sections 2.3.1, 2.4.
    """

    def __init__(
        self,
        ask: Ask,
        *,
        memory: RobotsMemory,
        parser: ParserPool,
        now: Callable[[], datetime],
    ) -> None:
        self._ask = ask
        self._memory = memory
        self._parser = parser
        self._now = now
        self._asked: dict[str, asyncio.Task[Rules]] = {}

    async def rules(self, url: str) -> Rules:
        """Of the address's host. Raises RobotsRefused where they cannot be read."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = robots_cache.get(origin, self._now())
        if known is not None:
            return known
        if origin not in self._asked:
            self._asked[origin] = asyncio.ensure_future(self._learn(origin))
            # A crawl that is stopped meanwhile asks no more; the failure is not news to anybody.
            self._asked[origin].add_done_callback(_retrieve)
        return await asyncio.shield(self._asked[origin])

    def end(self) -> None:
        """The crawl ends: nobody waits for what is still being asked. Without this a request for
        robots.txt that waits for its turn would hold up the end for as long."""
        for asked in self._asked.values():
            asked.cancel()

    async def _learn(self, origin: str) -> Rules:
        async with robots_cache.asking(origin):
            known = robots_cache.get(origin, self._now())
            if known is not None:
                return known
            kept = await self._memory.robots(origin)
            if kept is not None and self._now() < kept.asked_at + KEPT:
                return await self._use(kept)
            try:
                file = await self._fetch(origin)
            except RobotsRefused:
                if kept is None or self._now() > kept.asked_at + _KEPT_UNREACHABLE:
                    raise
                return await self._parsed(kept)
            await self._memory.remember_robots(file)
            return await self._use(file)

    async def _fetch(self, origin: str) -> RobotsFile:
        try:
            response = await self._ask(f"{origin}/robots.txt")
        except AddressRefused:
            raise
        except Exception as error:
            # Scrapy weighs 25 MB, and the parser processes import this module.
            from crawler.fetch import failure_of

            reason = failure_of(origin, error).reason
            raise RobotsUnreadable(_unreadable(reason)) from error
        if response.status >= 500 or response.status == 429:
            raise RobotsUnreadable(_unreadable(f"HTTP {response.status}"))
        found = response.status < 300
        text = response.body[:_LONGEST].decode("utf-8", "replace") if found else None
        return RobotsFile(origin=origin, text=text, asked_at=self._now())

    async def _use(self, file: RobotsFile) -> Rules:
        rules = await self._parsed(file)
        robots_cache.put(file.origin, rules, file.asked_at)
        return rules

    async def _parsed(self, file: RobotsFile) -> Rules:
        if file.text is None:
            return Rules(None)
        try:
            return await self._parser.run(parse_robots, file.text)
        except ParseFailed as error:
            raise RobotsRefused(_unreadable(str(error))) from error


def _retrieve(asked: "asyncio.Task[Rules]") -> None:
    if not asked.cancelled():
        asked.exception()


def parse_robots(text: str) -> Rules:
    return Rules(Protego.parse(text))


def _unreadable(reason: str) -> str:
    return f"robots.txt could not be read ({reason}), so nothing else was asked of the host"

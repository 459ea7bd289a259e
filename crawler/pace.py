"""The distance between two requests to one host, over all crawls of the process.

Scrapy's own delay is of one crawl: two sites on one host, or two crawls of one site one after the
other, would not know of each other.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from crawler.turns import reserve

_MOST_HOSTS = 10_000


@dataclass(slots=True)
class _Host:
    last: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """When each host was asked last."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    async def turn(self, url: str, delay_seconds: float, shared: Path | None = None) -> None:
        """Return when the host may be asked: in the order of the calls, `delay_seconds` after the
        turn before, also after those of other processes that use the folder `shared`. A caller
        that is cancelled while it waits leaves its turn to the next."""
        name = urlsplit(url).netloc.lower()
        host = self._host(name)
        if delay_seconds <= 0 and not host.turn.locked():
            host.last = asyncio.get_running_loop().time()
            return
        async with host.turn:
            now = asyncio.get_running_loop().time()
            turn = max(now, host.last + delay_seconds)
            if shared is not None:
                turn = max(turn, reserve(shared, name, delay_seconds, now))
            wait = turn - now
            if wait > 0:
                await asyncio.sleep(wait)
            host.last = asyncio.get_running_loop().time()

    def _host(self, name: str) -> _Host:
        if name not in self._hosts and len(self._hosts) >= _MOST_HOSTS:
            self._hosts = {name: host for name, host in self._hosts.items() if host.turn.locked()}
        return self._hosts.setdefault(name, _Host())


pace = Pace()
"""Of this process."""

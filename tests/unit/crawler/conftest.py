"""A site to crawl, the parser's processes, and the reactor; shared by the tests that crawl."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from crawler.crawl import crawl_site
from crawler.guard import AllowPrivate
from crawler.memory import CrawlMemory, ForgetfulMemory
from crawler.options import CrawlOptions
from crawler.pace import pace
from crawler.parsing import ParserPool
from crawler.robots import robots_cache
from models.crawl import CrawlReport
from models.site import Site, Title, Way
from tests.fakes.newssite import NewsSite
from tests.fakes.reactor import reactor  # noqa: F401
from tests.unit.crawler.builders import NOW

Crawl = Callable[..., Coroutine[Any, Any, CrawlReport]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def parser() -> AsyncIterator[ParserPool]:
    pool = ParserPool(workers=1)
    yield pool
    await pool.close()


@pytest_asyncio.fixture(loop_scope="session")
async def news() -> AsyncIterator[NewsSite]:
    robots_cache.clear()
    async with NewsSite() as site:
        yield site


@pytest.fixture
def memory() -> ForgetfulMemory:
    return ForgetfulMemory()


@pytest.fixture
def departures(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When requests leave: when they arrive is the affair of a machine that may be busy."""
    times: list[float] = []
    turn = pace.turn

    async def noted(*args: Any) -> None:
        await turn(*args)
        times.append(asyncio.get_running_loop().time())

    monkeypatch.setattr(pace, "turn", noted)
    return times


@pytest.fixture
def crawl(news: NewsSite, memory: ForgetfulMemory, parser: ParserPool) -> Crawl:
    """Crawl the news site by the ways given; keywords change the site or the options."""

    async def run(
        *ways: Way,
        options: CrawlOptions | None = None,
        memory: CrawlMemory = memory,
        **changes: object,
    ) -> CrawlReport:
        site = Site(
            name="sample",
            title=Title(ar="صحيفة المثال", en="Sample"),
            publishes=ways,
            delay=timedelta(0),
        )
        return await crawl_site(
            site.model_copy(update=changes),
            memory=memory,
            parser=parser,
            options=options or options_for(news),
            now=lambda: NOW,
        )

    return run


def options_for(*sites: NewsSite, timeout_seconds: float = 10) -> CrawlOptions:
    """Options that allow exactly these sites' own addresses."""
    hosts = frozenset((site.host, site.port) for site in sites)
    return CrawlOptions(
        contact="mailto:watch@example.org",
        allow_private=AllowPrivate(hosts=hosts),
        timeout_seconds=timeout_seconds,
    )

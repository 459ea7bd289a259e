"""Crawls through the operator's proxy: names that only the proxy knows, addresses that it may not
be asked for."""

import pytest

from crawler.memory import ForgetfulMemory
from crawler.options import CrawlOptions
from models.crawl import CrawlOutcome
from models.site import Feed
from tests.fakes.newssite import NewsSite, Page
from tests.fakes.proxies import http_proxy, socks_proxy
from tests.unit.crawler.builders import STORY, feed, page
from tests.unit.crawler.conftest import Crawl

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]

HOST = "news.example.org"
FEED = Feed(type="feed", url=f"http://{HOST}/feed/")


def publish(news: NewsSite) -> tuple[str, int]:
    news.pages["/feed/"] = Page(feed(f"http://{HOST}", STORY))
    news.pages[STORY.path] = Page(page(STORY))
    return news.host, news.port


def through(proxy: str) -> CrawlOptions:
    return CrawlOptions(contact="mailto:watch@example.org", proxy=proxy)


async def test_a_crawl_goes_through_an_http_proxy(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    async with http_proxy(publish(news)) as proxy:
        report = await crawl(FEED, options=through(f"http://127.0.0.1:{proxy.port}"))

    assert report.problems == ()
    assert len(memory.articles) == 1
    assert set(proxy.asked) == {(HOST, 80)}


@pytest.mark.parametrize("login", [None, ("reader", "p@ss")], ids=["open", "with login"])
async def test_a_crawl_goes_through_a_socks5_proxy_which_resolves_the_names(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl, login: tuple[str, str] | None
) -> None:
    async with socks_proxy(publish(news), login=login) as proxy:
        user = "reader:p%40ss@" if login else ""
        report = await crawl(FEED, options=through(f"socks5://{user}127.0.0.1:{proxy.port}"))

    assert report.problems == ()
    assert len(memory.articles) == 1
    assert set(proxy.asked) == {(HOST, 80)}
    assert set(proxy.logins) == ({login} if login else set())
    assert all("proxy-authorization" not in asked.headers for asked in news.asked)


async def test_a_socks5_proxy_that_refuses_is_named(news: NewsSite, crawl: Crawl) -> None:
    async with socks_proxy(publish(news), login=("reader", "right")) as proxy:
        url = f"socks5://reader:wrong@127.0.0.1:{proxy.port}"
        report = await crawl(FEED, options=through(url))

    assert report.outcome is CrawlOutcome.FAILED
    assert (
        "the crawl proxy refused the connection: user or password are wrong" in (report.problems[0])
    )


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_of_a_proxy_that_is_gone_the_site_is_not_blamed(
    news: NewsSite, crawl: Crawl, scheme: str
) -> None:
    async with http_proxy(publish(news)) as proxy:
        pass
    report = await crawl(FEED, options=through(f"{scheme}://reader:secret@127.0.0.1:{proxy.port}"))
    assert report.outcome is CrawlOutcome.FAILED
    assert "nobody answers at the crawl proxy" in report.problems[0]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::1]"])
async def test_a_proxy_is_not_asked_for_a_private_address(
    news: NewsSite, crawl: Crawl, scheme: str, host: str
) -> None:
    serve = http_proxy if scheme == "http" else socks_proxy
    async with serve(publish(news)) as proxy:
        report = await crawl(
            Feed(type="feed", url=f"http://{host}:{news.port}/feed/"),
            options=through(f"{scheme}://127.0.0.1:{proxy.port}"),
        )

    assert proxy.asked == []
    assert "is not a public address" in report.problems[0]

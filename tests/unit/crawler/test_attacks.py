"""Each kind of attack once through a whole crawl: in time, in little memory, and said."""

import asyncio
import gzip
import resource
import time
import zlib
from collections.abc import Callable
from datetime import timedelta

import brotli  # type: ignore[import-untyped]  # its package has no types
import pytest
from backports import zstd

from crawler.memory import ForgetfulMemory
from marsad.health import judge
from models.crawl import CrawlOutcome, CrawlReport
from models.health import UNJUDGED
from models.site import Feed, Listing, Site, Sitemap, Title
from tests.fakes.newssite import NewsSite, Page
from tests.unit.crawler.builders import OTHER, STORY, feed, page
from tests.unit.crawler.conftest import Crawl

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]

# Body 8 MiB, 15 s a fetch, 512 MB and 5 s a parse; the limit leaves room for a busy machine.
_SECONDS = 60.0
_GROWN_MB = 150
_ZEROS = 64 * 2**20


def _deflate(data: bytes) -> bytes:
    return zlib.compress(data, 9)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("deflate", _deflate),
        ("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    ],
    ids=["brotli", "zstd", "deflate", "gzip in gzip"],
)
async def test_a_bomb_is_refused_and_called_one(
    news: NewsSite, crawl: Crawl, encoding: str, packed: Callable[[bytes], bytes]
) -> None:
    news.pages["/feed/"] = Page(packed(bytes(_ZEROS)), headers={"Content-Encoding": encoding})

    report = await _within_limits(crawl(Feed(type="feed", url=f"{news.url}/feed/")))

    assert report.outcome is CrawlOutcome.FAILED
    assert "bigger than 8 MiB" in report.problems[0]


async def test_a_sitemap_that_is_a_bomb_is_refused_and_called_one(
    news: NewsSite, crawl: Crawl
) -> None:
    news.pages["/map.xml.gz"] = Page(gzip.compress(bytes(_ZEROS)), content_type="application/gzip")

    report = await _within_limits(crawl(Sitemap(type="sitemap", url=f"{news.url}/map.xml.gz")))

    assert report.outcome is CrawlOutcome.FAILED
    assert "bigger than 8 MiB" in report.problems[0]


_LAUGHS = "<!DOCTYPE r [<!ENTITY a 'ضضضضضضضضضض'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>"
    for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "document_type",
    [
        f"{_LAUGHS}]>",
        f"<!DOCTYPE r [<!ENTITY j '{'ض' * 60_000}'>]>",
        "<!DOCTYPE r [<!ENTITY j SYSTEM 'file:///etc/hostname'>]>",
        "<!DOCTYPE r [<!ENTITY j SYSTEM '{url}/secret'>]>",
        "<!DOCTYPE r [<!ENTITY % p SYSTEM '{url}/secret'> %p;]>",
        "<!DOCTYPE r SYSTEM '{url}/secret'>",
    ],
    ids=["laughs", "quadratic", "file", "http", "parameter", "document type"],
)
async def test_entities_are_not_followed(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl, document_type: str
) -> None:
    body = feed(news.url, STORY).replace("<channel>", f"<channel><title>{'&j;' * 40}</title>")
    prolog, _, rest = body.partition("<rss")
    news.pages["/feed/"] = Page(f"{prolog}{document_type.format(url=news.url)}<rss{rest}")
    news.pages[STORY.path] = Page(page(STORY))
    news.pages["/secret"] = Page("<!ENTITY j 'سر'>")

    report = await _within_limits(crawl(Feed(type="feed", url=f"{news.url}/feed/")))

    assert "/secret" not in news.paths_asked()
    assert report.listed == 1 or report.problems
    assert all(len(article.title) < 1_000 for article in memory.articles.values())


async def test_a_page_of_links_without_end_gives_no_more_than_a_crawl_takes(
    news: NewsSite, crawl: Crawl
) -> None:
    links = "".join(f"<a href=/n/{number}>خبر</a>" for number in range(20_000))
    news.pages["/"] = Page(f"<html><body>{links}</body></html>")

    report = await _within_limits(
        crawl(Listing(type="listing", url=f"{news.url}/", path="/n/"), delay=timedelta(0))
    )

    assert len(news.asked) <= 220
    assert report.new == 0


async def test_addresses_that_differ_at_each_visit_do_not_grow_without_end(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    news.pages[STORY.path] = Page(page(STORY))
    for visit in range(3):
        address = f"{STORY.path}?utm_source=feed&fbclid={visit}"
        listed = feed(news.url, STORY).replace(STORY.path, address.replace("&", "&amp;"))
        news.pages["/feed/"] = Page(listed)
        news.pages[address] = Page(page(STORY))
        await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert len(memory.articles) == 1


async def test_a_site_under_attack_is_flagged_within_two_crawls(
    news: NewsSite, crawl: Crawl
) -> None:
    news.pages["/feed/"] = Page(brotli.compress(bytes(_ZEROS)), headers={"Content-Encoding": "br"})
    way = Feed(type="feed", url=f"{news.url}/feed/")
    site = Site(name="sample", title=Title(ar="صحيفة المثال"), publishes=(way,))

    health = UNJUDGED
    for _ in range(2):
        health = judge(health, site, await crawl(way))

    assert health.blind_since is not None


async def test_an_attack_does_not_delay_another_site(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    news.pages["/bad/"] = Page("<rss><channel>" + "<a>" * 300_000)
    news.pages["/feed/"] = Page(feed(news.url, OTHER))
    news.pages[OTHER.path] = Page(page(OTHER))

    bad = asyncio.create_task(crawl(Feed(type="feed", url=f"{news.url}/bad/")))
    good = await _within_limits(crawl(Feed(type="feed", url=f"{news.url}/feed/")))
    await bad

    assert good.new == 1


async def _within_limits(crawl: "asyncio.Future[CrawlReport] | object") -> CrawlReport:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    report = await crawl  # type: ignore[misc]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert time.monotonic() - began < _SECONDS
    assert grown < _GROWN_MB
    assert isinstance(report, CrawlReport)
    return report

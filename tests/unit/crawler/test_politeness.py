"""What a site asks of its callers is heard: delays, pauses, freshness, robots.txt once a day."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from crawler.memory import ForgetfulMemory
from crawler.pace import Pace, pace
from crawler.robots import Rules, parse_robots, robots_cache
from crawler.visit import most_pages
from crawler.wishes import Wishes, parse_freshness, parse_retry_after
from models.crawl import CrawlOutcome, RobotsFile
from models.site import Feed, Site, Sitemap, Title
from tests.fakes.newssite import NewsSite, Page
from tests.unit.crawler.builders import NOW, OTHER, STORY, Story, feed, page
from tests.unit.crawler.conftest import Crawl

XML = "application/rss+xml; charset=utf-8"


def publish(news: NewsSite, *stories: Story, **headers: str) -> Feed:
    for story in stories:
        news.pages[story.path] = Page(page(story))
    news.pages["/feed/"] = Page(feed(news.url, *stories), content_type=XML, headers=headers)
    return Feed(type="feed", url=f"{news.url}/feed/")


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]


class TestCrawls:
    pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]  # noqa: RUF012

    async def test_a_crawl_delay_raises_the_delay_of_the_host_and_is_reported(
        self, news: NewsSite, crawl: Crawl, departures: list[float]
    ) -> None:
        way = publish(news, STORY, OTHER)
        news.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 0.2\n")

        report = await crawl(way)

        assert report.new == 2
        assert len(news.asked) == 4
        assert min(gaps(departures)[1:]) >= 0.199
        assert report.crawl_delay == timedelta(seconds=0.2)
        assert report.problems == ()

    async def test_a_crawl_delay_that_the_rhythm_does_not_leave_is_a_problem(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news)
        news.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 0.4\n")

        report = await crawl(way, every=timedelta(seconds=0.5))

        assert report.problems[-1].startswith("robots.txt asks for ")

    async def test_a_crawl_that_waits_for_its_turn_ends_when_it_is_told_to(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news)
        news.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 120\n")
        crawling = asyncio.create_task(crawl(way))
        while not robots_cache.get(news.url, NOW):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

        crawling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(crawling, 30)

        assert news.paths_asked() == ["/robots.txt"]

    async def test_a_crawl_that_waits_to_ask_for_robots_txt_ends_when_it_is_told_to(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news)
        await pace.turn(news.url, 0)
        crawling = asyncio.create_task(crawl(way, delay=timedelta(minutes=2)))
        while not robots_cache.asking(news.url).locked():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)

        crawling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(crawling, 30)

        assert news.paths_asked() == []

    async def test_two_sites_on_one_host_keep_its_distance_together(
        self, news: NewsSite, crawl: Crawl, departures: list[float]
    ) -> None:
        way = publish(news, STORY)
        news.pages["/other/"] = Page(feed(news.url, OTHER), content_type=XML)
        news.pages[OTHER.path] = Page(page(OTHER))
        other = Feed(type="feed", url=f"{news.url}/other/")

        delay = timedelta(seconds=0.15)
        await asyncio.gather(crawl(way, delay=delay), crawl(other, delay=delay))

        assert len(news.asked) == 5
        assert min(gaps(departures)) >= 0.149

    async def test_a_site_that_says_when_to_come_back_is_left_alone_at_once(
        self, news: NewsSite, crawl: Crawl, memory: ForgetfulMemory
    ) -> None:
        stories = [Story(path=f"/2026/03/14/story-{n}/", title=f"خبر رقم {n}") for n in range(40)]
        way = publish(news, *stories)
        for story in stories:
            news.pages[story.path] = Page("", status=503, headers={"Retry-After": "1800"})

        report = await crawl(way)

        assert report.retry_after == timedelta(minutes=30)
        assert report.failed_pages <= 8
        assert report.problems[-1] == "the site asks for fewer requests; the rest waits"

    async def test_too_many_requests_end_the_crawl_without_a_retry_after(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        stories = [Story(path=f"/2026/03/14/story-{n}/", title=f"خبر رقم {n}") for n in range(40)]
        way = publish(news, *stories)
        for story in stories:
            news.pages[story.path] = Page("", status=429)

        report = await crawl(way)

        assert report.failed_pages <= 8
        assert report.problems[-1] == "the site asks for fewer requests; the rest waits"

    async def test_a_host_that_asks_for_fewer_requests_is_asked_for_no_further_listing(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        maps = "".join(f"<sitemap><loc>{news.url}/map-{n}.xml</loc></sitemap>" for n in range(5))
        news.pages["/map.xml"] = Page(f"<sitemapindex>{maps}</sitemapindex>")
        news.pages["/map-4.xml"] = Page("", status=429)
        news.pages["/feed/"] = Page(feed(news.url, STORY), content_type=XML)

        report = await crawl(
            Sitemap(type="sitemap", url=f"{news.url}/map.xml"),
            Feed(type="feed", url=f"{news.url}/feed/"),
        )

        assert news.paths_asked() == ["/robots.txt", "/map.xml", "/map-4.xml"]
        assert (report.outcome, report.passing) == (CrawlOutcome.FAILED, True)
        assert report.problems[0] == (
            f"{news.url}/map.xml: none of its sitemaps could be read: "
            f"{news.url}/map-4.xml: HTTP 429"
        )

    async def test_pages_wait_while_one_of_their_sitemaps_asks_for_fewer_requests(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        maps = "".join(f"<sitemap><loc>{news.url}/map-{n}.xml</loc></sitemap>" for n in range(2))
        news.pages["/map.xml"] = Page(f"<sitemapindex>{maps}</sitemapindex>")
        row = f"<urlset><url><loc>{news.url}{STORY.path}</loc></url></urlset>"
        news.pages["/map-1.xml"] = Page(row, etag='"1"')
        news.plan["/map-0.xml"] = [Page("", status=429)]
        news.pages["/map-0.xml"] = Page("<urlset></urlset>")
        news.pages[STORY.path] = Page(page(STORY))
        way = Sitemap(type="sitemap", url=f"{news.url}/map.xml")

        first, second = await crawl(way), await crawl(way)

        assert (first.listed, first.new, second.new) == (1, 0, 1)
        assert news.paths_asked().count(STORY.path) == 1
        assert first.problems[-1] == "the site asks for fewer requests; the rest waits"

    @pytest.mark.parametrize("status", [503, 429])
    async def test_what_waits_for_a_site_that_says_when_to_come_back_is_listed_again(
        self, news: NewsSite, crawl: Crawl, status: int
    ) -> None:
        news.pages["/open"] = Page(feed(news.url, STORY), content_type=XML, etag='"1"')
        wait = Page("", status=status, headers={"Retry-After": "60"})
        news.plan["/map.xml"] = [wait, Page("", status=404)]
        news.pages[STORY.path] = Page(page(STORY))
        other = f"http://localhost:{news.port}"
        ways = (
            Sitemap(type="sitemap", url=f"{other}/map.xml"),
            Feed(type="feed", url=f"{news.url}/open"),
        )

        first, second = await crawl(*ways), await crawl(*ways)

        assert (first.new, second.new) == (0, 1)

    async def test_a_robots_txt_that_asks_to_wait_is_heard_too(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news, STORY)
        news.pages["/robots.txt"] = Page("", status=503, headers={"Retry-After": "60"})
        report = await crawl(way)
        assert report.retry_after == timedelta(minutes=1)

    async def test_the_freshness_of_the_listing_is_reported(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news, STORY, **{"Cache-Control": "public, max-age=900", "Age": "300"})
        report = await crawl(way)
        assert report.fresh_for == timedelta(minutes=10)

    async def test_robots_txt_is_not_asked_again_after_a_restart(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news, STORY)
        news.pages["/robots.txt"] = Page(f"User-agent: *\nDisallow: {STORY.path}\n")
        await crawl(way)
        robots_cache.clear()

        report = await crawl(way)

        assert news.paths_asked().count("/robots.txt") == 1
        assert report.failed_pages == 1

    async def test_crawls_that_start_together_ask_for_robots_txt_once(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        way = publish(news, STORY)
        memories = [ForgetfulMemory() for _ in range(5)]
        await asyncio.gather(*(crawl(way, memory=memory) for memory in memories))
        assert news.paths_asked().count("/robots.txt") == 1

    @pytest.mark.parametrize(("days", "read"), [(2, True), (8, False)])
    async def test_an_old_copy_of_robots_txt_serves_while_the_host_does_not_answer(
        self, news: NewsSite, crawl: Crawl, memory: ForgetfulMemory, days: int, read: bool
    ) -> None:
        way = publish(news, STORY)
        news.pages["/robots.txt"] = Page("", status=500)
        asked_at = NOW - timedelta(days=days)
        await memory.remember_robots(RobotsFile(origin=news.url, text=None, asked_at=asked_at))

        report = await crawl(way)

        assert report.new == int(read)
        assert news.paths_asked().count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sat, 14 Mar 2026 12:10:00 GMT", 600),
        ("Sat, 14 Mar 2026 11:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
        ("", None),
        (None, None),
        ("9" * 400, 366 * 86_400),
        ("Mon, 01 Jan 99999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_retry_after(value, NOW) == expected


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("max-age=300", None, 300),
        ("public, max-age=300", "100", 200),
        ('Max-Age="60", public', None, 60),
        ("max-age=300", "400", None),
        ("no-cache, max-age=300", None, None),
        ("no-store", None, None),
        ("s-maxage=900", None, None),
        ("max-age=abc", None, None),
        ("max-age=300", "x", 300),
        (None, None, None),
    ],
)
def test_freshness_is_max_age_less_age(
    cache_control: str | None, age: str | None, seconds: int | None
) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_freshness(cache_control, age) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 120", 120),
        ("User-agent: *\nRequest-rate: 1/30s", 30),
        ("User-agent: *\nCrawl-delay: 5\nRequest-rate: 1/30s", 30),
        ("User-agent: marsad\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 90", 7),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: 1e30", 864_000),
        ("User-agent: *\nDisallow: /x", 0),
        ("", 0),
    ],
)
def test_the_delay_of_robots_txt(text: str, seconds: int) -> None:
    assert parse_robots(text).delay == timedelta(seconds=seconds)


def test_no_robots_txt_asks_for_nothing() -> None:
    rules = Rules(None)
    assert (rules.delay, rules.sitemaps, rules.allow("https://shore.example/")) == (
        timedelta(0),
        (),
        True,
    )


def test_of_several_listings_the_shortest_freshness_counts() -> None:
    wishes = Wishes()
    wishes.listed([None, None])
    assert wishes.fresh_for is None
    wishes.listed([timedelta(minutes=5), timedelta(hours=1)])
    wishes.listed([timedelta(minutes=20), None])
    assert wishes.fresh_for == timedelta(minutes=20)


async def test_turns_come_in_order_and_a_cancelled_one_is_the_next_ones() -> None:
    pace, done = Pace(), list[str]()

    async def ask(name: str) -> None:
        await pace.turn("https://shore.example/", 0.05)
        done.append(name)

    tasks = [asyncio.create_task(ask(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done == ["a", "c"]
    assert asyncio.get_running_loop().time() - began < 0.09


async def test_hosts_do_not_wait_for_each_other() -> None:
    pace = Pace()
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(pace.turn(f"https://shore-{n}.example/", 30) for n in range(50)))
    assert asyncio.get_running_loop().time() - began < 1


@pytest.mark.parametrize(
    ("delay", "asked", "every", "most"),
    [
        (0, None, 600, 200),
        (5, None, 600, 120),
        (5, 120, 3600, 30),
        (5, 120, 60, 5),
        (2, 3600, 600, 1),
    ],
)
def test_a_crawl_fetches_no_more_pages_than_fit_before_the_next(
    delay: int, asked: int | None, every: int, most: int
) -> None:
    site = Site(
        name="shore",
        title=Title(ar="الشاطئ"),
        publishes=(Feed(type="feed", url="https://shore.example/feed"),),
        delay=timedelta(seconds=delay),
        every=timedelta(seconds=every),
    )
    crawl_delay = None if asked is None else timedelta(seconds=asked)
    assert most_pages(site, crawl_delay) == most

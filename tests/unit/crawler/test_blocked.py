"""A site that refuses programs: it says so, and what its file declares is read instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.discovery.search import read_search, site_of
from crawler.errors import ParseFailed
from crawler.memory import ForgetfulMemory
from models.crawl import CrawlOutcome
from models.site import Feed, Search
from tests.fakes.newssite import Fault, NewsSite, Page
from tests.unit.crawler.builders import NOW, OTHER, STORY, Story, feed, page
from tests.unit.crawler.conftest import Crawl

XML = "application/rss+xml; charset=utf-8"
CHALLENGE = "<html><title>Just a moment...</title><script src=/cf-chl/></script></html>"
ENGINE = "https://news.search.example/rss/search?q=site:shore.example&hl=ar"


def found(link: str, title: str = STORY.title, source: str = "صحيفة الشاطئ") -> str:
    return (
        f"<item><title>{title} - {source}</title><link>{link}</link>"
        f"<pubDate>{STORY.date}</pubDate>"
        f'<description>&lt;a href="{link}"&gt;{title}&lt;/a&gt;</description>'
        f'<source url="https://shore.example">{source}</source></item>'
    )


def results(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>بحث</title>{"".join(items)}</channel></rss>'


class TestSearch:
    def read(self, *items: str, url: str = ENGINE) -> list[tuple[str, str | None, bool]]:
        reading = read_search(
            results(*items).encode(),
            url=url,
            content_type=None,
            way=Search(type="search", url=url),
            site=None,
            now=NOW,
        )
        return [(entry.url, entry.title, entry.headline) for entry in reading.entries]

    def test_a_link_to_the_search_engine_is_a_headline_without_the_outlets_name(self) -> None:
        link = "https://news.search.example/rss/articles/CBMi"
        assert self.read(found(link)) == [(link, STORY.title, True)]

    def test_a_link_that_carries_the_sites_own_address_is_followed_there(self) -> None:
        own = "https://www.shore.example/news/7"
        link = f"https://news.search.example/click?x=1&amp;url={own}"
        assert self.read(found(link)) == [(own, STORY.title, False)]

    def test_a_link_to_somebody_else_is_a_headline_too(self) -> None:
        link = "https://news.search.example/click?url=https://other.example/7"
        assert self.read(found(link)) == [("https://other.example/7", STORY.title, True)]

    @pytest.mark.parametrize(
        ("url", "host"),
        [
            (ENGINE, "shore.example"),
            ("https://e.example/?q=site%3Aar.shore.example+when:1d", "ar.shore.example"),
            ("https://e.example/?q=%D8%A5%D9%8A%D8%B1%D8%A7%D9%86", None),
        ],
        ids=["plain", "escaped", "no-site"],
    )
    def test_the_site_of_a_search_is_in_its_query(self, url: str, host: str | None) -> None:
        assert site_of(Search(type="search", url=url)) == host

    def test_what_is_no_feed_is_refused(self) -> None:
        with pytest.raises(ParseFailed, match="is no feed"):
            read_search(
                b"<html><p>x</p></html>",
                url=ENGINE,
                content_type=None,
                way=Search(type="search", url=ENGINE),
                site=None,
                now=NOW,
            )


class TestBlocked:
    pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]  # noqa: RUF012

    @pytest.mark.parametrize(
        "answer",
        [
            lambda: Page("no", status=403),
            lambda: Page("no", status=401),
            lambda: Page(CHALLENGE),
            lambda: Page(CHALLENGE, status=503),
        ],
        ids=["403", "401", "challenge", "challenge-503"],
    )
    async def test_a_site_that_refuses_is_blocked_and_its_fallback_is_read(
        self, news: NewsSite, crawl: Crawl, memory: ForgetfulMemory, answer: Callable[[], Page]
    ) -> None:
        news.pages["/feed"] = answer()
        news.pages["/open"] = Page(feed(news.url, STORY), content_type=XML)
        news.pages[STORY.path] = Page(page(STORY))

        report = await crawl(
            Feed(type="feed", url=f"{news.url}/feed"),
            fallbacks=(Feed(type="feed", url=f"{news.url}/open"),),
        )

        assert report.outcome is CrawlOutcome.OK
        assert report.blocked is not None
        assert report.blocked.startswith(f"{news.url}/feed: ")
        assert report.fallback == f"{news.url}/open"
        assert report.problems[0] == (
            f"blocked ({report.blocked}); its fallback, the feed {news.url}/open, was read instead"
        )
        assert [article.title for article in memory.articles.values()] == [STORY.title]
        # What another lists says nothing of the site itself.
        assert report.figures.host is None
        assert report.figures.pages == ()

    async def test_a_search_as_fallback_gives_headlines_and_asks_for_no_page(
        self, news: NewsSite, crawl: Crawl, memory: ForgetfulMemory
    ) -> None:
        search = f"{news.url}/rss/search?q=site:shore.example"
        news.pages["/feed"] = Page("no", status=403)
        link = f"{news.url}/rss/articles/1"
        news.pages["/rss/search?q=site:shore.example"] = Page(results(found(link)))

        report = await crawl(
            Feed(type="feed", url=f"{news.url}/feed"),
            fallbacks=(Search(type="search", url=search),),
        )

        (article,) = memory.articles.values()
        assert (article.title, article.text, article.url) == (STORY.title, STORY.title, link)
        assert article.published is not None
        assert article.language == "ar"
        assert article.evidence["text"] == "headline: only a news search lists it"
        assert "/rss/articles/1" not in news.paths_asked()
        assert report.new == 1

    async def test_without_a_fallback_it_says_that_none_is_declared(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        news.pages["/feed"] = Page("no", status=403)
        report = await crawl(Feed(type="feed", url=f"{news.url}/feed"))
        assert report.outcome is CrawlOutcome.FAILED
        assert report.problems[0] == (
            f"blocked ({news.url}/feed: HTTP 403); its file declares no fallback"
        )
        assert not report.passing

    @pytest.mark.parametrize(
        ("status", "passing"), [(404, False), (500, True), (429, True)], ids=str
    )
    async def test_other_failures_are_no_refusal_and_read_no_fallback(
        self, news: NewsSite, crawl: Crawl, status: int, passing: bool
    ) -> None:
        news.pages["/feed"] = Page("no", status=status)
        news.pages["/open"] = Page(feed(news.url, STORY), content_type=XML)
        report = await crawl(
            Feed(type="feed", url=f"{news.url}/feed"),
            fallbacks=(Feed(type="feed", url=f"{news.url}/open"),),
        )
        assert report.outcome is CrawlOutcome.FAILED
        assert (report.blocked, report.fallback, report.passing) == (None, None, passing)
        assert "/open" not in news.paths_asked()

    @pytest.mark.parametrize(
        ("robots", "passing"),
        [
            (Page("", status=503), True),
            (Fault.RESET, True),
            (Page("User-agent: *\nDisallow: /\n"), False),
        ],
        ids=["error", "no answer", "forbidden"],
    )
    async def test_a_robots_txt_that_cannot_be_read_may_pass_and_one_that_forbids_may_not(
        self, news: NewsSite, crawl: Crawl, robots: Page | Fault, passing: bool
    ) -> None:
        news.pages["/robots.txt"] = robots
        report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))
        assert (report.outcome, report.passing) == (CrawlOutcome.FAILED, passing)

    async def test_another_way_of_its_own_comes_before_a_fallback(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        news.pages["/feed"] = Page("no", status=403)
        news.pages["/rss"] = Page(feed(news.url, STORY), content_type=XML)
        news.pages[STORY.path] = Page(page(STORY))
        report = await crawl(
            Feed(type="feed", url=f"{news.url}/feed"),
            Feed(type="feed", url=f"{news.url}/rss"),
            fallbacks=(Feed(type="feed", url=f"{news.url}/open"),),
        )
        assert (report.blocked, report.fallback, report.new) == (None, None, 1)

    async def test_while_its_own_ways_rest_only_the_fallback_is_asked(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        news.pages["/open"] = Page(feed(news.url, OTHER), content_type=XML)
        news.pages[OTHER.path] = Page(page(OTHER))
        report = await crawl(
            Feed(type="feed", url=f"{news.url}/feed"),
            publishes=(),
            fallbacks=(Feed(type="feed", url=f"{news.url}/open"),),
        )
        assert (report.outcome, report.blocked) == (CrawlOutcome.OK, None)
        assert report.fallback == f"{news.url}/open"
        assert report.problems[0].startswith("blocked at the last try; its fallback")

    async def test_a_site_whose_pages_are_all_refused_is_blocked_too(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        stories = [STORY, OTHER, *(_story(number) for number in range(2))]
        news.pages["/feed"] = Page(feed(news.url, *stories), content_type=XML)
        for story in stories:
            news.pages[story.path] = Page("no", status=403)
        report = await crawl(Feed(type="feed", url=f"{news.url}/feed"), delay=timedelta(0))
        assert report.blocked is not None
        assert report.problems[0].startswith("its articles are blocked (")


def _story(number: int) -> Story:
    return replace(STORY, path=f"/2026/03/14/khabar-{number}/", title=f"خبر {number}")

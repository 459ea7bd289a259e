"""The ways of publishing beyond the plain ones: JSON Feed, robots.txt's sitemaps, paging."""

import json
from datetime import timedelta

import pytest

from crawler.discovery.feed import read_feed
from crawler.discovery.listing import page_address
from crawler.discovery.reading import Reading
from crawler.discovery.sitemap import news_first
from crawler.errors import ParseFailed
from crawler.memory import ForgetfulMemory
from models.crawl import CrawlOutcome
from models.site import Feed, Listing, Sitemap
from tests.fakes.newssite import NewsSite, Page
from tests.unit.crawler.builders import NOW, OTHER, STORY, Story, feed, page
from tests.unit.crawler.conftest import Crawl


def read(body: str, url: str = "https://shore.example/feed.json") -> Reading:
    return read_feed(body.encode(), url=url, content_type=None, site=None, now=NOW)


def json_feed(*items: dict[str, object]) -> str:
    version = "https://jsonfeed.org/version/1.1"
    feed = {"version": version, "title": "الشاطئ", "items": list(items)}
    return json.dumps(feed, ensure_ascii=False)


def test_a_json_feed_gives_what_it_says_of_each_article() -> None:
    (entry,) = read(
        json_feed(
            {
                "id": "7",
                "url": "/akhbar/7",
                "title": STORY.title,
                "content_html": "<p>وصل الوفد.</p>",
                "summary": "وصل وفد اقتصادي.",
                "date_published": "2026-03-14T09:30:00+03:00",
                "date_modified": "2026-03-14T10:00:00+03:00",
                "authors": [{"name": "سعاد الحلبي"}],
            }
        )
    ).entries
    assert entry.url == "https://shore.example/akhbar/7"
    assert (entry.title, entry.author) == (STORY.title, "سعاد الحلبي")
    assert entry.published is not None and entry.published.hour == 6
    assert entry.updated == "2026-03-14T10:00:00+03:00"
    assert (entry.content, entry.summary) == ("<p>وصل الوفد.</p>", "وصل وفد اقتصادي.")


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ({"id": "https://shore.example/1"}, "https://shore.example/1"),
        ({"id": "1", "external_url": "https://other.example/x"}, "https://other.example/x"),
        ({"url": "https://shore.example/1", "external_url": "https://x.example/"}, "https://shore.example/1"),
    ],
    ids=["id", "external", "both"],
)  # fmt: skip
def test_the_address_of_a_json_feeds_item(item: dict[str, object], url: str) -> None:
    assert [entry.url for entry in read(json_feed(item)).entries] == [url]


def test_items_of_a_json_feed_that_are_none_are_left_out() -> None:
    body = '{"items": [1, null, "x", {"title": "بلا عنوان"}, {"url": 7}, {"url": "ftp://x/"}]}'
    assert read(body).entries == ()
    assert read("\ufeff \n" + json_feed({"url": "/1", "author": {"name": "ن"}})).entries[0].author


@pytest.mark.parametrize("body", ["{", '{"items": {}}', '{"error": "gone"}', "{" * 100_000])
def test_json_that_is_no_feed_is_said(body: str) -> None:
    with pytest.raises(ParseFailed, match="is no feed"):
        read(body)


@pytest.mark.parametrize(
    ("head", "minutes"),
    [
        ("<ttl>90</ttl>", 90),
        ("<ttl> 0 </ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", 60),
        ("<updatePeriod>daily</updatePeriod><updateFrequency>48</updateFrequency>", 30),
        ("<ttl>10</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("", None),
    ],
)
def test_how_long_a_feed_says_it_stays_the_same(head: str, minutes: int | None) -> None:
    body = f"<rss><channel>{head}<item><title>x</title><link>/1</link></item></channel></rss>"
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert read(body).fresh_for == expected


def test_sitemaps_of_news_come_first_and_those_of_no_articles_not() -> None:
    named = ["https://x.example/sitemap.xml", "https://x.example/post_tag-sitemap.xml",
             "https://x.example/news-sitemap.xml", "https://x.example/sitemap.xml"]  # fmt: skip
    assert [child.url for child in news_first(named)] == [
        "https://x.example/news-sitemap.xml",
        "https://x.example/sitemap.xml",
    ]


def test_the_address_of_a_page_follows_the_pattern() -> None:
    way = Listing(type="listing", url="https://x.example/news", next="/news/{page}/", pages=3)
    assert page_address(way, 2) == "https://x.example/news/2/"
    assert page_address(way.model_copy(update={"next": "a.next"}), 2) is None


class TestCrawls:
    pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]  # noqa: RUF012

    async def test_a_json_feed_is_crawled(self, news: NewsSite, crawl: Crawl) -> None:

        news.pages[STORY.path] = Page(page(STORY))
        body = json_feed({"url": news.url + STORY.path, "title": STORY.title})
        news.pages["/feed.json"] = Page(body, content_type="application/feed+json")
        report = await crawl(Feed(type="feed", url=f"{news.url}/feed.json"))
        assert (report.listed, report.new, report.problems) == (1, 1, ())

    async def test_the_sitemaps_that_robots_txt_names_are_read(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        for story in (STORY, OTHER):
            news.pages[story.path] = Page(page(story))
        news.pages["/robots.txt"] = Page(
            f"User-agent: *\nAllow: /\nSitemap: {news.url}/all.xml\n"
            f"Sitemap: {news.url}/news.xml\nSitemap: {news.url}/missing.xml\n"
        )
        for name, story in (("news", STORY), ("all", OTHER)):
            news.pages[f"/{name}.xml"] = Page(
                f"<urlset><url><loc>{news.url}{story.path}</loc></url></urlset>"
            )
        way = Sitemap(type="sitemap", url=f"{news.url}/robots.txt")

        report = await crawl(way)

        assert report.new == 2
        assert report.problems == (f"{news.url}/missing.xml: HTTP 404",)
        assert news.paths_asked()[:2] == ["/robots.txt", "/news.xml"]
        await crawl(way)
        assert news.paths_asked().count("/robots.txt") == 1

    async def test_a_feed_that_broke_off_is_read_again_though_it_stays_the_same(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        for story in (STORY, OTHER):
            news.pages[story.path] = Page(page(story))
        whole = feed(news.url, STORY, OTHER)
        broken = whole[: whole.rindex("<item>") + 20]
        news.plan["/feed"] = [Page(broken, content_type="application/rss+xml", etag='"1"')]
        news.pages["/feed"] = Page(whole, content_type="application/rss+xml", etag='"1"')
        way = Feed(type="feed", url=f"{news.url}/feed")

        reports = [await crawl(way) for _ in range(3)]

        assert [report.new for report in reports] == [1, 1, 0]
        assert reports[2].unchanged_listings == 1

    async def test_a_page_of_which_two_sites_read_different_links_is_new_to_each(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        for story in (STORY, OTHER):
            news.pages[story.path] = Page(page(story))
        news.pages["/"] = Page(
            f"<a class=one href={STORY.path}>{STORY.title}</a>"
            f"<a class=two href={OTHER.path}>{OTHER.title}</a>",
            etag='"1"',
        )
        ways = [
            Listing(type="listing", url=f"{news.url}/", links=f"a.{name}")
            for name in ("one", "two")
        ]

        reports = [await crawl(way, name=way.links[2:]) for way in (*ways, *ways)]

        assert [report.new for report in reports] == [1, 1, 0, 0]
        assert [report.unchanged_listings for report in reports] == [0, 0, 1, 1]

    async def test_a_robots_txt_without_sitemaps_is_a_problem(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        news.pages["/robots.txt"] = Page("User-agent: *\nAllow: /\n")
        report = await crawl(Sitemap(type="sitemap", url=f"{news.url}/robots.txt"))
        assert report.outcome is CrawlOutcome.FAILED
        assert report.problems == (f"{news.url}/robots.txt: robots.txt names no sitemap",)

    async def test_of_an_index_only_what_changed_of_late_is_read(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        news.pages[STORY.path] = Page(page(STORY))
        news.pages["/sitemap.xml"] = Page(
            "<sitemapindex>"
            + "".join(
                f"<sitemap><loc>{news.url}/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
                for name, day in (("a", "2024-01-01"), ("b", "2026-03-14"), ("c", "2026-02-01"))
            )
            + f"<sitemap><loc>{news.url}/d.xml</loc></sitemap></sitemapindex>"
        )
        for name in "abcd":
            news.pages[f"/{name}.xml"] = Page(
                f"<urlset><url><loc>{news.url}{STORY.path}</loc></url></urlset>"
            )
        await crawl(Sitemap(type="sitemap", url=f"{news.url}/sitemap.xml"))
        asked = [path for path in news.paths_asked() if path.endswith(".xml")]
        assert asked == ["/sitemap.xml", "/b.xml", "/d.xml"]

    async def test_of_a_sitemap_a_month_the_newest_two_are_read(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        months = ("2025-11", "2025-12", "2026-1", "2026-2", "2026-3")
        children = "".join(f"<sitemap><loc>{news.url}/{m}.xml</loc></sitemap>" for m in months)
        news.pages["/all.xml"] = Page(f"<sitemapindex>{children}</sitemapindex>")
        await crawl(Sitemap(type="sitemap", url=f"{news.url}/all.xml"))
        asked = [path for path in news.paths_asked() if path.endswith(".xml")]
        assert asked == ["/all.xml", "/2026-3.xml", "/2026-2.xml"]

    def pages_of_links(self, news: NewsSite, *, link: str) -> list[Story]:
        stories = [Story(path=f"/akhbar/{n}/", title=f"خبر الصباح رقم {n}") for n in range(12)]
        for story in stories:
            news.pages[story.path] = Page(page(story))
        for number in range(4):
            items = "".join(
                f'<h2><a href="{story.path}">{story.title}</a></h2>'
                for story in stories[number * 3 : number * 3 + 3]
            )
            path = "/news" if number == 0 else f"/news?page={number + 1}"
            after = link.replace("N", str(number + 2)) if number < 3 else ""
            news.pages[path] = Page(f"<html><body>{items}{after}</body></html>")
        return stories

    @pytest.mark.parametrize(
        ("link", "next_page"),
        [
            ('<a rel="next" href="/news?page=N">التالي</a>', None),
            ('<div class=more><a href="?page=N">المزيد</a></div>', "div.more a"),
            ('<div class=more><a href="?page=N">المزيد</a></div>', "div.more"),
            ("", "/news?page={page}"),
        ],
        ids=["rel=next", "selector", "box", "pattern"],
    )
    async def test_older_pages_are_read_while_they_list_something_new(
        self,
        news: NewsSite,
        crawl: Crawl,
        memory: ForgetfulMemory,
        link: str,
        next_page: str | None,
    ) -> None:
        self.pages_of_links(news, link=link)
        way = Listing(type="listing", url=f"{news.url}/news", links="h2 a", pages=3, next=next_page)

        report = await crawl(way)
        assert (report.new, report.problems) == (9, ())
        news.asked.clear()

        report = await crawl(way)
        assert report.new == 0
        assert news.paths_asked() == ["/news"]

    async def test_a_page_that_leads_to_itself_or_elsewhere_ends_the_walk(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        self.pages_of_links(news, link='<a rel=next href="/news">التالي</a>')
        way = Listing(type="listing", url=f"{news.url}/news", links="h2 a", pages=9)
        assert (await crawl(way)).new == 3
        self.pages_of_links(news, link='<a rel=next href="https://other.example/">التالي</a>')
        assert (await crawl(way)).new == 0

    async def test_an_older_page_that_fails_keeps_what_the_first_gave(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        self.pages_of_links(news, link='<a rel=next href="/news?page=N">التالي</a>')
        news.pages["/news?page=2"] = Page("", status=500)
        way = Listing(type="listing", url=f"{news.url}/news", links="h2 a", pages=3)
        report = await crawl(way)
        assert report.new == 3
        assert report.problems == (f"{news.url}/news?page=2: HTTP 500",)


DATED = "/sitemap.xml?yyyy={yyyy}&mm={mm}&dd={dd}"


def day(news: NewsSite, name: str, *stories: Story) -> None:
    rows = "".join(f"<url><loc>{news.url}{each.path}</loc></url>" for each in stories)
    year, month, number = name.split("-")
    address = f"/sitemap.xml?yyyy={year}&mm={month}&dd={number}"
    news.pages[address] = Page(f"<urlset>{rows}</urlset>", content_type="application/xml")
    for each in stories:
        news.pages[each.path] = Page(page(each))


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.usefixtures("reactor")
class TestSitemapsOfADay:
    async def test_by_day_that_of_yesterday_is_read_until_one_of_today_was(
        self, news: NewsSite, crawl: Crawl
    ) -> None:
        day(news, "2026-03-14", STORY)
        day(news, "2026-03-13", OTHER)
        way = Sitemap(type="sitemap", url=news.url + DATED)
        assert (await crawl(way, timezone="Asia/Baghdad")).new == 2
        news.asked.clear()
        report = await crawl(way, timezone="Asia/Baghdad")
        assert (report.listed, len(news.asked)) == (1, 1)

    @pytest.mark.parametrize("name", ["2026-03-13", "2026-03-14"], ids=["yesterday", "today"])
    async def test_a_day_on_which_nothing_was_published_may_have_no_sitemap(
        self, news: NewsSite, crawl: Crawl, name: str
    ) -> None:
        day(news, name, STORY)
        report = await crawl(Sitemap(type="sitemap", url=news.url + DATED))
        assert (report.outcome, report.new, report.problems) == (CrawlOutcome.OK, 1, ())

    @pytest.mark.parametrize("today", ["there", "missing"])
    async def test_after_midnight_that_of_yesterday_is_read_too(
        self, news: NewsSite, crawl: Crawl, memory: ForgetfulMemory, today: str
    ) -> None:
        # noon in UTC is an hour past midnight in Auckland
        day(news, "2026-03-14", OTHER)
        if today == "there":
            day(news, "2026-03-15", STORY)
        report = await crawl(
            Sitemap(type="sitemap", url=news.url + DATED), timezone="Pacific/Auckland"
        )
        assert report.outcome is CrawlOutcome.OK
        assert report.problems == ()
        assert report.new == (2 if today == "there" else 1)

    async def test_by_day_a_missing_sitemap_is_a_fault(self, news: NewsSite, crawl: Crawl) -> None:
        report = await crawl(Sitemap(type="sitemap", url=news.url + DATED))
        assert report.outcome is CrawlOutcome.FAILED
        assert "dd=14: HTTP 404" in report.problems[0]

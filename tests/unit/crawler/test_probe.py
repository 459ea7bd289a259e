"""Finding out how a site publishes: it is asked over real HTTP, and its site file works."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.discovery.candidates import is_of_comments, read_site_page, site_name
from crawler.errors import NAME_UNKNOWN, FetchFailed
from crawler.pace import pace
from crawler.parsing import ParserPool
from marsad.access import is_proven, proof_after_probe, table
from marsad.probe import Prober, lines, proof_of
from marsad.sitefile import write_site
from models.access import Proof
from models.configfile import read_model
from models.site import Feed, Listing, Site, Sitemap, Title, WordPress
from tests.fakes.newssite import NewsSite, Page
from tests.unit.crawler.builders import NOW, OTHER, STORY, Story, feed, page
from tests.unit.crawler.conftest import options_for

XML = "application/rss+xml; charset=utf-8"
STORIES = (
    STORY,
    OTHER,
    *(Story(path=f"/2026/03/14/khabar-{n}/", title=f"خبر الصباح {n}") for n in range(6)),
)
POSTS = (
    "/wp-json/wp/v2/posts?per_page=50&_embed=author&_fields=link,title,date_gmt,modified_gmt,"
    "content,excerpt,_links,_embedded"
)
HEAD = (
    "<html lang=ar><head><title>صحيفة الشاطئ | أخبار البحر والموانئ</title>"
    '<link rel="alternate" type="application/rss+xml" title="تعليقات" href="/comments/feed/">'
    '<link rel="alternate" type="application/rss+xml" title="الشاطئ" href="/feed/">'
    '<link rel="alternate" type="text/html" href="/en/"></head>'
)


def front(*, head: str = HEAD, more: str = "") -> str:
    links = "".join(f'<h2><a href="{each.path}">{each.title}</a></h2>' for each in STORIES)
    return f"{head}<body>{more}{links}</body></html>"


def known_site(*feeds: str) -> Site:
    ways = tuple(Feed(type="feed", url=url) for url in feeds)
    return Site(name="shore", title=Title(ar="الشاطئ"), publishes=ways, delay=timedelta(0))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.shore.example/", "shore"),
        ("https://arabic.shore.com/x", "arabic-shore"),
        ("https://shore.co.uk/", "shore"),
        ("http://127.0.0.1:8080/", "127-0-0-1"),
        ("https://localhost/", "localhost"),
        ("https://الشاطئ.example/", "site"),
        ("https://" + "a" * 60 + ".example/", "a" * 40),
    ],
)
def test_a_site_is_named_after_its_address(url: str, name: str) -> None:
    assert site_name(url) == name
    assert Site(name=name, title=Title(ar="x"), publishes=(Feed(type="feed", url="https://x/"),))


def test_a_page_names_its_feeds_but_not_those_of_comments() -> None:
    found = read_site_page(front().encode(), url="https://shore.example/", content_type=None)
    assert found.feeds == ("https://shore.example/feed/",)
    assert (found.title, found.language, found.wordpress) == ("صحيفة الشاطئ", "ar", False)
    assert is_of_comments("https://shore.example/comments/feed/")


@pytest.mark.parametrize(
    ("body", "is_feed"),
    [
        ("<?xml version='1.0'?>\n<rss version='2.0'/>", True),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", True),
        ('{"items": []}', True),
        ("<html><body>نص</body></html>", False),
    ],
)
def test_a_feed_is_told_from_a_page(body: str, is_feed: bool) -> None:
    found = read_site_page(body.encode(), url="https://shore.example/", content_type=None)
    assert found.is_feed is is_feed


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        ([f"/news/{n}" for n in range(5)], r"^/news/\d+"),
        ([f"/{s}/{n}" for n, s in enumerate(("a", "b", "c", "d", "e"))], r"^/[^/]+/\d+"),
        ([f"/ar/خبر-{n}-1200{n}.html" for n in range(5)], r"^/ar/[^/]*\d{3}[^/]*"),
        ([f"/2026/03/1{n}/بحر-{'ا' * (n + 1)}/" for n in range(5)], r"^/\d+/\d+/\d+/[^/]+"),
        ([f"/news/{n}" for n in range(4)], None),
        ([f"/about/{'x' * n}" for n in range(1, 9)], None),
    ],
    ids=["numbers", "sections", "numbers-in-names", "days", "too-few", "no-number"],
)
def test_the_pattern_of_most_headlines(paths: list[str], pattern: str | None) -> None:
    links = "".join(f'<a href="{path}">عنوان خبر من أخبار البحر</a>' for path in paths)
    body = f'<html><body><a href="/x/7">المزيد</a>{links}</body></html>'
    found = read_site_page(body.encode(), url="https://shore.example/", content_type=None)
    assert found.headlines == pattern
    assert pattern is None or all(re.search(pattern, path) for path in paths)


class TestProbes:
    pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]  # noqa: RUF012

    @pytest.fixture
    def said(self) -> list[str]:
        """What the person at the terminal was told while the probe went on."""
        return []

    @pytest.fixture
    def prober(self, news: NewsSite, parser: ParserPool, said: list[str]) -> Prober:
        for story in STORIES:
            news.pages[story.path] = Page(page(story))
        return Prober(
            options=options_for(news),
            parser=parser,
            now=lambda: NOW,
            delay=timedelta(0),
            say=said.append,
        )

    async def test_a_feed_that_the_page_names_is_found_and_three_articles_are_shown(
        self, news: NewsSite, prober: Prober, said: list[str], tmp_path: Path
    ) -> None:
        news.pages["/"] = Page(front())
        news.pages["/feed/"] = Page(feed(news.url, *STORIES), content_type=XML)

        found = await prober.probe_address(f"{news.url}/", zone="Asia/Beirut")

        assert found.site is not None
        assert [(way.type, way.url) for way in found.site.publishes] == [
            ("feed", f"{news.url}/feed/"),
            ("listing", f"{news.url}/"),
        ]
        assert (found.site.name, found.site.title.ar) == ("127-0-0-1", "صحيفة الشاطئ")
        assert len(found.articles) == 3
        assert found.articles[0].title == STORY.title
        assert "/comments/feed/" not in news.paths_asked()
        assert news.paths_asked().count("/robots.txt") == 1
        path = write_site(tmp_path, found.site)
        assert read_model(path, Site) == found.site

        assert said == [
            f"ok  feed       {news.url}/feed/  8 articles, the newest 2 h old",
            f"--  sitemap    {news.url}/robots.txt  robots.txt names no sitemap",
            f"--  sitemap    {news.url}/sitemap.xml  HTTP 404",
            f"ok  listing    {news.url}/  8 articles, without dates",
        ]
        assert STORY.title in lines(found)

    async def test_a_feed_that_no_page_names_is_guessed(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/"] = Page(front(head="<html><head><title>الشاطئ</title></head>"))
        news.pages["/rss"] = Page(feed(news.url, *STORIES), content_type=XML)
        found = await prober.probe_address(f"{news.url}/")
        assert found.site is not None
        assert found.site.publishes[0] == Feed(type="feed", url=f"{news.url}/rss")
        assert "/rss.xml" not in news.paths_asked()

    async def test_a_feed_that_the_page_only_links_to_is_tried_before_the_usual_addresses(
        self, news: NewsSite, prober: Prober
    ) -> None:
        more = '<a href="/rss/latest">RSS</a><a href="/comments/feed/">تعليقات</a>'
        news.pages["/"] = Page(front(head="<html><head><title>الشاطئ</title></head>", more=more))
        news.pages["/rss/latest"] = Page(feed(news.url, *STORIES), content_type=XML)
        found = await prober.probe_address(f"{news.url}/")
        assert found.site is not None
        assert found.site.publishes[0] == Feed(type="feed", url=f"{news.url}/rss/latest")
        assert not {"/feed/", "/rss", "/comments/feed/"} & set(news.paths_asked())

    async def test_a_sitemap_that_robots_txt_does_not_name_is_guessed(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/"] = Page("<html><title>الشاطئ</title></html>")
        urls = "".join(f"<url><loc>{news.url}{each.path}</loc></url>" for each in STORIES)
        news.pages["/sitemap.xml"] = Page(f"<urlset>{urls}</urlset>")
        found = await prober.probe_address(f"{news.url}/")
        assert found.site is not None
        assert found.site.publishes == (Sitemap(type="sitemap", url=f"{news.url}/sitemap.xml"),)

    async def test_the_address_of_a_sitemap_is_taken_as_it_is(
        self, news: NewsSite, prober: Prober
    ) -> None:
        urls = "".join(f"<url><loc>{news.url}{each.path}</loc></url>" for each in STORIES)
        news.pages["/map.xml"] = Page(f"<?xml version='1.0'?><urlset>{urls}</urlset>")
        found = await prober.probe_address(f"{news.url}/map.xml")
        assert found.site is not None
        assert found.site.publishes == (Sitemap(type="sitemap", url=f"{news.url}/map.xml"),)

    async def test_a_page_of_headlines_is_a_listing_with_the_pattern_of_its_paths(
        self, news: NewsSite, prober: Prober
    ) -> None:
        stories = [Story(path=f"/news/{n}", title=f"وزير النقل يفتتح الرصيف {n}") for n in range(6)]
        for story in stories:
            news.pages[story.path] = Page(page(story))
        links = "".join(f'<h2><a href="{each.path}">{each.title}</a></h2>' for each in stories)
        more = '<a href="/tag/all-about-the-sea">كل ما كتب عن البحر</a>'
        news.pages["/"] = Page(f"<html><title>الشاطئ</title><body>{more}{links}</body></html>")

        found = await prober.probe_address(f"{news.url}/")

        assert found.site is not None
        assert found.site.publishes == (
            Listing(type="listing", url=f"{news.url}/", path=r"^/news/\d+"),
        )
        assert len(found.articles) == 3

    async def test_a_long_crawl_delay_is_said_and_the_rhythm_leaves_room_for_it(
        self, news: NewsSite, prober: Prober, said: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def at_once(*_: object) -> None:
            """The test does not wait for minutes."""

        monkeypatch.setattr(pace, "turn", at_once)
        news.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 400\n")
        news.pages["/"] = Page(front())
        news.pages["/feed/"] = Page(feed(news.url, *STORIES), content_type=XML)

        found = await prober.probe_address(f"{news.url}/")

        assert found.site is not None
        assert found.site.every == timedelta(minutes=14)
        assert said[0] == (
            "    robots.txt asks for 400 s between two requests (Crawl-delay): this takes a while"
        )

    async def test_wordpress_and_sitemaps_are_found(self, news: NewsSite, prober: Prober) -> None:
        news.pages["/"] = Page(front(head="<html><link href='/wp-content/a.css'>"))
        rows = ",".join(f'{{"link": "{news.url}{each.path}"}}' for each in STORIES)
        news.pages[POSTS] = Page(f"[{rows}]", content_type="application/json")
        news.pages["/robots.txt"] = Page(f"User-agent: *\nAllow: /\nSitemap: {news.url}/map.xml\n")
        urls = "".join(f"<url><loc>{news.url}{each.path}</loc></url>" for each in STORIES)
        news.pages["/map.xml"] = Page(f"<urlset>{urls}</urlset>")

        found = await prober.probe_address(f"{news.url}/")

        assert found.site is not None
        assert found.site.publishes == (
            WordPress(type="wordpress", url=f"{news.url}/"),
            Sitemap(type="sitemap", url=f"{news.url}/robots.txt"),
            Listing(type="listing", url=f"{news.url}/"),
        )
        assert len(found.articles) == 3

    async def test_a_usual_wordpress_site_is_written_by_its_preset(
        self, news: NewsSite, prober: Prober, tmp_path: Path
    ) -> None:
        news.pages["/"] = Page(front(head=HEAD + "<link href='/wp-content/a.css'>"))
        news.pages["/feed/"] = Page(feed(news.url, *STORIES), content_type=XML)
        rows = ",".join(f'{{"link": "{news.url}{each.path}"}}' for each in STORIES)
        news.pages[POSTS] = Page(f"[{rows}]", content_type="application/json")

        found = await prober.probe_address(f"{news.url}/", name="shore", zone="Asia/Beirut")

        assert found.site is not None
        assert (found.site.preset, found.site.home) == ("wordpress", f"{news.url}/")
        path = write_site(tmp_path, found.site)
        text = path.read_text(encoding="utf-8")
        assert "preset: wordpress" in text
        assert "publishes" not in text
        assert "selectors" not in text
        assert read_model(path, Site) == found.site

    async def test_each_way_of_a_known_site_is_tried_and_proves_it(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/feed"] = Page("no", status=404)
        news.pages["/rss"] = Page(feed(news.url, *STORIES), content_type=XML)
        site = known_site(f"{news.url}/feed", f"{news.url}/rss")

        found = await prober.probe_site(site)
        proof = proof_of(site, found, NOW)

        assert [bool(each.problem) for each in found.tried] == [True, False]
        assert proof.passed
        assert is_proven(site, proof)
        assert table({"shore": proof}).splitlines() == [
            "passed   shore  feed, 8 articles, the newest 2 h old",
            "1 of 1 sites passed their probe",
        ]

    async def test_a_failed_probe_does_not_undo_what_has_worked(self) -> None:
        worked = Proof(tried_at=NOW, passed=True, how="feed", ways=("https://a/",))
        failed = replace(worked, passed=False, how="HTTP 500")
        elsewhere = replace(failed, ways=("https://b/",))
        assert proof_after_probe(worked, failed) == worked
        assert proof_after_probe(worked, elsewhere) == elsewhere
        assert proof_after_probe(failed, worked) == worked
        assert proof_after_probe(None, failed) == failed

    async def test_where_no_name_is_known_the_table_asks_for_the_internet(self) -> None:
        proof = Proof(tried_at=NOW, passed=False, how=f"x: {NAME_UNKNOWN}", ways=())
        known = replace(proof, how="HTTP 404")
        asks = "the name of none of their hosts is known: does this machine reach the internet?"
        assert table({"a": proof, "b": proof}).splitlines()[-1] == asks
        assert asks not in table({"a": proof, "b": known})
        assert asks not in table({"a": proof})

    async def test_a_site_that_refuses_is_blocked_and_its_fallback_is_tried(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/feed"] = Page("no", status=403)
        news.pages["/open"] = Page(feed(news.url, *STORIES), content_type=XML)
        fallback = Feed(type="feed", url=f"{news.url}/open")
        site = known_site(f"{news.url}/feed").model_copy(update={"fallbacks": (fallback,)})

        proof = proof_of(site, await prober.probe_site(site), NOW)

        assert (proof.passed, proof.blocked) == (False, True)
        assert proof.how == (
            f"{news.url}/feed: blocked: HTTP 403; its fallback, the feed {news.url}/open, works"
        )
        assert table({"shore": proof}).startswith("blocked  shore  ")

    async def test_a_site_whose_articles_cannot_be_read_is_not_proven(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages.clear()
        news.pages["/feed"] = Page(feed(news.url, *STORIES), content_type=XML)
        site = known_site(f"{news.url}/feed")
        proof = proof_of(site, await prober.probe_site(site), NOW)
        assert not proof.passed
        assert proof.how.startswith("its articles could not be read: ")

    async def test_the_address_of_a_feed_is_taken_as_it_is(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/x.xml"] = Page(feed(news.url, *STORIES), content_type=XML)
        found = await prober.probe_address(f"{news.url}/x.xml", name="shore")
        assert found.site is not None
        assert found.site.name == "shore"
        assert found.site.publishes == (Feed(type="feed", url=f"{news.url}/x.xml"),)

    async def test_a_feed_of_comments_is_refused(self, news: NewsSite, prober: Prober) -> None:
        item = f"<item><title>بواسطة: ليلى</title><link>{news.url}/1/#comment-3</link></item>"
        news.pages["/x.xml"] = Page(f"<rss><channel>{item}</channel></rss>", content_type=XML)
        found = await prober.probe_address(f"{news.url}/x.xml")
        assert found.site is None
        assert found.tried[0].problem == "is a feed of comments, not of articles"
        assert list(lines(found))[-1] == "no way of publishing works"

    async def test_a_page_that_refuses_programs_may_have_an_open_feed(
        self, news: NewsSite, prober: Prober, said: list[str]
    ) -> None:
        challenge = "<html><title>Just a moment...</title><script src=/cf-chl/></script></html>"
        news.pages["/"] = Page(challenge, status=403)
        news.pages["/feed/"] = Page(feed(news.url, *STORIES), content_type=XML)
        found = await prober.probe_address(f"{news.url}/")
        assert found.site is not None
        assert found.site.publishes == (Feed(type="feed", url=f"{news.url}/feed/"),)
        reason = "the site shows a page that asks whether the reader is human"
        assert said[0] == f"--  page       {news.url}/  blocked: HTTP 403: {reason}"

    async def test_a_site_that_cannot_be_reached_is_a_sentence(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/"] = Page("", status=500)
        with pytest.raises(FetchFailed, match="HTTP 500"):
            await prober.probe_address(f"{news.url}/")

    async def test_what_robots_txt_forbids_is_not_tried(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /\n")
        with pytest.raises(FetchFailed, match=r"robots.txt of the site does not allow it"):
            await prober.probe_address(f"{news.url}/")
        assert news.paths_asked() == ["/robots.txt"]

    async def test_the_ways_of_a_known_site_are_tried_one_by_one(
        self, news: NewsSite, prober: Prober
    ) -> None:
        news.pages["/feed/"] = Page(feed(news.url, *STORIES), content_type=XML)
        site = Site(
            name="shore",
            title=Title(ar="الشاطئ"),
            publishes=(
                Feed(type="feed", url=f"{news.url}/gone"),
                Feed(type="feed", url=f"{news.url}/feed/"),
            ),
            delay=timedelta(0),
        )
        found = await prober.probe_site(site)
        assert [each.problem for each in found.tried] == ["HTTP 404", None]
        assert found.site == site
        assert len(found.articles) == 3

        nothing = await prober.probe_site(site.model_copy(update={"publishes": site.publishes[:1]}))
        assert nothing.site is None

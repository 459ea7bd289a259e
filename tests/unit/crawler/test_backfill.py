"""Walking an archive: everything of the time, once, resumable, and nothing ever alerts."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from crawler.discovery.wordpress import PER_PAGE, archive_url
from crawler.errors import FetchFailed
from crawler.parsing import ParserPool
from marsad.backfill import Backfill, NoArchive, Summary, until
from marsad.backfills import DoneParts
from models.site import Feed, Search, Site, Sitemap, Title, Way, WordPress
from storage import articles
from storage.backfill import BackfillMemory
from storage.database import Database
from storage.explain import trace
from tests.fakes.newssite import NewsSite, Page
from tests.unit.crawler.builders import NOW, Story, page
from tests.unit.crawler.conftest import options_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]

SINCE = datetime(2025, 12, 1, tzinfo=UTC)


class Archive:
    """A site with an archive, and the walk through it."""

    def __init__(self, news: NewsSite, parser: ParserPool, database: Database) -> None:
        self.news = news
        self.parser = parser
        self.database = database
        self.progress: list[tuple[int, int, int]] = []

    def publish(self, path: str, day: str) -> Story:
        story = Story(path=path, title=f"خبر من الأرشيف {path.strip('/').replace('/', ' ')}")
        head = f'<meta property="article:published_time" content="{day}T10:00:00+00:00">'
        self.news.pages[path] = Page(page(story, head=head))
        return story

    def sitemap(self, name: str, *days: str) -> None:
        rows = []
        for number, day in enumerate(days):
            path = f"/{name}/{number}/"
            self.publish(path, day)
            rows.append(f"<url><loc>{self.news.url}{path}</loc><lastmod>{day}</lastmod></url>")
        self.news.pages[f"/{name}.xml"] = Page(f"<urlset>{''.join(rows)}</urlset>")

    def index(self, *names: str) -> None:
        rows = "".join(f"<sitemap><loc>{self.news.url}/{n}.xml</loc></sitemap>" for n in names)
        self.news.pages["/sitemap.xml"] = Page(f"<sitemapindex>{rows}</sitemapindex>")

    async def walk(self, way: Way | None = None, since: datetime = SINCE) -> Summary:
        site = Site(
            name="shore",
            title=Title(ar="الشاطئ"),
            publishes=(way or Sitemap(type="sitemap", url=f"{self.news.url}/sitemap.xml"),),
            delay=timedelta(0),
        )
        self.progress.clear()
        self.news.asked.clear()
        return await Backfill(
            site=site,
            since=since,
            memory=BackfillMemory(self.database, since, until(site, NOW)),
            done=DoneParts(self.database, "shore"),
            parser=self.parser,
            options=options_for(self.news),
            now=lambda: NOW,
            progress=lambda *step: self.progress.append(step),
        ).run()

    async def stored(self) -> list[str]:
        page_of = await self.database.read(lambda c: articles.page(c, 0, 1000, None))
        return sorted(urlsplit(each.article.url).path for each in page_of)


@pytest_asyncio.fixture(loop_scope="session")
async def archive(news: NewsSite, parser: ParserPool, tmp_path: Path) -> AsyncIterator[Archive]:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    yield Archive(news, parser, database)
    await database.close()


async def test_the_sitemaps_of_the_time_are_walked_and_older_ones_not_asked(
    archive: Archive,
) -> None:
    archive.sitemap("2025-11", "2025-11-20")
    archive.sitemap("2025-12", "2025-12-03", "2025-12-20")
    archive.sitemap("2026-01", "2026-01-05")
    archive.index("2025-11", "2025-12", "2026-01")

    done = await archive.walk()

    assert (done.stored, done.failed, done.problems, done.stopped) == (3, 0, [], None)
    assert await archive.stored() == ["/2025-12/0/", "/2025-12/1/", "/2026-01/0/"]
    assert "/2025-11.xml" not in archive.news.paths_asked()
    assert archive.progress[-1] == (3, 3, 3)


async def test_nothing_that_was_fetched_late_is_left_to_decide(archive: Archive) -> None:
    archive.sitemap("sitemap", "2026-01-05")
    await archive.walk()
    assert await archive.database.read(lambda c: articles.undecided(c, 10)) == []
    found = await archive.database.read(lambda c: trace(c, f"{archive.news.url}/sitemap/0/"))
    assert found is not None
    assert found.decision == "marsad backfill fetched it long after it was published"


async def test_articles_of_the_last_day_and_from_before_are_left_out(archive: Archive) -> None:
    archive.sitemap("sitemap", "2026-03-14", "2026-03-12", "2025-10-01")
    for number, day in ((7, "2026-03-14"), (8, "2025-02-01"), (9, "2026-02-01")):
        archive.publish(f"/undated/{number}/", day)
    rows = "".join(f"<url><loc>{archive.news.url}/undated/{n}/</loc></url>" for n in (7, 8, 9))
    archive.news.pages["/undated.xml"] = Page(f"<urlset>{rows}</urlset>")
    archive.news.pages["/all.xml"] = Page(
        f"<sitemapindex><sitemap><loc>{archive.news.url}/sitemap.xml</loc></sitemap>"
        f"<sitemap><loc>{archive.news.url}/undated.xml</loc></sitemap></sitemapindex>"
    )
    await archive.walk(Sitemap(type="sitemap", url=f"{archive.news.url}/all.xml"))
    assert await archive.stored() == ["/sitemap/1/", "/undated/9/"]


async def test_a_walk_that_was_stopped_goes_on_where_it_was(archive: Archive) -> None:
    archive.sitemap("2025-12", "2025-12-03", "2025-12-20")
    archive.sitemap("2026-01", *["2026-01-05"] * 9)
    archive.index("2026-01", "2025-12")
    broken = [f"/2026-01/{number}/" for number in range(9)]
    archive.news.pages.update(dict.fromkeys(broken, Page("", status=503)))

    first = await archive.walk()
    assert first.stopped == "5 pages in a row could not be fetched; the rest waits"
    for path in broken[1:]:
        archive.publish(path, "2026-01-05")
    second = await archive.walk()
    assert (second.stopped, second.failed) == (None, 1)
    archive.publish(broken[0], "2026-01-05")
    last = await archive.walk()
    assert (first.stored + second.stored, last.stored) == (10, 1)
    third = await archive.walk()
    assert third.stored == 0
    assert [path for path in archive.news.paths_asked() if path != "/robots.txt"] == [
        "/sitemap.xml"
    ]


async def test_a_sitemap_that_fails_is_a_problem_and_the_others_are_walked(
    archive: Archive,
) -> None:
    archive.sitemap("2026-01", "2026-01-05")
    archive.index("2026-02", "2026-01")
    done = await archive.walk()
    assert done.stored == 1
    assert done.problems == [f"{archive.news.url}/2026-02.xml: HTTP 404"]


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        pytest.param(Page(status=429), 1, id="too-many-requests"),
        pytest.param(Page(status=503, headers={"Retry-After": "600"}), 1, id="come-back-later"),
        pytest.param(Page(status=500), 5, id="it-does-not-work-now"),
    ],
)
async def test_a_site_that_does_not_want_to_be_asked_on_is_left_alone(
    archive: Archive, answer: Page, asked: int
) -> None:
    names = [f"2026-01-{day:02}" for day in range(1, 20)]
    archive.index(*names)
    for name in names:
        archive.news.pages[f"/{name}.xml"] = answer

    done = await archive.walk()

    assert archive.news.paths_asked().count("/sitemap.xml") == 1
    assert len([path for path in archive.news.paths_asked() if "2026-01" in path]) == asked
    assert done.stopped == done.problems[-1]
    assert f"HTTP {answer.status}" in done.stopped


async def test_a_feed_alone_is_walked_by_the_sitemaps_of_robots_txt(archive: Archive) -> None:
    archive.sitemap("map", "2026-01-05")
    robots = f"User-agent: *\nAllow: /\nSitemap: {archive.news.url}/map.xml\n"
    archive.news.pages["/robots.txt"] = Page(robots)
    feed = Feed(type="feed", url=f"{archive.news.url}/feed/")
    assert (await archive.walk(feed)).stored == 1


async def test_a_site_without_an_archive_says_so(archive: Archive) -> None:
    with pytest.raises(NoArchive, match="shore has no archive that could be walked"):
        await archive.walk(Feed(type="feed", url=f"{archive.news.url}/feed/"))


async def test_the_archive_of_a_search_engine_is_not_the_sites(archive: Archive) -> None:
    archive.sitemap("map", "2026-01-05")
    archive.news.pages["/robots.txt"] = Page(f"Sitemap: {archive.news.url}/map.xml\n")
    with pytest.raises(NoArchive, match="names only a news search"):
        await archive.walk(
            Search(type="search", url=f"{archive.news.url}/rss?q=site:shore.example")
        )
    assert not archive.news.asked


async def test_the_posts_of_wordpress_are_walked_page_by_page(archive: Archive) -> None:
    stories = [archive.publish(f"/post/{n}/", "2026-01-05") for n in range(60)]
    base = "/wp-json/wp/v2/posts?per_page=50&_embed=author&_fields=link,title,date_gmt,modified_gmt,content,excerpt,_links,_embedded"  # noqa: E501
    for number, part in ((1, stories[:50]), (2, stories[50:])):
        rows = [
            {"link": archive.news.url + each.path, "date_gmt": "2026-01-05T10:00:00"}
            for each in part
        ]
        address = f"{base}&order=asc&orderby=date&after=2025-12-01T00:00:00&page={number}"
        assert parse_qs(urlsplit(address).query)["page"] == [str(number)]
        archive.news.pages[address] = Page(json.dumps(rows), content_type="application/json")
    way = WordPress(type="wordpress", url=archive.news.url)

    done = await archive.walk(way)
    assert (done.stored, done.problems) == (60, [])
    again = await archive.walk(way)
    assert again.stored == 0
    asked = [path for path in archive.news.paths_asked() if "wp-json" in path]
    assert len(asked) == 1
    assert asked[0].endswith("page=2")


async def test_where_the_interface_of_wordpress_is_closed_its_sitemaps_are_walked(
    archive: Archive,
) -> None:
    way = WordPress(type="wordpress", url=archive.news.url)
    archive.sitemap("map", "2026-01-05")
    robots = f"User-agent: *\nAllow: /\nSitemap: {archive.news.url}/map.xml\n"
    archive.news.pages["/robots.txt"] = Page(robots)
    done = await archive.walk(way)

    assert (done.stored, done.stopped) == (1, None)
    assert done.problems[0].endswith("HTTP 404; its sitemaps are read instead")


async def test_a_closed_interface_of_wordpress_is_the_reason_where_there_are_no_sitemaps(
    archive: Archive,
) -> None:
    with pytest.raises(FetchFailed, match="HTTP 404"):
        await archive.walk(WordPress(type="wordpress", url=archive.news.url))


async def test_posts_that_fail_in_the_middle_stop_the_walk_which_goes_on_later(
    archive: Archive,
) -> None:
    rows = [archive.publish(f"/p/{n}/", "2026-01-05") for n in range(PER_PAGE)]
    posts = [
        {"link": f"{archive.news.url}{each.path}", "date_gmt": "2026-01-05T10:00:00"}
        for each in rows
    ]
    first, second = (
        archive_url(archive.news.url, SINCE, number).removeprefix(archive.news.url)
        for number in (1, 2)
    )
    archive.news.pages[first] = Page(json.dumps(posts), content_type="application/json")
    archive.news.pages[second] = Page("", status=503)

    done = await archive.walk(WordPress(type="wordpress", url=archive.news.url))

    assert done.stored == PER_PAGE
    assert done.stopped is not None
    assert done.stopped.endswith("HTTP 503")


async def test_a_sitemap_a_day_is_walked_day_by_day(archive: Archive) -> None:
    for day in ("2026-03-10", "2026-03-12"):
        archive.sitemap(day, day)
    way = Sitemap(type="sitemap", url=f"{archive.news.url}/{{yyyy}}-{{mm}}-{{dd}}.xml")
    summary = await archive.walk(way, since=datetime(2026, 3, 9, tzinfo=UTC))
    assert (summary.stored, summary.parts) == (2, 4)
    asked = [path for path in archive.news.paths_asked() if path.endswith(".xml")]
    assert asked == [f"/2026-03-{day:02}.xml" for day in range(9, 14)]

"""Whole crawls over real HTTP on loopback."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from crawler.memory import ForgetfulMemory
from crawler.parsing import ParserPool
from crawler.urls import url_key
from models.article import Recheck, Validators
from models.crawl import CrawlOutcome
from models.site import Feed, Listing, Search, Sitemap, WordPress
from tests.fakes.newssite import Fault, NewsSite, Page
from tests.unit.crawler.builders import NOW, OTHER, SECOND, STORY, Story, feed, item, page
from tests.unit.crawler.conftest import Crawl, options_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]

XML = "application/rss+xml; charset=utf-8"


def publish(news: NewsSite, *stories: Story, etag: str | None = None) -> Feed:
    """Put the stories and a feed of them on the site."""
    for story in stories:
        news.pages[story.path] = Page(page(story))
    news.pages["/feed/"] = Page(feed(news.url, *stories), content_type=XML, etag=etag)
    return Feed(type="feed", url=f"{news.url}/feed/")


async def test_every_article_of_a_feed_is_stored_with_title_date_and_body(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    report = await crawl(publish(news, STORY, OTHER))

    assert report.outcome is CrawlOutcome.OK
    assert (report.listed, report.new, report.problems) == (2, 2, ())
    article = next(each for each in memory.articles.values() if each.title == STORY.title)
    assert article.text == "\n\n".join(STORY.paragraphs)
    assert article.published is not None and article.published.isoformat() == (
        "2026-03-14T09:30:00+00:00"
    )
    assert article.language == "ar"
    assert article.url == f"{news.url}{STORY.path}"


async def test_a_page_that_is_longer_than_any_article_is_cut_off(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    endless = replace(STORY, paragraphs=(*STORY.paragraphs, "رست السفينة في الميناء. " * 20_000))

    report = await crawl(publish(news, endless))

    assert report.new == 1
    (article,) = memory.articles.values()
    assert article.text.startswith(STORY.paragraphs[0])
    assert len(article.text) == 100_000


async def test_the_crawler_says_who_it_is(news: NewsSite, crawl: Crawl) -> None:
    await crawl(publish(news, STORY))

    agents = {asked.headers["user-agent"] for asked in news.asked}
    assert len(agents) == 1
    assert agents.pop().endswith("(+mailto:watch@example.org)")


async def test_an_unchanged_feed_is_one_request(news: NewsSite, crawl: Crawl) -> None:
    way = publish(news, STORY, etag='"1"')
    await crawl(way)
    news.asked.clear()

    report = await crawl(way)

    assert news.paths_asked() == ["/feed/"]
    assert report.unchanged_listings == 1
    assert report.outcome is CrawlOutcome.OK


async def test_a_known_article_is_fetched_again_only_when_its_title_changed(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    await crawl(publish(news, STORY, OTHER))
    news.asked.clear()
    renamed = Story(path=STORY.path, title=STORY.title + " اليوم")

    report = await crawl(publish(news, renamed, OTHER))

    assert news.paths_asked() == ["/feed/", STORY.path]
    assert (report.new, report.updated) == (0, 1)


async def test_a_listing_that_was_cut_is_not_remembered_so_the_rest_comes_next_time(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY, OTHER, etag='"1"')

    first = await crawl(way, max_articles=1)
    second = await crawl(way, max_articles=1)

    assert (first.new, second.new) == (1, 1)
    assert len(memory.articles) == 2


async def test_a_page_that_failed_for_now_is_asked_again_though_the_feed_is_unchanged(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY, OTHER, etag='"1"')
    news.plan[STORY.path] = [Page("broken", status=503)]

    first = await crawl(way)
    second = await crawl(way)

    assert (first.new, first.failed_pages) == (1, 1)
    assert first.problems == (f"{news.url}{STORY.path}: HTTP 503",)
    assert second.new == 1
    assert len(memory.articles) == 2


async def test_a_page_that_was_listed_before_it_was_there_is_asked_again_though_the_feed_stays(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY, etag='"1"')
    news.plan[STORY.path] = [Page("not yet", status=404)]

    reports = [await crawl(way) for _ in range(3)]

    assert [report.new for report in reports] == [0, 1, 0]
    assert reports[2].unchanged_listings == 1


async def test_the_next_way_is_read_when_the_first_fails(news: NewsSite, crawl: Crawl) -> None:
    way = publish(news, STORY)

    report = await crawl(Feed(type="feed", url=f"{news.url}/rss.xml"), way)

    assert report.outcome is CrawlOutcome.OK
    assert report.new == 1
    assert report.problems == (
        f"{news.url}/rss.xml: HTTP 404",
        f"the feed {news.url}/feed/ was read instead",
    )


async def test_a_feed_of_comments_gives_no_articles(news: NewsSite, crawl: Crawl) -> None:
    comments = f"<item><title>بواسطة: سامر</title><link>{news.url}/a/#comment-7</link></item>"
    news.pages["/comments/feed/"] = Page(f"<rss><channel>{comments}</channel></rss>")

    report = await crawl(Feed(type="feed", url=f"{news.url}/comments/feed/"))

    assert report.outcome is CrawlOutcome.FAILED
    assert report.problems == (
        f"{news.url}/comments/feed/: is a feed of comments, not of articles",
    )


async def test_broken_xml_is_read_as_far_as_it_goes_and_said(news: NewsSite, crawl: Crawl) -> None:
    way = publish(news, STORY, OTHER)
    whole = feed(news.url, STORY, OTHER)
    news.pages["/feed/"] = Page(whole[: whole.rindex("<pubDate>")], content_type=XML)

    report = await crawl(way)

    assert report.outcome is CrawlOutcome.OK
    assert report.new == 2
    assert "broken XML" in report.problems[0]
    assert "2 entries could be read" in report.problems[0]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(Page("", status=500), "HTTP 500", id="500"),
        pytest.param(Page("<html><p>سلام</p></html>"), "is no feed", id="a page, not a feed"),
        pytest.param(Page(""), "holds no XML", id="nothing"),
        pytest.param(Fault.HANG, "no complete answer in time", id="hangs"),
        pytest.param(Fault.SLOW_DRIP, "no complete answer in time", id="drips"),
        pytest.param(Fault.RESET, "closed the connection", id="resets"),
        pytest.param(Fault.CUT_OFF, "the answer broke off in the middle", id="cut off"),
        pytest.param(Fault.GZIP_BOMB, "bigger than 8 MiB", id="3 GB bomb"),
        pytest.param(Fault.ENDLESS_BODY, "bigger than 8 MiB", id="endless body"),
        pytest.param(Fault.ENDLESS_HEADERS, "endless headers", id="endless headers"),
    ],
)
async def test_a_site_that_fails_ends_in_a_sentence(
    news: NewsSite, crawl: Crawl, answer: Page | Fault, sentence: str
) -> None:
    news.pages["/feed/"] = answer

    report = await crawl(
        Feed(type="feed", url=f"{news.url}/feed/"), options=options_for(news, timeout_seconds=2)
    )

    assert report.outcome is CrawlOutcome.FAILED
    assert len(report.problems) == 1
    assert report.problems[0].startswith(f"{news.url}/feed/: ")
    assert sentence in report.problems[0]


async def test_a_hanging_site_does_not_delay_another(
    news: NewsSite, crawl: Crawl, parser: ParserPool
) -> None:
    way = publish(news, STORY)
    news.pages["/hangs/"] = Fault.HANG
    hanging = asyncio.create_task(crawl(Feed(type="feed", url=f"{news.url}/hangs/")))

    report = await crawl(way)

    assert report.new == 1
    assert not hanging.done()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(hanging, 30)


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4, 6, 9, 20])
async def test_a_crawl_that_is_cancelled_as_it_begins_ends(
    news: NewsSite, crawl: Crawl, steps: int
) -> None:
    news.pages["/hangs/"] = Fault.HANG
    begun = asyncio.create_task(crawl(Feed(type="feed", url=f"{news.url}/hangs/")))
    for _ in range(steps):
        await asyncio.sleep(0)

    begun.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(begun, 30)


async def test_a_crawl_that_is_cancelled_as_it_stores_an_article_ends(
    news: NewsSite, crawl: Crawl, memory: ForgetfulMemory
) -> None:
    way = publish(news, STORY, OTHER)
    for steps in range(8):
        memory.articles.clear()
        begun = asyncio.create_task(crawl(way))
        while not memory.articles:
            await asyncio.sleep(0)
        for _ in range(steps):
            await asyncio.sleep(0)

        begun.cancel()

        await asyncio.wait_for(asyncio.wait({begun}), 30)


async def test_a_crawl_that_waits_for_its_turn_ends_when_it_is_cancelled(
    news: NewsSite, crawl: Crawl, departures: list[float]
) -> None:
    begun = asyncio.create_task(crawl(publish(news, STORY, OTHER), delay=timedelta(minutes=10)))
    while not departures:
        await asyncio.sleep(0.01)

    begun.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(begun, 30)


async def test_what_robots_txt_forbids_is_not_fetched(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY, OTHER)
    news.pages["/robots.txt"] = Page(f"User-agent: *\nDisallow: {STORY.path}\n")

    report = await crawl(way)

    assert report.new == 1
    assert STORY.path not in news.paths_asked()
    assert report.problems == (f"{news.url}{STORY.path}: robots.txt of the site does not allow it",)


async def test_robots_txt_is_asked_once_a_day(news: NewsSite, crawl: Crawl) -> None:
    way = publish(news, STORY)

    await crawl(way)
    await crawl(way)

    assert news.paths_asked().count("/robots.txt") == 1


async def test_a_host_whose_robots_txt_fails_is_left_alone(news: NewsSite, crawl: Crawl) -> None:
    way = publish(news, STORY)
    news.pages["/robots.txt"] = Page("", status=503)

    report = await crawl(way)

    assert news.paths_asked() == ["/robots.txt"]
    assert report.problems == (
        f"{news.url}/feed/: robots.txt could not be read (HTTP 503), so nothing else was asked of "
        "the host",
    )


async def test_a_redirect_to_a_private_address_is_refused(news: NewsSite, crawl: Crawl) -> None:
    async with NewsSite() as inside:
        inside.pages["/feed/"] = Page(feed(news.url, STORY))
        news.pages["/feed/"] = Page(status=302, headers={"Location": f"{inside.url}/feed/"})

        report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert inside.asked == []
    assert report.outcome is CrawlOutcome.FAILED
    assert "is not a public address; it was refused" in report.problems[0]


async def test_a_link_in_a_feed_to_a_private_address_is_refused(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY)
    async with NewsSite() as inside:
        inside.pages[OTHER.path] = Page(page(OTHER))
        items = item(news.url, STORY) + item(f"http://localhost:{inside.port}", OTHER)
        news.pages["/feed/"] = Page(f"<rss><channel>{items}</channel></rss>")

        report = await crawl(way)

    assert inside.asked == []
    assert [article.title for article in memory.articles.values()] == [STORY.title]
    assert "is not a public address" in report.problems[0]


async def test_what_the_feed_carries_whole_is_used_when_the_page_is_forbidden(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    content = "".join(f"<p>{paragraph}</p>" for paragraph in STORY.paragraphs)
    extra = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    news.pages["/feed/"] = Page(feed(news.url, STORY, extra=extra), content_type=XML)
    news.pages[STORY.path] = Page("no", status=403)

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    (article,) = memory.articles.values()
    assert report.new == 1
    assert article.text == "\n\n".join(STORY.paragraphs)
    assert article.evidence["text"] == "listing content"
    assert "HTTP 403" in article.evidence["page"]


async def test_a_page_without_an_article_fails_with_the_reason(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY)
    news.pages[STORY.path] = Page("<html><title>خطأ</title><body></body></html>")

    report = await crawl(way)

    assert (report.new, report.failed_pages) == (0, 1)
    assert memory.failures == {
        next(iter(memory.failures)): f"{news.url}{STORY.path}: no text of an article was found "
        "on the page"
    }


async def test_a_site_whose_pages_all_fail_is_left_alone_until_next_time(
    news: NewsSite, crawl: Crawl
) -> None:
    stories = [Story(path=f"/story-{number}/", title=f"خبر رقم {number}") for number in range(40)]
    way = publish(news, *stories)
    for story in stories:
        news.pages[story.path] = Page("", status=500)

    report = await crawl(way)

    assert report.failed_pages < 20
    assert report.problems[-1] == "5 pages in a row could not be fetched; the rest waits"


async def test_a_sitemap_index_is_walked_though_a_child_is_missing_and_it_names_itself(
    news: NewsSite, crawl: Crawl
) -> None:
    publish(news, STORY)
    news.pages["/sitemap.xml"] = Page(
        "<sitemapindex>"
        + "".join(
            f"<sitemap><loc>{news.url}/{name}.xml</loc></sitemap>"
            for name in ("sitemap", "missing-2", "news-1")
        )
        + "</sitemapindex>"
    )
    news.pages["/news-1.xml"] = Page(
        f"<urlset><url><loc>{news.url}{STORY.path}</loc><lastmod>2026-03-14</lastmod></url></urlset>"
    )

    report = await crawl(Sitemap(type="sitemap", url=f"{news.url}/sitemap.xml"))

    assert report.new == 1
    assert report.problems == (f"{news.url}/missing-2.xml: HTTP 404",)
    assert news.paths_asked().count("/sitemap.xml") == 1


async def test_a_listing_page_is_read_by_its_links(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    publish(news, STORY)
    news.pages["/news"] = Page(
        f'<a href="/about">من نحن</a><h2 class=t><a href="{STORY.path}">{STORY.title}</a></h2>'
    )

    report = await crawl(Listing(type="listing", url=f"{news.url}/news", links="h2.t a"))

    assert (report.listed, report.new) == (1, 1)


async def test_the_posts_of_wordpress_are_read(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    publish(news, STORY)
    query = (
        "per_page=50&_embed=author&_fields=link,title,date_gmt,modified_gmt,content,excerpt,"
        "_links,_embedded"
    )
    news.pages[f"/wp-json/wp/v2/posts?{query}"] = Page(
        json.dumps(
            [
                {
                    "link": news.url + STORY.path,
                    "date_gmt": "2026-03-14T09:30:00",
                    "title": {"rendered": STORY.title},
                }
            ]
        ),
        content_type="application/json",
    )

    report = await crawl(WordPress(type="wordpress", url=news.url))

    (article,) = memory.articles.values()
    assert report.new == 1
    assert article.published is not None and article.published.hour == 9


async def test_a_page_to_which_several_articles_lead_is_one_article(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    short = [replace(STORY, path=f"/?p={number}") for number in (1, 2)]
    moved = [replace(OTHER, path=f"/moved/{number}") for number in (1, 2, 3)]
    for story in short:
        news.pages[story.path] = Page(status=301, headers={"Location": STORY.path})
    for story in moved:
        news.pages[story.path] = Page(status=302, headers={"Location": "/ar/"})
    news.pages["/ar/"] = Page(page(OTHER))
    news.pages[STORY.path] = Page(page(STORY))
    news.pages["/feed/"] = Page(feed(news.url, *short, STORY, *moved), content_type=XML)

    report = await crawl(Feed(type="feed", url=f"{news.url}/feed/"))

    assert url_key(news.url + STORY.path) in memory.articles
    assert (report.new, report.failed_pages) == (2, 4)


async def test_an_alerted_article_that_is_gone_is_withdrawn(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news, STORY)
    url = f"{news.url}/gone/"
    memory.rechecks.append(Recheck(article_id=7, url=url, key=url, validators=Validators()))

    await crawl(way)

    assert memory.withdrawn == {7}
    assert memory.rechecks == []


async def test_an_alerted_article_that_is_unchanged_is_one_conditional_request(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news)
    news.pages[STORY.path] = Page(page(STORY), etag='"7"')
    url = news.url + STORY.path
    validators = Validators(etag='"7"')
    memory.rechecks.append(Recheck(article_id=7, url=url, key=url, validators=validators))

    await crawl(way)

    assert [(asked.path, asked.status) for asked in news.asked][-1] == (STORY.path, 304)
    assert (memory.articles, memory.withdrawn, memory.rechecks) == ({}, set(), [])


async def test_an_alerted_article_that_was_corrected_is_stored_again(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news)
    corrected = Story(path=STORY.path, title=STORY.title, paragraphs=(SECOND, SECOND))
    news.pages[STORY.path] = Page(page(corrected))
    url = news.url + STORY.path
    memory.rechecks.append(Recheck(article_id=7, url=url, key=url, validators=Validators()))

    report = await crawl(way)

    (article,) = memory.articles.values()
    assert article.text.startswith(SECOND)
    assert report.new == 0


async def test_an_alerted_article_that_leads_to_the_front_page_stays_as_it_was(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news)
    news.pages[STORY.path] = Page(status=302, headers={"Location": "/"})
    news.pages["/"] = Page(page(OTHER))
    url = news.url + STORY.path
    memory.rechecks.append(Recheck(article_id=7, url=url, key=url, validators=Validators()))

    report = await crawl(way)

    assert (memory.articles, memory.withdrawn, memory.rechecks) == ({}, set(), [])
    assert f"{url}: leads to the site's front page" in report.problems


async def test_an_alerted_article_that_is_forbidden_is_asked_once_and_one_that_is_away_again(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news)
    for number, status in enumerate((403, 503)):
        news.pages[f"/{status}"] = Page("no", status=status)
        url = f"{news.url}/{status}"
        memory.rechecks.append(
            Recheck(article_id=number, url=url, key=url, validators=Validators())
        )

    for _ in range(3):
        await crawl(way)

    asked = [path for path in news.paths_asked() if path in ("/403", "/503")]
    assert sorted(asked) == ["/403", "/503", "/503", "/503"]


async def test_the_page_of_an_alerted_headline_is_not_asked_for(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl
) -> None:
    way = publish(news)
    url = f"{news.url}/rss/articles/7"
    memory.rechecks.append(Recheck(article_id=7, url=url, key=url, validators=Validators()))

    await crawl(
        way, fallbacks=(Search(type="search", url=f"{news.url}/rss/search?q=site:x.example"),)
    )

    assert "/rss/articles/7" not in news.paths_asked()
    assert memory.rechecks == []


async def test_requests_to_a_host_keep_their_distance(
    news: NewsSite, crawl: Crawl, departures: list[float]
) -> None:
    way = publish(news, STORY, OTHER)

    await crawl(way, delay=timedelta(seconds=0.2))

    gaps = [later - earlier for earlier, later in pairwise(departures)]
    assert len(gaps) == len(news.asked) - 1 == 3
    assert min(gaps) >= 0.199


async def test_a_broken_memory_is_not_the_sites_fault(
    news: NewsSite, memory: ForgetfulMemory, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: object) -> bool:
        raise OSError("the disk is full")

    monkeypatch.setattr(memory, "store", broken)

    with pytest.raises(OSError, match="the disk is full"):
        await crawl(publish(news, STORY))


async def test_the_clock_of_a_report_is_the_callers(news: NewsSite, crawl: Crawl) -> None:
    report = await crawl(publish(news, STORY))

    assert (report.started, report.finished) == (NOW, NOW)

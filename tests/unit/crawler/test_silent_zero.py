"""A site that silently gives nothing: crawled over real HTTP, it is blind within two crawls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from crawler.crawl import crawl_site
from crawler.memory import ForgetfulMemory
from crawler.parsing import ParserPool
from crawler.robots import robots_cache
from marsad.health import change, judge
from models.health import UNJUDGED, Health
from models.site import Feed, Listing, Selectors, Site, Sitemap, Title, Way, WordPress
from tests.fakes.newssite import Fault, NewsSite, Page
from tests.unit.crawler.builders import NOW, Story, feed, page
from tests.unit.crawler.conftest import options_for

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]

XML = "application/rss+xml; charset=utf-8"
PLACES = ("أنزلي", "أستراخان", "باكو", "أكتاو", "تركمنباشي", "رشت", "نوشهر", "محج قلعة")
CARGO = ("الحبوب", "الحديد", "الأخشاب", "الزيوت", "الأسمدة", "الحاويات", "الفواكه")
CAPTCHA = (
    "<html><head><title>Just a moment...</title></head><body><div class=cf-turnstile></div>"
    "<script src='/cdn-cgi/challenge-platform/orchestrate.js'></script></body></html>"
)
CONSENT = (
    "<html><head><title>ملفات تعريف الارتباط</title></head><body><h1>نحترم خصوصيتك</h1>"
    "<p>نستخدم ملفات تعريف الارتباط لتحسين الخدمة. هل توافق على ذلك؟</p>"
    "<button>موافق</button></body></html>"
)
LONG_CONSENT = (
    "<html><body><div class=entry-content>"
    + "<p>نحن وشركاؤنا نخزن معلومات على جهازك ونعالج بيانات شخصية لعرض إعلانات تناسبك.</p>" * 12
    + "</div></body></html>"
)
SORRY = (
    "<html><body><h1>عذراً</h1><div class=entry-content><p>الصفحة التي تبحث عنها غير متاحة "
    "حالياً، يرجى المحاولة في وقت لاحق أو العودة إلى الصفحة الرئيسية.</p></div></body></html>"
)


def story(number: int, at: datetime) -> Story:
    place, cargo = PLACES[number % 8], CARGO[number % 7]
    return Story(
        path=f"/akhbar/shahna-{number}/",
        title=f"ميناء {place} يستقبل الشحنة رقم {number} من {cargo}",
        paragraphs=(
            f"وصلت إلى ميناء {place} صباح اليوم الشحنة رقم {number} من {cargo} بعد رحلة هادئة.",
            f"وقال مدير الميناء إن تفريغ {cargo} يستغرق {number % 5 + 1} أيام تليها شحنات أخرى.",
        ),
        date=format_datetime(at),
    )


@dataclass
class Shore:
    """A news site that publishes four stories between two looks, and what is known of it."""

    news: NewsSite
    parser: ParserPool
    ways: tuple[Way, ...] = ()
    changes: dict[str, object] = field(default_factory=dict)
    now: datetime = NOW
    stories: list[Story] = field(default_factory=list)
    memory: ForgetfulMemory = field(default_factory=ForgetfulMemory)
    health: Health = UNJUDGED
    told: list[str] = field(default_factory=list)
    make_page: Callable[[Story], Page | Fault] = lambda story: Page(page(story))
    make_feed: Callable[[str, list[Story]], Page | Fault] = lambda url, stories: Page(
        feed(url, *stories), content_type=XML
    )
    stands_still: bool = False

    def publish(self) -> None:
        new = 0 if self.stands_still else 4
        for _ in range(new):
            added = story(len(self.stories), self.now)
            self.stories.append(added)
            self.news.pages[added.path] = self.make_page(added)
        self.news.pages["/feed/"] = self.make_feed(self.news.url, self.stories[:-13:-1])

    def is_blind(self) -> bool:
        return self.health.blind_since is not None

    @property
    def site(self) -> Site:
        ways = self.ways or (Feed(type="feed", url=f"{self.news.url}/feed/"),)
        site = Site(name="shore", title=Title(ar="الشاطئ"), publishes=ways, delay=timedelta(0))
        return site.model_copy(update=self.changes)

    async def look(self, after: timedelta = timedelta(minutes=10)) -> None:
        self.now += after
        self.publish()
        site = self.site
        report = await crawl_site(
            site,
            memory=self.memory,
            parser=self.parser,
            options=options_for(self.news, timeout_seconds=2),
            now=lambda: self.now,
        )
        before, self.health = self.health, judge(self.health, site, report)
        told = change(site, before, self.health)
        if told is not None:
            self.told.append(told)


@pytest.fixture
def shore(news: NewsSite, parser: ParserPool) -> Shore:
    return Shore(news, parser)


Break = Callable[[Shore], None]


def answers(answer: Page | Fault) -> Break:
    """The feed answers this from now on."""
    return lambda shore: setattr(shore, "make_feed", lambda url, stories: answer)


def pages_are(answer: Page | Fault) -> Break:
    """New pages are this from now on."""
    return lambda shore: setattr(shore, "make_page", lambda story: answer)


def lists(change_text: Callable[[str], str]) -> Break:
    return lambda shore: setattr(
        shore,
        "make_feed",
        lambda url, stories: Page(change_text(feed(url, *stories)), content_type=XML),
    )


def spam(host: str) -> Callable[[str, list[Story]], Page]:
    def make(url: str, stories: list[Story]) -> Page:
        spams = [
            Story(path=f"/bonus-{n}/", title=f"Casino bonus {n}: best online slots today")
            for n in range(10)
        ]
        return Page(feed(host or url, *spams), content_type=XML)

    return make


def comments(url: str, stories: list[Story]) -> Page:
    items = "".join(
        f"<item><title>بواسطة: سعاد</title><link>{url}{each.path}#comment-{n}</link></item>"
        for n, each in enumerate(stories)
    )
    return Page(f"<rss><channel>{items}</channel></rss>", content_type=XML)


def forbid_all(shore: Shore) -> None:
    shore.news.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /\n")
    shore.memory._robots.clear()
    robots_cache.clear()


def without_date(text: str) -> str:
    head, *items = text.split("<pubDate>")
    return head + "".join(item.partition("</pubDate>")[2] for item in items)


def stand_still(shore: Shore) -> None:
    shore.stands_still = True
    shore.now += timedelta(days=5)


VARIANTS: dict[str, tuple[Break, str]] = {
    "the feed is gone": (answers(Page("", status=404)), "HTTP 404"),
    "the feed fails": (answers(Page("", status=500)), "HTTP 500"),
    "the feed is forbidden": (answers(Page("", status=403)), "HTTP 403"),
    "the feed's server hangs up": (answers(Fault.RESET), "closed the connection"),
    "the feed is an error page with 200": (answers(Page(SORRY)), "is no feed"),
    "the feed is nothing": (answers(Page("")), "holds no XML"),
    "the feed is empty": (
        answers(Page("<rss><channel><title>الشاطئ</title></channel></rss>")),
        "its listing is empty",
    ),
    "the feed is a challenge with 200": (answers(Page(CAPTCHA)), "reader is human"),
    "the feed is a challenge with 403": (answers(Page(CAPTCHA, status=403)), "reader is human"),
    "the feed is a consent page": (answers(Page(CONSENT)), "asks for consent"),
    "the feed is one of comments": (
        lambda shore: setattr(shore, "make_feed", comments),
        "is a feed of comments",
    ),
    "the feed was hijacked, with links elsewhere": (
        lambda shore: setattr(shore, "make_feed", spam("http://casino.example")),
        "its links lead to casino.example instead of 127.0.0.1",
    ),
    "the feed was hijacked, with links of its own": (
        lambda shore: setattr(shore, "make_feed", spam("")),
        "of the letters in its titles are Arabic",
    ),
    "the feed stands still": (stand_still, "nothing new for 5 days"),
    "robots.txt forbids everything": (forbid_all, "robots.txt of the site does not allow it"),
    "the pages are challenges": (pages_are(Page(CAPTCHA)), "could be read as an article"),
    "the pages are challenges with 403": (
        pages_are(Page(CAPTCHA, status=403)),
        "could be read as an article",
    ),
    "the pages are short consent pages": (pages_are(Page(CONSENT)), "could be read as an article"),
    "the pages are long consent pages": (pages_are(Page(LONG_CONSENT)), "has a text of its own"),
    "the pages are error pages with 200": (pages_are(Page(SORRY)), "has a text of its own"),
    "the pages are gone": (pages_are(Page("", status=404)), "could be read as an article"),
    "the pages lead to the front page": (
        pages_are(Page(status=302, headers={"Location": "/"})),
        "could be read as an article",
    ),
    "the pages are files": (
        pages_are(Page("%PDF-1.7", content_type="application/pdf")),
        "could be read as an article",
    ),
    "the pages are drawn by a script": (
        pages_are(Page("<html><body><div id=app></div><script src=/a.js></script></body></html>")),
        "could be read as an article",
    ),
}


@pytest.mark.parametrize("variant", list(VARIANTS))
async def test_a_site_that_gives_nothing_is_blind_within_two_crawls(
    shore: Shore, variant: str
) -> None:
    for _ in range(3):
        await shore.look()
    assert (shore.health.bad, shore.told) == (0, [])
    well_pages, well_feed = shore.make_page, shore.make_feed

    ruin, reason = VARIANTS[variant]
    ruin(shore)
    await shore.look()
    await shore.look()

    assert shore.is_blind()
    assert len(shore.told) == 1
    assert shore.told[0].startswith("shore is blind: ")
    assert reason in shore.told[0]

    # Once it is mended, it is well again after two good crawls, and that is told once.
    shore.make_page, shore.make_feed, shore.stands_still = well_pages, well_feed, False
    shore.news.pages.pop("/robots.txt", None)
    shore.memory._robots.clear()
    robots_cache.clear()
    for _ in range(7):
        await shore.look()
    assert not shore.is_blind()
    assert shore.told[1:] == [f"shore gives news again (it was blind: {shore.told[0][16:]})"]


def link_list(url: str, stories: list[Story]) -> tuple[str, Page]:
    links = "".join(f"<h2 class=t><a href={each.path}>{each.title}</a></h2>" for each in stories)
    return "/news", Page(f"<html><body>{links}</body></html>")


def new_link_list(url: str, stories: list[Story]) -> tuple[str, Page]:
    links = "".join(f"<h3><a href={each.path}>{each.title}</a></h3>" for each in stories)
    return "/news", Page(f"<html><body>{links}</body></html>")


POSTS = (
    "/wp-json/wp/v2/posts?per_page=50&_embed=author&_fields=link,title,date_gmt,modified_gmt,"
    "content,excerpt,_links,_embedded"
)


def posts(url: str, stories: list[Story]) -> tuple[str, Page]:
    rows = ",".join(
        f'{{"link": "{url}{each.path}", "title": {{"rendered": "{each.title}"}}}}'
        for each in stories
    )
    return POSTS, Page(f"[{rows}]", content_type="application/json")


def no_posts(url: str, stories: list[Story]) -> tuple[str, Page]:
    return POSTS, Page('{"code": "rest_forbidden"}', status=401, content_type="application/json")


def news_sitemap(url: str, stories: list[Story]) -> tuple[str, Page]:
    rows = "".join(f"<url><loc>{url}{each.path}</loc></url>" for each in stories)
    return "/news.xml", Page(f"<urlset>{rows}</urlset>", content_type="application/xml")


def empty_sitemap(url: str, stories: list[Story]) -> tuple[str, Page]:
    return news_sitemap(url, [])


Show = Callable[[str, list[Story]], tuple[str, Page]]

OTHER_WAYS: dict[str, tuple[Callable[[str], Way], Show, Show, str]] = {
    "a listing page": (
        lambda url: Listing(type="listing", url=f"{url}/news", links="h2.t a"),
        link_list,
        new_link_list,
        "no link to an article was found",
    ),
    "WordPress' interface switched off": (
        lambda url: WordPress(type="wordpress", url=url),
        posts,
        no_posts,
        "HTTP 401",
    ),
    "a sitemap that is empty": (
        lambda url: Sitemap(type="sitemap", url=f"{url}/news.xml"),
        news_sitemap,
        empty_sitemap,
        "its listing is empty",
    ),
}


@pytest.mark.parametrize("variant", list(OTHER_WAYS))
async def test_other_ways_of_publishing_go_blind_within_two_crawls_too(
    shore: Shore, variant: str
) -> None:
    way, good, bad, reason = OTHER_WAYS[variant]
    shore.ways = (way(shore.news.url),)

    def show(make: Show) -> None:
        path, answer = make(shore.news.url, shore.stories[:-9:-1])
        shore.news.pages[path] = answer

    for _ in range(3):
        shore.publish()
        show(good)
        await shore.look()
    assert shore.told == []
    for _ in range(2):
        show(bad)
        await shore.look()
    assert len(shore.told) == 1
    assert reason in shore.told[0]


async def test_selectors_that_fit_no_page_any_more_are_told(shore: Shore) -> None:
    shore.changes = {"selectors": Selectors(body="div.entry-content")}
    for _ in range(3):
        await shore.look()
    shore.make_page = lambda story: Page(page(story).replace("entry-content", "post__body"))
    await shore.look()
    await shore.look()
    assert len(shore.told) == 1
    assert "fits the selectors of the site's file" in shore.told[0]


async def test_dates_that_vanish_are_told_where_the_site_promises_them(shore: Shore) -> None:
    for _ in range(10):
        await shore.look()
    lists(without_date)(shore)
    await shore.look()
    await shore.look()
    assert shore.told == ["shore is blind: none of its last 3 pages has a date"]


async def test_an_unchanged_feed_that_stands_still_is_blind(shore: Shore) -> None:
    shore.make_feed = lambda url, stories: Page(
        feed(url, *stories), content_type=XML, etag=f'"{len(shore.stories)}"'
    )
    for _ in range(3):
        await shore.look()
    stand_still(shore)
    await shore.look()
    await shore.look()
    assert shore.news.asked[-1].status == 304
    assert len(shore.told) == 1
    assert "nothing new for 5 days" in shore.told[0]


async def test_one_bad_crawl_is_no_blindness(shore: Shore) -> None:
    well = shore.make_feed
    for bad in (Page("", status=500), Page(""), Page(CAPTCHA), Page("<rss><channel/></rss>")):
        for _ in range(2):
            await shore.look()
        answers(bad)(shore)
        await shore.look()
        assert shore.health.bad == 1
        shore.make_feed = well
    await shore.look()
    assert (shore.health.bad, shore.told) == (0, [])

"""Listings of every kind -> entries; pure."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from crawler.discovery.feed import read_feed
from crawler.discovery.listing import read_listing
from crawler.discovery.reading import Reading
from crawler.discovery.sitemap import read_sitemap
from crawler.discovery.wordpress import posts_url, read_posts
from crawler.errors import ParseFailed
from models.site import Listing
from tests.unit.crawler.builders import NOW, OTHER, STORY, feed, item

BASE = "https://news.example.org"
URL = f"{BASE}/feed/"
PUBLISHED = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)


def read(body: str | bytes, content_type: str | None = None) -> Reading:
    data = body.encode() if isinstance(body, str) else body
    return read_feed(data, url=URL, content_type=content_type, site=None, now=NOW)


RSS_1 = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="{BASE}"><title>صحيفة</title></channel>
  <item rdf:about="{BASE}{STORY.path}"><title>{STORY.title}</title><link>{BASE}{STORY.path}</link>
  <dc:date>2026-03-14T09:30:00Z</dc:date><dc:creator>هالة</dc:creator></item></rdf:RDF>"""
RSS_091 = f"""<rss version="0.91"><channel><title>صحيفة</title><item><title>{STORY.title}</title>
  <link>{STORY.path}</link><pubDate>{STORY.date}</pubDate><author>desk@example.org (هالة)</author>
  </item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{BASE}/"><title>صحيفة</title>
  <entry><title type="html">{STORY.title}</title><id>tag:example.org,2026:7</id>
  <link rel="replies" href="/comments"/><link href="{STORY.path[1:]}"/>
  <published>2026-03-14T13:00:00+03:30</published><updated>2026-03-14T10:00:00Z</updated>
  <author><name>هالة</name></author></entry></feed>"""


@pytest.mark.parametrize("body", [RSS_1, RSS_091, ATOM], ids=["RSS 1.0", "RSS 0.91", "Atom"])
def test_a_feed_of_each_kind_is_read(body: str) -> None:
    (entry,) = read(body).entries

    assert entry.url == f"{BASE}{STORY.path}"
    assert entry.title == STORY.title
    assert entry.published == PUBLISHED
    assert entry.author == "هالة"


def test_what_a_listing_says_of_the_last_change_is_kept_as_written() -> None:
    (entry,) = read(ATOM).entries

    assert entry.updated == "2026-03-14T10:00:00Z"


def test_the_whole_text_of_a_feed_is_kept_and_a_cut_one_is_not() -> None:
    whole = "<content:encoded><![CDATA[<p>نص كامل</p>]]></content:encoded>"
    cut = "<content:encoded><![CDATA[<p>بداية النص [&hellip;]</p>]]></content:encoded>"

    assert read(feed(BASE, STORY, extra=whole)).entries[0].content == "<p>نص كامل</p>"
    assert read(feed(BASE, STORY, extra=cut)).entries[0].content is None


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("إيران &amp;amp; روسيا", "إيران & روسيا"),
        ("<![CDATA[إيران &#8220;و&#8221; روسيا]]>", "إيران “و” روسيا"),
        ("إيران&nbsp;وروسيا &laquo;معاً&raquo;", "إيران وروسيا «معاً»"),
        ("إيران & روسيا", "إيران & روسيا"),
        ("<![CDATA[<b>إيران</b> وروسيا]]>", "إيران وروسيا"),
        ("إيران\x0b وروسيا\x00", "إيران وروسيا"),
    ],
    ids=[
        "escaped twice",
        "CDATA",
        "HTML's names",
        "bare ampersand",
        "markup",
        "control characters",
    ],
)
def test_a_title_is_read_as_it_was_meant(written: str, title: str) -> None:
    body = (
        f"<rss><channel><item><title>{written}</title><link>{BASE}/7</link></item></channel></rss>"
    )

    (entry,) = read(body).entries
    assert entry.title == title


@pytest.mark.parametrize("declared", [None, "text/xml; charset=utf-8", "text/xml; charset=latin1"])
def test_a_feed_in_windows_1256_is_read_whatever_it_declares(declared: str | None) -> None:
    body = feed(BASE, STORY, OTHER).encode("windows-1256")

    assert [entry.title for entry in read(body, declared).entries] == [STORY.title, OTHER.title]


def test_a_feed_that_breaks_off_keeps_what_came_before() -> None:
    whole = feed(BASE, STORY, OTHER)

    reading = read(whole[: whole.index(OTHER.title)])

    assert reading.entries[0].title == STORY.title
    assert reading.problems[0].startswith("broken XML (line ")


def test_a_feed_behind_a_warning_of_php_is_read() -> None:
    assert len(read("Warning: date() in x.php\n" + feed(BASE, STORY)).entries) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel><title>تعليقات على: خبر</title></channel></rss>",
        "<rss><channel><title>التعليقات على: خبر</title></channel></rss>",
        "<rss><channel><title>Comments on: news</title></channel></rss>",
        f"<rss><channel><title>x</title><item><title>بواسطة: سامر</title>"
        f"<link>{BASE}/a/#comment-9</link></item></channel></rss>",
        f"<rss><channel><title>x</title><item><title>بواسطة: سامر</title><link>{BASE}/a/</link>"
        f"<guid isPermaLink='false'>{BASE}/a/#comment-9</guid></item></channel></rss>",
    ],
)
def test_a_feed_of_comments_is_known(body: str) -> None:
    assert read(body) == Reading(comments=True)


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "data:text/html,x", "javascript:alert(1)", "ftp://example.org/a"]
)
def test_a_link_that_is_no_web_address_gives_no_entry(link: str) -> None:
    body = f"<rss><channel><item><title>x</title><link>{link}</link></item></channel></rss>"

    assert read(body).entries == ()


def test_one_address_in_two_spellings_is_one_entry() -> None:
    items = item(BASE, STORY) + item(BASE.replace("https", "http"), STORY)

    assert len(read(f"<rss><channel>{items}</channel></rss>").entries) == 1


BOMB = "<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(9)
)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            BOMB + f"]><rss><channel><item><title>&a8;</title><link>{BASE}/7</link></item>"
            "</channel></rss>",
            id="billion laughs",
        ),
        pytest.param(
            "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item>"
            f"<title>&x;</title><link>{BASE}/7</link></item></channel></rss>",
            id="external entity",
        ),
    ],
)
def test_entities_of_a_feed_are_not_expanded(body: str) -> None:
    (entry,) = read(body).entries

    assert len(entry.title or "") < 20
    assert "root:" not in (entry.title or "")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "holds no XML"),
        ("لا شيء", "holds no XML"),
        ("<html><body>خطأ</body></html>", "is no feed: it begins with <html>"),
        ("<rss><channel><item " + "a='1' " * 5_000 + "></item></channel></rss>", "attributes"),
        ("<div>" * 2_000, "nest deeper"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(body: str, message: str) -> None:
    with pytest.raises(ParseFailed, match=message):
        read(body)


# -- sitemaps


def read_map(body: str | bytes) -> Reading:
    data = body.encode() if isinstance(body, str) else body
    return read_sitemap(data, url=f"{BASE}/sitemap.xml", content_type=None, site=None, now=NOW)


NEWS_MAP = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc>{BASE}/</loc></url>
  <url><loc>{BASE}/old</loc><lastmod>2026-03-01</lastmod></url>
  <url><loc>{BASE}{STORY.path}</loc><lastmod>2026-03-14T09:40:00Z</lastmod><news:news>
  <news:publication><news:name>صحيفة</news:name></news:publication>
  <news:publication_date>2026-03-14T09:30:00Z</news:publication_date>
  <news:title>{STORY.title}</news:title></news:news></url></urlset>"""


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_news_sitemap_gives_titles_and_dates_newest_first(packed: bool) -> None:
    body = gzip.compress(NEWS_MAP.encode()) if packed else NEWS_MAP.encode()

    first, second = read_map(body).entries

    assert (first.title, first.published) == (STORY.title, PUBLISHED)
    assert first.updated == "2026-03-14T09:40:00Z"
    assert (second.url, second.title) == (f"{BASE}/old", None)


def test_of_a_long_sitemap_without_dates_both_ends_are_read() -> None:
    rows = "".join(f"<url><loc>{BASE}/news/{number}</loc></url>" for number in range(3_000))
    urls = [entry.url for entry in read_map(f"<urlset>{rows}</urlset>").entries]
    assert len(urls) == 1_000
    assert (urls[0], urls[-1]) == (f"{BASE}/news/0", f"{BASE}/news/2999")


def test_an_index_names_its_newest_sitemaps_first_and_leaves_out_those_of_no_articles() -> None:
    names = ("post-sitemap1", "post-sitemap12", "category-sitemap", "post-sitemap2", "author-1")
    body = "".join(f"<sitemap><loc>{BASE}/{name}.xml</loc></sitemap>" for name in names)

    children = read_map(f"<sitemapindex>{body}</sitemapindex>").children

    assert [child.url.rpartition("/")[2] for child in children] == [
        "post-sitemap12.xml", "post-sitemap2.xml", "post-sitemap1.xml",
    ]  # fmt: skip


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(ParseFailed, match="bigger than 8 MiB"):
        read_map(gzip.compress(bytes(64 * 2**20)))


@pytest.mark.parametrize("body", [b"\x1f\x8bbroken", b"<html/>", b""])
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(ParseFailed):
        read_map(body)


# -- listing pages

PAGE = f"""<html><body><nav><a href="/about-us-and-our-team/">من نحن</a></nav>
  <div class=card><a href="{STORY.path}"><img src=x></a><h2>
  <a href="{STORY.path}">{STORY.title}</a></h2><a href="{STORY.path}#more">المزيد</a></div>
  <div class=card><h2><a href="/news/84711">{OTHER.title}</a></h2></div>
  <a href="https://elsewhere.example.com/2026/03/14/some-other-story/">موقع آخر</a>
  <a href="mailto:a@example.org">راسلنا</a></body></html>"""


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"links": ".card h2 a"}, [STORY.path, "/news/84711"]),
        ({"links": ".card"}, [STORY.path, "/news/84711"]),
        ({"path": r"^/news/\d+$"}, ["/news/84711"]),
        ({"links": ".card a", "path": r"^/2026/"}, [STORY.path]),
        ({}, ["/about-us-and-our-team/", STORY.path, "/news/84711"]),
    ],
    ids=["links", "boxes", "path", "both", "neither: what looks like an article"],
)
def test_a_listing_page_is_read_by_selector_and_path(
    changes: dict[str, str], paths: list[str]
) -> None:
    way = Listing(type="listing", url=f"{BASE}/news", **changes)

    reading = read_listing(
        PAGE.encode(), url=way.url, content_type=None, way=way, site=None, now=NOW
    )

    assert [entry.url for entry in reading.entries] == [BASE + path for path in paths]


def test_an_address_that_is_linked_twice_has_its_longest_text_as_title() -> None:
    way = Listing(type="listing", url=f"{BASE}/news", links=".card a")

    first, _ = read_listing(
        PAGE.encode(), url=way.url, content_type=None, way=way, site=None, now=NOW
    ).entries

    assert first.title == STORY.title


def test_a_listing_page_without_a_matching_link_is_a_failure() -> None:
    way = Listing(type="listing", url=f"{BASE}/news", links=".no-such")

    with pytest.raises(ParseFailed, match=r"no link to an article was found by links '\.no-such'"):
        read_listing(PAGE.encode(), url=way.url, content_type=None, way=way, site=None, now=NOW)


# -- WordPress


def read_json(body: str) -> Reading:
    return read_posts(body.encode(), url=posts_url(BASE), content_type=None, site=None, now=NOW)


def test_a_post_is_read() -> None:
    post = {
        "link": f"{BASE}{STORY.path}",
        "title": {"rendered": "إيران &#038; روسيا"},
        "date_gmt": "2026-03-14T09:30:00",
        "modified_gmt": "2026-03-14T09:45:00",
        "content": {"rendered": "<p>نص</p>", "protected": False},
        "_embedded": {"author": [{"name": "هالة"}]},
    }

    (entry,) = read_json("\ufeff" + json.dumps([post])).entries

    assert (entry.title, entry.published, entry.author) == ("إيران & روسيا", PUBLISHED, "هالة")
    assert (entry.content, entry.updated) == ("<p>نص</p>", "2026-03-14T09:45:00")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<html></html>", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"code": "rest_forbidden", "message": "ممنوع"}', "the site answers: ممنوع"),
        ('{"a": 1}', "no list of posts"),
    ],
    ids=["a page", "nested too deep", "an error", "something else"],
)
def test_what_is_no_list_of_posts_is_refused(body: str, message: str) -> None:
    with pytest.raises(ParseFailed, match=message):
        read_json(body)


@pytest.mark.parametrize(
    "post", [{}, {"link": 7}, {"link": None, "title": "x"}, {"title": {"rendered": None}}, 7, None]
)
def test_a_post_without_a_link_gives_no_entry(post: object) -> None:
    assert read_json(json.dumps([post])).entries == ()

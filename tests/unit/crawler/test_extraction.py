"""Where the fields of an article are found on a page that does not name them plainly."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from crawler.extraction.page import Extraction, extract
from marsad.demo.articles import DemoArticle, Published, read_articles
from marsad.demo.outlets import outlet_of

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
TITLE = "افتتاح معرض الكتاب في المدينة القديمة"
TEXT = (
    "افتتح وزير الثقافة معرض الكتاب في المدينة القديمة بمشاركة مئة دار نشر من عشرين بلدا.",
    "ويستمر المعرض عشرة أيام، وتقام خلاله أمسيات شعرية وندوات عن الترجمة.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)


def extracted(head: str, body: str, url: str = "https://news.example/n/1") -> Extraction:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return extract(page.encode(), url=url, content_type=None, site=None, entry=None, now=NOW)


@pytest.mark.parametrize(
    "head_title",
    [
        f"{TITLE} - جريدة المدينة",
        f"{TITLE} | جريدة المدينة",
        f"{TITLE} :: ثقافة :: جريدة المدينة",
        f"جريدة المدينة: {TITLE}",
        f"جريدة المدينة » {TITLE}",
        TITLE,
    ],
)
def test_a_title_is_the_part_that_the_page_shows(head_title: str) -> None:
    found = extracted(f"<title>{head_title}</title>", f"<div>{TITLE}</div>{BODY}")

    assert found.title == TITLE


def test_a_headline_that_was_cut_gives_way_to_the_whole_one() -> None:
    cut = TITLE[:25].rstrip() + "..."

    found = extracted(f'<meta property="og:title" content="{cut}">', f"<h1>{TITLE}</h1>{BODY}")

    assert found.title == TITLE
    assert found.evidence["title"] == "h1"


def test_blanks_in_a_title_are_single() -> None:
    found = extracted("", f"<h1>افتتاح   معرض\n الكتاب</h1>{BODY}")

    assert found.title == "افتتاح معرض الكتاب"


@pytest.mark.parametrize(
    "line",
    [
        "<div>14 آذار 2026 - 09:30</div>",
        "<span>نشر في: 2026/03/14 09:30</span>",
        "<p>بقلم: ليلى حداد | السبت 14 مارس 2026، 09:30</p>",
        "<table><tr><td>14-03-2026 09:30</td></tr></table>",
    ],
)
def test_a_date_by_the_headline_is_found(line: str) -> None:
    found = extracted("", f"<div><h1>{TITLE}</h1>{line}</div><div>{BODY}</div>")

    assert found.published == datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
    assert found.evidence["published"] == "text by the headline"


def test_todays_date_in_the_head_of_the_page_is_no_publication_date() -> None:
    head = "<div><div>الأحد 15 مارس 2026</div><a href=/>الرئيسية</a></div>"

    found = extracted("", f"{head}<div><h1>{TITLE}</h1>{BODY}</div>")

    assert found.published is None


def test_a_date_of_a_quoted_post_is_not_the_articles() -> None:
    quoted = "<blockquote>منشور<br>12 مارس 2026</blockquote>"

    found = extracted("", f"<h1>{TITLE}</h1>{quoted}{BODY}")

    assert found.published is None


def test_a_date_in_the_address_is_the_last_resort() -> None:
    found = extracted("", f"<h1>{TITLE}</h1>{BODY}", url="https://news.example/2026/3/14/book-fair")

    assert found.published == datetime(2026, 3, 14, tzinfo=UTC)
    assert found.evidence["published"] == "address"


def test_the_time_of_another_article_before_the_headline_is_passed_over() -> None:
    strip = '<div><a href="/9">سباق</a> <time datetime="2026-03-15T08:00:00Z">اليوم</time></div>'
    own = '<time datetime="2026-03-14T08:00:00Z">أمس</time>'

    found = extracted("", f"{strip}<div><h1>{TITLE}</h1>{own}{BODY}</div>")

    assert found.published == datetime(2026, 3, 14, 8, tzinfo=UTC)


def test_a_page_that_scripts_fill_gives_the_text_of_its_json_ld() -> None:
    facts = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(TEXT)}
    script = f'<script type="application/ld+json">{json.dumps(facts)}</script>'

    found = extracted(script, '<div id="app"></div>')

    assert found.text == "\n\n".join(TEXT)
    assert found.evidence["text"] == "json-ld: the page shows no text"


@pytest.mark.parametrize("article", read_articles(), ids=lambda article: article.id)
def test_the_demos_articles_come_out_whole_from_pages_as_they_are(article: DemoArticle) -> None:
    outlet = outlet_of(article)
    published = Published(article, NOW - timedelta(hours=1), NOW - timedelta(minutes=5))
    others = [
        Published(other, NOW, NOW)
        for other in read_articles()
        if other.site == article.site and other.id != article.id
    ]
    page = outlet.page(outlet, "http://127.0.0.1:1", published, others[:3])

    found = extract(
        page.body,
        url="http://127.0.0.1:1/a",
        content_type=page.content_type,
        site=None,
        entry=None,
        now=NOW,
    )

    assert Counter((found.text or "").split()) == Counter(article.text.split())
    assert found.title == article.title


def test_a_heading_that_repeats_the_headline_further_down_cuts_nothing() -> None:
    body = f"<p>{TEXT[0]}</p><h2>{TITLE}</h2><p>{TEXT[1]}</p>"

    found = extracted(f"<title>{TITLE}</title>", f"<div>{TITLE}</div><div>{body}</div>")

    assert found.text == f"{TEXT[0]}\n\n{TITLE}\n\n{TEXT[1]}"

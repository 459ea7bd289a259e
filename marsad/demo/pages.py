"""The pages of the demo's outlets: pure functions from an article to HTML.

Each carries what real pages carry around an article (breadcrumb, ticker, 'see also', tags,
comments), so that a crawler that copies too much finds topics that are not there.
"""

import json
from collections.abc import Sequence
from datetime import datetime, tzinfo
from html import escape

from marsad.demo.articles import Published

Links = Sequence[tuple[str, str]]
"""Titles and addresses."""

_MONTHS = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
]
# It names both countries and the sea: whoever takes comments for text sees both topics.
COMMENT = "قرأت اليوم أن إيران وروسيا اتفقتا على كل شيء في بحر قزوين، فهل هذا صحيح؟"
_TICKER = "عاجل: أسعار الذهب تستقر عند أعلى مستوى في شهر"


def arabic_date(moment: datetime, zone: tzinfo) -> str:
    """As Arabic pages show it: 3 نوفمبر 2026 - 10:15"""
    local = moment.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} - {local:%H:%M}"


def wordpress_page(outlet: str, origin: str, item: Published, others: Links, zone: tzinfo) -> str:
    """Like the default WordPress theme, with a 'see also' box in the middle of the text."""
    article = item.article
    head, *rest = article.paragraphs
    tags = "".join(
        f'<a href="{origin}/tag/{n}/" rel="tag">{escape(word)}</a> '
        for n, word in enumerate(article.title.split()[:3])
    )
    return _document(
        f"{article.title} - {outlet}",
        f'<meta property="og:title" content="{escape(article.title)}">'
        f'<meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="{escape(outlet)}">'
        f'<meta property="article:published_time" content="{item.published.isoformat()}">'
        f'<meta property="article:modified_time" content="{item.updated.isoformat()}">'
        f'<meta name="author" content="{escape(article.author)}">'
        '<meta name="generator" content="WordPress 6.8">',
        f"""<header class="site-header"><a href="{origin}/">{escape(outlet)}</a>
<div class="breaking-news-ticker">{escape(_TICKER)}</div></header>
<nav class="breadcrumb" aria-label="مسار التنقل"><a href="{origin}/">الرئيسية</a> »
<a href="{origin}/category/1/">{escape(article.section)}</a> » <span>{escape(article.title)}</span>
</nav>
<main><article class="post type-post status-publish">
<header class="entry-header"><h1 class="entry-title">{escape(article.title)}</h1>
<div class="entry-meta"><time class="entry-date published" datetime="{item.published.isoformat()}">
{arabic_date(item.published, zone)}</time>
<span class="author vcard"><a class="url fn" href="{origin}/author/1/">{escape(article.author)}</a>
</span></div></header>
<div class="entry-content">
<p>{escape(head)}</p>
<div class="see-also related-posts"><h3>اقرأ أيضا</h3>{_links(others)}</div>
{_paragraphs(rest)}
</div>
<footer class="entry-footer"><span class="tags-links">الوسوم: {tags}</span></footer>
</article>
<section id="comments" class="comments-area"><h2 class="comments-title">تعليق واحد</h2>
<ol class="comment-list"><li class="comment"><div class="comment-content">
<p>{escape(COMMENT)}</p></div></li></ol></section></main>
<aside class="widget-area"><h2>الأكثر قراءة</h2>{_links(others)}</aside>
<footer class="site-footer">جميع الحقوق محفوظة لموقع {escape(outlet)}</footer>""",
    )


def json_ld_page(outlet: str, address: str, item: Published, others: Links) -> str:
    """The facts are in JSON-LD only; the text is a section among others."""
    article = item.article
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": item.published.isoformat(),
        "dateModified": item.updated.isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": outlet},
        "mainEntityOfPage": address,
    }
    script = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return _document(
        f"{article.title} | {outlet}",
        f'<link rel="canonical" href="{escape(address)}">'
        f'<script type="application/ld+json">{script}</script>',
        f"""<div class="top-bar">{escape(_TICKER)}</div>
<ul class="breadcrumbs"><li><a href="/">الرئيسية</a></li><li>{escape(article.section)}</li></ul>
<article><h1>{escape(article.title)}</h1>
<section class="story-body">{_paragraphs(article.paragraphs)}</section>
<div class="share-buttons">شارك الخبر: <a href="#">فيسبوك</a> <a href="#">واتساب</a></div>
</article>
<section class="more-stories"><h2>قد يهمك أيضا</h2>{_links(others)}</section>
<footer>{escape(outlet)}</footer>""",
    )


def bare_page(outlet: str, item: Published, others: Links, zone: tzinfo) -> str:
    """No metadata at all; the date is local time and does not say of where."""
    article = item.article
    local = item.published.astimezone(zone)
    return _document(
        article.title,
        "",
        f"""<div id="top"><a href="/">{escape(outlet)}</a></div>
<div class="path">الرئيسية / {escape(article.section)}</div>
<main><h1>{escape(article.title)}</h1>
<p class="byline">{escape(article.author)} |
<time class="published" datetime="{local:%Y-%m-%dT%H:%M:%S}">{arabic_date(local, zone)}</time></p>
<div class="article-text">{_paragraphs(article.paragraphs)}
<div class="see-also"><b>مواضيع ذات صلة</b>{_links(others)}</div></div></main>
<div id="bottom">{escape(outlet)}</div>""",
    )


def old_page(outlet: str, item: Published, others: Links, zone: tzinfo) -> str:
    """A page of the nineties: tables, and an encoding that only the page itself names."""
    article = item.article
    return f"""<html dir="rtl"><head>
<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">
<meta name="date" content="{item.published:%Y-%m-%dT%H:%M:%S}Z">
<title>{escape(article.title)} - {escape(outlet)}</title></head><body>
<table width="100%"><tr><td class="menu">{_links(others)}</td><td>
<h1>{escape(article.title)}</h1>
<p><i>{escape(article.author)}، {arabic_date(item.published, zone)}</i></p>
<div id="article">{_paragraphs(article.paragraphs)}</div>
</td></tr></table></body></html>
"""


def listing_page(outlet: str, links: Sequence[tuple[Published, str]]) -> str:
    """Headlines and, around them, links that are no articles."""
    headlines = "".join(
        f'<li><a href="{escape(path)}">{escape(item.article.title)}</a></li>'
        for item, path in links
    )
    return _document(
        outlet,
        "",
        f"""<nav><a href="/">الرئيسية</a> <a href="/contact">اتصل بنا</a></nav>
<main><h1>{escape(outlet)}</h1><ul>{headlines}</ul>
<a href="/news/archive">الأرشيف</a> <a href="/search?q=">بحث</a></main>""",
    )


def front_page(outlet: str, links: Sequence[tuple[Published, str]], encoding: str = "utf-8") -> str:
    titles = _links([(item.article.title, link) for item, link in links])
    return _document(outlet, "", f"<main><h1>{escape(outlet)}</h1>{titles}</main>", encoding)


def plain_page(outlet: str, title: str, text: str) -> str:
    return _document(f"{title} - {outlet}", "", f"<h1>{escape(title)}</h1><p>{escape(text)}</p>")


def _document(title: str, head: str, body: str, encoding: str = "utf-8") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="ar" dir="rtl"><head><meta charset="{encoding}">'
        f"<title>{escape(title)}</title>{head}</head>\n<body>{body}</body></html>\n"
    )


def _paragraphs(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)


def _links(links: Links) -> str:
    items = "".join(f'<li><a href="{escape(url)}">{escape(title)}</a></li>' for title, url in links)
    return f"<ul>{items}</ul>"

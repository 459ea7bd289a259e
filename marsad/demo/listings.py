"""How the demo's outlets list their articles: RSS, Atom, sitemaps, the REST of WordPress."""

import json
from collections.abc import Sequence
from datetime import tzinfo
from email.utils import format_datetime
from html import escape

from marsad.demo.articles import Published
from marsad.demo.pages import COMMENT

Online = Sequence[tuple[Published, str]]
"""The articles online, newest first, each with its address."""


def rss(outlet: str, origin: str, online: Online) -> str:
    """RSS 2.0 as WordPress writes it: excerpts, and a link to each article's comment feed."""
    items = "".join(
        f"""<item><title>{escape(item.article.title)}</title><link>{escape(link)}</link>
<comments>{escape(link)}#comments</comments>
<dc:creator><![CDATA[{item.article.author}]]></dc:creator>
<pubDate>{format_datetime(item.published)}</pubDate>
<category><![CDATA[{item.article.section}]]></category>
<guid isPermaLink="false">{origin}/?p={item.article.number}</guid>
<description><![CDATA[<p>{escape(item.article.paragraphs[0])} [&hellip;]</p>]]></description>
<wfw:commentRss>{escape(link)}feed/</wfw:commentRss><slash:comments>1</slash:comments></item>
"""
        for item, link in online
    )
    return _channel(outlet, origin, f"{origin}/feed/", items)


def comments_rss(title: str, origin: str, online: Online) -> str:
    """The comments on these articles: a feed beside the feed, and no news."""
    items = "".join(
        f"""<item><title>بواسطة: قارئ</title>
<link>{escape(link)}#comment-{item.article.number}</link>
<dc:creator><![CDATA[قارئ]]></dc:creator><pubDate>{format_datetime(item.published)}</pubDate>
<description><![CDATA[{COMMENT}]]></description></item>
"""
        for item, link in online
    )
    return _channel(f"التعليقات على: {title}", origin, f"{origin}/comments/feed/", items)


def _channel(title: str, origin: str, address: str, items: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel><title>{escape(title)}</title>
<atom:link href="{address}" rel="self" type="application/rss+xml" />
<link>{origin}/</link><language>ar</language>
{items}</channel></rss>
"""


def atom(outlet: str, origin: str, online: Online) -> str:
    """Atom in windows-1256; entries hold the whole text."""
    newest = max((item.updated for item, _ in online), default=None)
    entries = "".join(
        f"""<entry><title>{escape(item.article.title)}</title>
<link rel="alternate" href="{escape(link)}"/><id>tag:awraq,2026:{item.article.number}</id>
<published>{item.published.isoformat()}</published><updated>{item.updated.isoformat()}</updated>
<author><name>{escape(item.article.author)}</name></author>
<content type="html">{escape(_paragraphs(item))}</content></entry>
"""
        for item, link in online
    )
    updated = f"<updated>{newest.isoformat()}</updated>" if newest else ""
    return f"""<?xml version="1.0" encoding="windows-1256"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>{escape(outlet)}</title>
<link rel="self" href="{origin}/atom.xml"/><id>{origin}/</id>{updated}
{entries}</feed>
"""


def sitemap_index(origin: str, online: Online) -> str:
    newest = max((item.updated for item, _ in online), default=None)
    lastmod = f"<lastmod>{newest.isoformat()}</lastmod>" if newest else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{origin}/sitemap-news.xml</loc>{lastmod}</sitemap>
<sitemap><loc>{origin}/sitemap-pages.xml</loc></sitemap></sitemapindex>
"""


def news_sitemap(outlet: str, online: Online) -> str:
    """With Google's news extension: title and time are in the sitemap."""
    urls = "".join(
        f"""<url><loc>{escape(link)}</loc><lastmod>{item.updated.isoformat()}</lastmod>
<news:news><news:publication><news:name>{escape(outlet)}</news:name>
<news:language>ar</news:language></news:publication>
<news:publication_date>{item.published.isoformat()}</news:publication_date>
<news:title>{escape(item.article.title)}</news:title></news:news></url>
"""
        for item, link in online
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{urls}</urlset>
"""


def page_sitemap(origin: str) -> str:
    """The pages of the outlet that are no news."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{origin}/about</loc><lastmod>2020-01-01</lastmod></url></urlset>
"""


def wordpress_posts(online: Online, zone: tzinfo) -> str:
    """What /wp-json/wp/v2/posts?_embed=author answers."""
    posts = [
        {
            "id": item.article.number,
            "date": f"{item.published.astimezone(zone):%Y-%m-%dT%H:%M:%S}",
            "date_gmt": f"{item.published:%Y-%m-%dT%H:%M:%S}",
            "modified_gmt": f"{item.updated:%Y-%m-%dT%H:%M:%S}",
            "slug": item.article.address_name,
            "status": "publish",
            "type": "post",
            "link": link,
            "title": {"rendered": escape(item.article.title)},
            "content": {"rendered": _paragraphs(item), "protected": False},
            "excerpt": {
                "rendered": f"<p>{escape(item.article.paragraphs[0])}</p>",
                "protected": False,
            },
            "_embedded": {"author": [{"id": 1, "name": item.article.author}]},
        }
        for item, link in online
    ]
    return json.dumps(posts, ensure_ascii=False)


def _paragraphs(item: Published) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in item.article.paragraphs)

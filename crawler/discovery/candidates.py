"""A page of a site -> the ways by which the site may publish, most promising first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.charset import decode
from crawler.extraction.markup import parse_html
from crawler.urls import clean_url, same_site

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_WORDPRESS = re.compile(rb"/wp-content/|/wp-includes/|/wp-json/|api\.w\.org", re.IGNORECASE)
_COMMENTS = re.compile(r"/comments/|comment|تعليق", re.IGNORECASE)
_XML = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_TAIL = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_LONGEST_TITLE = 80
_MOST_FEEDS = 6

GUESSED_FEEDS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """What a page says of its site. `feeds` are those that it names, without those of comments;
    `is_feed`: it is no page but a feed itself."""

    feeds: tuple[str, ...] = ()
    wordpress: bool = False
    is_feed: bool = False
    title: str | None = None
    language: str | None = None


def read_site_page(body: bytes, *, url: str, content_type: str | None) -> SitePage:
    """Raises ParseFailed for what is neither a page nor a feed."""
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2_000]
    if _XML.match(head) or head.startswith(b"{"):
        return SitePage(is_feed=True)
    tree = parse_html(decode(body, content_type))
    name = tree.xpath(
        "string(//meta[@property='og:site_name' or @name='application-name']/@content)"
    )
    title = " ".join(str(name or tree.findtext(".//title") or "").split())
    return SitePage(
        feeds=tuple(dict.fromkeys(_feeds(tree, url)))[:_MOST_FEEDS],
        wordpress=_WORDPRESS.search(body) is not None,
        title=(title if name else _shortest(title))[:_LONGEST_TITLE] or None,
        language=str(tree.get("lang") or "")[:2].lower() or None,
    )


def site_name(url: str) -> str:
    """A name for its file: www.shore.example is shore, ar.shore.example is ar-shore."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    if len(labels) > 1 and not labels[-1].isdigit():
        del labels[-1]
        if len(labels) > 1 and labels[-1] in {"com", "co", "net", "org", "gov", "edu", "info"}:
            del labels[-1]
    name = re.sub(r"[^a-z0-9]+", "-", "-".join(labels).lower()).strip("-")[:40].strip("-")
    return name or "site"


def is_of_comments(address: str) -> bool:
    """Whether a feed's address, or what a page calls it, says that it lists comments."""
    return _COMMENTS.search(address) is not None


def _feeds(tree: HtmlElement, url: str) -> Iterator[str]:
    for link in tree.iterfind(".//link[@href]"):
        if "alternate" not in (link.get("rel") or "").lower().split():
            continue
        if (link.get("type") or "").split(";")[0].strip().lower() not in _FEED_TYPES:
            continue
        if is_of_comments(f"{link.get('href')} {link.get('title') or ''}"):
            continue
        try:
            address = clean_url(urljoin(url, (link.get("href") or "").strip()))
        except ValueError:
            continue
        if same_site(address, url) or "feed" in address:
            yield address


def _shortest(title: str) -> str:
    """'الشاطئ | أخبار البحر' -> 'الشاطئ': a site's name is shorter than what it says of itself."""
    parts = [part.strip() for part in _TAIL.split(title) if part.strip()]
    return min(parts, key=len, default="")

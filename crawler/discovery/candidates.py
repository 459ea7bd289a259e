"""A page of a site -> the ways by which the site may publish, most promising first."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.extraction.charset import decode
from crawler.extraction.markup import parse_html, text_of
from crawler.urls import clean_url, same_site

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_WORDPRESS = re.compile(rb"/wp-content/|/wp-includes/|/wp-json/|api\.w\.org", re.IGNORECASE)
_COMMENTS = re.compile(r"/comments/|comment|تعليق", re.IGNORECASE)
_XML = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)*(?:<!--.*?-->\s*)*<(?:(rss|feed|rdf:RDF)|urlset|sitemapindex)\b",
    re.DOTALL,
)
_LIKE_FEED = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom)(?:[/._-]|\d*$)", re.IGNORECASE)
_TAIL = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_LONGEST_TITLE = 80
_MOST_FEEDS = 6
_MOST_LINKED = 3
# A headline has so many words; so many headlines make a list.
_LEAST_WORDS = 4
_LEAST_HEADLINES = 5
_NUMBER = r"\d+"
_NUMBERED = r"[^/]*\d{3}[^/]*"
_ANYTHING = "[^/]+"

# Of the countries whose own domains Arabic outlets have.
_ZONES = {
    "ae": "Asia/Dubai", "bh": "Asia/Bahrain", "dz": "Africa/Algiers", "eg": "Africa/Cairo",
    "iq": "Asia/Baghdad", "ir": "Asia/Tehran", "jo": "Asia/Amman", "kw": "Asia/Kuwait",
    "lb": "Asia/Beirut", "ly": "Africa/Tripoli", "ma": "Africa/Casablanca",
    "mr": "Africa/Nouakchott", "om": "Asia/Muscat", "ps": "Asia/Gaza", "qa": "Asia/Qatar",
    "ru": "Europe/Moscow", "sa": "Asia/Riyadh", "sd": "Africa/Khartoum", "sy": "Asia/Damascus",
    "tn": "Africa/Tunis", "tr": "Europe/Istanbul", "ye": "Asia/Aden",
}  # fmt: skip

GUESSED_SITEMAP = "/sitemap.xml"
GUESSED_FEEDS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """What a page says of its site. `feeds` are those that it names, without those of comments;
    `linked` what it only links to and looks like one. `headlines`: the pattern of most of the paths
    to which its headlines lead. `is_feed`, `is_sitemap`: it is no page but that itself."""

    feeds: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    headlines: str | None = None
    wordpress: bool = False
    is_feed: bool = False
    is_sitemap: bool = False
    title: str | None = None
    language: str | None = None


def read_site_page(body: bytes, *, url: str, content_type: str | None) -> SitePage:
    """Raises ParseFailed for what is neither a page nor a feed."""
    head = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:2_000]
    xml = _XML.match(head)
    if xml is not None and xml[1] is None:
        return SitePage(is_sitemap=True)
    if xml is not None or head.startswith(b"{"):
        return SitePage(is_feed=True)
    tree = parse_html(decode(body, content_type))
    name = tree.xpath(
        "string(//meta[@property='og:site_name' or @name='application-name']/@content)"
    )
    title = " ".join(str(name or tree.findtext(".//title") or "").split())
    feeds = tuple(dict.fromkeys(_feeds(tree, url)))[:_MOST_FEEDS]
    links = list(_links(tree, url))
    linked = dict.fromkeys(
        address
        for address, text in links
        if _LIKE_FEED.search(urlsplit(address).path)
        and not is_of_comments(f"{address} {text}")
        and address not in feeds
    )
    return SitePage(
        feeds=feeds,
        linked=tuple(linked)[:_MOST_LINKED],
        headlines=_pattern_of_headlines(links),
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


def zone_of(url: str) -> str:
    """The time zone of dates that do not name their own, from where the address says that the
    newsroom is; UTC where it does not say."""
    return _ZONES.get((urlsplit(url).hostname or "").rpartition(".")[2], "UTC")


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


def _links(tree: HtmlElement, url: str) -> Iterator[tuple[str, str]]:
    """The addresses on its own site to which the page links, with the texts of the links."""
    for link in tree.iterfind(".//a[@href]"):
        try:
            address = clean_url(urljoin(url, (link.get("href") or "").strip()))
        except ValueError:
            continue
        if same_site(address, url):
            yield address, text_of(link)


def _pattern_of_headlines(links: Iterable[tuple[str, str]]) -> str | None:
    """^/news/\\d+ where most links with the text of a headline lead to /news/101, /news/102 ...;
    None where their paths have no number, which nothing would tell from those of other pages."""
    paths = {
        unquote(urlsplit(address).path)
        for address, text in links
        if len(text.split()) >= _LEAST_WORDS
    }
    alike: dict[tuple[str | None, ...], list[list[str]]] = defaultdict(list)
    for path in sorted(paths):
        segments = path.strip("/").split("/")
        alike[tuple(_shape(segment) for segment in segments)].append(segments)
    numbered = {shape: found for shape, found in alike.items() if any(shape)}
    if not numbered:
        return None
    shape, found = max(numbered.items(), key=lambda each: len(each[1]))
    if len(found) < _LEAST_HEADLINES:
        return None
    parts = [
        kind or _common({segments[place] for segments in found}, is_last=place == len(shape) - 1)
        for place, kind in enumerate(shape)
    ]
    return "^/" + "/".join(parts)


def _shape(segment: str) -> str | None:
    if segment.isdecimal():
        return _NUMBER
    return _NUMBERED if re.search(r"\d{3}", segment) else None


def _common(segments: set[str], *, is_last: bool) -> str:
    """What all have in that place, or anything: the last is a name of the article's own."""
    if is_last or len(segments) > 1:
        return _ANYTHING
    return re.escape(segments.pop()).replace(r"\-", "-")


def _shortest(title: str) -> str:
    """'الشاطئ | أخبار البحر' -> 'الشاطئ': a site's name is shorter than what it says of itself."""
    parts = [part.strip() for part in _TAIL.split(title) if part.strip()]
    return min(parts, key=len, default="")

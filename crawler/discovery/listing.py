"""A page that links to articles -> entries."""

import re
from datetime import datetime
from urllib.parse import unquote, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.discovery.reading import MAX_ENTRIES, Reading, reader
from crawler.errors import ParseFailed
from crawler.extraction.charset import decode
from crawler.extraction.elements import select
from crawler.extraction.markup import parse_html, text_of
from crawler.urls import is_front_page, same_site
from models.article import Entry
from models.site import Listing, Site

_SELECT_ALL = "a"
PAGE = "{page}"
# Without a selector and a pattern: an address with a date, a long number, or a name of four words.
_LIKE_ARTICLE = re.compile(r"/20\d\d/\d\d?/|\d{5,}|[^/\-_]+(?:[\-_][^/\-_]+){3,}[^/]*/?$")


def read_listing(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    way: Listing,
    site: Site | None,
    now: datetime,
) -> Reading:
    """The links that the way's selector and path pattern choose, on the listing's own site.

    An address that is linked more than once (picture, headline, 'more') has its longest text as
    its title. Raises ParseFailed for a page that cannot be parsed, or where no link matches.
    """
    tree = parse_html(decode(body, content_type))
    base = tree.xpath("string(//base/@href)")
    read = reader(urljoin(url, base), site, now)
    found: dict[str, Entry] = {}
    for link in _links(tree, way):
        entry = read.entry(link=link.get("href"), title=text_of(link) or link.get("title"))
        if entry is None or not _is_wanted(entry, url, way):
            continue
        known = found.get(entry.key)
        if known is None or len(entry.title or "") > len(known.title or ""):
            found[entry.key] = entry
    if not found:
        raise ParseFailed(_nothing(way))
    return Reading(
        entries=tuple(found.values())[:MAX_ENTRIES],
        next_page=_next_page(tree, way, read.url) if way.pages > 1 else None,
    )


def page_address(way: Listing, number: int) -> str | None:
    """The address of a further page, where the way names its pattern."""
    if way.next is None or PAGE not in way.next:
        return None
    return urljoin(way.url, way.next.replace(PAGE, str(number)))


def _next_page(tree: HtmlElement, way: Listing, url: str) -> str | None:
    """What the selector of the way finds, or else the page's own rel=next."""
    if way.next is not None and PAGE in way.next:
        return None
    for element in select(tree, way.next or "a[rel~=next], link[rel~=next]"):
        target = element.get("href") or next(iter(element.xpath(".//a/@href")), None)
        if target:
            address = urljoin(url, str(target).strip())
            return address if same_site(address, url) else None
    return None


def _links(tree: HtmlElement, way: Listing) -> list[HtmlElement]:
    """The selector may name the links, or the boxes that hold them."""
    links: list[HtmlElement] = []
    for element in select(tree, way.links):
        links.extend([element] if element.tag == "a" else element.iter("a"))
    return links


def _is_wanted(entry: Entry, url: str, way: Listing) -> bool:
    if not same_site(entry.url, url) or is_front_page(entry.url):
        return False
    path = unquote(urlsplit(entry.url).path)
    if way.path is not None:
        return re.search(way.path, path) is not None
    return way.links != _SELECT_ALL or _LIKE_ARTICLE.search(path) is not None


def _nothing(way: Listing) -> str:
    pattern = f" and path {way.path!r}" if way.path else ""
    return f"no link to an article was found by links {way.links!r}{pattern}"

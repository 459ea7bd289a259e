"""RSS 0.9x, 1.0, 2.0, Atom and JSON Feed -> entries."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin

import feedparser
from lxml import etree

from crawler.discovery.jsonfeed import read_json_feed
from crawler.discovery.reading import MAX_ENTRIES, Reader, Reading, reader, unique
from crawler.discovery.xml import local_name, namespace, parse_xml, xml_text
from crawler.errors import ParseFailed
from crawler.extraction.charset import decode
from models.article import Entry
from models.site import Site

_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_ITEMS = frozenset({"item", "entry"})
_COMMENT_TITLE = re.compile(
    r"^\s*(?:ال)?تعليقات\s+(?:على|لـ?|الموقع)|^\s*Comments\s+(?:on|for)\b|^\s*Commentaires\s+(?:sur|pour)\b",
    re.IGNORECASE,
)
_COMMENT_LINK = re.compile(
    r"#(?:comment|respond|div-comment)-?\d*|/comment-page-\d+|[?&](?:cid=\d+|showComment=)"
)
_UPDATED = ("updated", "modified", "lastmodified")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_PUBLISHED = ("pubdate", "published", "issued", "date", "created", "updated", "modified")


def read_feed(
    body: bytes, *, url: str, content_type: str | None, site: Site | None, now: datetime
) -> Reading:
    """The articles that a feed lists. A feed of comments gives none (`comments` is set).

    Broken XML is read as far as it goes, and a problem says so. Raises ParseFailed for what is no
    feed.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_json_feed(decode(body, content_type).lstrip("\ufeff"), reader(url, site, now))
    text = xml_text(body, content_type)
    root, broken = parse_xml(text)
    known = local_name(root) in _ROOTS
    items = list(items_of(root)) if known else []
    if _is_of_comments(root, items):
        return Reading(comments=True)
    entries = _entries(items, reader(url, site, now))
    if not entries and ("<item" in text or "<entry" in text):
        entries = _by_feedparser(text, reader(url, site, now))
    if not entries and not known:
        raise ParseFailed(f"is no feed: it begins with <{local_name(root)}>")
    problems = (f"broken XML ({broken}); {_counted(len(entries))} could be read",) if broken else ()
    return Reading(
        entries=entries[:MAX_ENTRIES], problems=problems, fresh_for=_fresh_for(root, items)
    )


def _fresh_for(root: etree._Element, items: list[etree._Element]) -> timedelta | None:
    """<ttl> in minutes, or the period of the syndication module divided by its frequency."""
    said: dict[str, str] = {}
    for element in root.iter():
        if local_name(element) in ("ttl", "updateperiod", "updatefrequency"):
            said.setdefault(local_name(element), (element.text or "").strip().lower())
        if items and element is items[0]:
            break
    ttl, times = _number(said.get("ttl")), _number(said.get("updatefrequency")) or 1
    period = _PERIODS.get(said.get("updateperiod", ""))
    waits = [timedelta(minutes=ttl)] if ttl else []
    waits += [period / times] if period is not None else []
    return max(waits, default=None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 6 else 0


def items_of(root: etree._Element) -> Iterator[etree._Element]:
    """The elements that are one article each."""
    return (element for element in root.iter() if local_name(element) in _ITEMS)


def _entries(items: list[etree._Element], read: Reader) -> tuple[Entry, ...]:
    return unique(_entry(item, read) for item in items)


def _entry(item: etree._Element, read: Reader) -> Entry | None:
    parts: dict[str, list[etree._Element]] = {}
    for element in item:
        if not _is_media(element):
            parts.setdefault(local_name(element), []).append(element)
    return read.entry(
        link=_link(item, parts),
        title=_text(parts, "title"),
        updated=_text(parts, *_UPDATED),
        published=_published(parts, read),
        author=_author(parts),
        summary=_text(parts, "description", "summary"),
        content=_content(parts),
    )


def _is_media(element: etree._Element) -> bool:
    """Media RSS and iTunes have titles and descriptions too: those of pictures."""
    space = namespace(element)
    return "search.yahoo.com/mrss" in space or "itunes" in space or space == "media"


def _link(item: etree._Element, parts: dict[str, list[etree._Element]]) -> str | None:
    original = _text(parts, "origlink")
    if original:
        return original
    for link in parts.get("link", ()):
        href = link.get("href")
        if href and link.get("rel", "alternate") == "alternate":
            return _based(link, href)
    for link in parts.get("link", ()):
        # Some write HTML's link, which has no end tag: the address comes behind it.
        text = (link.text or link.tail or "").strip()
        if link.get("href") is None and text:
            return str(text)
    for guid in parts.get("guid", ()):
        text = (guid.text or "").strip()
        if guid.get("isPermaLink", "true").lower() != "false" and text.startswith("http"):
            return str(text)
    identity = _text(parts, "id") or item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    return identity if identity and identity.startswith("http") else None


def _based(element: etree._Element, href: str) -> str:
    """xml:base of Atom; the address of the feed is applied later."""
    return urljoin(element.base or "", href)


def _text(parts: dict[str, list[etree._Element]], *names: str) -> str | None:
    for name in names:
        for element in parts.get(name, ()):
            text = "".join(element.itertext()).strip()
            if text:
                return text
    return None


def _published(parts: dict[str, list[etree._Element]], read: Reader) -> str | None:
    """The first date that can be read: some have a pubDate that no one can, and another that is."""
    written = [text for name in _PUBLISHED if (text := _text(parts, name))]
    return next((text for text in written if read.moment(text) is not None), None)


def _author(parts: dict[str, list[etree._Element]]) -> str | None:
    for author in parts.get("author", ()):
        for part in author:
            if local_name(part) == "name" and part.text:
                return str(part.text)
    name = _text(parts, "creator", "author")
    # RSS asks for 'editor@example.net (Name)'.
    found = re.search(r"\(([^()]{2,100})\)\s*$", name) if name and "@" in name else None
    return found[1] if found else (None if name and "@" in name else name)


def _content(parts: dict[str, list[etree._Element]]) -> str | None:
    for name in ("encoded", "content"):
        for element in parts.get(name, ()):
            if element.get("type") == "xhtml":
                return str(etree.tostring(element, encoding="unicode", with_tail=False))
            text = "".join(element.itertext()).strip()
            if text:
                return text
    return None


def _is_of_comments(root: etree._Element, items: list[etree._Element]) -> bool:
    if items:
        links = [
            f"{_first(item, 'link')} {_first(item, 'guid')} {_first(item, 'id')}" for item in items
        ]
        # RFC 4685: an entry that answers another one
        answers = (any(local_name(each) == "in-reply-to" for each in item) for item in items)
        comments = (
            bool(_COMMENT_LINK.search(link)) or answer
            for link, answer in zip(links, answers, strict=True)
        )
        return sum(comments) * 2 > len(links)
    # WordPress has a feed of comments for each post; it is empty where nobody commented.
    title = next((element for element in root.iter() if local_name(element) == "title"), None)
    return title is not None and bool(_COMMENT_TITLE.search("".join(title.itertext())))


def _first(item: etree._Element, name: str) -> str:
    for element in item:
        if local_name(element) == name:
            return element.get("href") or element.text or ""
    return ""


def _by_feedparser(text: str, read: Reader) -> tuple[Entry, ...]:
    parsed = feedparser.parse(text.encode("utf-8"), resolve_relative_uris=False)
    return unique(
        read.entry(
            link=item.get("link"),
            title=item.get("title"),
            updated=item.get("updated"),
            published=item.get("published") or item.get("updated"),
            author=item.get("author"),
            summary=item.get("summary"),
            content=next((part.get("value") for part in item.get("content", ())), None),
        )
        for item in parsed.entries
    )


def _counted(count: int) -> str:
    return "no entry" if count == 0 else f"{count} entries"

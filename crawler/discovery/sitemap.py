"""Sitemaps, news sitemaps and their indexes -> entries, or the sitemaps to read next."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from urllib.parse import urljoin

from lxml import etree

from crawler.discovery.reading import MAX_ENTRIES, Child, Reader, Reading, reader, unique
from crawler.discovery.xml import local_name, parse_xml, xml_text
from crawler.errors import ParseFailed
from crawler.extraction.dates import parse_date
from crawler.urls import is_front_page
from models.article import Entry
from models.site import Site

# Sitemaps of WordPress and others that list no articles.
_NOT_ARTICLES = re.compile(
    r"taxonom|categor|(?:^|[-_/])tags?[-_.\d]|author|users?[-_.\d]|images?[-_.\d]|videos?[-_.\d]|"
    r"(?:^|[-_/])pages?[-_.\d]|product",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_NEWS = re.compile(r"news|latest|recent|today|akhbar", re.IGNORECASE)


def read_sitemap(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    site: Site | None,
    now: datetime,
    most: int = MAX_ENTRIES,
) -> Reading:
    """The newest `most` entries, newest first where dates are given; of many without dates, those
    at both ends.

    A news sitemap also gives title and date.

    Raises ParseFailed for what is no sitemap.
    """
    root, broken = parse_xml(xml_text(body, content_type))
    read = reader(url, site, now)
    kind = local_name(root)
    if kind == "sitemapindex":
        return Reading(children=_children(root, read), problems=_problems(broken, "sitemaps"))
    if kind != "urlset":
        raise ParseFailed(f"is no sitemap: it begins with <{kind}>")
    found = [(_entry(element, read), element) for element in _named(root, "url")]
    dated = sorted(
        (
            (entry, _date(element, read))
            for entry, element in found
            if entry is not None and not is_front_page(entry.url)
        ),
        key=lambda pair: pair[1] or datetime.min.replace(tzinfo=now.tzinfo),
        reverse=True,
    )
    entries = unique(entry for entry, _ in dated)
    if len(entries) > most and not any(moment for _, moment in dated):
        entries = (*entries[: most // 2], *entries[-(most - most // 2) :])
    entries = entries[:most]
    return Reading(entries=entries, problems=_problems(broken, "addresses"))


def is_dated(url: str) -> bool:
    """Whether the address is the pattern of a sitemap a day."""
    return "{dd}" in url


def of_day(url: str, day: date) -> str:
    """The address of that day's sitemap."""
    for placeholder, value in (("{yyyy}", "%Y"), ("{mm}", "%m"), ("{dd}", "%d")):
        url = url.replace(placeholder, day.strftime(value))
    return url


def news_first(urls: Iterable[str]) -> tuple[Child, ...]:
    """The sitemaps that a robots.txt names: those of news first, those of no articles left out."""
    children = [Child(url=url) for url in dict.fromkeys(urls)]
    wanted = [child for child in children if not _NOT_ARTICLES.search(child.url)] or children
    return tuple(sorted(wanted, key=lambda child: _NEWS.search(child.url) is None))


def _children(root: etree._Element, read: Reader) -> tuple[Child, ...]:
    children = [
        Child(
            url=urljoin(read.url, location),
            moment=parse_date(_text(element, "lastmod"), now=read.now, zone=read.zone),
        )
        for element in _named(root, "sitemap")
        if (location := _text(element, "loc"))
    ]
    wanted = [child for child in children if not _NOT_ARTICLES.search(child.url)] or children
    return tuple(sorted(wanted, key=lambda child: _newness(child, read.now), reverse=True))


def _newness(child: Child, now: datetime) -> tuple[datetime, list[int]]:
    """By lastmod, else by the numbers in the name: years, months and page numbers grow."""
    numbers = [int(number) for number in _NUMBER.findall(child.url.partition("://")[2])[:8]]
    return child.moment or datetime.min.replace(tzinfo=now.tzinfo), numbers


def _entry(element: etree._Element, read: Reader) -> Entry | None:
    news = next(_named(element, "news"), None)
    return read.entry(
        link=_text(element, "loc"),
        title=_text(news, "title"),
        updated=_text(element, "lastmod"),
        published=_text(news, "publication_date"),
    )


def _date(element: etree._Element, read: Reader) -> datetime | None:
    news = next(_named(element, "news"), None)
    text = _text(news, "publication_date") or _text(element, "lastmod")
    return parse_date(text, now=read.now, zone=read.zone)


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (element for element in root if local_name(element) == name)


def _text(element: etree._Element | None, name: str) -> str | None:
    if element is None:
        return None
    found = next(_named(element, name), None)
    return ((found.text or "").strip() or None) if found is not None else None


def _problems(broken: str | None, what: str) -> tuple[str, ...]:
    return (f"broken XML ({broken}); the {what} before that were read",) if broken else ()

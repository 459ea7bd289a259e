"""The RSS of a news search for one site -> entries.

A search engine may link to itself (news.google.com) instead of the site; such an entry is a
headline, and its page is not asked for.
"""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

from lxml import etree

from crawler.discovery.feed import items_of
from crawler.discovery.reading import MAX_ENTRIES, Reader, Reading, reader, unique
from crawler.discovery.xml import local_name, parse_xml, xml_text
from crawler.errors import ParseFailed
from crawler.urls import same_site
from models.article import Entry
from models.site import Search, Site

_WEB = ("http://", "https://")
_OF_SITE = re.compile(r"\bsite:([^\s/+]+)", re.IGNORECASE)


def read_search(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    way: Search,
    site: Site | None,
    now: datetime,
) -> Reading:
    """What the search found of the site. Raises ParseFailed for what is no feed."""
    root, broken = parse_xml(xml_text(body, content_type))
    if local_name(root) not in ("rss", "rdf", "feed"):
        raise ParseFailed(f"is no feed: it begins with <{local_name(root)}>")
    read, host = reader(url, site, now), site_of(way)
    entries = unique(_entry(item, read, host) for item in items_of(root))[:MAX_ENTRIES]
    problems = (f"broken XML ({broken}); {len(entries)} entries were read",) if broken else ()
    return Reading(entries=entries, problems=problems)


def site_of(way: Search) -> str | None:
    """The host that the search is asked for (`site:`)."""
    queries = [text for values in parse_qs(urlsplit(way.url).query).values() for text in values]
    found = next(filter(None, map(_OF_SITE.search, queries)), None)
    return found[1].lower() if found else None


def _entry(item: etree._Element, read: Reader, host: str | None) -> Entry | None:
    said = {local_name(part): "".join(part.itertext()).strip() for part in item}
    entry = read.entry(
        link=_carried(said.get("link", "")),
        title=_without_source(said.get("title", ""), said.get("source", "")),
        published=said.get("pubdate"),
    )
    if entry is None or _is_of(entry.url, host, read.url):
        return entry
    return replace(entry, headline=True)


def _carried(link: str) -> str:
    """The address that a link of the engine carries in its query, which is the article's own."""
    values = (value for _, value in parse_qsl(link.partition("?")[2]))
    return next((value for value in values if value.startswith(_WEB)), link)


def _is_of(url: str, host: str | None, search: str) -> bool:
    return same_site(url, f"https://{host}") if host is not None else not same_site(url, search)


def _without_source(title: str, source: str) -> str:
    """'... - اسم الصحيفة' -> '...': engines add the outlet's name to each headline."""
    return title.removesuffix(f" - {source}") if source else title

"""What a listing says: entries, or the sitemaps that an index names."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from crawler.extraction.dates import parse_date
from crawler.extraction.markup import one_line
from crawler.urls import clean_url, url_key
from models.article import Entry
from models.site import Site

# The newest of a listing; a sitemap may name every page since the site began.
MAX_ENTRIES = 1_000
_TAG = re.compile(r"<[^<>]{1,1000}>")
_JOINERS = " \u200c\u200d"  # invisible, and a letter's business within a word alone
_LONGEST_TITLE = 500
_LONGEST_SUMMARY = 2_000
_CUT_SHORT = re.compile(r"\[\s*(?:…|\.\.\.|&hellip;|&#8230;)\s*\]\s*(?:<[^>]{0,200}>\s*)*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index names; `moment`: when it changed last, as the index says."""

    url: str
    moment: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The entries of a listing, each address once, and sentences on what was wrong with it.

    `comments`: it lists comments, not articles, and has no entries for that reason.
    `children`: it is an index of sitemaps, most promising first. `next_page`: where a page of links
    goes on. `fresh_for`: how long it asks not to be read again.
    """

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    comments: bool = False
    problems: tuple[str, ...] = ()
    next_page: str | None = None
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """What is the same for all entries of one listing: its address, and the site's time zone."""

    url: str
    zone: tzinfo
    now: datetime

    def moment(self, text: str | None) -> datetime | None:
        return parse_date(text, now=self.now, zone=self.zone)

    def entry(
        self,
        *,
        link: str | None,
        title: str | None = None,
        updated: str | None = None,
        published: str | None = None,
        author: str | None = None,
        summary: str | None = None,
        content: str | None = None,
    ) -> Entry | None:
        """None where the link is no http address."""
        try:
            url = clean_url(urljoin(self.url, (link or "").strip()))
        except ValueError:
            return None
        if not link:
            return None
        return Entry(
            url=url,
            key=url_key(url),
            title=plain(title, _LONGEST_TITLE),
            updated=one_line(updated or "") or None,
            published=self.moment(published),
            author=plain(author, _LONGEST_TITLE),
            summary=plain(summary, _LONGEST_SUMMARY),
            content=None if _is_cut_short(content) else content,
        )


def reader(url: str, site: Site | None, now: datetime) -> Reader:
    return Reader(url, ZoneInfo(site.timezone if site is not None else "UTC"), now)


def unique(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """Each address once, as first named, in order."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry is not None:
            found.setdefault(entry.key, entry)
    return tuple(found.values())


def plain(text: str | None, longest: int) -> str | None:
    """Markup and entities taken out of a title or name; titles are often escaped twice."""
    if not text:
        return None
    if "&" in text:
        text = html.unescape(html.unescape(text))
    line = one_line(_TAG.sub(" ", text) if "<" in text else text)
    return line.strip(_JOINERS)[:longest].strip() or None


def _is_cut_short(content: str | None) -> bool:
    return not content or bool(_CUT_SHORT.search(content[-300:]))

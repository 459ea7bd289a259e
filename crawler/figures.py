"""What a crawl saw, in figures by which a site's health is judged: pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from courlan import extract_domain

from models.article import Article, Entry
from models.crawl import Figures, PageSeen
from models.site import Site

_MOST_ENTRIES = 300
_MOST_PAGES = 20
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile(
    "[\u0621-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\ufb50-\ufdfb\ufe70-\ufefc]"
)
_HEADLINE_ONLY = ("headline", "listing summary")


def figures(entries: Sequence[Entry], pages: Sequence[PageSeen], now: datetime) -> Figures:
    """Of the entries that were listed in this crawl, newest first or not."""
    chosen = entries[:_MOST_ENTRIES]
    titles = " ".join(entry.title for entry in chosen if entry.title)
    letters = len(_LETTER.findall(titles))
    hosts = Counter(domain(entry.url) for entry in chosen)
    host, links = hosts.most_common(1)[0] if hosts else (None, 0)
    dates = [entry.published for entry in entries if entry.published is not None]
    return Figures(
        arabic=len(_ARABIC.findall(titles)) / letters if letters else None,
        host=host,
        host_share=links / len(chosen) if chosen else None,
        newest=min(max(dates), now) if dates else None,
        pages=tuple(pages[-_MOST_PAGES:]),
    )


def page_seen(article: Article, site: Site, now: datetime) -> PageSeen:
    """The article as its page gave it; its faults are letters of models.health.FAULTS."""
    source = article.evidence.get("text", "")
    bare = source.startswith(_HEADLINE_ONLY)
    faults = {
        "u": article.published is None and site.max_age is not None,
        "o": article.published is not None
        and site.max_age is not None
        and now - article.published > site.max_age,
        "h": bare,
        "x": site.selectors.body is not None and source != "selector",
    }
    return PageSeen(
        key=_digest(article.key),
        text="" if bare else _digest(article.text),
        faults="".join(letter for letter, has in faults.items() if has),
    )


def page_failed(entry: Entry) -> PageSeen:
    return PageSeen(key=_digest(entry.key), faults="f")


def domain(url: str) -> str:
    """The name that was registered: news.shore.example and www.shore.example are shore.example."""
    return extract_domain(url, fast=True) or urlsplit(url).hostname or ""


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()

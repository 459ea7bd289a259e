"""What a worker process does with the page of an article."""

from datetime import datetime

from crawler.challenge import challenge, stands_in_the_way
from crawler.extraction.language import detect_language
from crawler.extraction.page import Extraction, extract
from models.article import Entry
from models.site import Site


def read_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    site: Site | None,
    entry: Entry | None,
    now: datetime,
) -> Extraction:
    """The article of a page. Raises ParseFailed for one that only stands in its way."""
    asks = challenge(body, content_type)
    if asks is not None:
        raise stands_in_the_way(asks)
    return extract(body, url=url, content_type=content_type, site=site, entry=entry, now=now)


def read_headline(entry: Entry) -> Extraction:
    """The article of an entry whose page is not the site's: its headline is all of it."""
    language = detect_language(entry.title or "")
    reason = "headline: only a news search lists it"
    return Extraction(
        url=entry.url,
        title=entry.title,
        text=entry.title,
        published=entry.published,
        author=None,
        language=language,
        evidence={
            "title": "listing" if entry.title else "missing: the search names no title",
            "text": reason if entry.title else "missing: the search names no title",
            "published": "listing" if entry.published else "missing: the search names no date",
            "author": "missing: the search names no author",
            "language": "detected" if language else "missing: no words",
        },
    )

"""JSON Feed (https://www.jsonfeed.org/version/1.1/) -> entries."""

import json
from collections.abc import Mapping

from crawler.discovery.reading import MAX_ENTRIES, Reader, Reading, unique
from crawler.errors import ParseFailed
from models.article import Entry


def read_json_feed(text: str, read: Reader) -> Reading:
    """Raises ParseFailed for JSON that is no feed."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseFailed("is no feed: it begins like JSON and is none") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ParseFailed("is no feed: it is JSON without a list of items")
    entries = unique(_entry(item, read) for item in items if isinstance(item, dict))
    return Reading(entries=entries[:MAX_ENTRIES])


def _entry(item: Mapping[str, object], read: Reader) -> Entry | None:
    identity = _text(item.get("id"))
    return read.entry(
        # `external_url` is what a link blog writes about; its own post is `url`.
        link=_text(item.get("url"))
        or (identity if identity and identity.startswith("http") else None)
        or _text(item.get("external_url")),
        title=_text(item.get("title")),
        updated=_text(item.get("date_modified")),
        published=_text(item.get("date_published")) or _text(item.get("date_modified")),
        author=_author(item),
        summary=_text(item.get("summary")) or _text(item.get("content_text")),
        content=_text(item.get("content_html")),
    )


def _author(item: Mapping[str, object]) -> str | None:
    """Version 1.1 has a list, version 1 had one."""
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return _text(first.get("name")) if isinstance(first, dict) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None

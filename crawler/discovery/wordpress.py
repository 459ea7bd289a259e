"""The REST interface of WordPress -> entries."""

import json
from collections.abc import Mapping
from datetime import datetime

from crawler.discovery.reading import MAX_ENTRIES, Reader, Reading, reader, unique
from crawler.errors import ParseFailed
from crawler.extraction.charset import decode
from models.article import Entry
from models.site import Site

_FIELDS = "link,title,date_gmt,modified_gmt,content,excerpt,_links,_embedded"
PER_PAGE = 50
_POSTS = f"/wp-json/wp/v2/posts?per_page={PER_PAGE}&_embed=author&_fields={_FIELDS}"


def posts_url(site_url: str) -> str:
    """Where a WordPress site lists its newest 50 posts."""
    return site_url.rstrip("/") + _POSTS


def archive_url(site_url: str, since: datetime, page: int) -> str:
    """A page of its posts since then, the oldest first: a full page never changes."""
    start = f"{since:%Y-%m-%dT%H:%M:%S}"
    return f"{posts_url(site_url)}&order=asc&orderby=date&after={start}&page={page}"


def read_posts(
    body: bytes, *, url: str, content_type: str | None, site: Site | None, now: datetime
) -> Reading:
    """The posts, newest first. Raises ParseFailed for an answer that is no list of posts."""
    text = decode(body, content_type).lstrip("\ufeff \r\n\t")
    try:
        posts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseFailed("the answer is no JSON") from error
    if isinstance(posts, dict) and isinstance(posts.get("message"), str):
        raise ParseFailed(f"the site answers: {posts['message'][:200]}")
    if not isinstance(posts, list):
        raise ParseFailed("the answer is no list of posts")
    read = reader(url, site, now)
    entries = unique(_entry(post, read) for post in posts if isinstance(post, dict))
    return Reading(entries=entries[:MAX_ENTRIES])


def _entry(post: Mapping[str, object], read: Reader) -> Entry | None:
    return read.entry(
        link=_string(post.get("link")),
        title=_rendered(post.get("title")),
        updated=_string(post.get("modified_gmt")),
        published=_utc(_string(post.get("date_gmt"))),
        author=_author(post.get("_embedded")),
        summary=_rendered(post.get("excerpt")),
        content=_rendered(post.get("content")),
    )


def _rendered(value: object) -> str | None:
    if isinstance(value, dict) and not value.get("protected"):
        return _string(value.get("rendered"))
    return _string(value)


def _utc(text: str | None) -> str | None:
    """date_gmt is UTC and does not say so."""
    return f"{text}Z" if text and not text.endswith("Z") else text


def _author(embedded: object) -> str | None:
    authors = embedded.get("author") if isinstance(embedded, dict) else None
    first = authors[0] if isinstance(authors, list) and authors else None
    return _string(first.get("name")) if isinstance(first, dict) else None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None

"""An article: as a site lists it, as it was extracted, and as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article as a site's feed, sitemap or listing names it, before its page is fetched.

    `key` is the identity of the address (crawler.urls.url_key): two spellings of one address
    share it. `updated` is what the listing says of the last change, verbatim; it is compared,
    never parsed. `content` is the body as HTML where the listing carries it whole. `headline`: the
    address is a search engine's, not the article's; title and date are all that is to be had.
    """

    url: str
    key: str
    title: str | None = None
    updated: str | None = None
    published: datetime | None = None
    author: str | None = None
    summary: str | None = None
    content: str | None = None
    headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask 'changed since?' with: RFC 9110, section 8.8."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as extracted from its page. Times are aware UTC; text is NFC as published.

    `text` holds paragraphs separated by one blank line. `evidence` says for each field where it
    came from ('json-ld', 'feed', 'selector', 'trafilatura' ...) or why it is missing.
    """

    site: str
    url: str
    key: str
    title: str
    text: str
    published: datetime | None = None
    author: str | None = None
    language: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    listed_title: str | None = None
    listed_updated: str | None = None
    validators: Validators = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """A stored article. `backlog`: its address was first listed by the site's first crawl;
    `version` counts its title and text as they changed, from 1."""

    id: int
    article: Article
    first_seen: datetime
    backlog: bool = False
    withdrawn: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """An alerted article whose page is asked again, to see a correction or a withdrawal."""

    article_id: int
    url: str
    key: str
    validators: Validators

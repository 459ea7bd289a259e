"""What one crawl of one site did and saw, and what is remembered of the site."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from models.access import Access, Proof
from models.health import UNJUDGED, Health


class CrawlOutcome(StrEnum):
    """`ok`: a listing was read (or was unchanged). `failed`: no way of publishing could be read."""

    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """A page that was fetched for the first time, as far as a site's health goes.

    `key` and `text` are short digests of its address and of its body ('' without one). `faults`
    are letters, see models.health.FAULTS.
    """

    key: str
    text: str = ""
    faults: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the listings said, of those that were sent (an unchanged one says nothing).

    `arabic`: share of Arabic letters among the letters of the titles. `host`: to which most links
    lead, and `host_share` how many of them. `newest`: when the newest entry was published.
    None: there was nothing to judge by. `pages`: the newest of those that were fetched first now.
    """

    arabic: float | None = None
    host: str | None = None
    host_share: float | None = None
    newest: datetime | None = None
    pages: tuple[PageSeen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """Counts of one crawl; `problems` are sentences for the operator, the first is the main one.

    `crawl_delay`, `retry_after` and `fresh_for` are what the site's servers asked for
    (crawler.wishes). `blocked`: the site refuses programs, in a sentence. `fallback`: the address
    that was read instead of the site's own ways. `passing`: what failed may pass by itself (no
    answer, 5xx).
    """

    site: str
    started: datetime
    finished: datetime
    outcome: CrawlOutcome
    listed: int = 0
    new: int = 0
    updated: int = 0
    unchanged_listings: int = 0
    failed_pages: int = 0
    problems: tuple[str, ...] = field(default=())
    blocked: str | None = None
    fallback: str | None = None
    passing: bool = False
    figures: Figures = Figures()
    crawl_delay: timedelta | None = None
    retry_after: timedelta | None = None
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What is remembered of a site: when it is due, and how its last crawls ended.

    `last_new`: when it last gave a new article. `rhythm`: why it is not asked as often as its file
    says, as a clause; None: it is. `crawl_delay`: what its robots.txt asks for. `access`:
    None while it lets programs in. `proof`: None until its ways were tried.
    """

    site: str
    due_at: datetime
    first_crawl_done: bool
    last_started: datetime | None = None
    last_finished: datetime | None = None
    last_success: datetime | None = None
    last_outcome: CrawlOutcome | None = None
    last_problem: str | None = None
    failures: int = 0
    articles: int = 0
    last_new: datetime | None = None
    rhythm: str | None = None
    crawl_delay: timedelta | None = None
    health: Health = UNJUDGED
    access: Access | None = None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """A host's robots.txt as it was last read; `text` None: the host has none.

    `origin` is scheme and host, as in https://news.example.
    """

    origin: str
    text: str | None
    asked_at: datetime

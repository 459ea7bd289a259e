"""What one crawl of one site did."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class CrawlOutcome(StrEnum):
    """`ok`: a listing was read (or was unchanged). `failed`: no way of publishing could be read."""

    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """Counts of one crawl; `problems` are sentences for the operator, the first is the main one."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What is remembered of a site: when it is due, and how its last crawls ended."""

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

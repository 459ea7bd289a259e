"""What one visit did so far, and its report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.figures import figures
from crawler.wishes import Wishes, forbidden_rhythm
from models.article import Entry
from models.crawl import CrawlOutcome, CrawlReport, PageSeen
from models.site import Site

_MOST_PROBLEMS = 50


@dataclass(slots=True)
class Tally:
    """Counts, what is wrong in sentences, and what was seen. `blocked`, `fallback` and `passing` as
    in the report."""

    listed: int = 0
    new: int = 0
    updated: int = 0
    unchanged_listings: int = 0
    failed_pages: int = 0
    read: bool = False
    problems: list[str] = field(default_factory=list)
    entries: Sequence[Entry] = ()
    pages: list[PageSeen] = field(default_factory=list)
    blocked: str | None = None
    fallback: str | None = None
    passing: bool = False

    def problem(self, sentence: str) -> None:
        if sentence not in self.problems and len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(sentence)

    def report(
        self, site: Site, started: datetime, finished: datetime, wishes: Wishes
    ) -> CrawlReport:
        slow = forbidden_rhythm(site, wishes.crawl_delay)
        if slow is not None:
            self.problem(slow)
        return CrawlReport(
            site=site.name,
            started=started,
            finished=finished,
            outcome=CrawlOutcome.OK if self.read else CrawlOutcome.FAILED,
            listed=self.listed,
            new=self.new,
            updated=self.updated,
            unchanged_listings=self.unchanged_listings,
            failed_pages=self.failed_pages,
            problems=tuple(self.problems),
            blocked=self.blocked,
            fallback=self.fallback,
            passing=self.passing and not self.read,
            figures=figures(self.entries, self.pages, finished),
            crawl_delay=wishes.crawl_delay,
            retry_after=wishes.retry_after,
            fresh_for=wishes.fresh_for,
        )

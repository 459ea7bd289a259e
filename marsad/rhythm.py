"""When a site is looked at next, and why later than its file says: pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.middlewares import LONGEST_DELAY
from models.crawl import CrawlOutcome, CrawlReport
from models.site import Site

# Sites of one interval drift apart instead of asking all at once.
JITTER = 0.1
LONGEST_BACK_OFF = timedelta(hours=6)
# A site whose ways never worked is a mistake in its file, until the file or the site changes.
UNPROVEN_WAIT = timedelta(hours=24)
# A quiet site is asked again after this share of the time for which it has been quiet.
_OF_QUIET = 1 / 6
# What a server says of its listing's freshness makes the rhythm at most this much slower:
# WordPress says 'hourly' of every feed, and some say a day of a feed that changes by the minute.
_MOST_FRESHNESS = 2
_LONGEST_RETRY_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NextLook:
    """`reason`: why it is later than `every`, as a clause; None: it is not."""

    due: datetime
    reason: str | None = None


def next_look(
    site: Site,
    report: CrawlReport,
    *,
    failures: int,
    last_new: datetime | None,
    share: float,
    proven: bool = True,
) -> NextLook:
    """The look after the one of the report. `failures` in a row and `last_new` (when the site last
    gave an article) include it. `proven`: its ways were seen to work, now or before.

    The wait counts from the start of the crawl and is moved by up to a tenth of it (`share` in
    -1..1). Never before the crawl is over, and never before the site's servers allow it.
    """
    wait, reason = max(_waits(site, report, failures, last_new, proven), key=lambda each: each[0])
    due = max(report.started + wait * (1 + JITTER * share), report.finished)
    look = NextLook(due, reason)
    for pause, why in _pauses(report):
        if report.finished + pause > look.due:
            look = NextLook(report.finished + pause, why)
    return look


def _waits(
    site: Site, report: CrawlReport, failures: int, last_new: datetime | None, proven: bool
) -> Iterator[tuple[timedelta, str | None]]:
    """The first of equal waits counts, so the rhythm of the file needs no reason."""
    yield site.every, None
    if report.outcome is CrawlOutcome.FAILED and not proven and not report.passing:
        yield max(UNPROVEN_WAIT, site.every), "its ways have not worked yet; they are tried daily"
    if report.outcome is CrawlOutcome.FAILED and report.blocked is not None:
        wait = min(site.every * 2 ** min(failures, 20), LONGEST_BACK_OFF)
        yield wait, "it blocks programs"
    if report.outcome is CrawlOutcome.FAILED and failures > 1:
        wait = min(site.every * 2 ** min(failures - 1, 20), LONGEST_BACK_OFF)
        yield wait, f"it failed {failures} times in a row"
    if site.every_max is not None and last_new is not None:
        quiet = report.finished - last_new
        wait = min(quiet * _OF_QUIET, site.every_max)
        yield wait, f"it published nothing for {spoken(quiet)}"
    if report.fresh_for is not None:
        wait = min(report.fresh_for, site.every * _MOST_FRESHNESS)
        said = f"its server says that its listing stays the same for {spoken(report.fresh_for)}"
        capped = "; a news site is asked half as often as `every` says, not less"
        yield wait, said + (capped if wait < report.fresh_for else "")


def _pauses(report: CrawlReport) -> Iterator[tuple[timedelta, str]]:
    if report.crawl_delay is not None:
        wait = min(report.crawl_delay, LONGEST_DELAY)
        said = f"its robots.txt asks for {spoken(report.crawl_delay)} between two requests"
        yield wait, said + (f"; {spoken(wait)} is kept" if wait < report.crawl_delay else "")
    if report.retry_after is not None:
        wait = min(report.retry_after, _LONGEST_RETRY_AFTER)
        said = f"it asked to be left alone for {spoken(report.retry_after)} (Retry-After)"
        capped = f"; it is asked again after {spoken(wait)}"
        yield wait, said + (capped if wait < report.retry_after else "")


def spoken(time: timedelta) -> str:
    """90 s, 12 min, 3 h, 2 days."""
    seconds = int(time.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 120 * 60:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86_400} days"

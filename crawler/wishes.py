"""What a site's servers ask of their callers, in headers: when to come back, how long to wait."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from models.duration import format_duration
from models.site import Site

_DIRECTIVE = re.compile(
    r"""(?:^|,)\s*([a-z-]+)\s*(?:=\s*"?(\d{1,10})"?)?\s*(?=,|$)""", re.IGNORECASE
)
_LONGEST = timedelta(days=366)


@dataclass(slots=True)
class Wishes:
    """What was asked for during one crawl; None: nothing.

    `crawl_delay`: between two requests to a host (robots.txt). `retry_after`: before anything is
    asked again (429 and 503). `fresh_for`: before a listing is worth asking again (Cache-Control,
    a feed's ttl); of several listings the shortest.
    """

    crawl_delay: timedelta | None = None
    retry_after: timedelta | None = None
    fresh_for: timedelta | None = None

    def delayed(self, delay: timedelta) -> None:
        self.crawl_delay = max(delay, self.crawl_delay or delay)

    def refused(self, retry_after: timedelta | None) -> None:
        if retry_after is not None:
            self.retry_after = max(retry_after, self.retry_after or retry_after)

    def listed(self, asked: Iterable[timedelta | None]) -> None:
        """One listing was read; the longest wait that it asks for counts."""
        waits = [wait for wait in asked if wait is not None]
        if waits:
            self.fresh_for = min(max(waits), self.fresh_for or max(waits))


def forbidden_rhythm(site: Site, crawl_delay: timedelta | None) -> str | None:
    """Why the site cannot be looked at as often as its file asks; a look is a listing and a page
    at least."""
    if crawl_delay is None or 2 * crawl_delay <= site.every:
        return None
    return (
        f"robots.txt asks for {crawl_delay.total_seconds():g} s between two requests "
        f"(Crawl-delay), which `every: {format_duration(site.every)}` does not leave: it is read "
        "less often"
    )


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or a date: RFC 9110, section 10.2.3. None for anything else, and for the past."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:10])), _LONGEST)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(moment - now, _LONGEST) if moment > now else None


def parse_freshness(cache_control: str | None, age: str | None) -> timedelta | None:
    """How much longer the answer is fresh: max-age less Age (RFC 9111, section 4.2).

    None where nothing is said, or where it is to be asked again each time.
    """
    directives = {
        name.lower(): value for name, value in _DIRECTIVE.findall((cache_control or "")[:1_000])
    }
    if {"no-cache", "no-store"} & directives.keys() or not directives.get("max-age"):
        return None
    seconds = int(directives["max-age"])
    spent = int(age) if age and age.isascii() and age.isdigit() and len(age) <= 10 else 0
    left = min(timedelta(seconds=max(0, seconds - spent)), _LONGEST)
    return left or None

"""When a site is looked at next, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.rhythm import LONGEST_BACK_OFF, NextLook, next_look
from models.crawl import CrawlOutcome, CrawlReport
from models.site import Feed, Site, Title

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def site(every: float = 10, every_max: float | None = None) -> Site:
    return Site(
        name="shore",
        title=Title(ar="الشاطئ"),
        publishes=(Feed(type="feed", url="https://shore.example/feed"),),
        every=every * MINUTE,
        every_max=None if every_max is None else every_max * MINUTE,
    )


def report(
    took: float = 0.5,
    *,
    failed: bool = False,
    crawl_delay: timedelta | None = None,
    retry_after: timedelta | None = None,
    fresh_for: timedelta | None = None,
) -> CrawlReport:
    return CrawlReport(
        site="shore",
        started=NOON,
        finished=NOON + took * MINUTE,
        outcome=CrawlOutcome.FAILED if failed else CrawlOutcome.OK,
        crawl_delay=crawl_delay,
        retry_after=retry_after,
        fresh_for=fresh_for,
    )


def look(
    of: Site,
    after: CrawlReport,
    *,
    failures: int = 0,
    last_new: datetime | None = None,
    share: float = 0.0,
) -> NextLook:
    return next_look(of, after, failures=failures, last_new=last_new, share=share)


@pytest.mark.parametrize("share", [-1.0, -0.3, 0.0, 1.0])
def test_the_next_look_is_an_interval_after_the_start_moved_by_at_most_a_tenth(
    share: float,
) -> None:
    found = look(site(), report(), share=share)
    assert abs(found.due - (NOON + 10 * MINUTE)) <= MINUTE
    assert found.reason is None


def test_a_crawl_longer_than_its_interval_is_followed_at_once_not_overlapped() -> None:
    assert look(site(), report(took=25)).due == NOON + 25 * MINUTE


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 10), (2, 20), (3, 40), (4, 80), (5, 160), (6, 320), (7, 360), (500, 360)],
)
def test_a_site_that_fails_is_asked_less_and_less_up_to_six_hours(
    failures: int, minutes: int
) -> None:
    found = look(site(), report(failed=True), failures=failures)
    assert found.due == NOON + minutes * MINUTE
    expected = f"it failed {failures} times in a row" if failures > 1 else None
    assert found.reason == expected


def test_a_site_that_is_asked_once_a_day_is_asked_so_while_it_fails() -> None:
    found = look(site(every=24 * 60), report(failed=True), failures=9)
    assert found.due == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("quiet_hours", "minutes"), [(0, 10), (1, 10), (2, 20), (3, 30), (4, 40), (50, 40)]
)
def test_a_quiet_site_is_asked_less_often_up_to_its_bound(
    quiet_hours: float, minutes: float
) -> None:
    last_new = NOON - timedelta(hours=quiet_hours)
    found = look(site(every_max=40), report(took=0), last_new=last_new)
    assert found.due == NOON + minutes * MINUTE
    if minutes > 10:
        assert found.reason is not None
        assert found.reason.startswith("it published nothing for")


def test_without_a_bound_a_quiet_site_keeps_its_rhythm() -> None:
    found = look(site(), report(), last_new=NOON - timedelta(days=2))
    assert found == NextLook(NOON + 10 * MINUTE)


@pytest.mark.parametrize(
    ("fresh_minutes", "minutes", "capped"), [(5, 10, False), (15, 15, False), (1440, 20, True)]
)
def test_what_a_server_says_of_freshness_slows_the_rhythm_to_half_at_most(
    fresh_minutes: float, minutes: float, capped: bool
) -> None:
    found = look(site(), report(fresh_for=fresh_minutes * MINUTE))
    assert found.due == NOON + minutes * MINUTE
    assert (found.reason is None) == (minutes == 10)
    assert ("half as often" in (found.reason or "")) == capped


@pytest.mark.parametrize(
    ("retry_after", "waits"),
    [
        (timedelta(minutes=2), timedelta(minutes=10)),
        (timedelta(hours=3), timedelta(hours=3, minutes=0.5)),
        (timedelta(days=30), timedelta(hours=24, minutes=0.5)),
    ],
)
def test_a_site_is_left_alone_for_as_long_as_it_asks_up_to_a_day(
    retry_after: timedelta, waits: timedelta
) -> None:
    assert look(site(), report(retry_after=retry_after), share=-1).due >= NOON + waits * 0.9
    assert look(site(), report(retry_after=retry_after)).due == NOON + waits


def test_a_crawl_delay_longer_than_the_rhythm_is_kept_between_crawls() -> None:
    found = look(site(every=1), report(crawl_delay=2 * MINUTE), share=-1)
    assert found.due == NOON + 2.5 * MINUTE
    assert found.reason == "its robots.txt asks for 2 min between two requests"
    day = look(site(every=1), report(crawl_delay=timedelta(days=1)))
    assert day.due == NOON + 10.5 * MINUTE
    assert day.reason == "its robots.txt asks for 24 h between two requests; 10 min is kept"


waits = st.none() | st.floats(0, 1e6).map(lambda seconds: timedelta(seconds=seconds))


@given(
    every=st.floats(0.1, 3000),
    more=st.none() | st.floats(1, 50),
    took=st.floats(0, 5000),
    failures=st.integers(0, 10_000),
    quiet=st.none() | st.floats(-10, 1e6),
    asked=st.tuples(waits, waits, waits),
    share=st.floats(-1, 1),
)
def test_the_next_look_is_never_too_early_and_never_too_late(
    every: float,
    more: float | None,
    took: float,
    failures: int,
    quiet: float | None,
    asked: tuple[timedelta | None, timedelta | None, timedelta | None],
    share: float,
) -> None:
    of = site(every, None if more is None else every * more)
    after = report(
        took, failed=failures > 0, crawl_delay=asked[0], retry_after=asked[1], fresh_for=asked[2]
    )
    last_new = None if quiet is None else NOON - quiet * MINUTE

    found = look(of, after, failures=failures, last_new=last_new, share=share)

    tolerance = timedelta(milliseconds=1)
    assert found.due >= after.finished
    assert found.due >= NOON + of.every * 0.9 - tolerance
    if asked[1] is not None:
        assert found.due >= after.finished + min(asked[1], timedelta(days=1))
    longest = max(of.every * 2, of.every_max or of.every, LONGEST_BACK_OFF)
    latest = max(NOON + longest * 1.1, after.finished + timedelta(days=1))
    assert found.due <= latest + tolerance
    if found.due > max(NOON + of.every * 1.1, after.finished) + tolerance:
        assert found.reason

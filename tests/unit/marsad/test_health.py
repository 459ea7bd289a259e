"""A well site is never called blind, whatever its days are like; what breaks a promise is said."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from marsad.health import change, judge, longest_silence
from models.crawl import CrawlOutcome, CrawlReport, Figures, PageSeen
from models.health import UNJUDGED, Health, Usual
from models.site import Expects, Feed, Selectors, Site, Sitemap, Title

START = datetime(2026, 1, 4, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def site(**changes: object) -> Site:
    shore = Site(
        name="shore",
        title=Title(ar="الشاطئ"),
        publishes=(Feed(type="feed", url="https://shore.example/feed"),),
    )
    return shore.model_copy(update=changes)


def report(
    at: datetime = START,
    *,
    listed: int = 30,
    new: int = 0,
    failed: bool = False,
    unchanged: bool = False,
    newest: datetime | None = None,
    arabic: float | None = 0.97,
    host: str = "shore.example",
    host_share: float = 1.0,
    pages: tuple[PageSeen, ...] = (),
) -> CrawlReport:
    says_nothing = failed or unchanged or listed == 0
    figures = Figures(
        arabic=None if says_nothing else arabic,
        host=None if says_nothing else host,
        host_share=None if says_nothing else host_share,
        newest=None if says_nothing else newest,
        pages=pages,
    )
    return CrawlReport(
        site="shore",
        started=at,
        finished=at,
        outcome=CrawlOutcome.FAILED if failed else CrawlOutcome.OK,
        listed=0 if says_nothing else listed,
        new=new,
        unchanged_listings=int(unchanged),
        problems=("HTTP 500",) if failed else (),
        figures=figures,
    )


@dataclass(frozen=True)
class Newsroom:
    """What its days are like: `hours` weighs the hours of a day, `weekend` Friday and Saturday."""

    per_day: float
    hours: Callable[[int], float]
    weekend: float = 0.5
    holidays: tuple[int, ...] = ()
    headline_only: float = 0.05
    undated: float = 0.02
    dead_pages: float = 0.03
    latin: float = 0.05
    dated: bool = True

    def rate(self, at: datetime, day: int) -> float:
        """Articles in ten minutes."""
        weighed = self.hours(at.hour) / sum(map(self.hours, range(24)))
        slow = self.weekend if at.weekday() in (4, 5) else 1
        return 0.0 if day in self.holidays else self.per_day * weighed / 6 * slow


NEWSROOMS = {
    "agency": Newsroom(160, lambda hour: 0.2 if hour < 5 else 1.0),
    "newspaper": Newsroom(40, lambda hour: 0.0 if hour < 6 or hour > 21 else 1.0, weekend=0.2),
    "headlines": Newsroom(90, lambda hour: 0.3 + (hour > 6), headline_only=0.6, latin=0.2),
    "undated": Newsroom(25, lambda hour: float(7 <= hour <= 20), undated=1.0, dated=False),
    "portal": Newsroom(
        6, lambda hour: float(8 <= hour <= 16), weekend=0.0, holidays=(40, 41), dead_pages=0.1
    ),
}
DAYS = 40


def days(room: Newsroom, chance: random.Random) -> Iterator[CrawlReport]:
    """Crawls every ten minutes, with the small mishaps of ordinary days, none twice in a row."""
    newest, number, mishap = START, 0, False
    for step in range(DAYS * 144):
        at = START + step * TEN_MINUTES
        new = _poisson(room.rate(at, step // 144), chance)
        mishap = not mishap and chance.random() < 0.01
        if mishap:
            yield report(at, failed=chance.random() < 0.7, listed=0)
            continue
        if not new and chance.random() < 0.8:
            yield report(at, unchanged=True)
            continue
        newest = at if new else newest
        pages = tuple(_page(number + n, room, chance) for n in range(new))
        number += new
        yield report(
            at,
            new=sum("f" not in page.faults for page in pages),
            newest=newest if room.dated else None,
            arabic=1 - room.latin * chance.random() * 2,
            host_share=1 - chance.random() * 0.2,
            pages=pages,
        )


def _page(number: int, room: Newsroom, chance: random.Random) -> PageSeen:
    if chance.random() < room.dead_pages:
        return PageSeen(key=str(number), faults="f")
    bare = chance.random() < room.headline_only
    undated = chance.random() < room.undated
    text = "" if bare else str(number if chance.random() > 0.02 else number - 1)
    return PageSeen(key=str(number), text=text, faults="u" * undated + "h" * bare)


def _poisson(rate: float, chance: random.Random) -> int:
    count, left = 0, chance.expovariate(1)
    while left < rate:
        count += 1
        left += chance.expovariate(1)
    return count


@pytest.mark.parametrize("kind", list(NEWSROOMS))
def test_in_200_ordinary_days_no_site_is_called_blind(kind: str) -> None:
    health, told = UNJUDGED, list[str]()
    for each in days(NEWSROOMS[kind], random.Random(kind)):
        before, health = health, judge(health, site(), each)
        text = change(site(), before, health)
        if text is not None:
            told.append(f"{each.finished:%d %H:%M} {text}")
    assert told == []
    expected = NEWSROOMS[kind].per_day
    assert health.usual.per_day is not None
    assert 0.3 * expected < health.usual.per_day < 1.6 * expected


def after(*reports: CrawlReport, of: Site | None = None, health: Health = UNJUDGED) -> Health:
    for each in reports:
        health = judge(health, of or site(), each)
    return health


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_blindness_begins_with_the_first_of_two_bad_crawls_and_ends_with_two_good_ones() -> None:
    well = after(report(at(0), newest=at(0)))
    one = after(report(at(10), failed=True), health=well)
    assert (one.bad, one.blind_since) == (1, None)
    two = after(report(at(20), failed=True), health=one)
    assert two.blind_since == at(10)
    assert two.reason == "it cannot be read: HTTP 500"
    better = after(report(at(30), newest=at(25)), health=two)
    assert better.blind_since == at(10)
    again = after(report(at(40), newest=at(35)), health=better)
    assert (again.blind_since, again.reason, again.bad) == (None, None, 0)


def test_a_site_that_fails_every_other_time_does_not_flap() -> None:
    health, told = after(report(at(0))), list[str]()
    for step in range(1, 100):
        before, health = health, judge(health, site(), report(at(step * 10), failed=step % 2 == 0))
        told += filter(None, [change(site(), before, health)])
    assert told == []
    blind = after(report(at(1000), failed=True), report(at(1010), failed=True), health=health)
    for step in range(100):
        before, blind = blind, judge(blind, site(), report(at(1020 + step), failed=step % 2 == 1))
        told += filter(None, [change(site(), before, blind)])
    assert told == []
    assert blind.blind_since is not None


def test_what_an_operator_is_told() -> None:
    blind = replace(UNJUDGED, blind_since=START, reason="its listing is empty")
    assert change(site(), UNJUDGED, blind) == "shore is blind: its listing is empty"
    assert change(site(), blind, blind) is None
    told = change(site(), blind, UNJUDGED)
    assert told == "shore gives news again (it was blind: its listing is empty)"


@pytest.mark.parametrize(
    ("expects", "usual", "silence"),
    [
        ({}, {}, timedelta(days=3)),
        ({"newest": timedelta(hours=5)}, {}, timedelta(hours=5)),
        ({"articles_per_day": 100}, {}, timedelta(hours=36)),
        ({"articles_per_day": 4}, {}, timedelta(days=2.5)),
        ({"articles_per_day": 0.1}, {}, timedelta(days=7)),
        ({}, {"per_day": 4.0, "watched_days": 9.0}, timedelta(days=2.5)),
        ({}, {"per_day": 4.0, "watched_days": 1.0}, timedelta(days=3)),
        ({}, {"per_day": 0.0, "watched_days": 30.0}, timedelta(days=7)),
        ({"articles_per_day": 100}, {"per_day": 4.0, "watched_days": 9.0}, timedelta(hours=36)),
    ],
)
def test_how_long_a_site_may_be_silent(
    expects: dict[str, object], usual: dict[str, float], silence: timedelta
) -> None:
    assert longest_silence(Expects.model_validate(expects), Usual(**usual)) == silence  # type: ignore[arg-type]


def test_a_feed_that_is_old_when_it_is_first_seen_is_blind_after_two_crawls() -> None:
    old = START - timedelta(days=700)
    health = after(report(at(0), new=30, newest=old), report(at(10), newest=old))
    assert health.reason == "nothing new for 700 days; 3 days is the most"
    assert health.blind_since == at(0)


def test_a_listing_without_dates_that_never_gave_anything_new_is_blind_after_a_week() -> None:
    health = after(*(report(at(60 * hour), new=30 * (hour == 0)) for hour in range(7 * 24)))
    assert health.blind_since is None
    health = after(*(report(at(60 * hour)) for hour in range(7 * 24, 7 * 24 + 4)), health=health)
    assert health.blind_since is not None
    assert health.reason == "nothing new for 7 days; 7 days is the most"
    health = after(report(at(11_000), new=1), report(at(11_010)), health=health)
    assert health.blind_since is None


def test_an_address_that_the_operator_wrote_is_no_hijacking() -> None:
    well = after(*(report(at(10 * n), newest=at(10 * n)) for n in range(5)))
    moved = site(publishes=(Feed(type="feed", url="https://new-shore.example/feed"),))
    health = after(
        *(report(at(60 + 10 * n), newest=at(60), host="new-shore.example") for n in range(3)),
        of=moved,
        health=well,
    )
    assert health.bad == 0
    assert health.usual.host == "new-shore.example"


def pages(*faults: str, first: int = 0) -> tuple[PageSeen, ...]:
    return tuple(
        PageSeen(key=str(first + n), text=str(first + n), faults=each)
        for n, each in enumerate(faults)
    )


@pytest.mark.parametrize(
    ("expects", "faults", "bad"),
    [
        ({"dated": 0.9}, ["u"] * 5, True),
        ({"dated": 0.9}, ["u"] * 4, False),
        ({"dated": 0}, ["u"] * 20, False),
        ({}, ["u"] * 20, False),
        ({"body": 1}, ["h"] * 3, True),
        ({"body": 0.2}, ["h"] * 20, False),
        ({}, ["f"] * 3, True),
        ({}, ["f"] * 2, False),
        ({}, ["", "f", "f", "f"], False),
        ({}, ["o"] * 20, False),
    ],
)
def test_what_a_new_site_is_expected_to_give(
    expects: dict[str, object], faults: list[str], bad: bool
) -> None:
    of = site(expects=Expects.model_validate(expects))
    health = after(report(new=3, newest=START, pages=pages(*faults)), of=of)
    assert bool(health.bad) == bad


def test_a_page_that_is_tried_again_and_again_counts_once() -> None:
    health = after(report(at(0), newest=at(0), pages=pages(*[""] * 12)))
    broken = pages("f", "f", first=50)
    for step in range(1, 9):
        health = judge(health, site(), report(at(step * 10), newest=at(0), pages=broken))
    assert health.bad == 0


def test_new_pages_with_old_dates_are_told_once_the_site_is_known() -> None:
    health = after(
        *(
            report(at(10 * n), new=8, newest=at(10 * n), pages=pages(*[""] * 8, first=8 * n))
            for n in range(6)
        )
    )
    old = pages("o", "o", "o", first=900)
    health = after(report(at(70), new=3, newest=at(70), pages=old), health=health)
    health = after(report(at(80), unchanged=True), health=health)
    assert health.reason == "none of its last 3 pages is new by its date"
    assert health.blind_since == at(70)


def test_a_crawl_without_a_new_page_ends_no_complaint_about_pages() -> None:
    first = report(at(0), newest=at(0), pages=pages(*["f"] * 5))
    health = after(first, report(at(10), newest=at(0)))
    assert health.blind_since == at(0)
    good = pages("", "", first=70)
    mended = after(
        report(at(20), newest=at(20), pages=good),
        report(at(30), newest=at(20), pages=pages("", first=80)),
        health=health,
    )
    assert mended.blind_since is None


def test_a_site_in_another_script_is_not_asked_for_arabic_letters() -> None:
    of = site(language="en")
    assert after(report(newest=START, arabic=0.0), of=of).bad == 0
    assert after(report(newest=START, arabic=0.1)).bad == 1


FEED = Feed(type="feed", url="https://shore.example/feed")
SITEMAP = Sitemap(type="sitemap", url="https://shore.example/today.xml")
EVENING = datetime(2026, 1, 5, 20, 30, tzinfo=UTC)  # half past eleven in Baghdad


def after_empty_listings(of: Site, begin: datetime, hours: float) -> Health:
    """Well in the evening before, then nothing is listed, look after look."""
    health = judge(UNJUDGED, of, report(EVENING - TEN_MINUTES, newest=EVENING))
    health = judge(health, of, report(EVENING, new=2, newest=EVENING))
    for number in range(int(hours * 6)):
        health = judge(health, of, report(begin + number * TEN_MINUTES, listed=0))
    return health


@pytest.mark.parametrize(
    ("way", "begin", "hours", "blind"),
    [
        (SITEMAP, EVENING + timedelta(minutes=40), 6, False),
        (SITEMAP, EVENING + timedelta(hours=4), 4, False),
        (SITEMAP, EVENING, 0.4, True),
        (SITEMAP, EVENING + timedelta(hours=15), 1, True),
        (SITEMAP, EVENING + timedelta(hours=40), 1, True),
        (FEED, EVENING + timedelta(minutes=40), 1, True),
    ],
    ids=["local-night", "night-of-utc", "before-midnight", "noon", "a-day-later", "feed"],
)  # fmt: skip
def test_an_empty_sitemap_of_a_new_day_is_no_fault(
    way: Sitemap | Feed, begin: datetime, hours: float, blind: bool
) -> None:
    of = site(publishes=(way,), timezone="Asia/Baghdad")
    assert (after_empty_listings(of, begin, hours).blind_since is not None) is blind


def test_an_empty_sitemap_of_a_new_day_ends_no_blindness() -> None:
    of = site(publishes=(SITEMAP,), timezone="Asia/Baghdad")
    health = after_empty_listings(of, EVENING, 0.4)
    assert health.blind_since is not None
    for number in range(6):
        at = EVENING + timedelta(minutes=40) + number * TEN_MINUTES
        health = judge(health, of, report(at, listed=0))
    assert health.blind_since is not None


def test_selectors_that_never_fitted_make_no_site_blind() -> None:
    of = site(selectors=Selectors(body=".entry-content"))
    health = UNJUDGED
    for number in range(40):
        pages = (PageSeen(key=f"k{number}", text=f"t{number}", faults="x"),)
        at = START + number * TEN_MINUTES
        health = judge(health, of, report(at, new=1, newest=at, pages=pages))
    assert health.blind_since is None

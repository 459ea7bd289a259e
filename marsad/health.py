"""Whether a site still gives news: pure. Every crawl is judged by what its file promises, or by
what was usual of it; two bad ones in a row make it blind, two good ones end that.

A site that silently gives nothing looks like a quiet one. What tells them apart: its listing is
empty or of somebody else, nothing in it is new for longer than the site was ever silent, or page
after page lacks what pages of this site have.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.figures import domain
from marsad.rhythm import spoken
from models.crawl import CrawlOutcome, CrawlReport
from models.health import FAULTS, Health, Matter, Usual
from models.site import Expects, Site, Sitemap

IN_A_ROW = 2

_ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ku", "ckb", "ug", "sd"})
_LEAST_ARABIC = 0.3
# A share that falls below this part of what is usual is another site's.
_FALLEN = 0.5

# Without a rate of its own a site may be silent for so long: a long weekend.
_UNKNOWN_SILENCE = timedelta(days=3)
_LEAST_SILENCE, _MOST_SILENCE = timedelta(hours=36), timedelta(days=7)
# As long as it usually takes to publish so many articles.
_SILENT_ARTICLES = 10
# From midnight until a quiet newsroom publishes its first article.
_NIGHT = timedelta(hours=9)
_RATE_DAYS = 7
_WATCHED_DAYS = 2

# So many bad pages in a row happen to a well site by chance once in a hundred thousand times.
_CHANCE = 1e-5
_FEWEST_PAGES, _MOST_PAGES = 3, 20
# Two bad pages in a hundred are nothing unusual, before anything is known of a site.
_PRIOR_PAGES, _PRIOR_RATE = 10.0, 0.02
_KNOWN_PAGES = 30
_FADING = 0.995
# Some sites never date their pages, or write headlines only; what is listed at first is old.
_ONLY_WHERE_USUAL = frozenset("uho")


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that a crawl broke, in a sentence without the site's name."""

    matter: Matter
    reason: str


def judge(health: Health, site: Site, report: CrawlReport) -> Health:
    """The site's health after one more crawl."""
    seen = _with_pages(health, report)
    seen = replace(seen, newest=_latest(health.newest, report.figures.newest))
    if report.new and health.judged_at is not None:  # what the first crawl stores is old
        seen = replace(seen, last_new=report.finished)
    broken = next(_broken(seen, site, report), None)
    if broken is None and _says_nothing(health, report):
        return replace(seen, judged_at=report.finished)
    after = _kept(seen, report) if broken is None else _broke(seen, broken, report)
    usual = _learned(after.usual, health, report) if after.bad == 0 else after.usual
    return replace(after, usual=usual, judged_at=report.finished)


def change(site: Site, before: Health, after: Health) -> str | None:
    """What to tell an operator when a site has gone blind or is well again; None: no change."""
    if before.blind_since is None and after.blind_since is not None:
        return f"{site.name} is blind: {after.reason}"
    if before.blind_since is not None and after.blind_since is None:
        return f"{site.name} gives news again (it was blind: {before.reason})"
    return None


# -- what is broken


def _broken(health: Health, site: Site, report: CrawlReport) -> Iterator[Broken]:
    """All broken promises, the plainest first."""
    if report.outcome is CrawlOutcome.FAILED:
        problem = report.problems[0] if report.problems else "no way of publishing could be read"
        yield Broken("reading", f"it cannot be read: {problem}")
        return
    unchanged = report.listed == 0 and report.unchanged_listings > 0
    if unchanged:
        # The same listing again: what was wrong with it still is.
        if health.matter in ("listing", "pages") and health.bad and health.reason:
            yield Broken(health.matter, health.reason)
    elif report.listed == 0:
        # An empty listing is never remembered: if the next answer is 'unchanged', it is not empty.
        if not _may_be_a_new_day(health, site, report.finished):
            yield Broken("reading", "its listing is empty")
    else:
        yield from _listing(health.usual, site, report)
        yield from _pages(health, site)
    yield from _silence(health, site, report)


def _may_be_a_new_day(health: Health, site: Site, now: datetime) -> bool:
    """Sitemaps of the day begin empty; how long nothing may be new is judged as ever."""
    latest = _latest(health.newest, health.last_new)
    if latest is None or not all(isinstance(way, Sitemap) for way in site.publishes):
        return False
    for zone in (ZoneInfo(site.timezone), UTC):
        midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        if now - midnight <= _NIGHT and latest < midnight <= latest + timedelta(days=1):
            return True
    return False


def _listing(usual: Usual, site: Site, report: CrawlReport) -> Iterator[Broken]:
    figures, expects = report.figures, site.expects
    usual_share = usual.host_share or 0
    least_host = usual_share * _FALLEN if expects.own_host is None else expects.own_host
    elsewhere = figures.host not in {None, usual.host} | {domain(way.url) for way in site.ways}
    if (
        elsewhere
        and usual.host is not None
        and usual_share >= _FALLEN
        and 1 - (figures.host_share or 0) < least_host
    ):
        reason = f"its links lead to {figures.host} instead of {usual.host}: was it hijacked?"
        yield Broken("listing", reason)
    if figures.arabic is not None and site.language in _ARABIC_SCRIPT:
        learned = max(_LEAST_ARABIC, (usual.arabic or 0) * _FALLEN)
        least = learned if expects.arabic is None else expects.arabic
        if figures.arabic < least:
            share = f"{figures.arabic:.0%} of the letters in its titles are Arabic"
            yield Broken("listing", f"{share}, at least {least:.0%} are usual")


def _silence(health: Health, site: Site, report: CrawlReport) -> Iterator[Broken]:
    """A listing that stands still; by the newest date in it, or by the last new article, or where
    neither is known by the time for which it was watched."""
    latest = _latest(health.newest, health.last_new)
    longest = longest_silence(site.expects, health.usual)
    watched = timedelta(days=health.usual.watched_days)
    silence = watched if latest is None else report.finished - latest
    if silence > longest:
        silent = spoken(silence)
        yield Broken("listing", f"nothing new for {silent}; {spoken(longest)} is the most")


def longest_silence(expects: Expects, usual: Usual) -> timedelta:
    """How long the site may publish nothing before that is a fault."""
    if expects.newest is not None:
        return expects.newest
    per_day = expects.articles_per_day
    if per_day is None and usual.watched_days >= _WATCHED_DAYS:
        per_day = usual.per_day
    if per_day is None:
        return _UNKNOWN_SILENCE
    silence = _SILENT_ARTICLES / max(per_day, _SILENT_ARTICLES / _MOST_SILENCE.days)
    return max(timedelta(days=silence), _LEAST_SILENCE)


def _pages(health: Health, site: Site) -> Iterator[Broken]:
    pages = health.recent
    for letter, words in FAULTS.items():
        rate = _rate(health.usual, letter, site.expects)
        if rate is None:
            continue
        count = max(_FEWEST_PAGES, math.ceil(math.log(_CHANCE) / math.log(rate)))
        if not health.usual.pages:
            # Nothing is known of the site: only what all of its pages lack can be told.
            count = max(count, len(pages))
        if count <= min(len(pages), _MOST_PAGES) and all(
            letter in faults for *_, faults in pages[-count:]
        ):
            yield Broken("pages", f"none of its last {count} pages {words}")


def _rate(usual: Usual, letter: str, expects: Expects) -> float | None:
    """How often a page has this fault while the site is well; None: it is not judged."""
    promised = {"u": expects.dated, "h": expects.body}.get(letter)
    if promised is not None:
        return min(max(1 - promised, _PRIOR_RATE), 0.99) if promised > 0 else None
    if letter == "x" and usual.faults.get("x", 0.0) * 2 >= usual.pages:
        return None  # selectors that never fitted are no redesign, and the text is found without
    if letter in _ONLY_WHERE_USUAL and usual.pages < _KNOWN_PAGES:
        return None
    had = usual.faults.get(letter, 0.0) + _PRIOR_RATE * _PRIOR_PAGES
    return min(max(had / (usual.pages + _PRIOR_PAGES), _PRIOR_RATE), 0.99)


# -- the fold


def _says_nothing(health: Health, report: CrawlReport) -> bool:
    """Pages are judged by pages: a crawl without a new one ends no complaint about them. Nor does
    an empty listing, even where it is no fault."""
    if report.listed == 0 and report.unchanged_listings == 0:
        return True
    return health.matter == "pages" and health.bad > 0 and not report.figures.pages


def _broke(health: Health, broken: Broken, report: CrawlReport) -> Health:
    bad = health.bad + 1
    bad_since = health.bad_since if health.bad else report.finished
    blind_since = health.blind_since
    if blind_since is None and bad >= IN_A_ROW:
        blind_since = bad_since
    return replace(
        health,
        bad=bad,
        good=0,
        matter=broken.matter,
        reason=broken.reason,
        bad_since=bad_since,
        blind_since=blind_since,
    )


def _kept(health: Health, report: CrawlReport) -> Health:
    good = health.good + 1
    if health.blind_since is not None and good < IN_A_ROW:
        return replace(health, good=good)
    return replace(
        health, bad=0, good=good, matter=None, reason=None, bad_since=None, blind_since=None
    )


def _with_pages(health: Health, report: CrawlReport) -> Health:
    """A page counts once, as it was first seen; one whose text another page had has it not."""
    recent = list(health.recent)
    for page in report.figures.pages:
        if any(page.key == key for key, *_ in recent):
            continue
        is_same = bool(page.text) and any(page.text == text for _, text, _ in recent)
        recent.append((page.key, page.text, page.faults + ("s" if is_same else "")))
    return replace(health, recent=tuple(recent[-_MOST_PAGES:]))


def _learned(usual: Usual, before: Health, report: CrawlReport) -> Usual:
    """What a good crawl adds to what is usual."""
    figures = report.figures
    known = {key for key, *_ in before.recent}
    pages = [page for page in figures.pages if page.key not in known]
    faults = {
        letter: usual.faults.get(letter, 0.0) * _FADING ** len(pages)
        + sum(letter in page.faults for page in pages)
        for letter in FAULTS
    }
    is_same_host = usual.host == figures.host or figures.host is None
    return replace(
        _with_rate(usual, before, report),
        arabic=_blend(usual.arabic, figures.arabic),
        host=figures.host or usual.host,
        host_share=_blend(usual.host_share if is_same_host else None, figures.host_share),
        pages=usual.pages * _FADING ** len(pages) + len(pages),
        faults={letter: had for letter, had in faults.items() if had > 0.01},
    )


def _with_rate(usual: Usual, before: Health, report: CrawlReport) -> Usual:
    """Articles a day, in which the last week counts most; those of the first crawl are old."""
    if before.judged_at is None or report.finished <= before.judged_at:
        return usual
    days = (report.finished - before.judged_at) / timedelta(days=1)
    watched = usual.watched_days + days
    weight = min(1.0, days / min(watched, _RATE_DAYS))
    rate = (usual.per_day or 0.0) * (1 - weight) + report.new / days * weight
    return replace(usual, per_day=rate, watched_days=watched)


def _blend(old: float | None, new: float | None) -> float | None:
    if old is None or new is None:
        return new if old is None else old
    return old * 0.9 + new * 0.1


def _latest(*moments: datetime | None) -> datetime | None:
    known: Sequence[datetime] = [moment for moment in moments if moment is not None]
    return max(known, default=None)

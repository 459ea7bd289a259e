"""`marsad replay`: what the rules as they are now would have alerted on."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zlib import crc32

from alerts.matching.matcher import Matcher
from alerts.matching.quote import shown_words
from alerts.stories.telling import Telling, telling
from marsad.rows import Row, verdict_fields
from marsad.storygroups import StoryGroups
from marsad.sweep import Advance, Articles, Tally, Work, sweep
from models.match import Verdict

STORIES_REMEMBERED = 5_000
"""Matched articles that a later one may tell the same story as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An article that rules fire on, with what groups it into stories."""

    row: Row
    verdicts: tuple[Verdict, ...]
    told: Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A topic that fires on an article. `alerts`: it is the first of its story to do so."""

    row: Row
    verdict: Verdict
    story: int
    alerts: bool

    @property
    def source(self) -> str:
        return self.row.document.source or "unknown"


class Replay:
    """One replay; `tally` grows while `run` goes on.

    A story is told once a topic, as by a running Marsad: what joins within `window` does not
    alert again. A site's max_age and the limit of its first crawl are not applied: they are no
    rules.
    """

    def __init__(self, matcher: Matcher, topics: Sequence[str], window: timedelta) -> None:
        self.tally = Tally()
        self._work = _matching(matcher, frozenset(topics))
        self._groups = StoryGroups(window, STORIES_REMEMBERED)
        self._told: set[tuple[int, str]] = set()

    def run(self, articles: Articles, advance: Advance) -> Iterator[Fired]:
        for swept in sweep(articles, self._work, advance):
            self.tally = self.tally.plus(swept.tally)
            for match in swept.result:
                yield from self._fired(match)

    def _fired(self, match: Match) -> Iterator[Fired]:
        story = self._groups.add(match.row, match.told)
        for verdict in match.verdicts:
            key = (story, verdict.topic)
            yield Fired(row=match.row, verdict=verdict, story=story, alerts=key not in self._told)
            self._told.add(key)


def _matching(matcher: Matcher, topics: frozenset[str]) -> Work[list[Match]]:
    def matches(rows: Sequence[Row]) -> list[Match]:
        found = []
        for row in rows:
            fired = matcher.matching(row.document, row.seen)
            verdicts = tuple(verdict for verdict in fired if verdict.topic in topics)
            if verdicts:
                told = telling(row.document.title, row.document.text, row.document.published)
                found.append(Match(row=row, verdicts=verdicts, told=told))
        return found

    return matches


def fired_fields(fired: Fired) -> dict[str, Any]:
    """The line of `marsad replay --jsonl`."""
    document = fired.row.document
    return {
        "id": fired.row.id,
        **verdict_fields(fired.verdict),
        "alerts": fired.alerts,
        "story": fired.story,
        "source": document.source,
        "published": document.published.isoformat() if document.published else None,
        "title": document.title,
        "url": document.url,
    }


@dataclass(slots=True)
class Samples:
    """A few lines out of many: the same ones each time, whatever their order."""

    most: int
    _kept: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, key: str, line: str) -> None:
        heapq.heappush(self._kept, (-crc32(key.encode("utf-8", "replace")), key, line))
        if len(self._kept) > self.most:
            heapq.heappop(self._kept)

    def __iter__(self) -> Iterator[str]:
        return (line for _, _, line in sorted(self._kept, reverse=True))


@dataclass(slots=True)
class TopicReport:
    """What one topic does, counted."""

    articles: int = 0
    alerts: Counter[str] = field(default_factory=Counter)
    samples: Samples = field(default_factory=lambda: Samples(0))


class Report:
    """The account of a replay by topic, in words."""

    def __init__(self, topics: Iterable[str], samples: int) -> None:
        self._topics = {name: TopicReport(samples=Samples(samples)) for name in topics}

    def add(self, fired: Fired) -> None:
        topic = self._topics[fired.verdict.topic]
        topic.articles += 1
        if fired.alerts:
            topic.alerts[fired.source] += 1
            words = "، ".join(shown_words(fired.verdict.hits))
            topic.samples.add(str(fired.row.id), f"{headline(fired.row)}: {words}")

    def lines(self, tally: Tally) -> Iterator[str]:
        for name, topic in sorted(self._topics.items()):
            yield ""
            total = topic.alerts.total()
            told = f" (of {topic.articles:,} articles: a story alerts once)"
            told = told if topic.articles > total else ""
            yield f"{name}: {counted(total, 'alert')}{a_day(total, tally)}{told}"
            for source, alerts in topic.alerts.most_common():
                yield f"  {alerts:>6}  {source} (of {counted(tally.sources[source], 'article')})"
            yield from (f"  · {sample}" for sample in topic.samples)


def headline(row: Row) -> str:
    """An article in half a line: its id, title, source and day."""
    document = row.document
    day = f"{document.published:%Y-%m-%d}" if document.published else "no date"
    title = " ".join(document.title.split())[:120] or "without title"
    return f"{row.id} «{title}» ({document.source or 'unknown'}, {day})"


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def a_day(alerts: int, tally: Tally) -> str:
    """', 0.31 a day': by the days on which anything was published."""
    return f", {alerts / len(tally.days):.2f} a day" if tally.days else ""


def read_line(tally: Tally, seconds: float) -> str:
    """What went through, in a line."""
    days = f", published on {counted(len(tally.days), 'day')}" if tally.days else ""
    out = tally.left_out
    left_out = f"; {counted(out, 'article')} older or without date left out" if out else ""
    return f"{counted(tally.articles, 'article')} read{days}, in {seconds:.1f} s{left_out}"

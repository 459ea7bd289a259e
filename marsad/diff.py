"""`marsad diff`: what other rules would have alerted on, against the rules as they are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from alerts.matching.matcher import Matcher
from alerts.matching.quality import Labelled, Quality, figures, label_columns
from alerts.stories.telling import Telling, telling
from marsad.difference import Difference, Side, difference
from marsad.quality import judged
from marsad.replay import STORIES_REMEMBERED, Samples, a_day, counted, headline
from marsad.rows import Row
from marsad.storygroups import StoryGroups
from marsad.sweep import Advance, Articles, Tally, Work, sweep
from models.match import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An article on which a rule fires, old or new: the topics of each, and why they differ."""

    row: Row
    old: frozenset[str]
    new: frozenset[str]
    differences: dict[str, Difference]
    told: Telling


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that only one side gives: its first article and the clause that decides."""

    row_id: str
    source: str
    headline: str
    difference: Difference


@dataclass(slots=True)
class TopicDiff:
    """One topic under both rules: stories that alert and their source, and what only one gives."""

    old: dict[int, str] = field(default_factory=dict)
    new: dict[int, str] = field(default_factory=dict)
    changes: dict[int, Change] = field(default_factory=dict)

    def gained(self) -> list[Change]:
        return [c for story, c in self.changes.items() if story not in self.old]

    def lost(self) -> list[Change]:
        return [c for story, c in self.changes.items() if story not in self.new]


class Diff:
    """Old against new rules; `tally` and `topics` grow while `run` goes on."""

    def __init__(self, old: Matcher, new: Matcher, window: timedelta) -> None:
        self.tally = Tally()
        names = {
            name
            for matcher in (old, new)
            for name, topic in matcher.topics.items()
            if not topic.internal
        }
        self.topics = {name: TopicDiff() for name in sorted(names)}
        self._work = _comparing(old, new)
        self._groups = StoryGroups(window, STORIES_REMEMBERED)

    def run(self, articles: Articles, advance: Advance) -> None:
        for swept in sweep(articles, self._work, advance):
            self.tally = self.tally.plus(swept.tally)
            for compared in swept.result:
                self._add(compared)

    def _add(self, compared: Compared) -> None:
        story = self._groups.add(compared.row, compared.told)
        source = compared.row.document.source or "unknown"
        for name in compared.old | compared.new:
            topic = self.topics[name]
            if name in compared.old:
                topic.old.setdefault(story, source)
            if name in compared.new:
                topic.new.setdefault(story, source)
            if name in compared.differences and story not in topic.changes:
                change = Change(
                    str(compared.row.id),
                    source,
                    headline(compared.row),
                    compared.differences[name],
                )
                topic.changes[story] = change


def _comparing(old: Matcher, new: Matcher) -> Work[list[Compared]]:
    def compared(rows: Sequence[Row]) -> list[Compared]:
        found = []
        for row in rows:
            before = _topics(old.matching(row.document, row.seen))
            after = _topics(new.matching(row.document, row.seen))
            if before or after:
                told = telling(row.document.title, row.document.text, row.document.published)
                differences = _differences(old, new, row, before ^ after) if before != after else {}
                found.append(
                    Compared(
                        row=row,
                        old=before,
                        new=after,
                        differences=differences,
                        told=told,
                    )
                )
        return found

    return compared


def _topics(verdicts: Sequence[Verdict]) -> frozenset[str]:
    return frozenset(verdict.topic for verdict in verdicts)


def _differences(
    old: Matcher, new: Matcher, row: Row, topics: frozenset[str]
) -> dict[str, Difference]:
    before = _sides(old, old.evaluate(row.document, row.seen))
    after = _sides(new, new.evaluate(row.document, row.seen))
    return {topic: difference(before.get(topic), after.get(topic)) for topic in topics}


def lines(diff: Diff, samples: int) -> Iterator[str]:
    """The account by topic, in words."""
    for name, topic in diff.topics.items():
        yield ""
        gained, lost = topic.gained(), topic.lost()
        old, new = len(topic.old), len(topic.new)
        if not gained and not lost:
            yield f"{name}: {counted(new, 'alert')}{a_day(new, diff.tally)}, unchanged"
            continue
        yield (
            f"{name}: {old:,} -> {counted(new, 'alert')}{_days(old, new, diff.tally)}, "
            f"+{len(gained)} -{len(lost)}"
        )
        yield from _sources(topic)
        yield from _changes("+", gained, samples)
        yield from _changes("-", lost, samples)


def _days(old: int, new: int, tally: Tally) -> str:
    if not tally.days:
        return ""
    return f", {old / len(tally.days):.2f} -> {new / len(tally.days):.2f} a day"


def _sources(topic: TopicDiff) -> Iterator[str]:
    before, after = Counter(topic.old.values()), Counter(topic.new.values())
    for source, _ in (before + after).most_common():
        if before[source] != after[source]:
            yield f"  {source}: {before[source]:,} -> {after[source]:,}"


def _changes(sign: str, changes: Sequence[Change], samples: int) -> Iterator[str]:
    clauses = Counter(change.difference.clause for change in changes)
    for clause, count in clauses.most_common():
        yield f"  {sign}{count} by {clause}"
    kept = Samples(samples)
    for change in changes:
        kept.add(change.row_id, f"{change.headline}: {change.difference}")
    yield from (f"  {sign} {line}" for line in kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A labelled article on which the rules differ."""

    topic: str
    row: Labelled
    fires: bool
    difference: Difference

    @property
    def verdict(self) -> str:
        label = self.row.labels[self.topic]
        if label == 1:
            return "borderline"
        return "right now" if self.fires == (label == 2) else "wrong now"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDiff:
    """What other rules change on a labelled file."""

    file: Path
    flips: tuple[Flip, ...]
    old: tuple[Quality, ...]
    new: tuple[Quality, ...]
    bad: int


def labelled_diff(old: Matcher, new: Matcher, file: Path) -> LabelledDiff:
    """Old against new rules on a labelled file. Raises UnreadableFile."""
    found = judged(file, label_columns(old) | label_columns(new))
    before = [(row, old.evaluate(row.document)) for row in found.rows]
    after = [(row, new.evaluate(row.document)) for row in found.rows]
    return LabelledDiff(
        file=file,
        flips=tuple(
            flip
            for (row, one), (_, other) in zip(before, after, strict=True)
            for flip in _flips(row, _sides(old, one), _sides(new, other))
        ),
        old=figures(before),
        new=figures(after),
        bad=len(found.bad),
    )


def _flips(row: Labelled, before: Mapping[str, Side], after: Mapping[str, Side]) -> Iterator[Flip]:
    for topic in sorted(row.labels):
        one, other = before.get(topic), after.get(topic)
        fires = other is not None and other.verdict.fired
        if fires != (one is not None and one.verdict.fired):
            yield Flip(topic=topic, row=row, fires=fires, difference=difference(one, other))


def _sides(matcher: Matcher, verdicts: Iterable[Verdict]) -> dict[str, Side]:
    return {verdict.topic: Side(matcher.topics[verdict.topic], verdict) for verdict in verdicts}


def labelled_lines(found: LabelledDiff) -> Iterator[str]:
    """The account of a labelled file, in words."""
    yield f"{found.file}: {counted(len(found.flips), 'labelled article')} flip"
    for flip in found.flips:
        sign = "+" if flip.fires else "-"
        title = " ".join(flip.row.document.title.split())
        label = flip.row.labels[flip.topic]
        yield (
            f"  {sign} {flip.topic} {flip.row.id} «{title}» "
            f"(label {label}, {flip.verdict}): {flip.difference}"
        )
    old = {quality.topic: quality for quality in found.old}
    for quality in found.new:
        before = old.get(quality.topic)
        if before is not None and _figures(before) != _figures(quality):
            yield f"  {quality.topic} precision {before.precision} -> {quality.precision}"
            yield f"  {quality.topic} recall    {before.recall} -> {quality.recall}"


def _figures(quality: Quality) -> tuple[object, ...]:
    return quality.precision, quality.recall

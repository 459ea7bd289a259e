"""How good a rule is: its verdicts held against articles that people have judged.

A label is 2 (the subscriber must get it), 1 (borderline: left out of the figures) or 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from alerts.matching.folding import Folded, fold_bytes
from alerts.matching.grammar import BARE, DEFINITE
from alerts.matching.matcher import Matcher
from alerts.matching.vocabulary import Vocabulary
from models.lexicon import Keyword
from models.match import Document, Verdict

_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole, with its 95 % Wilson score interval (Wilson 1927)."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """None where there is nothing to divide by."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        if not self.whole:
            return 0.0, 1.0
        p, n = self.part / self.whole, self.whole
        centre = p + _Z**2 / (2 * n)
        spread = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        scale = 1 + _Z**2 / n
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

    def __str__(self) -> str:
        if self.value is None:
            return "none to judge"
        low, high = self.interval
        return f"{self.value:.3f} ({self.part}/{self.whole}, 95 % {low:.3f}-{high:.3f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A judged article: its labels by topic."""

    id: str
    document: Document
    labels: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """An article that a rule got wrong. `reason`: the words that fired, or what it lacked."""

    id: str
    title: str
    source: str | None
    fired: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The figures of one topic; `borderline` counts the label 1 as (fired, all)."""

    topic: str
    precision: Ratio
    recall: Ratio
    borderline: Ratio
    wrong: tuple[Wrong, ...]

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn)."""
        both = self.precision.whole + self.recall.whole
        return 2 * self.precision.part / both if both else None


def measured(matcher: Matcher, rows: Iterable[Labelled]) -> tuple[Quality, ...]:
    """The figures of every topic that has a label in the rows, by name."""
    return figures((row, matcher.evaluate(row.document)) for row in rows)


def figures(evaluated: Iterable[tuple[Labelled, Iterable[Verdict]]]) -> tuple[Quality, ...]:
    """As `measured`, of rows whose proofs are there already."""
    judged: dict[str, list[tuple[Labelled, Verdict]]] = {}
    for row, verdicts in evaluated:
        for verdict in verdicts:
            if verdict.topic in row.labels:
                judged.setdefault(verdict.topic, []).append((row, verdict))
    return tuple(_quality(topic, judged[topic]) for topic in sorted(judged))


def by_source(matcher: Matcher, rows: Iterable[Labelled]) -> dict[str, tuple[Quality, ...]]:
    """The figures for each source apart: a rule may have learnt the habits of one."""
    sources: dict[str, list[Labelled]] = {}
    for row in rows:
        sources.setdefault(row.document.source or "unknown", []).append(row)
    return {source: measured(matcher, sources[source]) for source in sorted(sources)}


def labelled(row: Mapping[str, object], columns: Mapping[str, str]) -> Labelled:
    """A row of a labelled file (id, title, text, a column a topic; source, language, url if known).

    `columns`: topic -> column (see `label_columns`). Raises ValueError for a row that is not one.
    """
    labels = {topic: row[column] for topic, column in columns.items() if column in row}
    for topic, label in labels.items():
        if label not in (0, 1, 2):
            raise ValueError(f"the label of {topic} is {label!r}: 0, 1 or 2 is allowed")
    document = Document(
        title=_text(row, "title"),
        text=_text(row, "text"),
        source=_text(row, "source") or None,
        language=_text(row, "language") or None,
        url=_text(row, "url") or None,
    )
    return Labelled(
        id=str(row.get("id", "")),
        document=document,
        labels={topic: int(str(label)) for topic, label in labels.items()},
    )


def label_columns(matcher: Matcher) -> dict[str, str]:
    """The column of labelled files for each topic."""
    return {name: topic.label or name for name, topic in matcher.topics.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRow:
    """A word form and whether a keyword of a class stands for it.

    `listed` are the entries of lexicons for that keyword: where there are any, they are judged.
    """

    keyword: Keyword
    form: str
    expected: bool
    listed: tuple[Keyword, ...] = ()


def wrong_forms(rows: Iterable[FormRow]) -> tuple[FormRow, ...]:
    """The rows that the grammar gets wrong: the form is found, or not, against expectation."""
    return tuple(row for row in rows if _finds(row) != row.expected)


def _finds(row: FormRow) -> bool:
    vocabulary = Vocabulary()
    numbers = {vocabulary.add(keyword) for keyword in row.listed or (row.keyword,)}
    folded = Folded(row.form)
    found = vocabulary.finder(numbers).find(folded)
    return any(_is_whole(folded.words[: hit.start], folded.words[hit.end :]) for hit in found)


def _is_whole(before: bytes, after: bytes) -> bool:
    """Nothing else stands around the hit but clitics that signs part from it: لـ«إيران»."""
    return not after.strip() and all(word in _APART for word in before.split())


_APART = frozenset(map(fold_bytes, (*BARE, *DEFINITE)))


def _text(row: Mapping[str, object], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text: {value!r}")
    return value


def _quality(topic: str, judged: list[tuple[Labelled, Verdict]]) -> Quality:
    def count(label: int, *, fired: bool) -> int:
        return sum(row.labels[topic] == label and v.fired == fired for row, v in judged)

    hits, missed = count(2, fired=True), count(2, fired=False)
    false, border = count(0, fired=True), count(1, fired=True)
    return Quality(
        topic=topic,
        precision=Ratio(hits, hits + false),
        recall=Ratio(hits, hits + missed),
        borderline=Ratio(border, border + count(1, fired=False)),
        wrong=tuple(
            _wrong(row, verdict)
            for row, verdict in judged
            if row.labels[topic] != 1 and verdict.fired != (row.labels[topic] == 2)
        ),
    )


def _wrong(row: Labelled, verdict: Verdict) -> Wrong:
    words = ", ".join(dict.fromkeys(hit.text for hit in verdict.hits))
    return Wrong(
        id=row.id,
        title=row.document.title,
        source=row.document.source,
        fired=verdict.fired,
        reason=f"fired by {words}" if verdict.fired else "; ".join(verdict.lacked),
    )

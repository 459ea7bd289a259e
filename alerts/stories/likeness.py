"""How alike two articles are: copies of one text, or one event in other words, and why.

A copy has its runs of words in common and its headline too: the words of each title are looked for
in the other article, since a site's furniture and an agency's set phrases also make texts alike.
One event in other words is weighed: what the openings share, how rare it is, what tells like events
apart (figures, rounds, time). The weights were fitted on tests/quality/stories.jsonl by
scripts/weigh-stories.py; a sum of 0 is even odds there, where one pair in four is true.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log, sqrt
from typing import Literal

import numpy as np

from alerts.stories.numbers import TODAY
from alerts.stories.telling import Ids, Telling
from alerts.stories.words import total_weight, weight

Kind = Literal["copy", "event"]

# A copy: so much of the runs of both in common (Jaccard), or of the shorter one's (containment).
COPY = 0.5
LOOSE_COPY = 0.4
CONTAINED = 0.8
CONTAINED_SHINGLES = 40
# Texts this much alike were published again: known for longer than other news.
SAME_TEXT = 0.7
SAME_TEXT_WINDOWS = 2
# Less alike and so long apart, a text may be a template told anew: the day that it speaks of (the
# weather of this Sunday), and what its title names, have to be the other's too.
DAILY = 0.8
TEMPLATE = 0.53
TEMPLATE_APART = timedelta(hours=20)
DAILY_APART = timedelta(hours=12)
# How rare a word is that names something: in a title, of another template; of another report.
RARELY_NAMED = 9.0
NAMED = 7.0
# Below this many runs a text is a flash or a stock phrase: its title has to be another's too.
SHORT_SHINGLES = 60
FLASH_SHINGLES = 20

# Of 72 hours, so many days count for news of which nobody knows the time.
UNDATED_DAYS = 0.75
# What an openings' words count in the title, beside 1 in the lead.
TITLE_WEIGHT = 1.5
# Only what a stem is rarer than this speaks for one event.
SPECIFIC = 6.5
OTHER_TOPICS = -1.0
# Fewer words in common are chance, however much of a short text they are.
LEAST_SHARED = 5
# Of two titles that neither article of the other says a word, the openings are stock phrases.
LEAST_TITLE = 0.1
# A long text that tells the event says most of what the other's title says.
LONG_WORDS = 110
TITLE_EXPECTED = 0.75
TITLE_MISSED = 8.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score`: 0 to 1, what was found in common or the probability; `why`: in words."""

    kind: Kind
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    cosine: float
    rare: float
    numbers: float
    other_numbers: float
    other_round: float
    days: float
    meaning: float
    bias: float
    least: float


# `least`: of the pairs of a window with CROWD articles that many more are unlike than in the
# labelled set; a larger crowd raises it by the logarithm of how much larger it is.
CROWD = 300
CROWDED = 3.0
WORDS_ONLY = Weights(
    cosine=12.7, rare=1.2, numbers=2.1, other_numbers=-1.2, other_round=-20.0, days=-5.4,
    meaning=0.0, bias=-2.2, least=3.0,
)  # fmt: skip
WITH_MEANING = Weights(
    cosine=3.0, rare=0.85, numbers=1.0, other_numbers=-0.9, other_round=-20.0, days=-5.4,
    meaning=98.7, bias=-89.0, least=3.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two articles held against each other. `like`: None if they tell different things;
    `compatible`: nothing speaks against both being in one story; `comparable`: published near
    enough to each other for saying so."""

    like: Likeness | None
    compatible: bool
    comparable: bool

    @property
    def rank(self) -> tuple[bool, float, bool]:
        return self.like is not None, self.like.score if self.like else 0.0, self.compatible


def compare(one: Telling, other: Telling, window: timedelta, crowd: int = 0) -> Comparison:
    """`window`: what is published further apart is not one story, unless the text is the same.
    `crowd`: how many articles could be alike by chance: the more, the more has to be in common."""
    apart = _apart(one.published, other.published)
    least, most = _titles_shared(one, other)
    agreeing = most >= 0.6 and least >= 0.3
    if apart is not None and apart > window * SAME_TEXT_WINDOWS:
        return Comparison(None, agreeing, comparable=False)
    like = _copy(one, other, least, most)
    if like is not None and _told_anew(one, other, apart, like.score):
        return Comparison(None, agreeing, comparable=apart is None or apart <= window)
    if like is None and _same_title(one, other, apart):
        like = Likeness("copy", 1.0, "the same title")
    in_window = apart is None or apart <= window
    if like is not None and not in_window and not (like.score >= SAME_TEXT and least >= 0.5):
        like = None
    evidence = _evidence(one, other, apart, most) if in_window else None
    probable = False
    if like is None and evidence is not None:
        least = evidence.least + CROWDED * log(max(1.0, crowd / CROWD))
        probable = evidence.log_odds >= least / 2
        if _is_event(evidence, least, most) and not _told_anew(one, other, apart, 0.0):
            like = Likeness("event", evidence.probability, evidence.why())
    compatible = like is not None or agreeing or probable
    return Comparison(like, compatible, comparable=in_window or like is not None)


def _is_event(evidence: "_Evidence", least: float, title_said: float) -> bool:
    return (
        evidence.log_odds >= least and evidence.shared >= LEAST_SHARED and title_said >= LEAST_TITLE
    )


def explained(one: Telling, other: Telling, window: timedelta = timedelta(hours=72)) -> str:
    """Why two articles are alike, or what they lack."""
    comparison = compare(one, other, window)
    if comparison.like is not None:
        return comparison.like.why
    apart = _apart(one.published, other.published)
    if apart is not None and apart > window:
        return f"published {apart / timedelta(days=1):.1f} days apart"
    _, most = _titles_shared(one, other)
    evidence = _evidence(one, other, apart, most)
    common = _common(one.shingles, other.shingles)
    union = len(one.shingles) + len(other.shingles) - common
    parts = [f"{common / union if union else 0.0:.2f} of the texts", evidence.lacking()]
    if evidence.shared < LEAST_SHARED:
        parts.append(f"fewer than {LEAST_SHARED} words in common")
    return "unlike: " + ", ".join(parts)


def _apart(one: datetime | None, other: datetime | None) -> timedelta | None:
    return None if one is None or other is None else abs(one - other)


def _titles_shared(one: Telling, other: Telling) -> tuple[float, float]:
    """How much of each title the other article says, by weight: the lesser and the greater."""
    shares = (_said(one.title, other), _said(other.title, one))
    return min(shares), max(shares)


def _same_title(one: Telling, other: Telling, apart: timedelta | None) -> bool:
    soon = apart is None or apart < TEMPLATE_APART
    return soon and one.headline != 0 and one.headline == other.headline


def _said(title: frozenset[int], other: Telling) -> float:
    if not title:
        return 0.0
    wanted = np.fromiter(title, np.uint32, len(title))
    said = other.words
    if not len(said):
        return 0.0
    kept = wanted.astype(np.uint16)
    places = np.minimum(np.searchsorted(said, kept), len(said) - 1)
    return total_weight(wanted[said[places] == kept].tolist()) / total_weight(title)


def _copy(one: Telling, other: Telling, least: float, most: float) -> Likeness | None:
    first, second = one.shingles, other.shingles
    shorter = min(len(first), len(second))
    common = _common(first, second)
    if not common or (shorter < SHORT_SHINGLES and least < 0.5):
        return None
    if shorter < FLASH_SHINGLES and one.title != other.title:
        return None
    jaccard = common / (len(first) + len(second) - common)
    contained = common / shorter
    if jaccard >= COPY and most >= 0.5 and least >= (0.0 if jaccard >= 0.6 else 0.2):
        return Likeness("copy", jaccard, f"the same text ({jaccard:.2f} of it)")
    if least < 0.75 and _strangers(one, other, NAMED):
        return None
    if jaccard >= LOOSE_COPY and least >= 0.6 and most >= 0.8:
        return Likeness("copy", jaccard, f"an edited copy ({jaccard:.2f} of both texts)")
    if contained >= CONTAINED and shorter >= CONTAINED_SHINGLES and least >= 0.3 and most >= 0.6:
        return Likeness("copy", contained, f"one text holds the other ({contained:.2f} of it)")
    return None


def _told_anew(one: Telling, other: Telling, apart: timedelta | None, alike: float) -> bool:
    """A form that was filled in again: another day's weather, another president congratulated."""
    if apart is None or apart < DAILY_APART or alike >= DAILY:
        return False
    if (one.forecast and other.forecast) or _other_day(one.weekdays, other.weekdays):
        return True
    if apart < TEMPLATE_APART or alike >= TEMPLATE:
        return False
    return one.weekdays == other.weekdays == {TODAY} or _strangers(one, other, RARELY_NAMED)


def _other_day(one: frozenset[int], other: frozenset[int]) -> bool:
    """Each names days, none of them the other's."""
    return bool(one and other) and TODAY not in one | other and not one & other


def _common(first: Ids, second: Ids) -> int:
    """Of two ascending arrays, each number once, how many are in both."""
    if len(first) > len(second):
        first, second = second, first
    if not len(first):
        return 0
    places = np.minimum(np.searchsorted(second, first), len(second) - 1)
    return int(np.count_nonzero(second[places] == first))


def _strangers(one: Telling, other: Telling, least: float) -> bool:
    """Each title names something that the other article never does: a template told anew."""
    return min(_unsaid(one.title, other), _unsaid(other.title, one)) > least


def _unsaid(title: frozenset[int], other: Telling) -> float:
    said = set(other.words.tolist())
    return max((weight(word) for word in title if word & 0xFFFF not in said), default=0.0)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for one event in other words, and against it."""

    log_odds: float
    least: float
    shared: int
    numbers: tuple[str, ...]
    other_numbers: bool
    other_round: bool
    days: float
    cosine: float
    rare: float
    meaning: float | None

    @property
    def probability(self) -> float:
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.log_odds))))

    def why(self) -> str:
        parts = [f"{self.shared} telling words in common"]
        if self.numbers:
            parts.append(f"the same figures ({', '.join(self.numbers)})")
        if self.other_numbers:
            parts.append("other figures")
        if self.meaning is not None:
            parts.append(f"like meaning ({self.meaning:.2f})")
        return f"the same event in other words: {', '.join(parts)}"

    def lacking(self) -> str:
        parts = [f"{self.shared} telling words in common"]
        if self.other_round:
            parts.append("another round or edition")
        if self.other_numbers:
            parts.append("other figures")
        if self.days >= 1:
            parts.append(f"{self.days:.1f} days apart")
        if self.meaning is not None:
            parts.append(f"meaning {self.meaning:.2f}")
        return f"{', '.join(parts)} ({self.log_odds:.1f} of {self.least:.1f})"


def _evidence(
    one: Telling, other: Telling, apart: timedelta | None, title_said: float
) -> _Evidence:
    shared = one.lead & other.lead
    meaning = _meaning(one, other)
    by = WORDS_ONLY if meaning is None else WITH_MEANING
    cosine = _cosine(one, other, shared)
    rare = sum(max(0.0, weight(word) - SPECIFIC) for word in shared) / 10
    same = one.numbers & other.numbers
    other_numbers = bool(one.numbers and other.numbers and not same)
    other_round = bool(one.ordinals and other.ordinals and not one.ordinals & other.ordinals)
    days = UNDATED_DAYS if apart is None else min(2.0, apart / timedelta(days=1))
    long = min(len(one.words), len(other.words)) >= LONG_WORDS
    missed = max(0.0, TITLE_EXPECTED - title_said) if long else 0.0
    other_topics = bool(one.topics and other.topics and not one.topics & other.topics)
    log_odds = (
        by.bias
        + by.cosine * cosine
        + by.rare * rare
        + by.numbers * min(2, len(same))
        + by.other_numbers * other_numbers
        + by.other_round * other_round
        + by.days * days
        + by.meaning * (meaning or 0.0)
        + OTHER_TOPICS * other_topics
        - TITLE_MISSED * missed
    )
    return _Evidence(
        log_odds=log_odds,
        least=by.least,
        shared=len(shared),
        numbers=tuple(sorted(same)),
        other_numbers=other_numbers,
        other_round=other_round,
        days=days,
        cosine=cosine,
        rare=rare,
        meaning=meaning,
    )


def features(one: Telling, other: Telling, apart: timedelta | None) -> tuple[float, ...]:
    """What the weights weigh, in the order of scripts/weigh-stories.py."""
    found = _evidence(one, other, apart, title_said=1.0)
    return (
        found.cosine,
        found.rare,
        float(min(2, len(found.numbers))),
        float(found.other_numbers),
        found.days,
        found.meaning or 0.0,
    )


def _cosine(one: Telling, other: Telling, shared: frozenset[int]) -> float:
    dot = sum(_counted(word, one) * _counted(word, other) for word in shared)
    return dot / (_length(one) * _length(other)) if dot else 0.0


def _counted(word: int, told: Telling) -> float:
    return weight(word) * (TITLE_WEIGHT if word in told.title else 1.0)


def _length(told: Telling) -> float:
    return sqrt(sum(_counted(word, told) ** 2 for word in told.lead)) or 1.0


def _meaning(one: Telling, other: Telling) -> float | None:
    if one.vector is None or other.vector is None:
        return None
    first = np.frombuffer(one.vector, np.float16).astype(np.float32)
    second = np.frombuffer(other.vector, np.float16).astype(np.float32)
    return float(first @ second)

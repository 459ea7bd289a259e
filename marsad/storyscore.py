"""How good stories are: held against labels of people, by pairs and by B-cubed."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from alerts.matching.quality import Ratio


@dataclass(frozen=True, slots=True)
class Score:
    """`precision`: of the pairs put into one story, the true ones; `recall`: of the true pairs,
    those put into one story. `b_cubed`: the F1 of Bagga and Baldwin (1998), by article."""

    precision: Ratio
    recall: Ratio
    b_cubed: float

    @property
    def f1(self) -> float:
        precision, recall = self.precision.value or 0.0, self.recall.value or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class WrongPair:
    """Two articles, by their places, that were joined and should not be, or the reverse."""

    first: int
    second: int
    joined: bool


def score(stories: Sequence[Hashable], clusters: Sequence[Hashable]) -> Score:
    """`stories`, `clusters`: what was found and what is true of each article, in one order."""
    both = Counter(zip(stories, clusters, strict=True))
    found, true = Counter(stories), Counter(clusters)
    right = _pairs(both.values())
    return Score(
        precision=Ratio(right, _pairs(found.values())),
        recall=Ratio(right, _pairs(true.values())),
        b_cubed=_b_cubed(both, found, true, len(stories)),
    )


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def _b_cubed(
    both: Mapping[tuple[Hashable, Hashable], int],
    found: Mapping[Hashable, int],
    true: Mapping[Hashable, int],
    articles: int,
) -> float:
    if not articles:
        return 0.0
    precision = sum(n * n / found[story] for (story, _), n in both.items()) / articles
    recall = sum(n * n / true[cluster] for (_, cluster), n in both.items()) / articles
    return 2 * precision * recall / (precision + recall)


def wrong_pairs(stories: Sequence[Hashable], clusters: Sequence[Hashable]) -> list[WrongPair]:
    """The pairs that were joined wrongly, then those that were missed."""
    by_story, by_cluster = _places(stories), _places(clusters)
    joined = [
        WrongPair(first, second, joined=True)
        for places in by_story.values()
        for first, second in combinations(places, 2)
        if clusters[first] != clusters[second]
    ]
    missed = [
        WrongPair(first, second, joined=False)
        for places in by_cluster.values()
        for first, second in combinations(places, 2)
        if stories[first] != stories[second]
    ]
    return sorted(joined, key=_order) + sorted(missed, key=_order)


def _places(values: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, value in enumerate(values):
        found[value].append(place)
    return found


def _order(pair: WrongPair) -> tuple[int, int]:
    return pair.first, pair.second

"""`marsad stories`: the stories of a file, and how they agree with labels."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.matching.quality import Ratio
from alerts.stories.likeness import explained
from alerts.stories.meaning import Meaning
from alerts.stories.telling import Telling, telling
from marsad.rows import BadRow, Row, read_json_lines
from marsad.storygroups import StoryGroups
from marsad.storyscore import Score, WrongPair, score, wrong_pairs

NewGroups = Callable[[], StoryGroups]


@dataclass(frozen=True, slots=True)
class Article:
    """A row with what is compared of it, made once for all orders of arrival."""

    row: Row
    told: Telling


def articles(rows: Iterable[Row], meaning: Meaning | None) -> list[Article]:
    return [Article(row, _told(row, meaning)) for row in rows]


def read_labels(path: str) -> dict[str, str]:
    """The cluster of each id, from JSON lines with id and cluster. Raises UnreadableFile."""
    return {
        str(value["id"]): str(value["cluster"])
        for _, value in read_json_lines(path)
        if not isinstance(value, BadRow) and "id" in value and value.get("cluster") is not None
    }


def _told(row: Row, meaning: Meaning | None) -> Telling:
    document = row.document
    told = telling(document.title, document.text, document.published)
    if meaning is None:
        return told
    return told.known_as(frozenset(), meaning.vector(document.title, document.text))


def stories(found: Sequence[Article], groups: StoryGroups) -> list[int]:
    """The story of each article after the last one has come."""
    joined = [groups.add(article.row, article.told) for article in found]
    return [groups.story(story) for story in joined]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`labelled`: the articles that have a label, with it; `unlabelled`: how many have none."""

    labelled: Sequence[tuple[Article, str]]
    found: Sequence[int]
    unlabelled: int

    @property
    def score(self) -> Score:
        return score(self.found, [cluster for _, cluster in self.labelled])

    def wrong(self) -> list[WrongPair]:
        return wrong_pairs(self.found, [cluster for _, cluster in self.labelled])


def evaluate(
    found: Sequence[Article], labels: Mapping[str, str], groups: StoryGroups
) -> Evaluation:
    """Group all articles, and look at those that have a label (an id, its cluster)."""
    grouped = stories(found, groups)
    known = [
        (article, labels[str(article.row.id)], story)
        for article, story in zip(found, grouped, strict=True)
        if str(article.row.id) in labels
    ]
    return Evaluation(
        labelled=[(article, cluster) for article, cluster, _ in known],
        found=[story for _, _, story in known],
        unlabelled=len(found) - len(known),
    )


def shuffled(
    found: Sequence[Article], labels: Mapping[str, str], new_groups: NewGroups, times: int
) -> list[float]:
    """The pairwise F1 of so many orders of arrival, the same ones each time."""
    scores = []
    for seed in range(times):
        order = list(found)
        random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
        scores.append(evaluate(order, labels, new_groups()).score.f1)
    return scores


def report(evaluation: Evaluation, shuffles: Sequence[float], most_wrong: int) -> Iterator[str]:
    """What `marsad stories --eval` prints."""
    rated = evaluation.score
    count = len(evaluation.labelled)
    yield (
        f"{count} labelled articles, {len(set(evaluation.found))} stories, "
        f"{len({cluster for _, cluster in evaluation.labelled})} clusters"
    )
    if evaluation.unlabelled:
        yield f"{evaluation.unlabelled} articles have no label"
    yield f"pairwise precision {_share(rated.precision)}"
    yield f"pairwise recall    {_share(rated.recall)}"
    yield f"pairwise F1        {rated.f1:.3f}"
    yield f"B-cubed F1         {rated.b_cubed:.3f}"
    if shuffles:
        yield (
            f"{len(shuffles)} orders of arrival: F1 {min(shuffles):.3f} to {max(shuffles):.3f}, "
            f"{max(shuffles) - min(shuffles):.3f} apart"
        )
    wrong = evaluation.wrong()
    for pair in wrong[:most_wrong]:
        yield _wrong(evaluation, pair)
    if len(wrong) > most_wrong:
        yield f"... and {len(wrong) - most_wrong} more wrong pairs (--wrong N shows N)"


def _share(ratio: Ratio) -> str:
    if ratio.value is None:
        return "none: there is no pair"
    return f"{ratio.value:.3f} ({ratio.part} of {ratio.whole})"


def _wrong(evaluation: Evaluation, pair: WrongPair) -> str:
    first, second = (evaluation.labelled[place][0] for place in (pair.first, pair.second))
    verdict = "joined wrongly" if pair.joined else "missed"
    why = explained(first.told, second.told)
    return f"{verdict}: {first.row.id} and {second.row.id}: {why}"

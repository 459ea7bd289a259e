"""Stories of the labelled set are as good as the floors say (floors go up; down with a reason)."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from alerts.stories.meaning import E5Meaning, Meaning, installed
from marsad.rows import Row, read_rows
from marsad.storyfile import articles, evaluate, read_labels, shuffled
from marsad.storygroups import StoryGroups

HERE = Path(__file__).parent
LABELLED = HERE / "stories.jsonl"
PRECISION = 0.97
RECALL = {"by words": 0.48, "with meaning": 0.62}
APART = 0.03
JUDGED_PRECISION = 0.97
ORDERS = 5


def rows() -> list[Row]:
    return [row for row in read_rows(str(LABELLED)) if isinstance(row, Row)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_set_is_large_and_deceptive_enough() -> None:
    labels = _lines(LABELLED)
    pairs = list(combinations(labels, 2))
    assert len({row["cluster"] for row in labels}) >= 60
    assert sum(a["cluster"] == b["cluster"] for a, b in pairs) >= 150
    like = [(a, b) for a, b in pairs if a["family"] == b["family"]]
    assert sum(a["cluster"] != b["cluster"] for a, b in like) >= 300


@pytest.mark.parametrize(
    "how",
    [
        "by words",
        pytest.param(
            "with meaning",
            marks=pytest.mark.skipif(not installed(), reason="the extra 'semantic' is not there"),
        ),
    ],
)
def test_stories_reach_the_floors_in_any_order(how: str) -> None:
    meaning: Meaning | None = E5Meaning() if how == "with meaning" else None
    found = articles(rows(), meaning)
    labels = read_labels(str(LABELLED))
    score = evaluate(found, labels, StoryGroups()).score
    assert score.precision.value is not None
    assert score.recall.value is not None
    assert score.precision.value >= PRECISION
    assert score.recall.value >= RECALL[how]
    orders = shuffled(found, labels, StoryGroups, ORDERS)
    assert max(orders) - min(orders) <= APART


def test_judged_pairs_of_copies_keep_their_precision() -> None:
    judged = _lines(HERE / "story-pairs.jsonl")
    assert len(judged) == 200
    assert all(set(pair) == {"a", "b", "same"} for pair in judged)
    assert sum(pair["same"] for pair in judged) / len(judged) >= JUDGED_PRECISION

"""Fit the weights of alerts/stories/likeness.py on the labelled set and print them.

    python scripts/weigh-stories.py [--semantic]

A logistic regression (Newton's method, a little ridge) over the pairs within the window: what
`_evidence` adds up, and whether people put the two articles into one event.
"""

import argparse
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alerts.stories.likeness import features
from alerts.stories.meaning import E5Meaning
from alerts.stories.telling import Telling
from marsad.rows import Row, read_rows
from marsad.storyfile import articles, read_labels

LABELLED = Path(__file__).parents[1] / "tests" / "quality" / "stories.jsonl"
WINDOW = timedelta(hours=72)
RIDGE = 1e-3
NAMES = ("cosine", "rare", "numbers", "other_numbers", "days", "meaning")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--semantic", action="store_true")
    given = parser.parse_args()
    rows = [row for row in read_rows(str(LABELLED)) if isinstance(row, Row)]
    labels = read_labels(str(LABELLED))
    told = articles(rows, E5Meaning() if given.semantic else None)
    measured, same = [], []
    for one, other in combinations(told, 2):
        found = _measured(one.told, other.told)
        if found is not None:
            measured.append(found)
            same.append(labels[str(one.row.id)] == labels[str(other.row.id)])
    names = NAMES if given.semantic else NAMES[:-1]
    weights = fit(np.asarray(measured)[:, : len(names)], np.asarray(same, float))
    for name, weight in zip((*names, "bias"), weights, strict=True):
        print(f"{name:<15} {weight:8.2f}")


def _measured(one: Telling, other: Telling) -> Sequence[float] | None:
    if one.published is None or other.published is None:
        return None
    apart = abs(one.published - other.published)
    return features(one, other, apart) if apart <= WINDOW else None


def fit(measured: NDArray[np.float64], same: NDArray[np.float64]) -> list[float]:
    """The weights of the columns as they are, and the bias."""
    mean, spread = measured.mean(0), measured.std(0) + 1e-9
    columns = np.c_[(measured - mean) / spread, np.ones(len(measured))]
    ridge = RIDGE * len(same) * np.diag([1.0] * measured.shape[1] + [0.0])
    weights = np.zeros(columns.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-columns @ weights))
        slope = columns.T @ (chance - same) + ridge @ weights
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + ridge
        weights -= np.linalg.solve(curve + 1e-9 * np.eye(len(curve)), slope)
    plain = weights[:-1] / spread
    return [*plain, float(weights[-1] - plain @ mean)]


if __name__ == "__main__":
    main()

"""The shipped rules, held against articles that people have judged.

The files unseen-*.jsonl were written and committed before a rule was measured on them; what each
measured then stands in docs/decisions/0002-matching.md.

MARSAD_EVAL_DATA may name a folder of further labelled files (*.jsonl, *.jsonl.gz); without it the
check on them is skipped.
"""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerts.matching.matcher import Matcher
from alerts.matching.quality import Labelled, Ratio, label_columns, labelled, measured
from models.lexicon import Lexicon
from models.topic import Topic

HERE = Path(__file__).parent
OWN = [HERE / "labelled.jsonl", *sorted(HERE.glob("unseen-*.jsonl"))]
CONFIG = HERE.parents[1] / "config"
FLOORS = YAML(typ="safe").load(HERE / "floors.yaml")
PUBLISHED = {"precision": 0.90, "recall": 0.95}
"""What a reader may expect on labelled articles that are not ours."""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    def files(folder: str) -> list[tuple[str, dict[str, object]]]:
        paths = sorted((CONFIG / folder).glob("*.yaml"))
        return [(path.stem, YAML(typ="safe").load(path)) for path in paths]

    return Matcher(
        {name: Topic.model_validate({**data, "name": name}) for name, data in files("topics")},
        {name: Lexicon.model_validate({**data, "name": name}) for name, data in files("lexicon")},
    )


def rows(path: Path, matcher: Matcher) -> list[Labelled]:
    opener = gzip.open if path.suffix == ".gz" else open
    columns = label_columns(matcher)
    with opener(path, "rt", encoding="utf-8") as file:
        return [labelled(json.loads(line), columns) for line in file if line.strip()]


def test_the_labelled_set_has_every_kind_of_article():
    lines = [line for path in OWN for line in path.read_text(encoding="utf-8").splitlines()]
    items = [json.loads(line) for line in lines]
    assert len(items) >= 160
    assert len({item["id"] for item in items}) == len(items)
    kinds = Counter(item["kind"] for item in items)
    assert {"sport", "list", "byline", "belarus", "lookalike", "persian", "city"} <= set(kinds)
    assert {"name", "qazvin", "opec", "geography", "other sea", "mention", "domestic"} <= set(kinds)
    assert {"russia-only", "iran-only"} <= set(kinds)
    assert sum(2 in (item["ir"], item["cas"]) for item in items) >= 80
    assert sum(item["ir"] == 2 for item in items) >= 40
    assert sum(item["cas"] == 2 and item["text"].count(".") >= 4 for item in items) >= 40
    assert sum(item["ir"] == item["cas"] == 0 for item in items) >= 60


@pytest.mark.parametrize("topic", sorted(FLOORS))
def test_a_shipped_rule_stays_above_its_floor(matcher, topic):
    own = [row for path in OWN for row in rows(path, matcher)]
    quality = next(quality for quality in measured(matcher, own) if quality.topic == topic)
    figures = f"precision {quality.precision}, recall {quality.recall}, wrong {quality.wrong}"
    assert (quality.precision.value or 0) >= FLOORS[topic]["precision"], figures
    assert (quality.recall.value or 0) >= FLOORS[topic]["recall"], figures


@pytest.mark.skipif("MARSAD_EVAL_DATA" not in os.environ, reason="MARSAD_EVAL_DATA is not set")
@pytest.mark.parametrize("topic", sorted(FLOORS))
def test_a_shipped_rule_holds_on_articles_of_others(matcher, topic):
    folder = Path(os.environ["MARSAD_EVAL_DATA"])
    for path in sorted(folder.glob("*.jsonl*")):
        for quality in measured(matcher, rows(path, matcher)):
            if quality.topic == topic and quality.recall.whole >= 10:
                assert (quality.precision.value or 0) >= PUBLISHED["precision"], (path, quality)
                assert (quality.recall.value or 0) >= PUBLISHED["recall"], (path, quality)


def test_a_ratio_comes_with_its_interval():
    assert str(Ratio(9, 10)) == "0.900 (9/10, 95 % 0.596-0.982)"
    assert str(Ratio(0, 0)) == "none to judge"
    assert Ratio(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": 1, "title": "ا", "text": "ب", "ir": 3}, "0, 1 or 2 is allowed"),
        ({"id": 1, "title": 5, "text": "ب", "ir": 0}, "title is not a text"),
    ],
)
def test_a_row_that_is_no_judged_article_is_refused(row, message):
    with pytest.raises(ValueError, match=message):
        labelled(row, {"iran-russia": "ir"})

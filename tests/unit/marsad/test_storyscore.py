"""Pairs and B-cubed; what `marsad stories` prints."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.cli import main
from marsad.storyscore import WrongPair, score, wrong_pairs

SHIP = "جنحت سفينة الشحن كاسبي ستار قبالة ميناء أكتاو بعدما تعطلت دفتها وسط رياح قوية."
SHIP_TITLE = "جنوح سفينة الشحن كاسبي ستار قبالة أكتاو"
RAIN = "تساقطت أمطار غزيرة على مرتفعات جازان مساء أمس ولم ترد أنباء عن أضرار."


def test_pairs_and_b_cubed() -> None:
    rated = score([1, 1, 1, 2], ["a", "a", "b", "b"])
    assert (rated.precision.part, rated.precision.whole) == (1, 3)
    assert (rated.recall.part, rated.recall.whole) == (1, 2)
    assert rated.f1 == pytest.approx(0.4)
    # precision (4/3 + 1/3 + 1) / 4, recall (2 + 1/2 + 1/2) / 4
    assert rated.b_cubed == pytest.approx(2 * (2 / 3) * 0.75 / (2 / 3 + 0.75))


def test_nothing_joined_has_no_precision() -> None:
    rated = score([1, 2], ["a", "b"])
    assert rated.precision.value is None
    assert rated.f1 == 0.0


def test_wrong_pairs_are_those_joined_then_those_missed() -> None:
    assert wrong_pairs([1, 1, 2], ["a", "b", "b"]) == [
        WrongPair(0, 1, joined=True),
        WrongPair(1, 2, joined=False),
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        {"id": 1, "title": SHIP_TITLE, "text": SHIP, "cluster": "ship"},
        {
            "id": "two",
            "title": SHIP_TITLE,
            "text": f"أكتاو - {SHIP}",
            "date": None,
            "cluster": "ship",
        },
        {"id": 3, "title": "أمطار على جازان", "text": RAIN, "source": None, "cluster": "ship"},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_row_gets_its_story(file: Path) -> None:
    result = CliRunner().invoke(main, ["stories", str(file)])
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"id": 1, "story": 1},
        {"id": "two", "story": 1},
        {"id": 3, "story": 2},
    ]


def test_an_evaluation_names_wrong_pairs_with_the_reason(file: Path) -> None:
    result = CliRunner().invoke(
        main, ["stories", str(file), "--eval", str(file), "--shuffles", "2"]
    )
    assert "pairwise precision 1.000 (1 of 1)" in result.output
    assert "pairwise recall    0.333 (1 of 3)" in result.output
    assert "2 orders of arrival: F1 0.500 to 0.500, 0.000 apart" in result.output
    assert "missed: 1 and 3: unlike: 0.00 of the texts, 0 telling words in common" in result.output


def test_reasons_say_of_what_an_article_is_a_copy(file: Path) -> None:
    output = CliRunner().invoke(main, ["stories", str(file), "--reasons", "--copies"]).output
    second = json.loads(output.splitlines()[1])
    assert second["reason"] == "the same text (0.92 of it): article 1"

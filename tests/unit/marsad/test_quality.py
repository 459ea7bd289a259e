"""`marsad quality`: precision, recall and the wrong ones, on labelled articles and word forms."""

import json
from pathlib import Path

import pytest

from marsad.formquality import form_quality
from marsad.quality import judged_files
from models.lexicon import Lexicon
from tests.unit.marsad.conftest import Run, row, write_rows

SHIP = "غادرت أوديسا أمس سفينة تحمل القمح إلى إسطنبول."
WEATHER = "تهطل أمطار غزيرة على الساحل مساء اليوم."


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    return write_rows(
        tmp_path / "labelled.jsonl.gz",
        row("found", "سفينة تغادر الميناء", SHIP, grain=2),
        row("missed", "الحبوب تنتظر", "قال تاجر إن السفن لا تزال في الميناء.", grain=2),
        row("false", "وصفات", SHIP, source="kitchen", labels={"grain": 0}),
        row("quiet", "طقس الغد", WEATHER, labels={"grain": 0}),
        row("border", "سفينة أخرى", SHIP, grain=1),
    )


def test_figures_come_with_counts_intervals_and_the_wrong_ones(marsad: Run, labelled: Path) -> None:
    result = marsad("quality", labelled)
    assert result.exit_code == 0
    assert "5 labelled articles" in result.output
    assert "precision 0.500 (1/2, 95 % 0.095-0.905)" in result.output
    assert "recall    0.500 (1/2, 95 % 0.095-0.905)" in result.output
    assert "F1        0.500" in result.output
    assert "left out  1 borderline, of which 1 fire" in result.output
    assert "false  false «وصفات» (kitchen): fired by أوديسا, القمح" in result.output
    assert "missed missed «الحبوب تنتظر» (news): any of: 0 of 1 hold" in result.output


def test_sources_are_judged_apart(marsad: Run, labelled: Path) -> None:
    output = marsad("quality", labelled, "--by-source").output
    assert "kitchen: precision 0.000 (0/1, 95 % 0.000-0.793), recall none to judge" in output
    assert "news: precision 1.000 (1/1" in output


def test_json_says_the_same(marsad: Run, labelled: Path) -> None:
    found = json.loads(marsad("quality", labelled, "--json").stdout)
    grain = found["topics"]["grain"]
    assert grain["precision"]["part"] == 1
    assert grain["recall"]["whole"] == 2
    assert [wrong["id"] for wrong in grain["wrong"]] == ["missed", "false"]


def test_the_labelled_files_of_the_project_and_under_a_folder_are_judged_without_a_file(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "evaluation"
    (folder / "deeper").mkdir(parents=True)
    plain = write_rows(folder / "articles.jsonl", row("a", "عنوان", WEATHER))
    named = write_rows(folder / "deeper" / "labelled.jsonl.gz", row("a", "عنوان", SHIP, grain=2))
    columns = {"grain": "grain"}
    assert list(judged_files(columns, folder)) == [named]
    own = list(judged_files({"caspian": "cas"}, None))
    assert own
    assert plain.parent not in {file.parent for file in own}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(row("a", "عنوان", SHIP, grain=3), "0, 1 or 2 is allowed", id="label"),
        pytest.param(row("a", "عنوان", SHIP, labels=[2]), "labels is an object", id="labels"),
        pytest.param(row("a", "عنوان", SHIP), "no label of a topic", id="unlabelled"),
        pytest.param(
            {"id": "a", "title": 5, "text": SHIP, "grain": 2}, "title is not a text", id="title"
        ),
    ],
)
def test_a_line_that_is_no_labelled_article_is_named(
    marsad: Run, tmp_path: Path, line: dict[str, object], reason: str
) -> None:
    file = write_rows(tmp_path / "bad.jsonl", row("ok", "سفينة تغادر", SHIP, grain=2), line)
    result = marsad("quality", file)
    assert result.exit_code == 1
    assert f"line 2: {reason}" in result.output or reason in result.output
    assert "recall    1.000 (1/1" in result.output


def table(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in rows), encoding="utf-8")
    return path


def test_word_forms_are_judged_by_a_table(marsad: Run, tmp_path: Path) -> None:
    file = table(
        tmp_path / "forms.tsv",
        "keyword\tclass\tform\texpected",
        "أوديسا\tname\tلأوديسا\tyes",
        "أوديسا\tname\tالأوديسية\tyes",
        "أوديسا\tname\tأوديسيوس\tno",
        "صاروخ\tprefix\tالصاروخية\tno",
        "كأس العالم\tphrase\tبكأس العالم\tyes",
    )
    result = marsad("quality", "--forms", file)
    assert result.exit_code == 0
    assert "3 forms, 2 look-alikes" in result.output
    assert "forms found       0.667 (2/3" in result.output
    assert "look-alikes found 0.500 (1/2" in result.output
    assert "missed الأوديسية for أوديسا (name)" in result.output
    assert "false  الصاروخية for صاروخ (prefix)" in result.output
    fields = json.loads(marsad("quality", "--forms", file, "--json").stdout)
    assert fields["forms"] == {"part": 2, "whole": 3}


def test_a_listed_keyword_is_judged_with_its_spellings_and_exceptions(tmp_path: Path) -> None:
    file = table(
        tmp_path / "forms.tsv",
        "أوديسا\tplace\tلأوديسة\tyes",
        "أوديسا\tplace\tالأوديسية\tno",
        "أوديسا\tname\tوَأوديسّا\tyes",
        "يالطا\tname\tليالطة\tyes",
    )
    entry = {"word": "أوديسا", "class": "place", "variants": ["أوديسة"], "not_forms": ["الأوديسية"]}
    lexicon = Lexicon.model_validate({"name": "ports", "entries": [entry]})
    assert [row.form for row in form_quality(str(file), [lexicon]).wrong] == ["ليالطة"]
    alone = [row.form for row in form_quality(str(file)).wrong]
    assert alone == ["لأوديسة", "الأوديسية", "ليالطة"]


def test_a_clitic_that_stands_apart_belongs_to_the_form(tmp_path: Path) -> None:
    rows = ("أوديسا\tname\tلـ«أوديسا»\tyes", "أوديسا\tname\tقرب أوديسا\tno")
    assert form_quality(str(table(tmp_path / "forms.tsv", *rows))).wrong == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("أوديسا\tname\tلأوديسا", "keyword, class, surface form", id="three"),
        pytest.param("أوديسا\tnom\tلأوديسا\tyes", "name", id="class"),
        pytest.param("صار\tprefix\tصاروخ\tyes", "shorter than 4", id="prefix"),
    ],
)
def test_a_line_that_is_no_judged_form_is_named(
    marsad: Run, tmp_path: Path, line: str, reason: str
) -> None:
    file = table(tmp_path / "forms.tsv", "أوديسا\tname\tأوديسا\tyes", line)
    result = marsad("quality", "--forms", file)
    assert result.exit_code == 1
    assert "line 2: " in result.output
    assert reason in result.output

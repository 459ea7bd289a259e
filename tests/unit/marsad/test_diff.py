"""`marsad diff`: which alerts other rules add and take away, and by which clause."""

from pathlib import Path
from typing import Any

import pytest

from alerts.matching.matcher import Matcher
from marsad.difference import Side, difference
from models.lexicon import Lexicon
from models.match import Document
from models.topic import Topic
from tests.unit.marsad.conftest import GRAIN, SEA, Run, row, write_config, write_rows

SHIP = "غادرت أوديسا أمس سفينة تحمل القمح إلى إسطنبول."
FILM = "يروي الفيلم قصة سفينة قمح غادرت أوديسا قبل مئة عام."
BARLEY = "عبرت البحر الأسود سفينة محملة بالشعير نحو ميناء الإسكندرية صباح الثلاثاء."
WEATHER = "تهطل أمطار غزيرة على الساحل مساء اليوم."


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_rows(
        tmp_path / "articles.jsonl",
        row("ship", "سفينة تغادر الميناء", SHIP, published="2026-03-01T10:00:00Z"),
        row("film", "فيلم عن بحارة أوديسا", FILM, published="2026-03-01T12:00:00Z"),
        row("barley", "شحنة تعبر المضيق", BARLEY, published="2026-03-02T10:00:00Z", source="port"),
        row("rain", "طقس الغد", WEATHER, published="2026-03-04T10:00:00Z"),
    )


def edited(tmp_path: Path, topic: str = GRAIN, sea: str = SEA) -> Path:
    return write_config(tmp_path / "new", {"grain": topic}, {"sea": sea})


def test_the_same_rules_change_nothing(marsad: Run, tmp_path: Path, articles: Path) -> None:
    result = marsad("diff", edited(tmp_path), articles)
    assert result.exit_code == 0
    assert "4 articles read, published on 3 days" in result.output
    assert "grain: 1 alert, 0.33 a day, unchanged" in result.output


def test_a_new_word_adds_an_alert_by_source_and_day(
    marsad: Run, tmp_path: Path, articles: Path
) -> None:
    new = edited(tmp_path, GRAIN.replace("{word: ذرة}", "{word: ذرة}, {word: شعير}"))
    output = marsad("diff", new, articles).output
    assert "grain: 1 -> 2 alerts, 0.33 -> 0.67 a day, +1 -0" in output
    assert "port: 0 -> 1" in output
    assert "+1 by any[0] in one sentence" in output
    assert "+ barley «شحنة تعبر المضيق» (port, 2026-03-02)" in output
    assert "البحر الأسود، بالشعير" in output


def test_a_word_taken_out_of_a_list_takes_alerts_away(
    marsad: Run, tmp_path: Path, articles: Path
) -> None:
    new = edited(tmp_path, sea="entries: [{word: البحر الأسود}]\n")
    output = marsad("diff", new, articles).output
    assert "grain: 1 -> 0 alerts, 0.33 -> 0.00 a day, +0 -1" in output
    assert "-1 by no longer any[0] in one sentence" in output
    assert "- ship «سفينة تغادر الميناء»" in output


def test_a_ban_that_goes_is_named(marsad: Run, tmp_path: Path, articles: Path) -> None:
    new = edited(tmp_path, GRAIN.replace("مباراة, فيلم", "مباراة"))
    output = marsad("diff", new, articles).output
    assert "+1 by none of > without any of" in output
    assert "+ film" in output


def test_a_topic_that_is_new_says_so(marsad: Run, tmp_path: Path, articles: Path) -> None:
    rain = "title: {ar: مطر}\nany: [{word: أمطار}]\n"
    new = write_config(tmp_path / "new", {"grain": GRAIN, "rain": rain})
    output = marsad("diff", new, articles).output
    assert "rain: 0 -> 1 alert" in output
    assert "+1 by the topic is new" in output


def test_a_story_told_twice_is_no_further_alert(marsad: Run, tmp_path: Path) -> None:
    file = write_rows(
        tmp_path / "two.jsonl",
        row("film", "فيلم عن بحارة أوديسا", FILM),
        row("copy", "فيلم عن بحارة أوديسا", FILM, source="port"),
    )
    new = edited(tmp_path, GRAIN.replace("مباراة, فيلم", "مباراة"))
    assert "grain: 0 -> 1 alert, +1 -0" in marsad("diff", new, file).output


def test_labelled_articles_that_flip_are_named(marsad: Run, tmp_path: Path, articles: Path) -> None:
    labels = write_rows(
        tmp_path / "labelled.jsonl",
        row("right", "شحنة تعبر المضيق", BARLEY, grain=2),
        row("wrong", "شعير على الطريق", BARLEY, labels={"grain": 0}),
        row("same", "سفينة تغادر الميناء", SHIP, grain=2),
    )
    new = edited(tmp_path, GRAIN.replace("{word: ذرة}", "{word: ذرة}, {word: شعير}"))
    output = marsad("diff", new, articles, "--labels", labels).output
    assert "labelled.jsonl: 2 labelled articles flip" in output
    assert "+ grain right «شحنة تعبر المضيق» (label 2, right now)" in output
    assert "+ grain wrong «شعير على الطريق» (label 0, wrong now)" in output
    assert "grain recall    0.500 (1/2" in output


def test_a_configuration_that_cannot_be_used_is_said(
    marsad: Run, tmp_path: Path, articles: Path
) -> None:
    new = edited(tmp_path, GRAIN.replace("list: sea", "list: see"))
    result = marsad("diff", new, articles)
    assert result.exit_code == 1
    assert "there is no list 'see'; did you mean 'sea'?" in result.output


def side(rule: dict[str, Any], text: str, title: str = "خبر") -> Side:
    topic = Topic.model_validate({"name": "topic", "title": {"ar": "م"}, **rule})
    lexicon = Lexicon.model_validate({"name": "sea", "entries": [{"word": "أوديسا"}]})
    matcher = Matcher({"topic": topic}, {"sea": lexicon})
    (verdict,) = matcher.evaluate(Document(title=title, text=text))
    return Side(topic, verdict)


NEAR = {"near": ["أوديسا", "قمح"], "within": 3}


def score(wheat: int) -> dict[str, Any]:
    terms = [{"of": ["قمح"], "weight": wheat, "cap": 2}, {"of": ["سفينة"], "weight": 5}]
    return {"any": [{"score": 20, "terms": terms}]}


@pytest.mark.parametrize(
    ("old", "new", "clause", "detail"),
    [
        pytest.param(
            {"any": [NEAR]},
            {"any": [{**NEAR, "within": 6}]},
            "any[0] within 6 words, in any order",
            "2 hits (else: within 3 words, in any order all occur, but further apart)",
            id="wider",
        ),
        pytest.param(
            {"any": [NEAR]},
            {"any": [{"all": ["سفينة", "بحارة"]}, {"all": ["سفينة", "قمح"]}, NEAR]},
            "any[1]",
            "سفينة، القمح",
            id="another-way-before-the-old-one",
        ),
        pytest.param(
            {"all": ["قمح", "ذرة"]}, {"all": ["قمح"]}, "no need of 'ذرة'", "", id="a-need-gone"
        ),
        pytest.param(
            {"all": ["قمح"]}, {"all": ["قمح", "ذرة"]}, "now needs 'ذرة'", "", id="a-need-more"
        ),
        pytest.param(
            {"all": ["قمح"]},
            {"all": ["قمح"], "none": ["سفينة"]},
            "now needs none of",
            "but: 'سفينة' 1 found",
            id="a-ban",
        ),
        pytest.param(
            {"all": ["قمح"], "none": ["فيلم"]},
            {"all": ["قمح"], "none": ["فيلم", "سفينة"]},
            "none of > now 'سفينة'",
            "",
            id="one-more-banned-word",
        ),
        pytest.param(
            score(12),
            score(15),
            "any[0] score 20",
            "20 of 20 (else: 17 of 20",
            id="score",
        ),
    ],
)
def test_the_clause_that_decides_is_named(
    old: dict[str, Any], new: dict[str, Any], clause: str, detail: str
) -> None:
    found = difference(side(old, SHIP), side(new, SHIP))
    assert found.clause == clause
    assert found.detail.startswith(detail)

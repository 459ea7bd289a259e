"""`marsad import-rule`: boolean queries of other tools become topics that `marsad check` passes."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from alerts.matching.matcher import Matcher
from marsad.boolean import QueryError
from marsad.importrule import topic_yaml
from models.match import Document
from models.topic import Topic
from tests.unit.marsad.conftest import Run, write_config

CUP = '(إيران AND روسيا) NEAR/12 NOT title:"كأس"'


def rule(query: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(topic_yaml(query))
    return {key: value for key, value in loaded.items() if key != "title"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param(
            CUP,
            {
                "all": [{"near": ["إيران", "روسيا"], "within": 13}],
                "none": [{"word": "كأس", "in": ["title"]}],
            },
            id="near-after-a-group",
        ),
        pytest.param(
            "إيران NEAR/5 روسيا NEAR/5 الصين",
            {"all": [{"near": ["إيران", "روسيا", "الصين"], "within": 6}]},
            id="near-between",
        ),
        pytest.param(
            "زار ONEAR/3 وزير",
            {"all": [{"near": ["زار", "وزير"], "within": 4, "ordered": True}]},
            id="in-order",
        ),
        pytest.param(
            "قمح OR ذرة AND مصر",
            {"any": ["قمح", {"all": ["ذرة", "مصر"]}]},
            id="and-is-tighter-than-or",
        ),
        pytest.param("قمح مصر", {"all": ["قمح", "مصر"]}, id="side-by-side-is-and"),
        pytest.param(
            "(قمح OR ذرة) NEAR/4 ميناء",
            {"all": [{"near": [{"any": ["قمح", "ذرة"]}, "ميناء"], "within": 5}]},
            id="near-a-choice",
        ),
        pytest.param(
            "title:(قمح OR ذرة) AND NOT (فيلم OR مباراة)",
            {
                "all": [{"any": ["قمح", "ذرة"], "in": ["title"]}],
                "none": [{"any": ["فيلم", "مباراة"]}],
            },
            id="title-of-a-choice",
        ),
        pytest.param(
            "صاروخ* «بحر قزوين» \"خط أنابيب\"~1",
            {
                "all": [
                    {"word": "صاروخ", "class": "prefix"},
                    "بحر قزوين",
                    {"word": "خط أنابيب", "slop": 1},
                ]
            },
            id="wildcard-phrase-slop",
        ),
        pytest.param(
            "ميناء OR (سفينة NOT فيلم)",
            {"any": ["ميناء", {"all": ["سفينة", {"none": ["فيلم"]}]}]},
            id="not-inside",
        ),
        pytest.param(
            "شمال-جنوب", {"all": [{"word": "شمال-جنوب", "class": "phrase"}]}, id="dash"
        ),
        pytest.param("\u200fقمح \u202bAND مصر\u202c", {"all": ["قمح", "مصر"]}, id="bidi-marks"),
        pytest.param('"no" AND "400"', {"all": ["no", "400"]}, id="words-that-yaml-would-convert"),
    ],
)  # fmt: skip
def test_a_query_becomes_a_rule(query: str, said: dict[str, Any]) -> None:
    assert rule(query) == said


@pytest.mark.parametrize(
    ("query", "column", "reason"),
    [
        pytest.param("", 1, "empty", id="empty"),
        pytest.param("NOT فيلم", 1, "only what must not occur", id="only-not"),
        pytest.param("قمح OR NOT فيلم", 8, "fire on almost everything", id="or-not"),
        pytest.param("قمح or ذرة", 5, "write OR in capitals", id="small-letters"),
        pytest.param("قمح near/3 ذرة", 5, "write NEAR/3 in capitals", id="small-near"),
        pytest.param("قمح NEAR ذرة", 5, "needs a number", id="near-without-number"),
        pytest.param("قمح NEAR/500 ذرة", 5, "1 to 99", id="near-too-far"),
        pytest.param("قمح NEAR/3", 5, "needs something after it", id="near-nothing"),
        pytest.param("(قمح OR ذرة) NEAR/3", 14, "needs something after it", id="near-or-group"),
        pytest.param("قمح NEAR/3 القمح NEAR/4 ذرة", 18, "put one into parentheses", id="two-nears"),
        pytest.param("(قمح AND ذرة) NEAR/3 ميناء", 2, "joins words", id="near-an-and-group"),
        pytest.param("قمح NEAR/3 قمح", 12, "another part", id="near-itself"),
        pytest.param("(قمح", 1, "never closed", id="open"),
        pytest.param("قمح)", 4, "closes nothing", id="close"),
        pytest.param('قمح "كأس العالم', 5, "never closed", id="quote"),
        pytest.param('قمح ""', 5, "no word between", id="no-phrase"),
        pytest.param("قم*", 1, "at least 4 letters", id="short-wildcard"),
        pytest.param("صا*روخ", 3, "only one * at the end", id="wildcard-inside"),
        pytest.param("*صاروخ", 1, "only one * at the end", id="wildcard-first"),
        pytest.param("صارو?", 5, "only one * at the end", id="question-mark"),
        pytest.param('"صارو* كبير"', 1, "inside a phrase", id="wildcard-in-phrase"),
        pytest.param("قمح url:bbc", 5, "'url:' cannot be said", id="field"),
        pytest.param("قمح -فيلم", 5, "write AND, OR or NOT", id="minus"),
        pytest.param("قمح^4", 1, "weights", id="weight"),
        pytest.param("قمح AND", 8, "ends where a word", id="ends"),
        pytest.param("قمح AND OR ذرة", 9, "a word is expected", id="two-operators"),
        pytest.param("title:(title:قمح)", 1, "a field inside a field", id="field-in-field"),
        pytest.param("ق AND مصر", 1, "single letter", id="one-letter"),
        pytest.param("(" * 99 + "قمح" + ")" * 99, 52, "parentheses", id="deep"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_with_its_column(
    query: str, column: int, reason: str
) -> None:
    with pytest.raises(QueryError, match=re.escape(reason)) as error:
        topic_yaml(query)
    assert error.value.column == column


def test_what_is_printed_passes_check_and_matches(
    marsad: Run, config: Path, tmp_path: Path
) -> None:
    printed = marsad("import-rule", CUP)
    assert printed.exit_code == 0
    assert printed.output.startswith(f"# From: {CUP}\n")
    folder = write_config(tmp_path / "imported", {"imported": printed.output})
    result = marsad("check", "--config", folder)
    assert result.exit_code == 0, result.output
    topic = Topic.model_validate({**YAML(typ="safe").load(printed.output), "name": "imported"})
    matcher = Matcher({"imported": topic}, {})
    text = "وقعت إيران أمس مذكرة تفاهم جديدة مع روسيا."
    assert matcher.matching(Document(title="توقيع مذكرة", text=text))
    assert not matcher.matching(Document(title="كأس الصداقة", text=text))


def test_words_n_apart_are_near_and_further_ones_are_not() -> None:
    topic = Topic.model_validate({"name": "t", "title": {"ar": "م"}, **rule("قمح NEAR/3 ميناء")})
    matcher = Matcher({"t": topic}, {})
    assert matcher.matching(Document(title="", text="وصل القمح أول أمس الميناء."))
    assert not matcher.matching(Document(title="", text="وصل القمح مساء أول أمس الميناء."))


def test_the_command_points_at_the_column(marsad: Run) -> None:
    result = marsad("import-rule", "قمح AND url:bbc")
    assert result.exit_code == 1
    assert "column 9: 'url:' cannot be said here; known: title:" in result.output
    assert "قمح AND url:bbc\n        ^" in result.output

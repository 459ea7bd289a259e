"""`marsad lint`: keywords and clauses that do nothing, or something else than they seem to."""

import json
from pathlib import Path
from typing import Any

import pytest

from alerts.matching.conditions import Hits
from alerts.matching.folding import Folded
from alerts.matching.frequencies import word_counts
from alerts.matching.layout import joined, placed
from alerts.matching.rules import compiled
from marsad import lint
from marsad.ambiguity import ambiguities
from marsad.decisiveness import Decisions, tree, undecided
from marsad.shadows import shadows
from models.lexicon import Keyword
from models.match import Document
from models.topic import Topic
from tests.unit.marsad.conftest import GRAIN, SEA, Run, row, write_config, write_rows

SHIP = "غادرت أوديسا أمس سفينة تحمل القمح إلى إسطنبول."
WEATHER = "تهطل أمطار غزيرة على الساحل مساء اليوم."


def entry(word: str, **more: Any) -> Keyword:
    return Keyword.model_validate({"word": word, **more})


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        pytest.param([entry("قمح"), entry("القمح")], [(1, None)], id="the-article"),
        pytest.param([entry("القمح"), entry("قمح")], [(0, None)], id="the-wider-one-stays"),
        pytest.param([entry("قمح"), entry("قمح", slop=0)], [(1, None)], id="of-equals-the-later"),
        pytest.param(
            [{"word": "صاروخ", "class": "prefix"}, entry("الصاروخية")], [(1, None)], id="prefix"
        ),
        pytest.param(
            [{"word": "روسيا", "class": "place"}, {"word": "روسي", "class": "nisba"}],
            [],
            id="the-accusative-of-the-adjective-is-not-the-place's",
        ),
        pytest.param(
            [entry("خط أنابيب", slop=1), entry("خط الأنابيب")], [(1, None)], id="phrase"
        ),
        pytest.param([entry("خط أنابيب"), entry("خط أنابيب", slop=1)], [(0, None)], id="slop"),
        pytest.param([entry("خط أنابيب"), entry("خط"), entry("أنابيب")], [], id="part-of-phrase"),
        pytest.param(
            [entry("قمح", not_next=["الليل"]), entry("القمح")], [], id="stricter-does-not-shadow"
        ),
        pytest.param(
            [entry("قمح"), entry("القمح", not_next=["الليل"])], [(1, None)], id="weaker-does"
        ),
        pytest.param(
            [entry("قمح", not_forms=["القمح"]), entry("القمح")], [], id="a-form-that-is-excluded"
        ),
        pytest.param([entry("قمح"), entry("القمح", reason="a test")], [], id="with-a-reason"),
        pytest.param(
            [entry("أوديسا", variants=["اوديسا", "أوديسيا"])], [(0, 0)], id="variant-of-itself"
        ),
        pytest.param(
            [entry("قمح"), entry("شعير"), entry("القمح", variants=["الشعير"])],
            [(2, None)],
            id="by-two-together",
        ),
    ],
)  # fmt: skip
def test_a_keyword_is_shadowed_when_others_have_all_its_forms(
    entries: list[Keyword], found: list[tuple[int, int | None]]
) -> None:
    keywords = [Keyword.model_validate(one) for one in entries]
    assert [(shadow.index, shadow.variant) for shadow in shadows(keywords)] == found


COUNTS = {"بلاد": 3000, "وزاره": 5000, "زار": 400, "قمح": 300, "وقمح": 40, "اتفاق": 900}
COUNTS |= {"صاروخ": 800, "الصاروخيه": 900, "صاروخنت": 9000, "ودعت": 281, "دعت": 273}


@pytest.mark.parametrize(
    ("keyword", "forms"),
    [
        pytest.param(entry("لاد", **{"class": "name"}), ["بلاد"], id="clitic"),
        pytest.param(entry("زار"), ["وزاره"], id="clitic-and-possessor"),
        pytest.param(entry("زار", not_forms=["وزارة"]), [], id="excluded"),
        pytest.param(entry("قمح"), [], id="a-clitic-that-is-rare"),
        pytest.param(entry("دعت"), [], id="and-begins-sentences"),
        pytest.param(entry("صاروخ", **{"class": "prefix"}), ["صاروخنت"], id="longer-word"),
        pytest.param(entry("لاد", **{"class": "exact"}), [], id="exact"),
    ],
)
def test_a_form_far_commoner_than_its_word_is_another_word(
    keyword: Keyword, forms: list[str]
) -> None:
    assert [found.form for found in ambiguities(keyword, COUNTS)] == forms


def test_the_counts_are_of_folded_words_only() -> None:
    counts = word_counts()
    assert len(counts) == 30_000
    assert counts["في"] > counts["ايران"] > counts["وايران"] > 0
    assert not {"أن", "إيران", "7"} & set(counts)
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def decisions(rule: dict[str, Any], *texts: str) -> list[tuple[tuple[str | int, ...], str]]:
    topic = Topic.model_validate({"name": "t", "title": {"ar": "م"}, **rule})
    rules = compiled({"t": topic}, {})
    root = tree(topic, rules.rules[0].condition)
    seen = Decisions()
    for text in texts:
        document = Document(title="", text=text)
        folded = Folded(joined(document))
        seen.add(root, Hits(placed(folded, 0, rules.every.find(folded))))
    return list(undecided(root, seen))


def test_an_alternative_that_only_holds_beside_another_never_decides() -> None:
    rule = {"any": ["قمح", "سفينة"]}
    found = decisions(rule, "سفينة قمح.", "قمح وحده.")
    assert found == [(("any", 1), "holds in 1 articles, always beside another alternative")]
    assert decisions(rule, "سفينة قمح.", "قمح وحده.", "سفينة وحدها.") == []


def test_a_need_that_never_fails_alone_never_decides() -> None:
    rule = {"all": ["قمح", "سفينة"]}
    ((path, what),) = decisions(rule, "سفينة قمح.", "سفينة وحدها.", "مطر.")
    assert path == ("all", 1)
    assert what.startswith("holds in 2 articles")
    assert decisions(rule, "سفينة قمح.", "سفينة وحدها.", "قمح وحده.") == []


def test_a_ban_that_keeps_nothing_out_never_decides() -> None:
    rule = {"all": ["قمح"], "none": ["فيلم", "مباراة"]}
    found = decisions(rule, "القمح في فيلم.", "قمح.", "مباراة.", "مطر.")
    assert found == [(("none", 1), "occurs in 1 articles, none of which would fire without it")]


def test_a_whole_branch_is_named_once_and_by_its_outermost_clause() -> None:
    rule = {"any": ["قمح", {"all": ["ذرة", {"any": ["شعير", "أرز"]}]}]}
    found = decisions(rule, "قمح.", "قمح وذرة وشعير وأرز.")
    assert [path for path, _ in found] == [("any", 1)]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "ENOUGH_ARTICLES", 2)
    monkeypatch.setattr(lint, "ENOUGH_ALERTS", 1)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_rows(
        tmp_path / "articles.jsonl",
        row("a", "سفينة تغادر الميناء", SHIP),
        row("b", "طقس الغد", WEATHER),
    )


@pytest.mark.usefixtures("few")
def test_findings_name_the_place_in_the_file(marsad: Run, tmp_path: Path, articles: Path) -> None:
    sea = SEA + "  - {word: الأوديسا, class: name}\n  - {word: لاد, class: name}\n"
    folder = write_config(tmp_path / "edited", {"grain": GRAIN}, {"sea": sea})
    result = marsad("lint", articles, "--config", folder)
    assert result.exit_code == 0
    assert (
        "sea.yaml:2:5: entries[0]: 'البحر الأسود' is in none of 2 articles [dead]" in result.output
    )
    assert "sea.yaml:5:5: entries[3]: 'لاد' has forms that are rather another word: 'بلاد'" in (
        result.output
    )
    assert "grain.yaml:6:5: none[0]: never decides in 2 articles" in result.output
    assert "أوديسا' is in none" not in result.output.replace("الأوديسا", "")


@pytest.mark.usefixtures("few")
def test_a_clause_that_an_example_needs_is_not_reported(
    marsad: Run, tmp_path: Path, articles: Path
) -> None:
    example = "examples: [{title: فيلم, text: غادرت أوديسا سفينة قمح., match: false}]\n"
    folder = write_config(tmp_path / "edited", {"grain": GRAIN + example})
    output = marsad("lint", articles, "--config", folder).output
    assert "grain.yaml:6:12: none[0].any[0]: never decides" not in output
    assert "none[0].any[1]: never decides" not in output
    plain = write_config(tmp_path / "plain")
    assert "grain.yaml:6:5: none[0]: never decides" in (
        marsad("lint", articles, "--config", plain).output
    )


def test_too_few_articles_are_said_and_json_has_everything(marsad: Run, articles: Path) -> None:
    found = json.loads(marsad("lint", articles, "--json").output)
    assert found["articles"] == 2
    assert found["findings"] == []
    assert found["unjudged"][0].startswith("2 articles are too few")


def test_without_a_file_the_archive_is_read(marsad: Run) -> None:
    result = marsad("lint")
    assert result.exit_code == 0
    assert "0 warnings, on 0 articles" in result.output


def test_a_configuration_that_cannot_be_used_is_an_error(marsad: Run, tmp_path: Path) -> None:
    folder = write_config(tmp_path / "edited", {"grain": GRAIN.replace("list: sea", "list: see")})
    result = marsad("lint", "--config", folder)
    assert result.exit_code == 1
    assert "did you mean 'sea'?" in result.output

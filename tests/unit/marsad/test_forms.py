"""`marsad forms`: what an entry stands for, as the matcher finds it."""

import json

import pytest

from alerts.matching.folding import Folded, fold_key
from alerts.matching.vocabulary import Vocabulary
from marsad.wordforms import lines, word_forms
from models.lexicon import Keyword
from tests.unit.marsad.conftest import Run


def keyword(word: str, word_class: str | None = None) -> Keyword:
    return Keyword.model_validate({"word": word, "class": word_class})


def test_forms_are_grouped_by_article_and_ending(marsad: Run) -> None:
    output = marsad("forms", "روسي", "--class", "nisba").output
    first, *rest = output.splitlines()
    assert first.startswith("روسي, class nisba: ")
    assert rest[0] == "  without the article:"
    assert "    روسيه بروسيه كروسيه لروسيه وروسيه" in output
    assert output.index("with the article:\n    الروس ") > output.index("روسيتان")
    assert "فروسيه" not in output  # horsemanship


@pytest.mark.parametrize(
    ("word", "word_class"),
    [
        ("إيران", "place"),
        ("بوتين", "name"),
        ("الكرملين", "name"),
        ("اتفاقية", "noun"),
        ("لقاء", "noun"),
        ("صيني", "nisba"),
        ("WTO", "exact"),
        ("كازا[خق]ستان(ي|ية)?", "regex"),
    ],
)
def test_every_form_is_found_by_the_matcher(word: str, word_class: str) -> None:
    entry = keyword(word, word_class)
    vocabulary = Vocabulary()
    finder = vocabulary.finder({vocabulary.add(entry)})
    forms = [form for words in word_forms(entry) for word in words for form in word.forms]
    assert forms
    for form in forms:
        assert finder.find(Folded(f"قال {form} أمس")), form


def test_a_phrase_lists_the_forms_of_each_word(marsad: Run) -> None:
    found = json.loads(marsad("forms", "بحر قزوين", "--json").output)
    ((sea, name),) = found["spellings"]
    assert found["class"] == "phrase"
    assert {"بحر", "وبحر", "للبحر"} <= set(sea["forms"])
    assert name["word"] == "قزوين"
    assert next(lines(keyword("بحر قزوين"))).startswith("بحر قزوين, class phrase: 576 forms")


def test_a_prefix_goes_on_with_any_letters() -> None:
    ((word,),) = word_forms(keyword("صاروخ", "prefix"))
    assert "الصاروخ…" in word.forms
    assert all(form.endswith("…") for form in word.forms)


def test_forms_are_shown_folded() -> None:
    ((word,),) = word_forms(keyword("أوديسا", "name"))
    assert fold_key("أوديسا") in word.forms


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["روسي", "--class", "nizba"], "did you mean 'nisba'?", id="class"),
        pytest.param(["صار", "--class", "prefix"], "shorter than 4 letters", id="prefix"),
        pytest.param(["..."], "at least one letter", id="no-letter"),
    ],
)
def test_a_word_that_cannot_be_matched_is_refused(
    marsad: Run, arguments: list[str], sentence: str
) -> None:
    result = marsad("forms", *arguments)
    assert result.exit_code == 1
    assert sentence in result.output

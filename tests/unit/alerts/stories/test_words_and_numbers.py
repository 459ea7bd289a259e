"""Stems, weights, figures, rounds and days."""

import pytest

from alerts.stories.numbers import TODAY, numbers, ordinals, weekdays
from alerts.stories.words import stem, stem_id, weight, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إيران", "للإيرانيين"),
        ("روسيا", "الروسية"),
        ("بوتين", "لبوتين"),
        ("أذربيجان", "والأذربيجانيون"),
        ("الرئيس", "للرئيس"),
    ],
    ids=lambda word: word,
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    first, second = (stem_id(words(each)[0]) for each in (one, other))
    assert first == second


@pytest.mark.parametrize("word", ["بوتين", "وزير", "لافروف", "كيان"])
def test_a_first_letter_that_is_the_words_own_stays(word: str) -> None:
    assert stem(word).startswith(word[:3])


def test_a_rare_word_says_more_than_a_common_one() -> None:
    common, known, unknown = (stem_id(words(each)[0]) for each in ("في", "وزير", "سنتورية"))
    assert weight(common) < 4.5 < weight(known) < weight(unknown)


def test_figures_are_spelled_one_way() -> None:
    text = "ارتفع إلى ١١٫٩٠ بالمئة وأسفر عن 1,300 إصابة وعشرين قتيلا وخمسة عشر مفقودا في 2026"
    assert numbers(text, words(text)) == {"11.9", "1300", "20", "15"}


def test_dates_years_and_single_digits_are_no_figures() -> None:
    text = "في 12/3/2026 سجل الفريق 3 أهداف عام 1999"
    assert numbers(text, words(text)) == frozenset()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الجولة الرابعة من المحادثات", {4}),
        ("الحلقة 12 من المسلسل", {12}),
        ("كانون الثاني والطرف الثاني", set()),
        ("القمة الأولى", set()),
    ],
)
def test_rounds_are_read(text: str, expected: set[int]) -> None:
    assert ordinals(words(text)) == expected


def test_days_of_the_week_are_read_or_else_that_it_is_today() -> None:
    assert weekdays(words("التقى الأحد وفدا وصل يوم الخميس اليوم")) == {6, 3}
    assert weekdays(words("طقس هذا اليوم حار")) == {TODAY}
    assert weekdays(words("طقس حار")) == frozenset()

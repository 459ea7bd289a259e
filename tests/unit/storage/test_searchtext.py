"""The words of the search index: one spelling, what is joined to the front taken off."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching import alphabet
from alerts.matching.folding import fold_key
from models.arabic import RELATIVES
from storage.searchtext import folded, forms, word, words, words_in_place


@pytest.mark.parametrize(
    ("written", "spelling"),
    [
        ("إيــرانَ", "ايران"),
        ("أُسْتُراخان", "استراخان"),
        ("مكتبةٌ", "مكتبه"),
        ("موسيقى", "موسيقي"),
        ("٢٠٢٦", "2026"),
        ("۱۴۰۴", "1404"),
        ("چین", "جين"),
        ("Élysée", "elysee"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("مسؤول", "مسؤول"),
    ],
)
def test_a_word_has_one_spelling(written: str, spelling: str) -> None:
    assert folded(words_only(written)) == spelling


def words_only(written: str) -> str:
    return "".join(written[start:end] for _, start, end in words_in_place(written))


@pytest.mark.parametrize("group", [g for g in alphabet._LETTERS if len(g) > 1], ids=lambda g: g)
def test_letters_that_are_one_to_the_matcher_are_one_to_the_search(group: str) -> None:
    assert len({folded(f"قص{letter}ر") for letter in group}) == 1


@pytest.mark.parametrize("letter", sorted(RELATIVES))
def test_letters_that_arabic_borrows_are_the_nearest_one_in_both(letter: str) -> None:
    assert folded(f"قص{letter}ر") == fold_key(f"قص{letter}ر") == fold_key(f"قص{RELATIVES[letter]}ر")


@pytest.mark.parametrize(
    "text", ["وَصلَ وفدٌ مِن أذربيجان إلى باكُو", "ناقلةُ نفطٍ في ميناء أكتاو عام ٢٠٢٥"]
)
def test_the_search_spells_as_the_matcher(text: str) -> None:
    assert " ".join(folded(part) for part in text_words(text)) == fold_key(text)


def text_words(text: str) -> list[str]:
    return [text[start:end] for _, start, end in words_in_place(text)]


@pytest.mark.parametrize(
    ("joined", "plain"),
    [
        ("والسفينة", "سفينة"),
        ("بالسفينة", "سفينة"),
        ("للسفينة", "السفينة"),
        ("وبأستراخان", "أستراخان"),
        ("لروسيا", "روسيا"),
        ("فالميناء", "ميناء"),
    ],
)
def test_what_is_joined_to_a_word_is_taken_off(joined: str, plain: str) -> None:
    assert word(joined) == word(plain)


@pytest.mark.parametrize(
    ("one", "other"),
    [("بيان", "كيان"), ("وزير", "زير"), ("بحر", "حر"), ("كامل", "أمل"), ("ورقة", "الرقة")],
)
def test_a_short_word_keeps_its_first_letter(one: str, other: str) -> None:
    assert word(one) != word(other)


@pytest.mark.parametrize("name", ["قطر", "مصر", "ليبيا", "لبنان", "باكو", "فلسطين", "نفط"])
@pytest.mark.parametrize("clitic", ["", "و", "ب", "ل", "ك", "ف", "ول", "وب"])
def test_the_forms_of_a_word_are_all_under_which_it_stands(name: str, clitic: str) -> None:
    assert word(clitic + name) in forms(word(name))


def test_text_is_parted_at_everything_that_is_no_letter_or_digit() -> None:
    assert words("شمال-جنوب، الممر_الأوسط (2025)\nو Kazan!") == [
        "شمال", "جنوب", "ممر", "اوسط", "2025", "و", "kazan",
    ]  # fmt: skip


@given(st.text(alphabet="بحروالكفةىإأَُّـ \u200c٣2aÉ.,-_\u0654", max_size=60))
def test_words_are_the_same_with_and_without_their_places(text: str) -> None:
    placed = list(words_in_place(text))
    assert [stem for stem, _, _ in placed] == words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in placed)
    assert all(one[2] <= other[1] for one, other in pairwise(placed))

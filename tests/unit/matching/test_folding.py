"""Folding and its offsets."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.matching.folding import Folded, fold_bytes, fold_key

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff\u00ad\u2060"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0640\u0610\u06d6\u06e5"

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةىپچژگڤیک"
TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(ARABIC + "  .،؟\n-«»0٣۴aZ" + INVISIBLE + MARKS + "ﻻﻹﷲﺍ\u0654\u0653é😀Иё"),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("أإآٱا", "ااااا"),
        ("على علي علی", "علي علي علي"),
        ("فتاة فتاه فتاۃ", "فتاه فتاه فتاه"),
        ("کتاب كتاب گتاب", "كتاب كتاب كتاب"),
        ("پوتين چابهار ژاله ڤيينا", "بوتين جابهار زاله فيينا"),
        ("مـــؤتمر", "مؤتمر"),
        ("مُؤْتَمَرٌ", "مؤتمر"),
        ("شيء شئ شي", "شيء شئ شي"),
        ("٢٠٢٤ ۲۰۲۴ 2024", "2024 2024 2024"),
        ("ﺇﻳﺮﺍﻥ ﻻ ﷲ", "ايران لا الله"),
        ("إي\u200cران\u200f", "ايران"),
        ("\u202bروسيا\u202c", "روسيا"),
        ("بِسۡمِ ٱللَّهِ", "بسم الله"),
        ("شمال – «جنوب»", "شمال جنوب"),
        ("شمال\u00a0جنوب", "شمال جنوب"),
        ("NATO Россия ЁЖ Ёлка", "nato россия еж елка"),
        ("إيران،روسيا", "ايران روسيا"),
        ("مو\u0654تمر", "مؤتمر"),
        ("ا\u0655يران", "ايران"),
        ("café", "cafe"),
        ("", ""),
        ("؟!؟", ""),
    ],
)
def test_ways_of_writing_one_word_fold_to_one_key(written, folded):
    assert fold_key(written) == folded


# Letter by letter what Lucene's ArabicNormalizer promises, in words of our own.
@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("آلة", "اله"),  # alef with madda
        ("أمل", "امل"),  # alef with hamza above
        ("إقليم", "اقليم"),  # alef with hamza below
        ("ملجأ", "ملجا"),  # at the end
        ("مرآة", "مراه"),  # inside
        ("هدى", "هدي"),  # alef maqsura
        ("مكتبة", "مكتبه"),  # ta marbuta
        ("جميـــل", "جميل"),  # tatweel
        ("كتابًا", "كتابا"),  # fathatan
        ("كتابٌ", "كتاب"),  # dammatan
        ("كتابٍ", "كتاب"),  # kasratan
        ("كَتَبَ", "كتب"),  # fatha
        ("كُتُب", "كتب"),  # damma
        ("كِتاب", "كتاب"),  # kasra
        ("قطّة", "قطه"),  # shadda
        ("قَلْب", "قلب"),  # sukun
    ],
)
def test_what_lucenes_normaliser_folds_is_folded(written, folded):
    assert fold_key(written) == folded


@given(TEXTS)
def test_folding_a_folded_text_changes_nothing(text):
    assert fold_key(fold_key(text)) == fold_key(text)


@given(TEXTS)
def test_each_word_of_the_folded_text_leads_back_to_what_it_was_folded_from(text):
    folded = Folded(text)
    start = 0
    for word in folded.words.split():
        start = folded.words.index(word, start)
        first, last = folded.span(start, start + len(word))
        assert 0 <= first < last <= len(text)
        # a ligature gives several letters, which may belong to several words
        assert word in fold_bytes(text[first:last])
        start += len(word)


@given(st.lists(st.sampled_from(ARABIC), min_size=1, max_size=12), st.data())
def test_invisible_characters_and_marks_do_not_change_the_key(letters, data):
    word = "".join(letters)
    position = data.draw(st.integers(0, len(word)))
    extra = data.draw(st.text(alphabet=INVISIBLE + MARKS, max_size=3))
    assert fold_key(word[:position] + extra + word[position:]) == fold_key(word)


@given(TEXTS, st.integers(0, 60))
def test_a_character_is_found_in_the_folded_text_and_back(text, character):
    folded = Folded(text)
    position = folded.position(character)
    inside = range(1, len(folded.words) - 1)
    assert all(folded.origin(at)[0] < character for at in inside[: position - 1])
    assert all(folded.origin(at)[0] >= character for at in inside[position - 1 :])


@given(TEXTS)
def test_the_two_views_of_a_folded_text_have_the_same_positions(text):
    folded = Folded(text)
    assert len(folded.words) == len(folded.clean)
    for word, clean in zip(folded.words, folded.clean, strict=True):
        assert word == clean or word == ord(" ")


def test_a_megabyte_is_folded_at_once_whatever_it_is_made_of():
    for text in ("إيران، " * 150_000, "ﻻ" * 300_000, "é\u0654" * 200_000, " " * 1_000_000):
        started = time.process_time()
        Folded(text)
        assert time.process_time() - started < 1.0

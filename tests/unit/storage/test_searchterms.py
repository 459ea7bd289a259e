"""A query as FTS5 and as PostgreSQL read it."""

from datetime import UTC, datetime

import pytest

from storage.searchquery import Query, parse_query
from storage.searchterms import asks_for_places, fts_query, ts_candidates, ts_query

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def query(text: str) -> Query:
    return parse_query(text, NOW)


def test_a_word_is_looked_for_in_all_columns_and_a_title_word_in_its_own() -> None:
    assert fts_query(query("إيران title:طهران")) == '(("ايران")) AND (title : ("طهران"))'


def test_a_word_that_looks_like_a_site_is_kept_out_of_the_column_of_sites() -> None:
    assert fts_query(query("sea")) == '({title body} : ("sea"))'
    assert fts_query(query("season")) == '(("season"))'


def test_what_is_excluded_stands_behind() -> None:
    assert fts_query(query("إيران OR طهران -موسكو")) == ('(("ايران") OR ("طهران")) NOT (("موسكو"))')


def test_the_index_of_words_is_asked_for_the_words_of_a_phrase_each_once() -> None:
    asked = query('"إيران وطهران" -"طهران إيران" -title:طوكيو -موسكو')
    assert ts_query(asked).startswith("((('ايران' <-> 'طهران')))")
    assert ts_candidates(asked) == "((('ايران') & 'طهران')) & !((('موسكو')))"


def test_of_many_phrases_the_first_words_are_left_to_the_comparison() -> None:
    phrases = " OR ".join(f'"بحر سفينة{number}"' for number in range(6))
    candidates = ts_candidates(query(phrases))
    assert "بحر" not in candidates
    assert candidates.count("سفينه") == 6


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("إيران", False),
        ("إيران -طهران site:north", False),
        ('"إيران اليوم"', True),
        ("title:إيران", True),
        ("إيران -title:طهران", True),
        ('إيران -"طهران اليوم"', True),
    ],
)
def test_places_are_asked_for_by_phrases_and_titles(text: str, asks: bool) -> None:
    assert asks_for_places(query(text)) is asks

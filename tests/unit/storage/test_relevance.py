"""What makes an answer more to the point than another."""

from datetime import UTC, datetime

from storage.relevance import relevance, tiers
from storage.searchquery import Query, parse_query

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def query(text: str) -> Query:
    return parse_query(text, NOW)


def scored(text: str, title: str, body: str) -> float:
    return relevance(title, body, query(text).required)


def test_a_word_of_the_title_counts_as_four_of_the_text() -> None:
    assert scored("قمح", "شحنة قمح", "") == scored("قمح", "شحنة", "قمح القمح وقمح بقمح")
    assert scored("قمح", "شحنة قمح", "") > scored("قمح", "شحنة", "قمح قمح قمح")


def test_both_words_now_and_then_are_more_than_one_of_them_often() -> None:
    both, one = "قمح أنزلي " * 3, "أنزلي " + "قمح " * 30
    assert scored("قمح أنزلي", "", both) > scored("قمح أنزلي", "", one)


def test_one_of_two_alternatives_is_as_good_as_the_other() -> None:
    assert scored("قمح OR شعير", "", "قمح") == scored("قمح OR شعير", "", "شعير") > 0


def test_a_phrase_counts_where_it_stands_whole() -> None:
    assert scored('"بحر قزوين"', "", "قزوين بحر بلا سفن") == 0
    assert scored('"بحر قزوين"', "", "سفن ببحر قزوين") > 0


def test_a_word_asked_of_the_title_does_not_count_in_the_text() -> None:
    assert scored("title:قمح", "شحنة", "قمح") == 0


def test_titles_that_say_all_come_before_those_that_say_some() -> None:
    whole, some = tiers(query("قمح شعير -ذرة"))
    assert [each.in_title for each in whole.phrases] == [True, True]
    assert whole.excluded == some.excluded == query("-ذرة قمح").excluded
    assert [len(group) for group in some.required] == [1, 1, 2]


def test_a_query_of_titles_alone_or_of_a_site_has_no_tiers() -> None:
    assert tiers(query("title:قمح")) == ()
    assert tiers(query("site:north")) == ()


def test_one_word_makes_one_tier() -> None:
    (whole,) = tiers(query("قمح"))
    assert whole == query("title:قمح")

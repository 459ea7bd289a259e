"""What a person types to search, and the passages that are shown."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import QueryRefused
from storage.searchquery import Phrase, parse_query
from storage.snippet import marked, passage

NOW = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def phrase(*stems: str, in_title: bool = False) -> Phrase:
    return Phrase(stems, in_title)


def test_words_must_all_be_there() -> None:
    query = parse_query("سفينة الحبوب", NOW)
    assert query.required == ((phrase("سفينه"),), (phrase("حبوب"),))


def test_little_words_are_left_out_beside_others_and_stand_in_quotes() -> None:
    assert parse_query("المحادثات في فيينا", NOW).required == (
        (phrase("محادثات"),),
        (phrase("فيينا"),),
    )
    assert parse_query("قمح -في", NOW).excluded == ()
    assert parse_query('قمح "من مصر"', NOW).required == ((phrase("قمح"),), (phrase("من", "مصر"),))
    assert parse_query("من في", NOW).required == ((phrase("من"),), (phrase("في"),))


def test_a_little_word_takes_no_letters_that_make_it_another() -> None:
    assert phrase("ان").beginnings == ("ان", "وان", "فان")


@pytest.mark.parametrize("joiner", ["OR", "|", "أو"])
def test_or_joins_the_two_beside_it(joiner: str) -> None:
    query = parse_query(f"ميناء أنزلي {joiner} أكتاو", NOW)
    assert query.required == ((phrase("ميناء"),), (phrase("انزلي"), phrase("اكتاو")))


@pytest.mark.parametrize("quotes", ['""', "“”", "«»"])
def test_quotes_hold_words_together(quotes: str) -> None:
    query = parse_query(f"{quotes[0]}بحر قزوين{quotes[1]}", NOW)
    assert query.required == ((phrase("بحر", "قزوين"),),)


def test_a_word_with_a_hyphen_is_a_phrase() -> None:
    assert parse_query("شمال-جنوب", NOW).required == ((phrase("شمال", "جنوب"),),)


def test_fields_and_what_is_excluded() -> None:
    query = parse_query('قمة title:"بحر قزوين" -كرة -title:فيلم site:port -site:sport', NOW)
    assert query.required == ((phrase("قمه"),), (phrase("بحر", "قزوين", in_title=True),))
    assert query.excluded == (phrase("كره"), phrase("فيلم", in_title=True))
    assert (query.sites, query.excluded_sites) == (("port",), ("sport",))


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        ("2026-10-30", datetime(2026, 10, 30, tzinfo=UTC)),
        ("2026-10-30T12:00+03:00", datetime(2026, 10, 30, 9, tzinfo=UTC)),
        ("12h", NOW - timedelta(hours=12)),
        ("7d", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(weeks=2)),
    ],
)
def test_since_is_a_date_or_a_distance(since: str, moment: datetime) -> None:
    assert parse_query(f"قمح since:{since}", NOW).since == moment


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "name a word"),
        ("-قمح", "name a word"),
        ("، ؟ !", "name a word"),
        ("since:7d", "name a word"),
        ("قمح OR", "nothing stands behind"),
        ("OR قمح", "one stands before"),
        ("قمح OR OR ذرة", "one stands before"),
        ("قمح OR -ذرة", "what is excluded is not joined"),
        ("قمح since:قريبا", "since:2026-01-31"),
        ("قمح since:9999999w", "since:2026-01-31"),
        ("قمح " * 200, "longer than"),
        ("قمح " * 30, "at most"),
        (" OR ".join(["قمح"] * 21), "at most"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_sentence(text: str, reason: str) -> None:
    with pytest.raises(QueryRefused, match=reason):
        parse_query(text, NOW)


def test_the_words_are_marked_with_what_is_joined_to_them() -> None:
    title = "وصول القمحِ إلى ميناء أنزلي"
    found = marked(title, parse_query("قمح أنزلي", NOW).phrases)
    assert [title[start:end] for start, end in found.spans] == ["القمحِ", "أنزلي"]


def test_a_phrase_is_marked_only_where_it_stands_whole() -> None:
    text = "قزوين بلا بحر، ولبحر قزوين خمس دول"
    found = marked(text, parse_query('"بحر قزوين"', NOW).phrases)
    assert [text[start:end] for start, end in found.spans] == ["ولبحر", "قزوين"]


def test_the_passage_is_where_most_of_the_words_stand() -> None:
    text = "مقدمة طويلة عن الطقس. " * 30 + "ذكر القمح مرة. " + "حشو " * 90 + "شحنة قمح في أنزلي."
    found = passage(text, parse_query("قمح أنزلي", NOW).phrases)
    assert found.text.startswith("…")
    assert len(found.text) <= 230
    assert [found.text[start:end] for start, end in found.spans] == ["قمح", "أنزلي"]


def test_without_the_words_the_passage_is_the_beginning() -> None:
    found = passage("سطر أول.\n\nسطر ثان. " + "كلمة " * 100, ())
    assert found.text.startswith("سطر أول.  سطر ثان.")
    assert found.text.endswith("…")
    assert found.spans == ()

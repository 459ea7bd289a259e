"""`marsad search` and `marsad stats` on a small archive."""

import asyncio
import json
from pathlib import Path

import pytest

from storage.database import Database
from tests.unit.marsad.conftest import Run, article, days_ago, store

SEA = article(
    "news.example/1",
    "خمس دول تبحث وضع بحر قزوين",
    "ناقش المجتمعون في باكو نظاما للملاحة لبحر قزوين.",
    days_ago(1),
)
WHEAT = article("news.example/2", "شحنة قمح تصل إلى أنزلي", "غادرت السفينة أمس.", days_ago(2))


@pytest.fixture
def stored(tmp_path: Path) -> None:
    asyncio.run(store(tmp_path / "data", (SEA, days_ago(0)), (WHEAT, days_ago(0))))


@pytest.mark.usefixtures("stored")
def test_the_answers_are_shown_with_their_words_marked(marsad: Run) -> None:
    result = marsad("search", '"بحر قزوين" OR قمح')
    assert result.exit_code == 0
    first, place, address, passage, second, *_ = result.stdout.splitlines()
    assert first == "خمس دول تبحث وضع *بحر* *قزوين*"
    assert place.strip().startswith("news, ")
    assert address.strip() == "https://news.example/1"
    assert passage.strip() == "ناقش المجتمعون في باكو نظاما للملاحة *لبحر* *قزوين*."
    assert second == "شحنة *قمح* تصل إلى أنزلي"


@pytest.mark.usefixtures("stored")
def test_the_answers_as_json_lines(marsad: Run) -> None:
    result = marsad("search", "السفينة", "--json", "--limit", 5)
    (hit,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert (hit["source"], hit["url"]) == ("news", "https://news.example/2")
    ((start, end),) = hit["snippet_spans"]
    assert hit["snippet"][start:end] == "السفينة"
    assert hit["published"]


def test_answers_of_one_story_are_shown_together(marsad: Run, tmp_path: Path) -> None:
    text = f"{SEA.text} وقال المتحدث باسم الاجتماع إن الوفود ستلتقي مرة أخرى في الخريف."
    copy = article("news.example/3", SEA.title, text, days_ago(1))
    asyncio.run(store(tmp_path / "data", *((each, days_ago(0)) for each in (SEA, WHEAT, copy))))
    shown = marsad("search", "قزوين OR قمح").stdout.splitlines()
    also = [line.strip() for line in shown if line.strip().startswith("also news")]
    assert len(also) == 1
    answers = [json.loads(line) for line in marsad("search", "قزوين", "--json").stdout.splitlines()]
    assert [answer["same_as"] for answer in answers] == [None, answers[0]["id"]]


@pytest.mark.usefixtures("stored")
def test_nothing_found_is_said_and_is_no_failure(marsad: Run) -> None:
    result = marsad("search", "غزال")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing was found" in result.stderr


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("query", ["", "قمح since:غدا", "قمح OR"])
def test_a_query_that_cannot_be_read_is_a_sentence(marsad: Run, query: str) -> None:
    result = marsad("search", query)
    assert result.exit_code == 1
    assert result.stderr.startswith("marsad: ")


@pytest.mark.usefixtures("stored")
def test_an_index_of_another_version_is_built_anew_when_told(marsad: Run, tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'data' / 'marsad.sqlite3'}")
    database.write_now(
        lambda c: c.exec_driver_sql("UPDATE search_state SET normaliser = '0'").close()
    )
    database.close_now()
    refused = marsad("search", "قمح")
    assert refused.exit_code == 1
    assert "marsad search --rebuild" in refused.stderr
    rebuilt = marsad("search", "--rebuild", "قمح")
    assert rebuilt.exit_code == 0
    assert "2 articles are indexed" in rebuilt.stderr
    assert "*قمح*" in rebuilt.stdout


@pytest.mark.usefixtures("stored")
def test_stats_counts_and_times_each_site(marsad: Run) -> None:
    (row,) = [json.loads(line) for line in marsad("stats", "--json").stdout.splitlines()]
    assert (row["site"], row["articles"], row["backlog"], row["alerts"]) == ("news", 2, 2, 0)
    assert row["published_to_seen"] == {"count": 0, "p50": None, "p95": None}
    shown = marsad("stats")
    assert shown.exit_code == 0
    assert "news" in shown.stdout
    assert "2 (2 old)" in shown.stdout


def test_stats_of_an_empty_archive(marsad: Run) -> None:
    assert marsad("stats", "--json").stdout == ""
    assert marsad("stats").exit_code == 0

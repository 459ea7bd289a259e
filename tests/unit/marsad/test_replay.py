"""`marsad replay`: what the rules would have alerted on, in files and in the archive."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marsad import sweep
from marsad.replay import Samples
from marsad.rows import Row
from marsad.storygroups import StoryGroups
from marsad.sweep import FileArticles, Tally
from models.match import Document
from tests.unit.marsad.conftest import Run, article, days_ago, row, store, write_rows

SHIP = "غادرت أوديسا أمس سفينة تحمل القمح إلى إسطنبول."
OTHER_SHIP = "عبرت البحر الأسود ثلاث سفن محملة بالذرة والقمح نحو الموانئ المصرية صباح الثلاثاء."
WEATHER = "تهطل أمطار غزيرة على الساحل مساء اليوم."


def test_a_replay_counts_alerts_by_topic_and_source_and_a_day(marsad: Run, tmp_path: Path) -> None:
    file = write_rows(
        tmp_path / "articles.jsonl.gz",
        row("a", "سفينة حبوب تغادر الميناء", SHIP, published="2026-03-01T10:00:00Z"),
        row("b", "ذرة إلى مصر", OTHER_SHIP, published="2026-03-02T10:00:00Z", source="other"),
        row("c", "طقس الغد", WEATHER, published="2026-03-04T10:00:00Z"),
    )
    result = marsad("replay", file)
    assert result.exit_code == 0
    assert "3 articles read, published on 3 days" in result.output
    assert "grain: 2 alerts, 0.67 a day" in result.output
    assert "1  other (of 1 article)" in result.output
    assert "1  news (of 2 articles)" in result.output
    assert "a «سفينة حبوب تغادر الميناء» (news, 2026-03-01): أوديسا، القمح" in result.output


def test_a_story_that_several_articles_tell_alerts_once(marsad: Run, tmp_path: Path) -> None:
    file = write_rows(
        tmp_path / "articles.jsonl",
        row("a", "سفينة حبوب تغادر الميناء", SHIP, published="2026-03-01T10:00:00Z"),
        row("b", "سفينة حبوب تغادر الميناء", SHIP, published="2026-03-02T10:00:00Z"),
        row("c", "سفينة حبوب تغادر الميناء", SHIP, published="2026-06-02T10:00:00Z"),
    )
    result = marsad("replay", file)
    assert "grain: 2 alerts, 0.67 a day (of 3 articles: a story alerts once)" in result.output


def test_jsonl_gives_one_line_a_match_that_says_whether_it_alerts(
    marsad: Run, tmp_path: Path
) -> None:
    file = write_rows(
        tmp_path / "articles.jsonl",
        row("a", "سفينة حبوب تغادر الميناء", SHIP, date="2026-03-01 10:00:00"),
        row("b", "سفينة حبوب تغادر الميناء", SHIP),
        row("c", "طقس الغد", WEATHER),
    )
    result = marsad("replay", file, "--jsonl")
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["id"], first["topic"], first["alerts"]) == ("a", "grain", True)
    assert (second["id"], second["alerts"], second["story"]) == ("b", False, first["story"])
    assert first["published"] == "2026-03-01T10:00:00+00:00"
    hit = first["hits"][0]
    assert SHIP[hit["start"] : hit["end"]] == hit["text"] == "أوديسا"


async def test_the_archive_is_replayed_since_when_articles_were_first_seen(
    marsad: Run, tmp_path: Path
) -> None:
    await store(
        tmp_path / "data",
        (article("news.example/1", "سفينة قديمة من الميناء", SHIP), days_ago(40)),
        (article("news.example/2", "ذرة إلى مصر", OTHER_SHIP), days_ago(2)),
        (article("news.example/3", "طقس الغد", WEATHER), days_ago(1)),
    )
    assert "grain: 2 alerts" in marsad("replay").output
    recent = marsad("replay", "--since", "30d").output
    assert "2 articles read" in recent
    assert "grain: 1 alert," in recent
    assert "ذرة إلى مصر" in recent


async def test_the_archive_is_read_page_by_page(
    marsad: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_PAGE", 2)
    seen = days_ago(1)
    stored = (article(f"news.example/{n}", f"خبر رقم {n}", WEATHER) for n in range(7))
    await store(tmp_path / "data", *((item, seen) for item in stored))
    assert "7 articles read" in marsad("replay").output


def test_a_file_is_replayed_since_when_its_articles_were_published(
    marsad: Run, tmp_path: Path
) -> None:
    file = write_rows(
        tmp_path / "articles.jsonl",
        row("old", "سفينة قديمة من الميناء", SHIP, published="2020-03-01T10:00:00Z"),
        row("new", "ذرة إلى مصر", OTHER_SHIP, published=days_ago(1).isoformat()),
        row("undated", "طقس الغد", WEATHER),
    )
    output = marsad("replay", file, "--since", "3d").output
    assert "1 article read" in output
    assert "2 articles older or without date left out" in output
    assert "grain: 1 alert" in output


def test_several_processes_give_what_one_gives(
    marsad: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(f"n{n}", f"خبر رقم {n}", SHIP if n % 3 else WEATHER) for n in range(60)]
    file = write_rows(tmp_path / "articles.jsonl", *rows)
    alone = marsad("replay", file, "--jsonl").stdout
    monkeypatch.setattr(sweep, "_FEW_BYTES", 0)
    monkeypatch.setattr(sweep, "_CHUNK_BYTES", 1_000)
    monkeypatch.setattr(sweep, "_processes", lambda: 2)
    assert marsad("replay", file, "--jsonl").stdout == alone
    assert len(alone.splitlines()) == 40


def test_a_bad_line_is_named_and_the_others_are_replayed(marsad: Run, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "articles.jsonl", "{", row("a", "سفينة حبوب", SHIP))
    result = marsad("replay", file)
    assert result.exit_code == 1
    assert "grain: 1 alert" in result.output
    assert "articles.jsonl: line 1: not JSON" in result.output
    assert "1 lines are not rows; the others were read" in result.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["--topic", "corn"], "no alerting topic is named 'corn'", id="topic"),
        pytest.param(["--since", "soon"], "as in 90s, 10m, 24h, 3d", id="since"),
    ],
)
def test_what_is_not_understood_is_said(marsad: Run, arguments: list[str], sentence: str) -> None:
    result = marsad("replay", *arguments)
    assert result.exit_code != 0
    assert sentence in result.output


def test_a_packed_file_that_is_cut_off_is_one_sentence(marsad: Run, tmp_path: Path) -> None:
    file = write_rows(tmp_path / "articles.jsonl.gz", row("a", "سفينة حبوب", SHIP))
    file.write_bytes(file.read_bytes()[:-9])
    result = marsad("replay", file)
    assert result.exit_code == 1
    assert "articles.jsonl.gz: cannot be read" in result.output


def test_a_line_without_end_is_not_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marsad.rows.MOST_LINE_CHARACTERS", 1_000)
    good = row("a", "عنوان", "نص")
    file = write_rows(tmp_path / "long.jsonl", good, "x" * 10_000, good)
    chunks = sweep.sweep(FileArticles([str(file)]), len, lambda _: None)
    (swept,) = chunks
    assert swept.result == 2
    assert swept.tally.complaints == (f"{file}: line 2: longer than 1000 bytes",)


def test_samples_do_not_depend_on_the_order() -> None:
    one, other = Samples(3), Samples(3)
    for number in range(50):
        one.add(str(number), f"line {number}")
        other.add(str(49 - number), f"line {49 - number}")
    assert list(one) == list(other)
    assert len(list(one)) == 3


def test_only_so_many_articles_are_remembered_for_stories() -> None:
    published = datetime(2026, 3, 1, tzinfo=UTC)

    def told(number: int) -> Row:
        document = Document(
            title=f"خبر جديد رقم {number}", text="", published=published + timedelta(minutes=number)
        )
        return Row(id=number, document=document)

    groups = StoryGroups(timedelta(days=1), remembered=2)
    assert [groups.add(told(n)) for n in (1, 2, 1, 3, 2)] == [1, 2, 1, 3, 4]


def test_tallies_add_up() -> None:
    one = Tally(bad=1, complaints=("a",), left_out=2)
    assert one.plus(one) == Tally(bad=2, complaints=("a", "a"), left_out=4)

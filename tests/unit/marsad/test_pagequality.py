"""The figures of `marsad quality-pages`, on pages whose articles are known."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from marsad.cli import main
from marsad.pagequality import Page, account, judge, read_pages, word_f1
from marsad.rows import BadRow

NOW = datetime(2026, 3, 15, tzinfo=UTC)
TITLE = "عودة الحياة إلى سوق النحاسين"
TEXT = "عاد الحرفيون إلى سوق النحاسين بعد ترميم دام عامين. وقال أحدهم إن الزبائن كثر منذ الصباح."
PAGE = (
    "<html><head><title>{title}</title>"
    '<meta property="article:published_time" content="2026-03-14T22:30:00Z"></head>'
    "<body><h1>{title}</h1><p>{text}</p></body></html>"
)


def manifest(folder: Path, **changes: object) -> Path:
    row = {"id": "a-1", "site": "a", "file": "a.html", "url": "https://a.example/1"}
    row |= {"title": TITLE, "text": TEXT, "date": "2026-03-15T01:30:00+03:00"} | changes
    (folder / "a.html").write_text(PAGE.format(title=TITLE, text=TEXT), encoding="utf-8")
    path = folder / "manifest.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def only(path: Path) -> Page:
    (page,) = read_pages(path)
    assert isinstance(page, Page)
    return page


def test_a_page_read_rightly_has_full_marks(tmp_path: Path) -> None:
    found = judge(only(manifest(tmp_path)), NOW)

    assert (found.f1, found.title_right, found.date_right, found.leaked) == (1.0, True, True, ())


def test_blanks_do_not_make_titles_differ(tmp_path: Path) -> None:
    page = only(manifest(tmp_path, title=TITLE.replace(" ", "  ")))

    assert judge(page, NOW).title_right


def test_a_day_is_that_of_the_known_dates_zone(tmp_path: Path) -> None:
    page = only(manifest(tmp_path, date="Sat, 14 Mar 2026 22:30:00 +0000"))

    assert judge(page, NOW).date_right
    assert not judge(only(manifest(tmp_path, date="2026-03-13T10:00:00+00:00")), NOW).date_right


def test_a_page_without_a_known_date_is_not_judged_by_it(tmp_path: Path) -> None:
    assert judge(only(manifest(tmp_path, date=None)), NOW).date_right is None


def test_a_watched_word_that_the_article_lacks_is_a_leak(tmp_path: Path) -> None:
    page = only(manifest(tmp_path, text=TEXT.partition(".")[0]))
    (tmp_path / "a.html").write_text(
        PAGE.format(title=TITLE, text=f"{TEXT} وتابع الخبر في طهران."), encoding="utf-8"
    )

    assert judge(page, NOW).leaked == ("طهران",)


def test_f1_counts_words_as_often_as_they_stand() -> None:
    assert word_f1("نعم نعم لا", "نعم لا") == pytest.approx(0.8)
    assert word_f1("", "") == 0


def test_a_row_that_lacks_a_field_is_named(tmp_path: Path) -> None:
    (row,) = read_pages(manifest(tmp_path, title=None))

    assert isinstance(row, BadRow)
    assert str(row) == "line 1: title is needed, a text"


def test_the_account_gives_the_mean_over_sites_and_each_site(tmp_path: Path) -> None:
    page = only(manifest(tmp_path))
    lines = list(account([judge(page, NOW)]))

    assert lines[0] == "text F1   1.0000 (mean over 1 sites)"
    assert "dates     1.0000 (1/1) of those found; 0 of 1 pages gave none" in lines
    assert list(account([])) == ["no pages"]


def test_the_command_prints_the_account(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["quality-pages", str(manifest(tmp_path))])

    assert result.exit_code == 0
    assert "text F1   1.0000" in result.output


def test_the_command_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["quality-pages", str(manifest(tmp_path, file="b.html"))])

    assert result.exit_code == 1
    assert "cannot read" in result.output

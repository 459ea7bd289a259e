"""Exports: every row once, and no cell that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from marsad.cli import main
from marsad.export import cell, exported, format_of, write_rows
from scripts.soak.arrange import alerts_for, title_of
from storage.database import Database
from tests.unit.marsad.conftest import Run

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> Database:
    """Three alerts, each to two chats."""
    opened = Database.open(f"sqlite:///{tmp_path}/marsad.sqlite3")
    await alerts_for(opened, (11, 12), 3, NOW)
    return opened


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('=HYPERLINK("http://a.example";"x")', id="equals"),
        pytest.param("+1+cmd|' /C calc'!A0", id="plus"),
        pytest.param("-2+3", id="minus"),
        pytest.param("@SUM(1)", id="at"),
        pytest.param("\t=1", id="tab"),
        pytest.param("\r=1", id="carriage return"),
        pytest.param("\n=1", id="line feed"),
        pytest.param("  =1", id="after spaces"),
        pytest.param("＝1+1", id="full width"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_shown_as_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@given(st.text())
def test_no_cell_of_text_begins_as_a_formula(text: str) -> None:
    assert not str(cell(text)).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-1001234, -1001234),
        (0.5, 0.5),
        (True, "true"),
        (None, ""),
        (["caspian", "grain"], "caspian, grain"),
        ({"caspian": 2}, "caspian=2"),
        (NOW, "2026-11-20T00:00:00+00:00"),
        ("قال - ثم مضى", "قال - ثم مضى"),
    ],
    ids=["number", "share", "yes", "nothing", "list", "labels", "time", "text"],
)
def test_other_values_are_readable(value: object, shown: object) -> None:
    assert cell(value) == shown


async def test_csv_and_json_lines_hold_every_article_once(database: Database) -> None:
    titles = {title_of(number) for number in range(3)}
    lines = io.StringIO()
    assert write_rows(lines, exported(database, "articles", None), "jsonl") == 3
    assert {json.loads(line)["title"] for line in lines.getvalue().splitlines()} == titles
    table = io.StringIO(newline="")
    assert write_rows(table, exported(database, "articles", None), "csv") == 3
    text = table.getvalue()
    assert text.startswith("\ufeff")
    assert {row["title"] for row in csv.DictReader(io.StringIO(text[1:]))} == titles
    database.close_now()


async def test_alerts_say_what_was_told_and_to_how_many(database: Database) -> None:
    rows = list(exported(database, "alerts", None))
    assert [row["title"] for row in rows] == [title_of(number) for number in range(3)]
    assert {tuple(row["topics"]) for row in rows} == {("caspian",)}
    assert {row["chats"] for row in rows} == {0}
    database.close_now()


async def test_since_leaves_out_what_is_older(database: Database) -> None:
    assert list(exported(database, "articles", NOW + timedelta(seconds=1))) == []
    assert len(list(exported(database, "alerts", NOW))) == 3
    database.close_now()


async def test_what_somebody_watches_for_alone_is_left_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad import export as module

    monkeypatch.setattr(module, "is_personal", lambda topic: topic == "caspian")
    assert list(exported(database, "alerts", None)) == []
    assert {tuple(row["topics"]) for row in exported(database, "articles", None)} == {()}
    database.close_now()


@pytest.mark.parametrize(
    ("file", "chosen", "form"),
    [("a.csv", None, "csv"), ("A.CSV", "jsonl", "jsonl"), ("-", None, "jsonl")],
    ids=["by name", "as chosen", "standard output"],
)
def test_the_format_is_chosen_or_told_by_the_name(file: str, chosen: None, form: str) -> None:
    assert format_of(file, chosen) == form


@pytest.fixture
def run(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("MARSAD_DATA", str(tmp_path))
    yield CliRunner()
    database.close_now()


async def test_subscribers_go_out_and_come_in_again(run: CliRunner, tmp_path: Path) -> None:
    file = str(tmp_path / "s.jsonl")
    assert run.invoke(main, ["export", "subscribers", file]).exit_code == 0
    imported = run.invoke(main, ["import", file])
    assert imported.exit_code == 0
    assert "2 subscribers imported" in imported.output


async def test_what_cannot_be_is_said_in_a_sentence(run: CliRunner, tmp_path: Path) -> None:
    as_csv = run.invoke(main, ["export", "subscribers", str(tmp_path / "s.csv")])
    assert as_csv.exit_code == 1
    assert "JSON lines" in as_csv.output
    labels = run.invoke(main, ["export", "labels", "--since", "3d"])
    assert labels.exit_code == 1
    assert "exported whole" in labels.output


def test_what_is_exported_is_the_owners_alone(marsad: Run, tmp_path: Path) -> None:
    file = tmp_path / "subscribers.jsonl"
    assert marsad("export", "subscribers", file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600

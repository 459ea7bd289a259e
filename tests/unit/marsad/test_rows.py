"""JSON lines: good rows are read, a bad line is named by its number and loses nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from marsad.rows import BadRow, Row, read_rows


def rows(tmp_path: Path, *lines: str | bytes) -> list[Row | BadRow]:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(
        b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    )
    return list(read_rows(str(file)))


def test_a_row_is_read_with_its_time_in_utc(tmp_path: Path) -> None:
    (row,) = rows(
        tmp_path,
        '{"id": 7, "title": "قمة", "text": "نص", "published": "2026-03-01T12:00:00+03:00"}',
    )
    assert isinstance(row, Row)
    assert row.id == 7
    assert row.document.title == "قمة"
    assert row.document.published == datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"id": 1, "title": ', "not JSON", id="cut"),
        pytest.param("[1, 2]", "not a JSON object", id="list"),
        pytest.param('{"title": "a", "text": "b"}', "id is missing", id="no-id"),
        pytest.param('{"id": 1, "text": "b"}', "title is missing", id="no-title"),
        pytest.param('{"id": 1, "title": 5, "text": "b"}', "title is not text", id="number"),
        pytest.param(
            '{"id": 1, "title": "", "text": "", "published": "أمس"}', "ISO 8601", id="time"
        ),
        pytest.param(b'{"id": 1, "title": "\xff\xfe", "text": ""}', "not UTF-8", id="bytes"),
        pytest.param("[" * 100_000, "nested too deep", id="deep"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(
    tmp_path: Path, line: str | bytes, reason: str
) -> None:
    good = '{"id": "a", "title": "عنوان", "text": "نص"}'
    first, bad, last = rows(tmp_path, good, line, good)
    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert isinstance(bad, BadRow)
    assert str(bad).startswith("line 2: ")
    assert reason in str(bad)

"""`marsad export`: rows as JSON lines, or as CSV that no spreadsheet takes for formulas."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any, Literal

from alerts.keywords import is_personal
from marsad import labels
from marsad.subscriptions import export_rows
from storage.database import Database
from storage.export import export

Format = Literal["jsonl", "csv"]

# A cell that begins so is a formula to spreadsheets (OWASP, CSV injection), also in full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def exported(database: Database, what: str, since: datetime | None) -> Iterable[Mapping[str, Any]]:
    """The rows of 'articles', 'alerts', 'labels' or 'subscribers'. What somebody watches for alone
    is nobody else's: such keywords are left out of the topics of articles and alerts."""
    if what == "labels":
        return labels.rows(database)
    if what == "subscribers":
        return export_rows(database)
    return _of_everybody(export(database, what, since))


def _of_everybody(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        topics = [topic for topic in row["topics"] if not is_personal(topic)]
        if len(topics) == len(row["topics"]):
            yield row
        elif topics or "words" not in row:
            # the words that hit are the keyword, and so is the reason
            hidden = {name: None for name in ("words", "reason") if name in row}
            yield {**row, "topics": topics, **hidden}


def write_rows(stream: IO[str], rows: Iterable[Mapping[str, Any]], form: Format) -> int:
    """How many were written."""
    write = _write_csv if form == "csv" else _write_json_lines
    return write(stream, rows)


def format_of(file: str, chosen: Format | None) -> Format:
    """What was chosen, or else what the file's name says."""
    return chosen or ("csv" if file.lower().endswith(".csv") else "jsonl")


def _write_json_lines(stream: IO[str], rows: Iterable[Mapping[str, Any]]) -> int:
    written = 0
    for row in rows:
        stream.write(json.dumps(dict(row), ensure_ascii=False, default=_iso) + "\n")
        written += 1
    return written


def _write_csv(stream: IO[str], rows: Iterable[Mapping[str, Any]]) -> int:
    # the mark by which spreadsheets know UTF-8, and show Arabic
    stream.write("\ufeff")
    writer, written = csv.writer(stream), 0
    for row in rows:
        if not written:
            writer.writerow(row)
        writer.writerow([cell(value) for value in row.values()])
        written += 1
    return written


def cell(value: object) -> object:
    """Numbers as they are; a text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return cell(", ".join(f"{key}={item}" for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return cell(", ".join(map(str, value)))
    # spaces do not keep a spreadsheet from it
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _iso(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()

"""JSON lines in and out: every command that reads or writes rows does it here."""

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any

import click

from models.article import Article
from models.match import Document, Verdict

# A line beyond this is not an article; reading it whole would fill the memory.
MOST_LINE_CHARACTERS = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line that is not a usable row; the others are read all the same."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article of a JSON-lines file or of the archive. `seen`: when the archive got it."""

    id: str | int
    document: Document
    seen: datetime | None = None


class UnreadableFile(Exception):
    """A file that cannot be read on, with the reason."""


def read_rows(path: str) -> Iterator[Row | BadRow]:
    """The rows of a file ('-': standard input; NAME.gz is unpacked): objects with id, title, text
    and, if known, source, url, published (ISO 8601) and language. Empty lines are passed over."""
    for number, line in read_lines(path):
        yield read_row(number, line)


def read_row(number: int, line: bytes | BadRow) -> Row | BadRow:
    """The row that a line holds, or what is wrong with it."""
    value = line if isinstance(line, BadRow) else _parse(number, line)
    if isinstance(value, BadRow):
        return value
    try:
        return _row(value)
    except ValueError as error:
        return BadRow(number, str(error))


def read_json_lines(path: str) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """Each line that is not empty, with its number from 1: an object, or what is wrong with it."""
    for number, line in read_lines(path):
        yield number, line if isinstance(line, BadRow) else _parse(number, line)


def read_lines(path: str) -> Iterator[tuple[int, bytes | BadRow]]:
    """Each line that is not empty, with its number from 1. Raises UnreadableFile."""
    with open_bytes(path) as stream:
        yield from lines_of(stream)


@contextmanager
def open_bytes(path: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked when its name ends with .gz. What goes wrong while they are
    read is raised as UnreadableFile."""
    try:
        with click.open_file(path, "rb") as file:
            if path.endswith(".gz"):
                with gzip.open(file) as stream:
                    yield stream  # type: ignore[misc]  # a GzipFile reads bytes
            else:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(f"{path}: cannot be read: {reason}") from error


def lines_of(stream: IO[bytes]) -> Iterator[tuple[int, bytes | BadRow]]:
    """As `read_lines`; a line that is too long is not held in memory."""
    number = 0
    while line := stream.readline(MOST_LINE_CHARACTERS + 1):
        number += 1
        if len(line) > MOST_LINE_CHARACTERS:
            while not line.endswith(b"\n") and (line := stream.readline(MOST_LINE_CHARACTERS)):
                pass
            yield number, BadRow(number, f"longer than {MOST_LINE_CHARACTERS} bytes")
        elif line.strip():
            yield number, line


def _parse(number: int, line: bytes) -> dict[str, Any] | BadRow:
    try:
        value = json.loads(line)
    except UnicodeDecodeError:
        return BadRow(number, "not UTF-8 text")
    except json.JSONDecodeError as error:
        return BadRow(number, f"not JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return BadRow(number, "nested too deep")
    if isinstance(value, dict):
        return value
    return BadRow(number, "not a JSON object; each line is one object with id, title and text")


def _row(value: dict[str, Any]) -> Row:
    identity = value.get("id")
    if not isinstance(identity, str | int) or isinstance(identity, bool):
        raise ValueError("id is missing; it is a string or a whole number")
    return Row(
        id=identity,
        document=Document(
            title=_text(value, "title") or "",
            text=_text(value, "text") or "",
            source=_text(value, "source"),
            language=_text(value, "language"),
            published=_time(value, "published") or _other_date(value),
            url=_text(value, "url"),
        ),
    )


def _text(value: dict[str, Any], name: str) -> str | None:
    found = value.get(name)
    if found is not None and not isinstance(found, str):
        raise ValueError(f"{name} is not text")
    if name in ("title", "text") and name not in value:
        raise ValueError(f"{name} is missing; it is text, '' if there is none")
    return found


def _time(value: dict[str, Any], name: str) -> datetime | None:
    found = _text(value, name)
    if found is None:
        return None
    try:
        time = datetime.fromisoformat(found)
    except ValueError as error:
        raise ValueError(f"{name} is not an ISO 8601 time, as in 2026-01-31T12:00:00Z") from error
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def _other_date(value: dict[str, Any]) -> datetime | None:
    """What files of others call the time; one that is not understood is none."""
    try:
        return _time(value, "date")
    except ValueError:
        return None


def match_row(
    identity: str | int, fired: tuple[Verdict, ...], others: tuple[Verdict, ...] | None
) -> dict[str, Any]:
    """The output of `marsad match`; `others` (with --all) carry what they lacked."""
    row: dict[str, Any] = {"id": identity, "topics": [verdict_fields(verdict) for verdict in fired]}
    if others is not None:
        row["others"] = [{**verdict_fields(v), "lacked": list(v.lacked)} for v in others]
    return row


def verdict_fields(verdict: Verdict) -> dict[str, Any]:
    """The topic, its score and its hits."""
    return {
        "topic": verdict.topic,
        "score": verdict.score,
        "hits": [
            {
                "keyword": hit.keyword,
                "text": hit.text,
                "field": hit.field,
                "start": hit.start,
                "end": hit.end,
            }
            for hit in verdict.hits
        ],
    }


def article_row(article: Article) -> dict[str, Any]:
    """An article as `marsad crawl --output` writes it; `marsad match` reads it back."""
    return {
        "id": article.key,
        "source": article.site,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "published": article.published.isoformat() if article.published else None,
        "author": article.author,
        "language": article.language,
        "evidence": dict(article.evidence),
    }


def write_row(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)

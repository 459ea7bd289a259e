"""`marsad date`: what dates as sites write them tell, a line each."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import click

from crawler.extraction.dates import read_date

_STRING = ("string", "text", "date")
_ZONE = ("zone", "time zone", "time_zone", "timezone", "tz")
_NOW = ("now",)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateRow:
    """A string, the time zone of the site that wrote it, and when it was read."""

    string: str
    zone: tzinfo
    now: datetime


def read_date_file(path: str, now: datetime) -> Iterator[dict[str, Any]]:
    """One object a line of the file ('-': standard input) with `string` and `iso` (in the site's
    zone), `utc` and `precision`, or `iso` null and the `reason`; `error` where the line is wrong.

    A line is string, time zone and now, parted by tabs, or a JSON object with these names; without
    a zone it is UTC, without its own now it is `now`. A first line of names is passed over.
    """
    with click.open_file(path, "rb") as stream:
        for number, line in enumerate(stream, start=1):
            text = line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
            if not text.strip() or (number == 1 and _is_heading(text)):
                continue
            try:
                yield _told(_row(text, now))
            except ValueError as error:
                yield {"string": text, "iso": None, "error": f"line {number}: {error}"}


def _is_heading(line: str) -> bool:
    names = [name.strip().lower() for name in line.split("\t")]
    return names[0] in _STRING and (len(names) == 1 or names[1] in _ZONE)


def _row(line: str, now: datetime) -> DateRow:
    if line.lstrip().startswith("{"):
        value = _object(line)
    else:
        value = dict(zip(("string", "zone", "now"), line.split("\t"), strict=False))
    string = _first(value, _STRING)
    if string is None:
        raise ValueError(f"the string is missing; it is named {', '.join(_STRING)}")
    zone, read_at = _first(value, _ZONE), _first(value, _NOW)
    return DateRow(string, _zone(zone), _time(read_at) if read_at else now)


def _object(line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _first(value: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        found = value.get(name)
        if found is None:
            continue
        if not isinstance(found, str):
            raise ValueError(f"{name} is not text")
        return found.strip() if names is not _STRING else found
    return None


def _zone(name: str | None) -> tzinfo:
    if not name or name.upper() == "Z":
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(
            f"the time zone {name!r} is not known; it is written as Asia/Riyadh or +03:00"
        ) from error


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"now is {text!r}; it is an ISO 8601 time") from error
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _told(row: DateRow) -> dict[str, Any]:
    found = read_date(row.string, now=row.now.astimezone(UTC), zone=row.zone)
    if found.moment is None:
        return {"string": row.string, "iso": None, "reason": found.reason}
    return {
        "string": row.string,
        "iso": found.moment.astimezone(row.zone).isoformat(),
        "utc": found.moment.isoformat(),
        "precision": found.precision,
    }

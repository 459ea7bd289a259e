"""Durations as operators write them: 90s, 10m, 24h, 3d."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_PATTERN = re.compile(r"(\d+)([smhd])")


def parse_duration(value: object) -> timedelta:
    """'10m' -> 10 minutes. Raises ValueError for anything but a whole number and s, m, h or d."""
    if isinstance(value, timedelta):
        return value
    found = _PATTERN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a duration is a whole number with s, m, h or d, as in 90s, 10m, 24h, 3d")
    try:
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError as error:
        raise ValueError("a duration has at most nine digits") from error


def format_duration(value: timedelta) -> str:
    """The shortest spelling that parse_duration reads back: 24 hours -> '1d', 90 s -> '90s'."""
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+[smhd]$"}),
]

"""Sizes as operators write them: 500MB, 10GB."""

import re
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNITS = {"MB": 2**20, "GB": 2**30}
_PATTERN = re.compile(r"(\d{1,6})(MB|GB)")


def parse_size(value: object) -> int:
    """'500MB' -> bytes. Raises ValueError for anything but a whole number and MB or GB."""
    found = _PATTERN.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a size is a whole number with MB or GB, as in 500MB, 10GB")
    return int(found[1]) * _UNITS[found[2]]


def format_size(value: int) -> str:
    """The shortest spelling that parse_size reads back."""
    if value and value % _UNITS["GB"] == 0:
        return f"{value // _UNITS['GB']}GB"
    return f"{value // _UNITS['MB']}MB"


Size = Annotated[
    int,
    BeforeValidator(parse_size),
    PlainSerializer(format_size, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,6}(MB|GB)$"}),
]

"""Column types that hold on both databases, and the cleaning of foreign text."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, TypeEngine

# PostgreSQL refuses NUL in text; UTF-8 has no lone surrogates, and pages bring both.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_LONGEST_KEY_BYTES = 1024
_KEPT_KEY_BYTES = 900

# Fixed width, so that SQLite compares the texts as times.
_ISO = "%Y-%m-%dT%H:%M:%S.%fZ"


def clean(text: str) -> str:
    """The text without NUL and lone surrogates."""
    return _UNSTORABLE.sub("", text)


def indexable(text: str) -> str:
    """The text as a Key column stores it; shortening is idempotent."""
    text = clean(text)
    if len(text.encode()) <= _LONGEST_KEY_BYTES:
        return text
    digest = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{text.encode()[:_KEPT_KEY_BYTES].decode(errors='ignore')}#{digest}"


def clean_or_none(text: str | None) -> str | None:
    return None if text is None else clean(text)


def _clean_json(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): _clean_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean_json(item) for item in value]
    return value


def to_json(value: object) -> str:
    """JSON as both databases take it: letters as they are, nothing unstorable."""
    return json.dumps(_clean_json(value), ensure_ascii=False, separators=(",", ":"))


class Text(TypeDecorator[str]):
    """Text of any length; what cannot be stored is dropped on the way in."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return clean_or_none(value)


class Key(Text):
    """Text that an index holds whole; a longer one keeps its beginning and gets a hash.

    PostgreSQL refuses index rows above 2704 bytes, and hostile addresses are longer.
    """

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else indexable(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC: timestamptz on PostgreSQL, ISO text on SQLite. Refuses naive values."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.String(27))

    def process_bind_param(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.strftime(_ISO)

    def process_result_value(
        self, value: datetime | str | None, dialect: sa.Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.strptime(value, _ISO).replace(tzinfo=UTC)


# SQLite numbers rows by itself only in a column of exactly this type.
RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

"""Rows for every table of the schema, whatever tables there are: made from the columns' types."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from storage.columns import UtcTime
from storage.schema import metadata

_TEXTS = (
    "قال مسؤول في هيئة الموانئ إن السفينة «الأولى» ترسو صباح الغد.",
    'سطر أول\nسطر "ثان"\tوبعده \\ علامة',
    "",
    "👩‍👧 ١٢٣ ‏RTL‎ %s ? :now {x} 'quoted'",
    "NULL",
    "=1+2",
)
_STATES = {
    ("articles", "state"): ("undecided", "decided"),
    ("deliveries", "state"): ("pending", "retry", "in flight", "sent", "dead", "cancelled"),
    ("mutes", "kind"): ("site", "story"),
    # one row a database, kept by the index itself
}
_SKIPPED = {"search_state"}
_NEWEST = datetime(2026, 11, 20, 9, 30, 1, 123456, tzinfo=UTC)


def fill(connection: sa.Connection, rows: int, seed: int = 1) -> None:
    """So many rows in each table; references lead to rows that are there."""
    chance = random.Random(seed)
    keys: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        if table.name in _SKIPPED:
            continue
        made = [_row(table, number, keys, chance) for number in range(1, rows + 1)]
        connection.execute(sa.insert(table), made)
        first = next(iter(table.primary_key.columns))
        keys[table.name] = [row[first.name] for row in made]


def _row(
    table: sa.Table, number: int, keys: dict[str, list[Any]], chance: random.Random
) -> dict[str, Any]:
    row = {column.name: _value(column, number, keys, chance) for column in table.columns}
    for column in table.primary_key.columns:
        row[column.name] = _key(column, number, keys)
    return row


def _key(column: sa.Column[Any], number: int, keys: dict[str, list[Any]]) -> Any:
    reference = next(iter(column.foreign_keys), None)
    if reference is not None:
        return keys[reference.column.table.name][number - 1]
    if (column.table.name, column.name) in _STATES:
        return _STATES[column.table.name, column.name][number % 2]
    return f"مفتاح {number}" if isinstance(column.type, sa.types.TypeDecorator) else number * 7


def _value(
    column: sa.Column[Any], number: int, keys: dict[str, list[Any]], chance: random.Random
) -> Any:
    if column.nullable and chance.random() < 0.3:
        return None
    reference = next(iter(column.foreign_keys), None)
    if reference is not None:
        return keys[reference.column.table.name][number - 1]
    states = _STATES.get((column.table.name, column.name))
    if states is not None:
        return chance.choice(states)
    kind = column.type
    if isinstance(kind, UtcTime):
        return _NEWEST - timedelta(microseconds=chance.randrange(10**14))
    if isinstance(kind, sa.LargeBinary):
        return bytes(chance.randrange(256) for _ in range(chance.choice((0, 3, 40))))
    if isinstance(kind, sa.Boolean):
        return chance.random() < 0.5
    if isinstance(kind, sa.JSON):
        return {"أ": [1, None, 0.1, chance.choice(_TEXTS)], "b": chance.choice(_TEXTS)}
    if isinstance(kind, sa.Float):
        return chance.choice((0.1, 1.0, 1e-9, chance.random()))
    if isinstance(kind, sa.types.TypeDecorator):
        # what is unique stays so
        return f"{chance.choice(_TEXTS)} {number}"
    return number if column.name == "version" else chance.randrange(1000)

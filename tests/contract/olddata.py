"""Databases of earlier schemas with rows in them: tests/contract/releases/REVISION.jsonl.

    python -m tests.contract.olddata        writes those that are missing

A line a table: its name, its columns, its rows as storage.backup gives them. What was written once
stays as it is, so that a later change of the code that wrote it changes no test.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from storage import backup
from storage.connection import parse_url, prepare_file, writing_engine
from storage.migration import create
from storage.restore import _insert

FOLDER = Path(__file__).parent / "releases"
SCRIPTS = Path(__file__).parents[2] / "storage" / "migrations"
ROWS = 5

_CHOICES = {
    ("articles", "state"): ("undecided", "decided"),
    ("deliveries", "state"): ("pending", "retry", "in flight", "sent", "dead", "cancelled"),
    ("deliveries", "kind"): ("alert", "edit", "notice"),
    ("mutes", "kind"): ("site", "story"),
    ("chats", "channel"): ("telegram",),
    ("chats", "status"): ("active", "waiting", "gone"),
    ("chats", "language"): ("ar", "en"),
}


@dataclass(frozen=True, slots=True)
class OldTable:
    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def revisions() -> list[str]:
    """All of them, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in scripts][::-1]


def old_tables(revision: str) -> list[OldTable]:
    """What the database of this revision holds, in an order that references allow."""
    lines = (FOLDER / f"{revision}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        OldTable(one["table"], tuple(one["columns"]), tuple(map(tuple, one["rows"])))
        for one in map(json.loads, lines)
    ]


def at_revision(url: str, revision: str) -> None:
    """A database as a program of that schema left it."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        prepare_file(parsed)
    engine = writing_engine(parsed)
    with engine.begin() as connection:
        create(connection, parsed, revision)
        there = {table.name: table for table in backup.tables(connection)}
        for old in old_tables(revision):
            rows = [backup.from_values(there[old.name], old.columns, row) for row in old.rows]
            _insert(connection, old.name, old.columns, rows)
    engine.dispose()


def main() -> None:
    # The newest may still change until there is a newer one.
    for revision in revisions()[:-1]:
        file = FOLDER / f"{revision}.jsonl"
        if not file.exists():
            FOLDER.mkdir(exist_ok=True)
            text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in _made(revision))
            file.write_text(text, encoding="utf-8")


def _made(revision: str) -> Iterator[dict[str, Any]]:
    engine = sa.create_engine("sqlite://")
    chance = random.Random(revision)
    with engine.begin() as connection:
        create(connection, engine.url, revision)
        keys: dict[str, list[Any]] = {}
        for table in backup.tables(connection):
            rows = [
                [_value(table.table.c[name], number, keys, chance) for name in table.columns]
                for number in range(1, ROWS + 1)
            ]
            first = next(iter(table.table.primary_key.columns)).name
            keys[table.name] = [row[table.columns.index(first)] for row in rows]
            yield {"table": table.name, "columns": table.columns, "rows": rows}


def _value(
    column: sa.Column[Any], number: int, keys: dict[str, list[Any]], chance: random.Random
) -> Any:
    reference = next(iter(column.foreign_keys), None)
    if reference is not None:
        return keys[reference.column.table.name][number - 1]
    choices = _CHOICES.get((column.table.name, column.name))
    if choices is not None:
        return choices[number % len(choices)]
    if column.primary_key:
        return f"{column.name} {number}" if isinstance(column.type, sa.String) else number * 3
    return _plain(column, number, chance)


def _plain(column: sa.Column[Any], number: int, chance: random.Random) -> Any:
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return chance.random() < 0.5
    if isinstance(kind, sa.JSON):
        return _json(column.name)
    if isinstance(kind, sa.LargeBinary):
        return "AAEC/w=="
    if isinstance(kind, sa.String) and kind.length == 27:
        return f"2026-10-{number:02d}T0{number}:{chance.randrange(60):02d}:00.000000Z"
    if column.nullable and number == 2:
        return None
    if isinstance(kind, sa.String):
        return f"نص «{column.name}» {number}"
    if isinstance(kind, sa.Float):
        return chance.random()
    return number


def _json(name: str) -> str:
    """Lists where the program reads lists."""
    return "[]" if name in {"bands", "listings"} else '{"عنوان":"نص","n":[1,null]}'


if __name__ == "__main__":
    main()

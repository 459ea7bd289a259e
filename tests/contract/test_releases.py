"""Every earlier schema, with rows in every table, becomes today's and loses nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from marsad.backup import back_up, restore_backup
from marsad.backupfile import read_backup
from marsad.settings import read_settings
from storage import backup
from storage.database import Database
from storage.errors import DatabaseNewer
from storage.migration import revision_of
from storage.schema import REVISION
from tests.contract.olddata import FOLDER, at_revision, old_tables, revisions

NOW = datetime(2026, 11, 1, tzinfo=UTC)
EARLIER = revisions()[:-1]

# What a migration changes on purpose, and why.
CHANGED = {
    "story_keys": "0008 finds stories by keys of another kind",
}

Values = dict[str, list[Any]]


def held(database: Database) -> dict[str, Values]:
    """Every column's values, by table."""

    def read(connection: sa.Connection) -> dict[str, Values]:
        return {
            table.name: by_column(table.columns, list(backup.rows(connection, table)))
            for table in backup.tables(connection)
        }

    return database.read_now(read)


def by_column(columns: tuple[str, ...], rows: list[Any]) -> Values:
    return {name: [row[number] for row in rows] for number, name in enumerate(columns)}


def test_there_is_data_of_every_earlier_schema() -> None:
    # to write what is missing: python -m tests.contract.olddata
    assert [one for one in EARLIER if not (FOLDER / f"{one}.jsonl").exists()] == []


@pytest.mark.parametrize("revision", EARLIER)
def test_a_database_of_an_earlier_schema_keeps_every_value(
    database_url: str, revision: str
) -> None:
    at_revision(database_url, revision)
    database = Database.open(database_url)
    try:
        assert database.read_now(revision_of) == REVISION
        assert database.check() == []
        now = held(database)
    finally:
        database.close_now()
    for old in old_tables(revision):
        if old.name in CHANGED:
            continue
        before = by_column(old.columns, list(old.rows))
        kept = {name: now[old.name][name] for name in before if name in now[old.name]}
        # rows are compared as a whole: sorted alike, by the columns that both have
        assert rows_of(kept) == rows_of({name: before[name] for name in kept}), old.name


def rows_of(values: Values) -> list[tuple[str, ...]]:
    names = sorted(values)
    return sorted(tuple(map(repr, row)) for row in zip(*(values[n] for n in names), strict=True))


@pytest.mark.parametrize("revision", [EARLIER[0], EARLIER[-1]])
def test_it_is_backed_up_as_it_is_and_restored_as_todays(tmp_path: Path, revision: str) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    at_revision(url, revision)
    settings = read_settings({"MARSAD_CONFIG": f"{tmp_path}/none", "MARSAD_DATABASE_URL": url})
    back_up(settings, tmp_path / "b.zip", NOW)
    untouched = Database.attach(url)
    # this is how one goes back: the backup is of the schema that the earlier program knows
    assert untouched.read_now(revision_of) == revision
    untouched.close_now()
    with read_backup(tmp_path / "b.zip") as reader:
        assert reader.revision == revision

    new = f"sqlite:///{tmp_path}/new.db"
    there = replace(settings, database_url=SecretStr(new))
    restore_backup(there, tmp_path / "b.zip", NOW, with_config=False, advance=lambda _: None)
    database = Database.open(new)
    try:
        assert database.check() == []
        assert len(held(database)["articles"]["id"]) == 5
    finally:
        database.close_now()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database_url: str) -> None:
    Database.open(database_url).close_now()
    newer = Database.attach(database_url)
    newer.write_now(lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'")))
    newer.close_now()
    with pytest.raises(DatabaseNewer, match="made by a newer Marsad"):
        Database.open(database_url)
    again = Database.attach(database_url)
    assert again.read_now(revision_of) == "9999"
    again.close_now()


def test_going_back_is_restoring_with_the_earlier_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upgraded, then back: the earlier program refuses the new database, takes the backup that was
    made before, and works on it."""
    from storage import migration
    from storage import restore as restoring

    before, earlier = EARLIER[-1], f"sqlite:///{tmp_path}/marsad.db"
    at_revision(earlier, before)
    settings = read_settings({"MARSAD_CONFIG": f"{tmp_path}/none", "MARSAD_DATABASE_URL": earlier})
    back_up(settings, tmp_path / "b.zip", NOW)
    Database.open(earlier).close_now()

    # the earlier program: it knows the schemas up to its own
    scripts = tmp_path / "migrations"
    copy_scripts(scripts, leave_out=REVISION)
    monkeypatch.setattr(migration, "_SCRIPTS", scripts)
    monkeypatch.setattr(migration, "REVISION", before)
    monkeypatch.setattr(restoring, "REVISION", before)
    with pytest.raises(DatabaseNewer, match=f"knows up to {before}"):
        Database.open(earlier)
    new = f"sqlite:///{tmp_path}/back.db"
    there = replace(settings, database_url=SecretStr(new))
    restore_backup(there, tmp_path / "b.zip", NOW, with_config=False, advance=lambda _: None)
    database = Database.open(new)
    assert database.read_now(revision_of) == before
    database.close_now()


def copy_scripts(folder: Path, leave_out: str) -> None:
    from storage import migration

    (folder / "versions").mkdir(parents=True)
    source = Path(migration.__file__).parent / "migrations"
    for script in source.rglob("*.py"):
        if f"v{leave_out}_" not in script.name:
            copied = folder / script.relative_to(source)
            copied.write_bytes(script.read_bytes())

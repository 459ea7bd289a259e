"""A backup holds every row, and gives every row back to either database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from marsad.backup import back_up, restore_backup, verify
from marsad.backupfile import read_backup
from marsad.settings import Settings, SettingsError, read_settings
from storage import backup
from storage.database import Database
from storage.errors import BackupNewer, BackupWrong, DatabaseEmpty, DatabaseOccupied
from storage.schema import REVISION, articles, metadata
from storage.search import search
from tests.contract.archive import NOW
from tests.contract.conftest import empty_database
from tests.contract.filling import fill

ROWS = 60
TOKEN = "123456:canary-canary-canary"


def settings(folder: Path, url: str) -> Settings:
    config = folder / "config"
    (config / "topics").mkdir(parents=True, exist_ok=True)
    (config / "marsad.yaml").write_text("access: open\n", encoding="utf-8")
    (config / "topics" / "caspian.yaml").write_text("# بحر قزوين\n", encoding="utf-8")
    (config / ".env").write_text(f"MARSAD_BOT_TOKEN={TOKEN}\n", encoding="utf-8")
    return read_settings(
        {"MARSAD_CONFIG": str(config), "MARSAD_DATABASE_URL": url, "MARSAD_BOT_TOKEN": TOKEN}
    )


def filled(url: str) -> None:
    database = Database.open(url)
    database.write_now(lambda connection: fill(connection, ROWS))
    database.close_now()


def nothing(rows: int) -> None:
    """Nobody watches the progress."""


def restored(given: Settings, file: Path, *, with_config: bool = True) -> None:
    restore_backup(given, file, NOW, with_config=with_config, advance=nothing)


def elsewhere(given: Settings, folder: Path, url: str) -> Settings:
    return replace(given, config=folder / "config", database_url=SecretStr(url))


def hashes(file: Path) -> dict[str, tuple[int, str]]:
    with read_backup(file) as reader:
        return {name: (one.rows, one.sha256) for name, one in reader.manifest.tables.items()}


def kept_tables() -> set[str]:
    return set(metadata.tables) - set(backup.NOT_KEPT)


def test_it_goes_from_sqlite_to_postgresql_and_back_with_every_row_equal(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    first = settings(tmp_path / "first", f"sqlite:///{tmp_path}/first.db")
    filled(first.database_url.get_secret_value())
    back_up(first, tmp_path / "1.zip", NOW)
    with empty_database("postgresql", request, tmp_path) as url:
        second = elsewhere(first, tmp_path / "second", url)
        restored(second, tmp_path / "1.zip")
        back_up(second, tmp_path / "2.zip", NOW + timedelta(hours=1))
    third = elsewhere(first, tmp_path / "third", f"sqlite:///{tmp_path}/third.db")
    restored(third, tmp_path / "2.zip")
    back_up(third, tmp_path / "3.zip", NOW)

    assert hashes(tmp_path / "1.zip").keys() == kept_tables()
    assert all(rows == ROWS for rows, _ in hashes(tmp_path / "1.zip").values())
    assert hashes(tmp_path / "1.zip") == hashes(tmp_path / "2.zip") == hashes(tmp_path / "3.zip")
    for table in kept_tables():
        assert rows_of(tmp_path / "first.db", table) == rows_of(tmp_path / "third.db", table)


def rows_of(file: Path, table: str) -> list[tuple[object, ...]]:
    """As SQLite stores them, types included, without the code under test."""
    with sa.create_engine(f"sqlite:///{file}").connect() as connection:
        columns = [column.name for column in metadata.tables[table].columns]
        shown = ", ".join(f'"{name}", typeof("{name}")' for name in columns)
        rows = connection.exec_driver_sql(f'SELECT {shown} FROM "{table}"').all()
    return sorted((tuple(row) for row in rows), key=repr)


def test_what_was_restored_goes_on_living(
    request: pytest.FixtureRequest, database_url: str, tmp_path: Path
) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    restored(elsewhere(given, tmp_path / "new", database_url), tmp_path / "b.zip")
    database = Database.open(database_url)
    try:
        assert database.check() == []
        hits = database.read_now(lambda c: search(c, "السفينة", now=NOW, limit=100).hits)
        assert hits, "the search index was built"
        highest = database.read_now(lambda c: c.scalar(sa.select(sa.func.max(articles.c.id))))
        new = database.write_now(insert_article)
        assert highest is not None
        assert new == highest + 1
    finally:
        database.close_now()


def insert_article(connection: sa.Connection) -> int:
    row = connection.execute(sa.select(articles).limit(1)).one()
    values = {name: value for name, value in row._mapping.items() if name != "id"}
    made = sa.insert(articles).values(values | {"key": "new"}).returning(articles.c.id)
    number: int = connection.execute(made).scalar_one()
    return number


def test_the_configuration_comes_back_and_no_secret_is_in_the_file(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    new = elsewhere(given, tmp_path / "new", f"sqlite:///{tmp_path}/new.db")
    restored(new, tmp_path / "b.zip")
    found = {
        path.relative_to(new.config).as_posix(): path.read_text(encoding="utf-8")
        for path in new.config.rglob("*")
        if path.is_file()
    }
    assert found == {"marsad.yaml": "access: open\n", "topics/caspian.yaml": "# بحر قزوين\n"}
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600


def test_a_token_in_a_configuration_file_is_refused(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    (given.config / "marsad.yaml").write_text(f"# {TOKEN}\naccess: open\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="holds a secret") as error:
        back_up(given, tmp_path / "b.zip", NOW)
    assert TOKEN not in str(error.value)
    assert not (tmp_path / "b.zip").exists()


def test_a_database_that_holds_rows_is_not_overwritten(database_url: str, tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    filled(database_url)
    with pytest.raises(DatabaseOccupied, match="is not empty"):
        restored(elsewhere(given, tmp_path / "new", database_url), tmp_path / "b.zip")
    assert not (tmp_path / "new" / "config").exists()


def test_a_database_that_was_only_opened_counts_as_empty(database_url: str, tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    Database.open(database_url).close_now()
    restored(elsewhere(given, tmp_path / "new", database_url), tmp_path / "b.zip")


def test_a_configuration_folder_that_holds_files_is_kept(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    new = replace(given, database_url=SecretStr(f"sqlite:///{tmp_path}/new.db"))
    with pytest.raises(BackupWrong, match="--without-config"):
        restored(new, tmp_path / "b.zip")
    assert not (tmp_path / "new.db").exists()
    restored(new, tmp_path / "b.zip", with_config=False)


def test_a_backup_replaces_no_file(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    with pytest.raises(FileExistsError, match="replaces no file"):
        back_up(given, tmp_path / "b.zip", NOW)


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(Exception, match="there is no database"):
        back_up(given, tmp_path / "b.zip", NOW)
    Database.create(given.database_url.get_secret_value()).close_now()
    with pytest.raises(DatabaseEmpty, match="holds nothing of Marsad"):
        back_up(given, tmp_path / "b.zip", NOW)
    assert list(tmp_path.glob("*b.zip*")) == []


def changed(file: Path, change: Callable[[bytearray], None]) -> Path:
    content = bytearray(file.read_bytes())
    change(content)
    other = file.with_name("changed.zip")
    other.write_bytes(content)
    return other


def test_every_damaged_byte_is_found(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)
    assert verify(tmp_path / "b.zip").articles == ROWS
    with read_backup(tmp_path / "b.zip") as reader:
        written = reader.manifest
    size = (tmp_path / "b.zip").stat().st_size
    for place in range(0, size, size // 200):

        def flip(content: bytearray, place: int = place) -> None:
            content[place] ^= 0x55

        file = changed(tmp_path / "b.zip", flip)
        try:
            verify(file)
        except BackupWrong:
            continue
        # zip keeps dates and attributes beside its members: nothing depends on them
        with read_backup(file) as reader:
            assert reader.manifest == written, place


def test_a_backup_that_ends_early_is_refused(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    back_up(given, tmp_path / "b.zip", NOW)

    def cut(content: bytearray) -> None:
        del content[len(content) // 2 :]

    with pytest.raises(BackupWrong, match="only a part of one"):
        verify(changed(tmp_path / "b.zip", cut))


def test_a_backup_of_a_newer_marsad_is_refused(tmp_path: Path) -> None:
    given = settings(tmp_path, f"sqlite:///{tmp_path}/old.db")
    filled(given.database_url.get_secret_value())
    database = Database.open(given.database_url.get_secret_value())
    database.write_now(
        lambda c: c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    )
    database.close_now()
    back_up(given, tmp_path / "b.zip", NOW)
    new = elsewhere(given, tmp_path / "new", f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(BackupNewer, match=f"made by a newer Marsad .* up to {REVISION}"):
        restored(new, tmp_path / "b.zip")

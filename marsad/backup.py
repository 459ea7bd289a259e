"""`marsad backup` and `marsad restore`: everything in one file, and back, on either database."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from marsad.backupfile import (
    BackupReader,
    Manifest,
    config_files,
    read_backup,
    write_backup,
)
from marsad.settings import Settings, SettingsError
from storage import backup as table_rows
from storage.database import Connection, Database
from storage.errors import BackupWrong
from storage.restore import refuse_occupied, restore

Advance = Callable[[int], None]

_LEAST_SECRET = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds, for one line to the operator."""

    rows: int
    articles: int
    config: int
    bytes: int
    made: datetime
    marsad: str

    def __str__(self) -> str:
        return (
            f"{self.articles} articles, {self.rows} rows, {self.config} configuration files, "
            f"{self.bytes / 2**20:.1f} MB, of {self.made:%Y-%m-%d %H:%M} UTC, Marsad {self.marsad}"
        )


def back_up(settings: Settings, path: Path, now: datetime) -> BackedUp:
    """One snapshot of the database and the configuration, while a Marsad may be at work.

    Raises FileExistsError, DatabaseUnreachable, DatabaseEmpty, SettingsError.
    """
    configuration = list(config_files(settings.config))
    _refuse_secrets(settings, configuration)
    database = Database.attach(settings.database_url.get_secret_value())
    try:
        database.read_now(lambda connection: _write(connection, path, configuration, now))
    finally:
        database.close_now()
    with read_backup(path) as reader:
        return _told(reader, path)


def verify(path: Path) -> BackedUp:
    """Raises BackupWrong if a single byte of it is not what was written."""
    with read_backup(path) as reader:
        reader.verify()
        return _told(reader, path)


def restore_backup(
    settings: Settings, path: Path, now: datetime, *, with_config: bool, advance: Advance
) -> BackedUp:
    """The database into an empty one, and the configuration into an empty folder.

    Raises BackupWrong, BackupNewer, DatabaseOccupied, SettingsError; nothing is changed then.
    """
    with read_backup(path) as reader:
        if with_config:
            _refuse_occupied(settings.config)
        files = list(reader.config())
        database = Database.create(settings.database_url.get_secret_value())
        try:
            refuse_occupied(database)
            restore(database, reader, now, advance)
        finally:
            database.close_now()
        if with_config:
            for name, content in files:
                _write_config(settings.config / name, content)
        return _told(reader, path)


def rows_in(path: Path) -> int:
    with read_backup(path) as reader:
        return reader.manifest.rows


def _write(
    connection: Connection,
    path: Path,
    configuration: Iterable[tuple[str, bytes]],
    now: datetime,
) -> None:
    with write_backup(path) as writer:
        for table in table_rows.tables(connection):
            writer.add_table(table.name, table.columns, table_rows.rows(connection, table))
        for name, content in configuration:
            writer.add_config(name, content)
        writer.finish(
            Manifest(
                marsad=version("marsad"),
                schema_revision=table_rows.revision(connection),
                database="sqlite" if connection.dialect.name == "sqlite" else "postgresql",
                made=now,
                tables=writer.tables,
                config=writer.config,
            )
        )


def _told(reader: BackupReader, path: Path) -> BackedUp:
    manifest = reader.manifest
    articles = manifest.tables.get("articles")
    return BackedUp(
        rows=manifest.rows,
        articles=articles.rows if articles is not None else 0,
        config=len(manifest.config),
        bytes=path.stat().st_size,
        made=manifest.made,
        marsad=manifest.marsad,
    )


def _refuse_secrets(settings: Settings, configuration: Iterable[tuple[str, bytes]]) -> None:
    """A token in a comment of a file would travel with the backup."""
    # a short password is a word like any other
    secrets = [one.encode() for one in settings.secrets if len(one) >= _LEAST_SECRET]
    for name, content in configuration:
        if any(secret in content for secret in secrets):
            raise SettingsError(
                f"{settings.config / name} holds a secret of the environment (a token, key or"
                " password), which would be in the backup: remove it there"
            )


def _refuse_occupied(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupWrong(
            f"the configuration folder {folder} is not empty, and nothing was restored: name a new"
            " one with --config, or keep that one with --without-config"
        )


def _write_config(path: Path, content: bytes) -> None:
    """A configuration that everybody may write is refused, whatever the umask is here."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)

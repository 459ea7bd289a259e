"""A backup as a file: a zip of JSON lines a table, the configuration, and what all of it must be.

    manifest.json            versions, and for each member its size, rows and SHA-256
    tables/NAME.jsonl        one JSON list a row, its values in the order of the manifest's columns
    config/...               the files of the configuration folder, as they are

No setting of the environment is in it: neither the bot token nor the database's password.
"""

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from models.configfile import MAX_BYTES
from storage.errors import BackupWrong

FORMAT = 1
_MANIFEST = "manifest.json"
_MOST_MANIFEST_BYTES = 4 * 2**20
_MOST_ROW_BYTES = 256 * 2**20
_WRITTEN_AT_ONCE = 2**20
# The quickest: four times smaller than the text, and no slower than it is read
_LEVEL = 1

# What zipfile raises for bytes that are not as they were written.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    ValueError,
    OverflowError,
)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Member(_Frozen):
    """`bytes` unpacked."""

    bytes: int
    sha256: str


class TableMember(Member):
    columns: tuple[str, ...]
    rows: int


class Manifest(_Frozen):
    """`schema_revision` is that of the database that was backed up, `marsad` the program's."""

    format: Literal[1] = 1
    marsad: str
    schema_revision: str
    database: Literal["sqlite", "postgresql"]
    made: AwareDatetime
    tables: dict[str, TableMember]
    config: dict[str, Member]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


class BackupWriter:
    """Members go in one after the other; the manifest is the last."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.tables: dict[str, TableMember] = {}
        self.config: dict[str, Member] = {}

    def add_table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        counted = 0
        digest, size = hashlib.sha256(), 0
        with self._file.open(f"tables/{name}.jsonl", "w", force_zip64=True) as member:
            for part, number in _lines(rows):
                member.write(part)
                digest.update(part)
                size += len(part)
                counted += number
        self.tables[name] = TableMember(
            bytes=size, sha256=digest.hexdigest(), columns=tuple(columns), rows=counted
        )

    def add_config(self, name: str, content: bytes) -> None:
        self._file.writestr(f"config/{name}", content)
        self.config[name] = _member(content)

    def finish(self, manifest: Manifest) -> None:
        self._file.writestr(_MANIFEST, manifest.model_dump_json(indent=1))


@contextmanager
def write_backup(path: Path) -> Iterator[BackupWriter]:
    """The file appears under its name, readable by its owner alone, when all of it is on the disk.

    Raises FileExistsError rather than replace a backup.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists: a backup replaces no file, name another")
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as file:
                yield BackupWriter(file)
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


class BackupReader:
    """What the manifest names is read, checked as it goes by; anything else is refused."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file
        self.manifest = self._read_manifest()
        self._refuse_unknown_members()

    @property
    def revision(self) -> str:
        return self.manifest.schema_revision

    def columns(self) -> dict[str, tuple[str, ...]]:
        return {name: table.columns for name, table in self.manifest.tables.items()}

    def rows(self, table: str) -> Iterator[list[Any]]:
        """Raises BackupWrong at the latest after the last row, if they are not what was written."""
        expected = self.manifest.tables[table]
        name = f"tables/{table}.jsonl"
        digest, size, counted = hashlib.sha256(), 0, 0
        with self._open(name) as member:
            while line := member.readline(_MOST_ROW_BYTES):
                digest.update(line)
                size += len(line)
                counted += 1
                if size > expected.bytes:
                    break
                yield self._row(name, line, len(expected.columns))
        if (size, counted, digest.hexdigest()) != (expected.bytes, expected.rows, expected.sha256):
            raise self._damaged(name)

    def config(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """The files, with paths inside the configuration folder. Raises BackupWrong."""
        for name, expected in self.manifest.config.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or len(path.parts) > 2 or "\\" in name:
                raise BackupWrong(f"{self._path}: {name!r} is no file of a configuration folder")
            with self._open(f"config/{name}") as member:
                content = member.read(MAX_BYTES + 1)
            if _member(content) != expected:
                raise self._damaged(f"config/{name}")
            yield path, content

    def verify(self) -> None:
        """Read everything once. Raises BackupWrong."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass
        for _ in self.config():
            pass

    def _read_manifest(self) -> Manifest:
        try:
            with self._open(_MANIFEST) as member:
                text = member.read(_MOST_MANIFEST_BYTES)
            version = json.loads(text).get("format")
            if version != FORMAT:
                raise BackupWrong(
                    f"{self._path} is a backup of format {version}, this program reads {FORMAT}:"
                    " restore it with the Marsad that made it"
                )
            return Manifest.model_validate_json(text)
        except (ValidationError, ValueError, AttributeError) as error:
            raise BackupWrong(f"{self._path} is no backup of Marsad") from error

    def _refuse_unknown_members(self) -> None:
        known = {_MANIFEST} | {f"tables/{name}.jsonl" for name in self.manifest.tables}
        known |= {f"config/{name}" for name in self.manifest.config}
        names = self._file.namelist()
        if set(names) != known or len(names) != len(known):
            different = sorted(set(names) ^ known)
            raise BackupWrong(
                f"{self._path}: its members are not those of its manifest"
                f" ({', '.join(different[:3]) or 'one is there twice'})"
            )

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._file.open(name) as member:
                yield member
        except _UNREADABLE as error:
            raise self._damaged(name) from error

    def _row(self, name: str, line: bytes, columns: int) -> list[Any]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise self._damaged(name) from error
        is_row = isinstance(row, list) and len(row) == columns
        if not is_row or any(isinstance(value, list | dict) for value in row):
            raise self._damaged(name)
        return list(row)

    def _damaged(self, name: str) -> BackupWrong:
        return BackupWrong(
            f"{self._path} is damaged: {name} is not what was written; use another backup"
        )


@contextmanager
def read_backup(path: Path) -> Iterator[BackupReader]:
    """Raises BackupWrong."""
    try:
        file = zipfile.ZipFile(path)
    except _UNREADABLE as error:
        reason = getattr(error, "strerror", None) or "it is no zip file, or only a part of one"
        raise BackupWrong(f"{path} cannot be read: {reason}") from error
    with file:
        yield BackupReader(path, file)


def config_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What of the configuration folder is backed up: its YAML and its schemas, no hidden files."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in inside.parts)
        is_wanted = path.suffix in {".yaml", ".json"} and len(inside.parts) <= 2
        if is_wanted and not is_hidden and path.is_file() and path.stat().st_size <= MAX_BYTES:
            yield inside.as_posix(), path.read_bytes()


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[bytes, int]]:
    """Lines joined to parts of about a megabyte, and how many there are in each."""
    lines: list[str] = []
    length = 0
    for row in rows:
        line = _encode(row)
        lines.append(line)
        length += len(line)
        if length > _WRITTEN_AT_ONCE:
            yield ("\n".join(lines) + "\n").encode(), len(lines)
            lines, length = [], 0
    if lines:
        yield ("\n".join(lines) + "\n").encode(), len(lines)


def _member(content: bytes) -> Member:
    return Member(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

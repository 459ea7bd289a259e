"""Files of the configuration written by an operator in the chat: whole or not at all, undoable."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

_MOST_KEPT = 20


class SavedEdit(BaseModel):
    """What an edit replaced. `after`: a hash of what was written; `by`: the operator's id."""

    key: str
    file: str
    before: str
    after: str
    by: int
    at: datetime


_SAVED = TypeAdapter(tuple[SavedEdit, ...])


@dataclass(frozen=True, slots=True)
class EditLog:
    """The last edits, the newest last, in a file of the data folder."""

    file: Path

    def all(self) -> tuple[SavedEdit, ...]:
        """A log that cannot be read is empty: it is there for undoing alone."""
        try:
            return _SAVED.validate_json(self.file.read_bytes())
        except (FileNotFoundError, ValidationError):
            return ()

    def add(self, file: Path, before: str, after: str, by: int, now: datetime) -> SavedEdit:
        edit = SavedEdit(
            key=secrets.token_urlsafe(6),
            file=str(file),
            before=before,
            after=fingerprint(after),
            by=by,
            at=now,
        )
        self._write((*self.all(), edit)[-_MOST_KEPT:])
        return edit

    def remove(self, key: str) -> None:
        self._write(tuple(edit for edit in self.all() if edit.key != key))

    def _write(self, edits: tuple[SavedEdit, ...]) -> None:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(self.file, _SAVED.dump_json(edits).decode(), mode=0o600)


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """Replace the file in one step, keeping its rights (`mode`: those of a new one). Whoever reads
    it, also after a crash, finds the old text or the new one. Raises OSError."""
    rights = mode if mode is not None else path.stat().st_mode & 0o777
    # hidden, so that it is nobody's configuration while it is being written
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), rights)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

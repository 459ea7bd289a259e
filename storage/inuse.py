"""Whether a Marsad runs on a database: while one does, no other release may change its schema."""

import contextlib
import fcntl
import json
import os
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from storage.errors import DatabaseInUse
from storage.leases import INSTANCE, is_dead_here, running
from storage.schema import leases


def lock_file(database: Path, work: str | None = None) -> Path:
    """The file beside an SQLite database that is locked while Marsad, or a work beside it, runs."""
    return database.with_name(".".join(filter(None, (database.name, work, "lock"))))


def refuse_in_use(connection: sa.Connection, url: URL, now: datetime) -> None:
    """Raise DatabaseInUse where a process holds the instance's lock or lease."""
    if url.get_backend_name() == "sqlite":
        holder = _locked_by(lock_file(Path(url.database or "")))
    elif not sa.inspect(connection).has_table(leases.name):
        return
    else:
        owner = running(connection, INSTANCE, now)
        dead = owner is None or is_dead_here(owner)
        holder = None if owner is None or dead else f"process {owner.pid} on {owner.host}"
    if holder is not None:
        raise DatabaseInUse(url.render_as_string(hide_password=True), holder)


def _locked_by(path: Path) -> str | None:
    """Who has the file locked, in words."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        # The line may be missing: it is written a moment after the lock was taken.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            return f"process {json.loads(os.pread(descriptor, 4096, 0))['pid']}"
        return "another process"
    else:
        return None
    finally:
        os.close(descriptor)

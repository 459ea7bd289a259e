"""One Marsad at a time on one database: a file lock beside SQLite, a lease in PostgreSQL."""

import asyncio
import fcntl
import json
import os
import socket
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from storage.database import Database
from storage.errors import DatabaseError
from storage.inuse import lock_file
from storage.leases import INSTANCE, Owner, acquire, is_dead_here, release, renew

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
_RENEW_EVERY_SECONDS = 8.0


class AlreadyRunning(Exception):
    """Another Marsad works on this database, or does this very work."""

    def __init__(self, pid: int, host: str, started: datetime, work: str | None = None) -> None:
        super().__init__(
            f"{work or 'Marsad'} is already running on this database: process {pid} on {host}, "
            f"started {started:%Y-%m-%d %H:%M:%S} UTC"
        )


class InstanceLock(Protocol):
    """Held while this process works; `lost` is set when it turns out that it is not any more."""

    lost: asyncio.Event

    async def acquire(self) -> None:
        """Raises AlreadyRunning."""

    async def release(self) -> None: ...


def this_process(now: datetime) -> Owner:
    return Owner(
        host=socket.gethostname(), pid=os.getpid(), started=now, id=f"{os.getpid()}-{uuid.uuid4()}"
    )


def instance_lock(database: Database, now: Callable[[], datetime]) -> InstanceLock:
    if database.file is not None:
        return FileLock(lock_file(database.file), now)
    return DatabaseLease(database, now)


def work_lock(database: Database, work: str, now: Callable[[], datetime]) -> InstanceLock:
    """For work beside a Marsad that runs, one process each. `work`, as in 'backfill-shore', may
    stand in a file's name."""
    if database.file is not None:
        return FileLock(lock_file(database.file, work), now, work=work)
    return DatabaseLease(database, now, work=work)


class FileLock:
    """flock on a file: the system releases it when the process dies, however it dies."""

    def __init__(self, path: Path, now: Callable[[], datetime], work: str | None = None) -> None:
        self.lost = asyncio.Event()
        self._path = path
        self._work = work
        self._now = now
        self._descriptor: int | None = None

    async def acquire(self) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._holder(descriptor)
            os.close(descriptor)
            raise holder from None
        self._descriptor = descriptor
        written = json.dumps(
            {"pid": os.getpid(), "host": socket.gethostname(), "started": self._now().isoformat()}
        )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, written.encode(), 0)

    def _holder(self, descriptor: int) -> AlreadyRunning:
        try:
            row = json.loads(os.pread(descriptor, 4096, 0))
            started = datetime.fromisoformat(row["started"])
            return AlreadyRunning(row["pid"], row["host"], started, self._work)
        except (ValueError, KeyError, TypeError):
            # The holder locked the file a moment ago and has not written its line yet.
            changed = os.fstat(descriptor).st_mtime
            started = datetime.fromtimestamp(changed).astimezone()
            return AlreadyRunning(0, socket.gethostname(), started, self._work)

    async def release(self) -> None:
        if self._descriptor is not None:
            # The file stays: unlinking it would let two processes lock two files of one name.
            os.close(self._descriptor)
            self._descriptor = None


class DatabaseLease:
    """A lease row that is renewed while the process lives, for several hosts on PostgreSQL."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        renew_every: float = _RENEW_EVERY_SECONDS,
        work: str | None = None,
    ) -> None:
        self._work = work
        self._name = work or INSTANCE
        self.lost = asyncio.Event()
        self._renew_every = renew_every
        self._database = database
        self._now = now
        self._owner = this_process(now())
        self._renewal: asyncio.Task[None] | None = None

    async def acquire(self) -> None:
        holder = await self._database.write(
            lambda connection: acquire(connection, self._name, self._owner, self._now(), LEASE)
        )
        if holder is not None and is_dead_here(holder):
            # The holder died on this very host: no need to wait for its lease to run out.
            dead = holder
            await self._database.write(lambda connection: release(connection, self._name, dead))
            holder = await self._database.write(
                lambda connection: acquire(connection, self._name, self._owner, self._now(), LEASE)
            )
        if holder is not None:
            raise AlreadyRunning(holder.pid, holder.host, holder.started, self._work)
        self._renewal = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """Renew until another holds it. While the database is away nobody can take it, and nothing
        can be claimed: when it is back, the first renewal says whose it is."""
        while True:
            await asyncio.sleep(self._renew_every)
            try:
                held = await self._database.write(
                    lambda connection: renew(
                        connection, self._name, self._owner, self._now(), LEASE
                    )
                )
            except DatabaseError as error:
                log.warning("instance lease not renewed", reason=str(error))
                continue
            if not held:
                break
        log.error("instance lease lost")
        self.lost.set()

    async def release(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)
        try:
            await self._database.write(
                lambda connection: release(connection, self._name, self._owner)
            )
        except DatabaseError as error:
            log.warning("instance lease not given back; it will end", reason=str(error))

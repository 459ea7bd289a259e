"""One Marsad at a time on one database."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from marsad.lock import AlreadyRunning, DatabaseLease, FileLock, instance_lock, work_lock
from storage.database import Database
from storage.errors import DatabaseFailed
from storage.leases import Owner, acquire

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_second_lock_on_one_file_names_the_holder(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "lock", lambda: NOW) for _ in range(2))
    await first.acquire()
    with pytest.raises(AlreadyRunning) as error:
        await second.acquire()
    assert f"process {os.getpid()} " in str(error.value)
    assert "started 2026-06-01 12:00:00 UTC" in str(error.value)
    await first.release()
    await second.acquire()
    await second.release()


async def test_a_lock_file_that_was_never_written_still_refuses(tmp_path: Path) -> None:
    first, second = (FileLock(tmp_path / "lock", lambda: NOW) for _ in range(2))
    await first.acquire()
    os.truncate(tmp_path / "lock", 0)
    with pytest.raises(AlreadyRunning):
        await second.acquire()
    await first.release()


async def test_a_lease_is_held_and_released(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    first, second = (DatabaseLease(database, lambda: NOW) for _ in range(2))
    await first.acquire()
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        await second.acquire()
    await first.release()
    await second.acquire()
    await second.release()
    await database.close()


@pytest.fixture
def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


async def test_the_lease_of_a_process_that_died_on_this_host_is_taken_over(
    tmp_path: Path, dead_pid: int
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    dead = Owner(host=os.uname().nodename, pid=dead_pid, started=NOW, id="dead")
    await database.write(lambda c: acquire(c, "instance", dead, NOW, timedelta(hours=1)))
    lease = DatabaseLease(database, lambda: NOW)
    await lease.acquire()
    await lease.release()
    await database.close()


async def test_a_lease_that_another_took_over_is_reported_as_lost(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    lease = DatabaseLease(database, lambda: NOW, renew_every=0.05)
    await lease.acquire()
    other = Owner(host="another-host", pid=1, started=NOW, id="other")
    late = NOW + timedelta(minutes=5)
    await database.write(lambda c: acquire(c, "instance", other, late, timedelta(seconds=30)))
    async with asyncio.timeout(30):
        await lease.lost.wait()
    await lease.release()
    with pytest.raises(AlreadyRunning, match="on another-host"):
        await DatabaseLease(database, lambda: NOW).acquire()
    await database.close()


async def test_the_lease_of_another_host_holds_until_it_runs_out(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    other = Owner(host="another-host", pid=1, started=NOW, id="other")
    await database.write(lambda c: acquire(c, "instance", other, NOW, timedelta(seconds=30)))
    with pytest.raises(AlreadyRunning, match="on another-host"):
        await DatabaseLease(database, lambda: NOW).acquire()
    later = DatabaseLease(database, lambda: NOW + timedelta(seconds=31))
    await later.acquire()
    await later.release()
    await database.close()


async def test_work_beside_a_running_marsad_has_locks_of_its_own(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    instance = instance_lock(database, lambda: NOW)
    shore, again, banks = (
        work_lock(database, work, lambda: NOW)
        for work in ("backfill-shore", "backfill-shore", "backfill-banks")
    )
    await instance.acquire()
    await shore.acquire()
    await banks.acquire()
    with pytest.raises(AlreadyRunning, match=r"^backfill-shore is already running"):
        await again.acquire()
    for lock in (shore, banks, instance):
        await lock.release()
    await database.close()


async def test_a_lease_for_work_is_not_the_lease_of_the_instance(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    instance = DatabaseLease(database, lambda: NOW)
    shore, again = (DatabaseLease(database, lambda: NOW, work="backfill-shore") for _ in range(2))
    await instance.acquire()
    await shore.acquire()
    with pytest.raises(AlreadyRunning, match=r"^backfill-shore is already running"):
        await again.acquire()
    await shore.release()
    await instance.release()
    await database.close()


class AwayDatabase:
    """One that does not answer while `away`; counts how often it was asked."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.away = False
        self.asked = 0

    async def write(self, function: Any) -> Any:
        self.asked += 1
        if self.away:
            raise DatabaseFailed("the server is gone")
        return await self._database.write(function)


async def test_a_lease_is_not_lost_while_the_database_is_away(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/marsad.db")
    behind = AwayDatabase(database)
    # long after it would have run out
    clock = iter(NOW + timedelta(minutes=minute) for minute in range(1_000_000))
    lease = DatabaseLease(cast(Database, behind), lambda: next(clock), renew_every=0.01)
    await lease.acquire()
    for behind.away in (True, False):
        until = behind.asked + 4
        async with asyncio.timeout(30):
            while behind.asked < until:
                await asyncio.sleep(0.01)
    assert not lease.lost.is_set()
    await lease.release()
    await database.close()

"""Whether there is room on the disk for news. When there is none, Marsad takes nothing in and goes
on delivering: for that it keeps a reserve, a file beside the database that it then gives up."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from storage.errors import DatabaseError

log = structlog.get_logger(__name__)

EVERY_SECONDS = 2.0
_MOST_RESERVED = 32 * 2**20
_RESERVED_SHARE = 8

Tell = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes of the file system that holds the database. `reserve`: what delivering would need."""

    total: int
    free: int

    @property
    def reserve(self) -> int:
        return min(_MOST_RESERVED, self.total // _RESERVED_SHARE)

    @property
    def is_scarce(self) -> bool:
        """Nothing more is taken in."""
        return self.free < 2 * self.reserve

    @property
    def is_ample(self) -> bool:
        """News is taken in again; above `is_scarce`, so that it does not go to and fro."""
        return self.free >= 4 * self.reserve

    @property
    def needed(self) -> int:
        return 4 * self.reserve


def disk_of(file: Path) -> Disk:
    """Raises OSError."""
    usage = shutil.disk_usage(file.parent)
    return Disk(usage.total, usage.free)


def scarcity(disk: Disk, folder: Path) -> str:
    """What the operator is told, in a sentence."""
    return (
        f"the disk of {folder} is full ({_megabytes(disk.free)} free): no site is crawled until"
        f" {_megabytes(disk.needed)} are free; alerts are still delivered"
    )


async def nobody(text: str) -> None:
    """Told to nobody but the log."""


class Room:
    """`file` is that of an SQLite database; None: it is on a server, which sees to its own disk."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._reserve = None if file is None else file.with_name(file.name + ".reserve")
        self.is_open = True
        self.tell: Tell = nobody
        self._untold: str | None = None

    async def watch(self, stop: asyncio.Event) -> None:
        """Look every two seconds until `stop`."""
        while not stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_SECONDS)

    async def look(self) -> None:
        """Close or open, and tell operators of a change as soon as that can be written."""
        if self._file is None or self._reserve is None:
            return
        try:
            disk = disk_of(self._file)
            is_open = _keep_reserve(disk, self._reserve, self.is_open)
        except OSError as error:
            log.warning("room on the disk is not known", reason=error.strerror)
            return
        if is_open != self.is_open:
            self.is_open = is_open
            log.error("disk is full" if not is_open else "disk has room again", free=disk.free)
            self._untold = (
                f"The disk has room again ({_megabytes(disk.free)} free): sites are crawled."
                if is_open
                else f"{_as_a_sentence(scarcity(disk, self._file.parent))}."
            )
        await self._tell()

    async def _tell(self) -> None:
        if self._untold is None:
            return
        try:
            await self.tell(self._untold)
            self._untold = None
        except DatabaseError as error:
            log.warning("operators could not be told yet", reason=str(error))


def _keep_reserve(disk: Disk, reserve: Path, was_open: bool) -> bool:
    """Give the reserve up or take it again; whether there is room for news. Raises OSError."""
    is_kept = reserve.exists()
    if disk.is_scarce:
        if disk.free < disk.reserve and is_kept:
            reserve.unlink()
        return False
    if not is_kept and disk.is_ample:
        _allocate(reserve, disk.reserve)
    return was_open or disk.is_ample


def _allocate(file: Path, size: int) -> None:
    """Blocks that are ours, not a file with a hole."""
    descriptor = os.open(file, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError:
        file.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _as_a_sentence(clause: str) -> str:
    """str.capitalize would make small letters of the folder's."""
    return clause[:1].upper() + clause[1:]


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MB"

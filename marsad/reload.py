"""A running Marsad picks up edits of its configuration; a bad edit leaves the last good one."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import structlog
from watchfiles import awatch

from marsad.configuration import Configuration, load
from models.configfile import ConfigErrors, whole_file

log = structlog.get_logger(__name__)

OnChange = Callable[[Configuration], Awaitable[None]]
OnProblem = Callable[[ConfigErrors], Awaitable[None]]

# How long the files must stay as they are before they are believed: an editor that empties a file
# and writes it anew is neither obeyed nor reported half-way.
_SETTLING_SECONDS = 0.3
# Events of the file system say when to look at once; a look every second also finds edits where
# there are no events (network folders, a folder that was moved away and replaced).
_LOOK_EVERY_MS = 1000

_T = TypeVar("_T")
_Signature = tuple[tuple[str, int, int, int], ...]


class LiveConfiguration:
    """The configuration in force, and its folder under watch."""

    def __init__(
        self, directory: Path, refused: Callable[[Configuration], str | None] = lambda _: None
    ) -> None:
        """`refused` says why an edit that is sound in itself must not be taken over.

        Raises ConfigErrors: Marsad does not start with a bad configuration."""
        self._directory = directory
        self._refused = refused
        self._seen = _signature(directory)
        self._reported: ConfigErrors | None = None
        self.current = load(directory)

    async def watch(self, stop: asyncio.Event, on_change: OnChange, on_problem: OnProblem) -> None:
        """Swap `current` after each good edit, within two seconds, until `stop`.

        `on_change` is called when the meaning changed, and when what was reported as a problem is
        good again. `on_problem` is called once for each different set of problems. What they
        raise is logged and does not end the watch.
        """
        while not stop.is_set():
            if not self._directory.is_dir():
                # there is nothing to wait on; look again soon
                await self._look(on_change, on_problem)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _LOOK_EVERY_MS / 1000)
                continue
            await self._watch_folder(stop, on_change, on_problem)

    async def _watch_folder(
        self, stop: asyncio.Event, on_change: OnChange, on_problem: OnProblem
    ) -> None:
        changes = awatch(
            self._directory,
            debounce=200,
            step=50,
            rust_timeout=_LOOK_EVERY_MS,
            yield_on_timeout=True,
            stop_event=stop,
        )
        inode = await asyncio.to_thread(_inode, self._directory)
        async for _ in changes:
            await self._look(on_change, on_problem)
            if await asyncio.to_thread(_inode, self._directory) != inode:
                return  # another folder has this name now

    async def _look(self, on_change: OnChange, on_problem: OnProblem) -> None:
        signature = await asyncio.to_thread(_signature, self._directory)
        if signature == self._seen:
            return
        await asyncio.sleep(_SETTLING_SECONDS)
        errors: ConfigErrors | None = None
        try:
            loaded = await asyncio.to_thread(self._load)
        except ConfigErrors as refused:
            errors = refused
        if await asyncio.to_thread(_signature, self._directory) != signature:
            return  # still being written; the next look decides
        self._seen = signature
        if errors is None:
            await self._accept(loaded, on_change)
        else:
            await self._refuse(errors, on_problem)

    def _load(self) -> Configuration:
        loaded = load(self._directory)
        reason = self._refused(loaded)
        if reason is not None:
            raise ConfigErrors((whole_file(self._directory, reason),))
        return loaded

    async def _accept(self, loaded: Configuration, on_change: OnChange) -> None:
        changed = loaded.version != self.current.version or self._reported is not None
        self._reported = None
        if changed:
            self.current = loaded
            await _call(on_change, loaded)

    async def _refuse(self, errors: ConfigErrors, on_problem: OnProblem) -> None:
        known = self._reported is not None and self._reported.problems == errors.problems
        self._reported = errors
        if not known:
            await _call(on_problem, errors)


async def _call(callback: Callable[[_T], Awaitable[None]], value: _T) -> None:
    try:
        await callback(value)
    except Exception:
        # one report may fail; the watch must go on
        log.exception("report of a configuration change failed")


def _signature(directory: Path) -> _Signature:
    """What tells whether a file was touched since: its name, inode, time and size."""
    found = []
    for path in (directory / "marsad.yaml", *sorted(directory.glob("*/*.y*ml"))):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((str(path), status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(found)


def _inode(directory: Path) -> int | None:
    try:
        return directory.stat().st_ino
    except OSError:
        return None

"""The worker processes in which everything from the network is parsed.

Never in the event loop (one hostile page would freeze it for seconds), never in threads (lxml
under threads kills the interpreter). A worker that overruns its time or memory is killed, and the
next one takes its place.
"""

import asyncio
import contextlib
import ctypes
import math
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.errors import ParseFailed, ParseTimeout

P = ParamSpec("P")
T = TypeVar("T")

# A worker that waits for a busy machine is not at fault: the wall clock gives it this much more
# than the limit on its own CPU time.
_WALL_FACTOR = 4
_TASKS_PER_WORKER = 2_000
_PR_SET_PDEATHSIG = 1


class ParserPool:
    """Runs functions in `workers` processes; they start with the first call.

    `timeout_seconds` limits the CPU time of one call, `memory_mb` what a worker may allocate
    beyond its start. Workers are spawned, so they inherit nothing of the event loop, and die with
    this process, however it dies.
    """

    def __init__(self, workers: int = 2, timeout_seconds: float = 5, memory_mb: int = 512) -> None:
        self._workers = workers
        self._timeout_seconds = timeout_seconds
        self._memory_mb = memory_mb
        self._pool: ProcessPool | None = None

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What function(*args) returns. The function is a module's own, the values are pickled.

        Raises ParseTimeout when the worker was killed for its time, ParseFailed for any other
        end: an exception inside, memory used up, the interpreter died.
        """
        future = self._running_pool().schedule(
            _limited,
            args=(self._timeout_seconds, function, args, kwargs),
            timeout=self._timeout_seconds * _WALL_FACTOR,
        )
        try:
            return await asyncio.wrap_future(future)
        except (FutureTimeout, ProcessExpired) as error:
            raise self._overrun(error) from error
        except BrokenProcessPool as error:
            raise ParseFailed("the parser process ended and its work was lost") from error
        except MemoryError as error:
            raise ParseFailed(f"parsing needed more than {self._memory_mb} MB") from error
        except ParseFailed:
            raise
        except Exception as error:
            raise ParseFailed(f"could not be parsed: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Kill the workers; a later run starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates its results only
            await asyncio.to_thread(pool.join)

    def _running_pool(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_TASKS_PER_WORKER,
                initializer=_start_worker,
                initargs=(os.getpid(), self._memory_mb),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _overrun(self, error: BaseException) -> ParseFailed:
        if isinstance(error, ProcessExpired) and error.exitcode != -signal.SIGXCPU:
            return ParseFailed(f"the parser process died (exit code {error.exitcode})")
        return ParseTimeout(f"parsing took longer than {self._timeout_seconds:g} s and was stopped")


def _start_worker(parent: int, memory_mb: int) -> None:
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # The heavy imports come before the limit is set: they are the worker's own weight.
    import crawler.extraction.page  # noqa: F401

    allowed = _address_space() + memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _die_with(parent: int) -> None:
    """Linux kills this process when its parent ends; elsewhere closed pipes end it."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the call above
        os._exit(1)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


def _limited(
    seconds: float, function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]
) -> T:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))
    return function(*args, **kwargs)

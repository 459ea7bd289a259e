"""The worker processes in which everything from the network is parsed.

Never in the event loop (one hostile page would freeze it for seconds), never in threads (lxml
under threads kills the interpreter). A worker that overruns its time or memory is killed, and the
next one takes its place.
"""

import asyncio
import contextlib
import ctypes
import gc
import math
import os
import resource
import signal
from collections import deque
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from crawler.errors import ParseFailed, ParseTimeout

P = ParamSpec("P")
T = TypeVar("T")

# A worker that waits for a busy machine is not at fault: the wall clock gives it this much more
# than the limit on its own CPU time.
_WALL_FACTOR = 4
_TASKS_PER_WORKER = 2_000
# A page takes some milliseconds: a task that runs for this long may be one that never ends.
_HELD_UP_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1
# About a tenth of the processor where the process that answers people wants all of it, and all of
# it where that one waits.
_NICE = 10


class _Worker(SpawnProcess):
    """Stands back behind its parent from its first moment: a start is a quarter of a second of
    imports, and comes in the middle of an attack."""

    def start(self) -> None:
        super().start()
        assert self.pid is not None
        with contextlib.suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, self.pid, os.getpriority(os.PRIO_PROCESS, 0) + _NICE)


class _Spawning(SpawnContext):
    Process = _Worker


class ParserPool:
    """Runs functions in worker processes; the first starts with the first call.

    One reads 250 pages a second, which is more than a crawl brings, and weighs 45 MB; another, up
    to `workers`, starts when a task holds up what waits behind it. `timeout_seconds` limits the CPU
    time of one call, `memory_mb` what a worker may allocate beyond its start. Workers are spawned,
    so they inherit nothing of the event loop, and die with this process, however it dies.
    One that does not take its work within `start_seconds` is given up for another.
    """

    def __init__(
        self,
        workers: int = 2,
        timeout_seconds: float = 5,
        memory_mb: int = 512,
        start_seconds: float = 20,
    ) -> None:
        self._start_seconds = start_seconds
        self._workers = workers
        self._timeout_seconds = timeout_seconds
        self._memory_mb = memory_mb
        self._pools: list[ProcessPool] = []  # of one worker each
        self._free: deque[ProcessPool] = deque()
        self._turns = asyncio.Semaphore(1)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What function(*args) returns. The function is a module's own, the values are pickled.

        Raises ParseTimeout when the worker was killed for its time, ParseFailed for any other
        end: an exception inside, memory used up, the interpreter died.
        """
        async with self._turns:
            pool = self._next_pool()
            try:
                future = pool.schedule(
                    _limited,
                    args=(self._timeout_seconds, function, args, kwargs),
                    timeout=self._timeout_seconds * _WALL_FACTOR,
                )
                self._watch(future, was_running=False)
                return await self._result(pool, future)
            except (FutureTimeout, ProcessExpired) as error:
                raise self._overrun(error) from error
            except BrokenProcessPool as error:
                raise ParseFailed("the parser process ended and its work was lost") from error
            except MemoryError as error:
                raise ParseFailed(f"parsing needed more than {self._memory_mb} MB") from error
            except ParseFailed:
                raise
            except Exception as error:
                raise ParseFailed(
                    f"could not be parsed: {type(error).__name__}: {error}"
                ) from error
            finally:
                if pool in self._pools:
                    self._free.append(pool)

    async def _result(self, pool: ProcessPool, future: "ProcessFuture[T]") -> T:
        """A worker killed from outside may take the lock of its queue along, and then no worker of
        the pool ever gets anything: work that nobody takes ends with its pool."""
        waiting = asyncio.wrap_future(future)
        try:
            done, _ = await asyncio.wait({waiting}, timeout=self._start_seconds)
            if done or future.running():
                return await waiting
        except asyncio.CancelledError:
            waiting.cancel()
            raise
        if pool in self._pools:
            self._pools.remove(pool)
            pool.stop()  # type: ignore[no-untyped-call]  # as in close
            asyncio.get_running_loop().run_in_executor(None, pool.join)
        raise ParseFailed("no parser process took the work; another one is started")

    async def close(self) -> None:
        """Kill the workers; a later run starts new ones."""
        pools, self._pools = self._pools, []
        self._free.clear()
        for pool in pools:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates its results only
        for pool in pools:
            await asyncio.to_thread(pool.join)

    def _next_pool(self) -> ProcessPool:
        while self._free:
            pool = self._free.popleft()
            if pool.active:
                return pool
            if pool in self._pools:
                self._pools.remove(pool)
        self._start_pool()
        return self._free.popleft()

    def _start_pool(self) -> None:
        pool = ProcessPool(
            max_workers=1,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_start_worker,
            initargs=(os.getpid(), self._memory_mb),
            context=_Spawning(),
        )
        self._pools.append(pool)
        self._free.append(pool)

    def _watch(self, future: "ProcessFuture[T]", *, was_running: bool) -> None:
        """Start another worker when a task is still running after a while."""
        if future.done() or len(self._pools) >= self._workers:
            return
        running = future.running()
        if running and was_running:
            self._start_pool()
            self._turns.release()
            return
        asyncio.get_running_loop().call_later(
            _HELD_UP_SECONDS, partial(self._watch, future, was_running=running)
        )

    def _overrun(self, error: BaseException) -> ParseFailed:
        if isinstance(error, ProcessExpired) and error.exitcode != -signal.SIGXCPU:
            return ParseFailed(f"the parser process died (exit code {error.exitcode})")
        return ParseTimeout(f"parsing took longer than {self._timeout_seconds:g} s and was stopped")


def _start_worker(parent: int, memory_mb: int) -> None:
    _die_with(parent)
    # What ends the whole group of processes is for the parent, which ends its workers in order.
    with contextlib.suppress(OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # The heavy imports come before the limit is set: they are the worker's own weight.
    import crawler.extraction.page  # noqa: F401

    gc.freeze()  # they stay: the collector need not look through them again and again
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

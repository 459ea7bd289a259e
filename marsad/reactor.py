"""Run a coroutine on the asyncio reactor, which Scrapy's downloader needs."""

import asyncio
import contextlib
import ctypes
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_M_ARENA_MAX = -8  # malloc.h


def run_on_reactor(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Start the reactor, run `main` in its asyncio loop, stop the reactor, return the result or
    raise what it raised. Once a process: a Twisted reactor does not start twice.

    SIGTERM and SIGINT, where `main` sees to neither, cancel it; once it has cleaned up,
    KeyboardInterrupt is raised."""
    _share_one_heap()
    from scrapy.utils.defer import deferred_f_from_coro_f
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor
    from twisted.internet.task import react

    # Twisted's timers go by the time of day: with the clock set back an hour, a site that hangs
    # would hold its crawl for an hour; set forward, all crawls would run out of time at once.
    installed: Any = reactor
    installed.seconds = time.monotonic

    outcome: list[T] = []
    failure: list[BaseException] = []

    async def guarded(reactor: Any) -> None:
        reactor.addSystemEventTrigger("before", "shutdown", _ender(asyncio.current_task()))
        try:
            outcome.append(await main())
        except BaseException as error:  # noqa: BLE001 - carried over the reactor, raised below
            failure.append(error)

    try:
        react(deferred_f_from_coro_f(guarded))
    except SystemExit:
        # react() always exits; the exit code is the command's to choose.
        sys.stdout.flush()
    if failure and not isinstance(failure[0], asyncio.CancelledError):
        raise failure[0]
    if not outcome:
        raise KeyboardInterrupt
    return outcome[0]


def _ender(main: "asyncio.Task[Any] | None") -> Callable[[], Any]:
    """What ends `main`, when a signal stops the reactor under it, before the reactor stops."""
    from twisted.internet.defer import Deferred

    def end() -> "Deferred[None] | None":
        if main is None or main.done():
            return None
        ended: Deferred[None] = Deferred()
        main.add_done_callback(lambda _: ended.callback(None))
        main.cancel()
        return ended

    return end


def _share_one_heap() -> None:
    """glibc gives each thread a heap of its own, which keeps what another could use: 10 MB with
    one writer and one matcher, between which Python's lock lets no more than one run."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)

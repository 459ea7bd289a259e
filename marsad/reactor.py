"""Run a coroutine on the asyncio reactor, which Scrapy's downloader needs."""

import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_on_reactor(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Start the reactor, run `main` in its asyncio loop, stop the reactor, return the result or
    raise what it raised. Once a process: a Twisted reactor does not start twice."""
    from scrapy.utils.defer import deferred_f_from_coro_f
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet.task import react

    outcome: list[T] = []
    failure: list[BaseException] = []

    async def guarded(_reactor: object) -> None:
        try:
            outcome.append(await main())
        except BaseException as error:  # noqa: BLE001 - carried over the reactor, raised below
            failure.append(error)

    try:
        react(deferred_f_from_coro_f(guarded))
    except SystemExit:
        # react() always exits; the exit code is the command's to choose.
        sys.stdout.flush()
    if failure:
        raise failure[0]
    return outcome[0]

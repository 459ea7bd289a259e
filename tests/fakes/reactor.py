"""Twisted's reactor on the loop of the tests, so that crawls run inside async tests.

A reactor exists once a process and belongs to one loop, so the tests that crawl share a loop:

    from tests.fakes.reactor import reactor  # noqa: F401  (a fixture, in a conftest)

    pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("reactor")]

The reactor is installed on the running loop and told that it runs; it is the loop that does.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def reactor() -> AsyncIterator[Any]:
    from twisted.internet import asyncioreactor

    asyncioreactor.install(asyncio.get_running_loop())  # type: ignore[no-untyped-call]
    from twisted.internet import reactor as installed

    running: Any = installed
    running.startRunning(installSignalHandlers=False)
    # The events of a start are timed calls; let them happen before the first test.
    await asyncio.sleep(0)
    yield running
    # Not the event 'shutdown': it would stop the loop, which is the tests' own.
    running.disconnectAll()
    running._stopThreadPool()

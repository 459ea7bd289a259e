"""The reactor in a process of its own, as it starts once: Twisted's timers, on which the time-outs
of crawls hang, and what a signal does."""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio
from datetime import UTC, datetime

import time_machine

from marsad.reactor import run_on_reactor


async def main():
    from twisted.internet import reactor

    soon, late = asyncio.Event(), asyncio.Event()
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=True) as clock:
        reactor.callLater(0.1, soon.set)
        waiting = reactor.callLater(1800, late.set)
        clock.shift({moved})
        async with asyncio.timeout(30):
            await soon.wait()
        waiting.cancel()
        return late.is_set()


print("too early" if run_on_reactor(main) else "in time")
"""


SIGNALLED = """
import asyncio
import os
import signal

from marsad.reactor import run_on_reactor

# as a terminal leaves it: what starts these tests in the background may have it ignored
signal.signal(signal.SIGINT, signal.default_int_handler)


async def main():
    try:
        os.kill(os.getpid(), signal.{signal})
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)
        print("cleaned up")


try:
    run_on_reactor(main)
except KeyboardInterrupt:
    print("interrupted")
"""


def timers_of_a_clock(moved: int) -> str:
    return output_of(PROGRAM.format(moved=moved))


def output_of(program: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False
    )
    return ended.stdout.strip() or ended.stderr


def test_a_clock_that_is_set_back_holds_no_timer() -> None:
    assert timers_of_a_clock(-3600) == "in time"


def test_a_clock_that_is_set_forward_ends_no_timer() -> None:
    assert timers_of_a_clock(3600) == "in time"


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT"])
def test_work_that_is_stopped_by_a_signal_cleans_up_first(signal: str) -> None:
    assert output_of(SIGNALLED.format(signal=signal)).split("\n") == ["cleaned up", "interrupted"]

"""Twisted's timers, on which the time-outs of crawls hang, in a process of their own: a reactor
starts once."""

import subprocess
import sys

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


def timers_of_a_clock(moved: int) -> str:
    program = PROGRAM.format(moved=moved)
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False
    )
    return ended.stdout.strip() or ended.stderr


def test_a_clock_that_is_set_back_holds_no_timer() -> None:
    assert timers_of_a_clock(-3600) == "in time"


def test_a_clock_that_is_set_forward_ends_no_timer() -> None:
    assert timers_of_a_clock(3600) == "in time"

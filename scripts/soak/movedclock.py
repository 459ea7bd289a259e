"""A Marsad whose time of day is moved from outside: each line on standard input is a number of
seconds, or `x` and how many times as fast as real it is to go. What counts time since the start
(monotonic clocks, sleeping) is left alone, as it is when a server's clock is set.

libfaketime would do it to the whole process, but makes sleeping fail there (EINVAL).
"""

import sys
import threading
import time
from datetime import UTC, datetime

import time_machine

from marsad.cli import main

_STEP = 0.05


def follow(moving: time_machine.Traveller) -> None:
    speed = 1.0
    stop = threading.Event()

    def hurry() -> None:
        before = time.monotonic()
        while not stop.wait(_STEP):
            now = time.monotonic()
            moving.shift((now - before) * (speed - 1))
            before = now

    for line in sys.stdin:
        if line.startswith("x"):
            speed = float(line[1:])
            threading.Thread(target=hurry, daemon=True).start()
        else:
            moving.shift(float(line))
    stop.set()


if __name__ == "__main__":
    start = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=UTC)
    with time_machine.travel(start, tick=True) as moving:
        threading.Thread(target=follow, args=(moving,), daemon=True).start()
        main(["run"])

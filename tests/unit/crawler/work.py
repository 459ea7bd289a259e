"""Functions for worker processes to run; a worker imports them by name."""

import os
import signal
import time


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def never_ends() -> None:
    while True:
        pass


def wants(size: int) -> int:
    return len(bytearray(size))


def dies() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def raises() -> None:
    raise KeyError("title")


def sleeps(seconds: float) -> None:
    time.sleep(seconds)

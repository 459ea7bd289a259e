"""The distance between two requests to one host, over all processes that share a folder.

`marsad backfill` may run beside `marsad run`; together they are to ask a host no more often than
one of them. A file a host holds the moment of its last turn and that at which it was taken, as the
system's clock counts since it was started. It is locked while it is read and written.
"""

import fcntl
import hashlib
import os
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

# A turn that was taken later than now was taken before the system was started again. Not quite: who
# locks the file first may have asked for the time last.
_TOLERANCE_SECONDS = 10.0
_BYTES = 41
_unusable: set[Path] = set()


def reserve(directory: Path, host: str, delay_seconds: float, now: float) -> float:
    """The moment from `now` on at which the host may be asked; it is the caller's.

    Where the folder cannot be used, the process is alone with its own pace, and the log says so
    once.
    """
    try:
        # The data folder itself, where a probe is the first command that is run.
        directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.mkdir(mode=0o700, exist_ok=True)
        name = hashlib.sha256(host.encode()).hexdigest()[:32]
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(directory / name, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            turn = max(now, _last(descriptor, now) + delay_seconds)
            os.pwrite(descriptor, f"{turn:020.6f} {now:020.6f}".encode(), 0)
        finally:
            os.close(descriptor)
    except OSError as error:
        if directory not in _unusable:
            _unusable.add(directory)
            log.warning("turns are not shared with other processes", reason=str(error))
        return now
    return turn


def _last(descriptor: int, now: float) -> float:
    try:
        last, taken_at = map(float, os.pread(descriptor, _BYTES, 0).split())
    except ValueError:  # a new file
        return float("-inf")
    return last if taken_at <= now + _TOLERANCE_SECONDS else float("-inf")

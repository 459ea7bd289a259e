"""Whether Marsad does its work: pure, from one look at the database."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from storage.monitoring import Snapshot

# Some site was read within so many of its intervals, and at least within the least.
_INTERVALS = 3
_LEAST = timedelta(minutes=15)
# A burst to 10,000 chats takes six minutes of Telegram's limits.
_OVERDUE = timedelta(minutes=15)


def unready(snapshot: Snapshot, now: datetime) -> list[str]:
    """What keeps Marsad from its work, a sentence each; empty: it is ready.

    One site that fails is that site's trouble (marsad doctor); that none can be read is ours.
    """
    return [*_crawling(snapshot, now), *_delivering(snapshot, now)]


def _crawling(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    if not snapshot.sites:
        return
    read = [state for state in snapshot.sites if state.last_success is not None]
    if not read:
        yield "no site was read yet"
    elif not any(
        now - (state.last_success or now)
        <= max(_LEAST, _INTERVALS * snapshot.intervals[state.site])
        for state in read
    ):
        newest = max(state.last_success for state in read if state.last_success is not None)
        yield f"no site was read since {newest:%Y-%m-%d %H:%M} UTC"


def _delivering(snapshot: Snapshot, now: datetime) -> Iterator[str]:
    overdue = snapshot.oldest_due
    if overdue is not None and not snapshot.paused and now - overdue > _OVERDUE:
        yield f"a message waits since {overdue:%Y-%m-%d %H:%M} UTC"

"""When a site is due next."""

from datetime import UTC, datetime, timedelta

import pytest

from marsad.schedule import next_due

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EVERY = timedelta(minutes=10)


@pytest.mark.parametrize("share", [-1.0, -0.3, 0.0, 1.0])
def test_the_next_look_is_an_interval_after_the_start_moved_by_at_most_a_tenth(
    share: float,
) -> None:
    due = next_due(NOON, NOON + timedelta(seconds=20), EVERY, share)
    assert abs(due - (NOON + EVERY)) <= EVERY / 10


def test_a_crawl_longer_than_its_interval_is_followed_at_once_not_overlapped() -> None:
    finished = NOON + timedelta(minutes=25)
    assert next_due(NOON, finished, EVERY, 0.0) == finished


def test_downtime_is_caught_up_by_one_run() -> None:
    # The next look counts from the start of the crawl, not from when it had been due.
    assert next_due(NOON, NOON, EVERY, 0.0) == NOON + EVERY

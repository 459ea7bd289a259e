"""Feeds of unusual make are read as they were meant."""

import pytest

from tests.unit.crawler.oddfeeds import ODD, faults


@pytest.mark.parametrize("name", ODD)
def test_a_feed_of_unusual_make_is_read_as_it_was_meant(name: str) -> None:
    assert not faults(ODD[name])


def test_there_are_feeds_enough() -> None:
    assert len(ODD) >= 40
